"""What an application says about itself, and the document made of it."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from miniframework.declarations.documentation import SharedDocsOptions, say_near
from miniframework.declaring.router import Router
from miniframework.errors import DeprecatedWord, RegistrationError
from miniframework.routing.source import find_caller
from miniframework.routing.table import RouteTable

_OLD_ROOT_PATH = (
    "The `root_path` parameter is deprecated. Configure the server's root path instead, for example with "
    "`uvicorn main:app --root-path /api/v1`."
)


class ApiOptions(SharedDocsOptions, total=False):
    """The words of an application's documentation, named as in FastAPI.

    `servers`, `contact`, `license_info`, `openapi_tags` and `openapi_external_docs` are the standard's
    objects. `openapi_url=None` serves neither document nor pages, `docs_url=None` and `redoc_url=None` not
    the one page. `root_path` is the prefix below which a proxy serves the application, if the server does
    not say so itself; `root_path_in_servers`: the document names it.
    `separate_input_output_schemas=False`: one schema for a model that is both taken and given.
    """

    title: str
    summary: str | None
    description: str
    version: str
    openapi_url: str | None
    openapi_tags: Sequence[Mapping[str, Any]] | None
    servers: Sequence[Mapping[str, Any]] | None
    docs_url: str | None
    redoc_url: str | None
    swagger_ui_oauth2_redirect_url: str | None
    swagger_ui_init_oauth: Mapping[str, Any] | None
    swagger_ui_parameters: Mapping[str, Any] | None
    terms_of_service: str | None
    contact: Mapping[str, Any] | None
    license_info: Mapping[str, Any] | None
    openapi_external_docs: Mapping[str, Any] | None
    root_path: str
    root_path_in_servers: bool
    separate_input_output_schemas: bool
    webhooks: Router | None


class ApiDescription(ABC):
    """The part of an application that describes it; an App is one, because FastAPI's users read and set these
    names on their application and put their own function in the place of `openapi`.
    """

    title = "FastAPI"  # FastAPI's default, so that the same program gives the same document
    summary: str | None = None
    description = ""
    version = "0.1.0"
    openapi_version = "3.1.0"
    openapi_url: str | None = "/openapi.json"
    openapi_tags: Sequence[Mapping[str, Any]] | None = None
    servers: Sequence[Mapping[str, Any]] | None = None
    docs_url: str | None = "/docs"
    redoc_url: str | None = "/redoc"
    swagger_ui_oauth2_redirect_url: str | None = "/docs/oauth2-redirect"
    swagger_ui_init_oauth: Mapping[str, Any] | None = None
    swagger_ui_parameters: Mapping[str, Any] | None = None
    terms_of_service: str | None = None
    contact: Mapping[str, Any] | None = None
    license_info: Mapping[str, Any] | None = None
    openapi_external_docs: Mapping[str, Any] | None = None
    root_path = ""
    root_path_in_servers = True
    separate_input_output_schemas = True
    openapi_schema: dict[str, Any] | None = None
    _described: RouteTable | None = None

    def __init__(self, **options: Unpack[ApiOptions]) -> None:
        unknown = [name for name in options if name not in ApiOptions.__annotations__]
        if unknown:
            hint = say_near(unknown[0], ApiOptions.__annotations__, type(self).__init__)
            raise TypeError(f"App() has no option {unknown[0]!r}{hint}")
        if options.get("root_path"):
            source = find_caller()
            warnings.warn_explicit(_OLD_ROOT_PATH, DeprecatedWord, source.file, source.line)
        self.webhooks = options.get("webhooks") or Router()
        for name, value in options.items():
            if name != "webhooks" and name not in SharedDocsOptions.__annotations__:
                setattr(self, name, value)
        self.servers = self.servers or []
        for name in ("title", "version"):
            if self.openapi_url and not getattr(self, name):
                raise RegistrationError(
                    where=find_caller(),
                    problem=f"{name}={getattr(self, name)!r}: an OpenAPI document has a {name}",
                    way_out="give it one, or say openapi_url=None for no document",
                )
        # Each request asks for it, and what an object has itself is found in a fourth of the time.
        self.root_path = self.root_path

    @property
    @abstractmethod
    def table(self) -> RouteTable:
        """The routes that are described."""

    def openapi(self) -> dict[str, Any]:
        """Give the OpenAPI 3.1 document, made when it is first asked for and again after routes were added.

        It is kept as `openapi_schema`; put your own function in the place of this method to change it.
        """
        if self.openapi_schema is None or self._described is not self.table:
            from miniframework.openapi.document import get_openapi  # most programs never ask

            self.openapi_schema = get_openapi(
                title=self.title,
                version=self.version,
                openapi_version=self.openapi_version,
                summary=self.summary,
                description=self.description,
                terms_of_service=self.terms_of_service,
                contact=self.contact,
                license_info=self.license_info,
                routes=self.table.entries,
                webhooks=self.webhooks.routes,
                tags=self.openapi_tags,
                servers=self.servers,
                separate_input_output_schemas=self.separate_input_output_schemas,
                external_docs=self.openapi_external_docs,
            )
            self._described = self.table
        return self.openapi_schema


def shared_docs(options: Mapping[str, Any]) -> SharedDocsOptions:
    """Take out of an application's options those that its router is given."""
    taken: Any = {name: value for name, value in options.items() if name in SharedDocsOptions.__annotations__}
    shared: SharedDocsOptions = taken
    return shared
