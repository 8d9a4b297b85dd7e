"""The dashboard's files: found once, read once, served from a fixed dict of names.

No path of a request is ever joined to a directory. Everything lies under a prefix made from the content of
all files, so that a browser may keep what it has for ever and still gets every new version.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from inspector.errors import InspectorError
from miniframework.records import dataclass

# What `mimetypes` says depends on the machine's registry; a script with a wrong type is refused by nosniff.
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_FALLBACK_MEDIA_TYPE = "application/octet-stream"


class AssetsMissing(InspectorError):
    """The dashboard's files are in none of the places where they may lie; `looked_in` lists them."""

    def __init__(self, looked_in: tuple[Path, ...]) -> None:
        places = " nor ".join(str(path) for path in looked_in)
        super().__init__(
            f"the dashboard's files (templates/ and static/) are neither in {places}: the installation is"
            " incomplete, install route-inspector again"
        )
        self.looked_in = looked_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One static file: its bytes, and what they are."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """Everything the dashboard serves.

    `files` are the static files by their name with slashes, as `css/app.css`; `version` changes with any byte
    of any of them; `templates` is the directory of the page templates.
    """

    files: Mapping[str, Asset]
    version: str
    templates: Path


def load_assets() -> Assets:
    """Read the dashboard's files from the installed package, else from the checkout. Raises AssetsMissing."""
    return read_assets(find_root(Path(__file__).parent))


def find_root(package: Path) -> Path:
    """Return the directory that holds `templates` and `static` for the package in this directory.

    An installed package carries them in `_assets`; in a checkout, told by its `pyproject.toml`, they stand
    beside the package. Raises AssetsMissing.
    """
    installed, checkout = package / "_assets", package.parent
    if _has_files(installed):
        return installed
    if _has_files(checkout) and (checkout / "pyproject.toml").is_file():
        return checkout
    raise AssetsMissing((installed, checkout))


def _has_files(root: Path) -> bool:
    return (root / "templates" / "inspector").is_dir() and (root / "static").is_dir()


def read_assets(root: Path) -> Assets:
    """Read every file below `static` into memory; names that begin with a dot are left out."""
    static = root / "static"
    files: dict[str, Asset] = {}
    digest = hashlib.sha256()
    for path in sorted(static.rglob("*")):
        name = path.relative_to(static)
        if not path.is_file() or any(part.startswith(".") for part in name.parts):
            continue
        data = path.read_bytes()
        files[name.as_posix()] = Asset(data=data, media_type=find_media_type(path.name))
        digest.update(f"{name.as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return Assets(files=files, version=digest.hexdigest()[:16], templates=root / "templates" / "inspector")


def find_media_type(name: str) -> str:
    """Return the media type for a file's name; plain bytes for a suffix we do not serve otherwise."""
    return _MEDIA_TYPES.get(Path(name).suffix.lower(), _FALLBACK_MEDIA_TYPE)
