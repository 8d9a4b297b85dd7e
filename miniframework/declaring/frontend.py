"""The build of a front end: files that are served where no route takes the path."""

import os
import stat
from typing import Final, NoReturn, TypeGuard

from miniframework.declarations.declaration import HttpDeclaration
from miniframework.declarations.documentation import Documentation
from miniframework.declaring.shared_words import SharedWords
from miniframework.errors import RouteError
from miniframework.http.exceptions import HTTPException
from miniframework.http.request import Request
from miniframework.http.response import RedirectResponse, Response
from miniframework.http.url import URL
from miniframework.routing.source import Source
from miniframework.serving.frontends import LAST, REST, FrontendOptions
from miniframework.staticfiles import StaticFiles, show_resolved

_FALLBACKS: Final = ("auto", "index.html", "404.html", None)
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


class Frontend(StaticFiles):
    """The files of one build, a folder answered with its index.html.

    What is not there is answered by `fallback`: "404.html" with its status, "index.html" with 200 where a
    browser asks for a page (an application that routes by itself), "auto" with the first of them that is
    there, None with a plain 404. Raises RuntimeError when the directory, or a fallback that was named, is
    missing (`check_dir=False`: at the first request).
    """

    def __init__(self, options: FrontendOptions) -> None:
        check = bool(options.get("check_dir", True))
        super().__init__(directory=options["directory"], html=True, check_dir=check)
        self.fallback = options.get("fallback", "auto")
        named = self.fallback if self.fallback in ("index.html", "404.html") else None
        if check and named is not None and not _is_file(self.lookup_path(named)[1]):
            self._refuse_fallback(named)

    async def respond(self, request: Request, draft: Response) -> Response:
        """Give the response for the path behind the front end's prefix, with the headers that dependencies
        gave to their `draft` of it. Raises HTTPException.
        """
        response = await self._answer(request)
        response.raw_headers += [pair for pair in draft.raw_headers if pair[0] != b"content-length"]
        return response

    async def _answer(self, request: Request) -> Response:
        if not self.config_checked:
            await self.check_config()
            self.config_checked = True
        path = self.get_path({"path": request.path_params["path"]})
        full, found = await self._find(path)
        is_folder = found is not None and stat.S_ISDIR(found.st_mode)
        if is_folder:
            full, found = await self._find(os.path.join(path, "index.html"))
        if request.method not in ("GET", "HEAD"):
            allowed = {"Allow": "GET, HEAD"}
            raise HTTPException(405, headers=allowed) if _is_file(found) else HTTPException(404)
        if not _is_file(found):
            return await self._fall_back(request)
        if is_folder and not request.url.path.endswith("/"):
            url = URL.from_scope(request.scope)
            return RedirectResponse(url.replace(path=url.path + "/"))
        return self.file_response(full, found, request.scope)

    async def _fall_back(self, request: Request) -> Response:
        for name, status in (("404.html", 404), ("index.html", 200)):
            if self.fallback not in ("auto", name):
                continue
            full, found = await self._find(name)
            if not _is_file(found):
                if self.fallback == name:
                    self._refuse_fallback(name)
            elif name == "404.html" or _wants_page(request):
                return self.file_response(full, found, request.scope, status)
        raise HTTPException(404)

    def _refuse_fallback(self, name: str) -> NoReturn:
        where = f"directory '{self.directory}'{show_resolved(self.directory)}"
        raise RuntimeError(f"Frontend fallback file {name!r} does not exist in {where}")


def make_frontend(
    path: str, options: FrontendOptions, router: SharedWords, source: Source
) -> HttpDeclaration:
    """Give what declares a front end on `router`. Raises RouteError, and RuntimeError for files that are not
    there.
    """
    fallback = options.get("fallback", "auto")
    if not path.startswith("/") or fallback not in _FALLBACKS or "directory" not in options:
        raise RouteError(
            where=source,
            problem=f"frontend({path!r}, {', '.join(f'{word}={said!r}' for word, said in options.items())})",
            way_out=f"it has a directory, its path begins with '/', and a fallback is one of {_FALLBACKS!r}",
        )
    files = Frontend(options)
    return HttpDeclaration(
        path=(router.prefix + path).rstrip("/") + REST,
        methods=frozenset(("GET", "HEAD")),
        endpoint=files.respond,
        name="frontend",
        source=source,
        dependencies=router.dependencies,
        documentation=Documentation(include_in_schema=False),
        limits=router.limits,
        condition=LAST,
    )


def _is_file(found: os.stat_result | None) -> TypeGuard[os.stat_result]:
    return found is not None and stat.S_ISREG(found.st_mode)


def _wants_page(request: Request) -> bool:
    """Tell whether a browser goes to a page, not to a part of one. Source: RFC 9110 section 12.5.1."""
    for one in request.headers.get("accept", "").split(","):
        kind, *parameters = (part.strip().lower() for part in one.split(";"))
        weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        if kind in _PAGE_TYPES and weight.strip("0."):
            return True
    return False
