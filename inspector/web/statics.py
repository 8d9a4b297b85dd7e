"""The page, its static files and its icon."""

from inspector.assets import Asset, Assets
from inspector.web.answers import ApiError
from inspector.web.pages import Pages
from miniframework import HTMLResponse, Request, Response, Router, __version__

# The address changes with the content, so what a browser has under it is right for ever (RFC 8246).
_FOR_EVER = "public, max-age=31536000, immutable"
_ICON = "icon.svg"


class StaticRoutes:
    """Answers from memory only; a name that was not there at the start is not found."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._pages = Pages(assets.templates)

    def router(self) -> Router:
        """Return the routes of this subject."""
        router = Router()
        router.get("/")(self.shell)
        router.get("/favicon.ico")(self.icon)
        router.get("/static/{version}/{name:path}")(self.file)
        return router

    async def shell(self, request: Request) -> Response:
        """Answer the page."""
        base = request.scope.get("root_path", "") + "/"
        page = self._pages.shell(base=base, static_version=self._assets.version, version=__version__)
        return HTMLResponse(page)

    async def icon(self) -> Response:
        """Answer the icon, which browsers ask for under this name whatever the page says."""
        return _answer(self._find(_ICON), cache="max-age=3600")

    async def file(self, version: str, name: str) -> Response:
        """Answer one static file."""
        if version != self._assets.version:
            raise ApiError(404, "not_found", "this version of the files is not served", "Reload the page.")
        return _answer(self._find(name), cache=_FOR_EVER)

    def _find(self, name: str) -> Asset:
        if asset := self._assets.files.get(name):
            return asset
        raise ApiError(404, "not_found", f"no file {name[:80]!r}")


def _answer(asset: Asset, *, cache: str) -> Response:
    return Response(asset.data, headers={"cache-control": cache}, media_type=asset.media_type)
