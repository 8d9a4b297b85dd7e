"""API keys: one secret under an agreed name, in the query, a header or a cookie."""

from collections.abc import Mapping
from typing import ClassVar

from miniframework.http.connection import Connection
from miniframework.security.base import SecurityBase
from miniframework.security.models import APIKey, APIKeyIn


class APIKeyBase(SecurityBase):
    """A key under `name`; the subclasses say where. An empty key is none."""

    model: APIKey
    _place: ClassVar[APIKeyIn]

    def __init__(
        self,
        *,
        name: str,
        scheme_name: str | None = None,
        description: str | None = None,
        auto_error: bool = True,
    ) -> None:
        super().__init__(scheme_name=scheme_name, auto_error=auto_error)
        self.model = APIKey.model_validate({"in": self._place, "name": name, "description": description})

    def make_authenticate_headers(self) -> Mapping[str, str]:
        """Give a challenge of our own: no standard names one for API keys, and a 401 must have one."""
        return {"WWW-Authenticate": "APIKey"}

    def check_api_key(self, api_key: str | None) -> str | None:
        """Give the key, or refuse where there is none."""
        return self._check_given(api_key)


class APIKeyQuery(APIKeyBase):
    """The key in the query parameter `name`."""

    _place = APIKeyIn.query

    async def __call__(self, request: Connection) -> str | None:
        """Give the key. Raises HTTPException 401 without one, unless `auto_error` is False."""
        return self.check_api_key(request.query_params.get(self.model.name))


class APIKeyHeader(APIKeyBase):
    """The key in the header `name`."""

    _place = APIKeyIn.header

    async def __call__(self, request: Connection) -> str | None:
        """Give the key. Raises HTTPException 401 without one, unless `auto_error` is False."""
        return self.check_api_key(request.headers.get(self.model.name))


class APIKeyCookie(APIKeyBase):
    """The key in the cookie `name`."""

    _place = APIKeyIn.cookie

    async def __call__(self, request: Connection) -> str | None:
        """Give the key. Raises HTTPException 401 without one, unless `auto_error` is False."""
        return self.check_api_key(request.cookies.get(self.model.name))
