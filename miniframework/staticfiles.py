"""The files of a directory, as an application to mount."""

import asyncio
import errno
import importlib.util
import os
import stat
from collections.abc import Sequence
from email.utils import parsedate

from miniframework.errors import OptionError
from miniframework.http.exceptions import HTTPException
from miniframework.http.file import FileResponse
from miniframework.http.headers import Headers, view_headers
from miniframework.http.response import RedirectResponse, Response
from miniframework.http.url import URL, strip_root_path
from miniframework.types import Receive, Scope, Send

# RFC 9110 section 15.4.5: what a 304 repeats of the headers the 200 would have had.
_KEPT_IN_304 = ("cache-control", "content-location", "date", "etag", "expires", "vary")


class NotModifiedResponse(Response):
    """The 304 in the place of the response that would have had `headers`."""

    __slots__ = ()

    def __init__(self, headers: Headers) -> None:
        super().__init__(b"", 304, {name: headers[name] for name in _KEPT_IN_304 if name in headers})


class StaticFiles:
    """Answers GET and HEAD with the files below `directory`, and below the `statics` of `packages`.

    A package is named by itself or with its folder: `"bootstrap4"`, `("bootstrap4", "assets")`. With `html`
    a folder is answered with its index.html, and a missing file with 404.html if there is one. Nothing
    outside the directories is answered; a symbolic link out of them only with `follow_symlink`. Raises
    RuntimeError when `directory` is not there (`check_dir=False`: at the first request), OptionError for a
    package that has none.
    """

    def __init__(
        self,
        *,
        directory: str | os.PathLike[str] | None = None,
        packages: Sequence[str | tuple[str, str]] | None = None,
        html: bool = False,
        check_dir: bool = True,
        follow_symlink: bool = False,
    ) -> None:
        self.directory = directory
        self.packages = packages
        self.html = html
        self.follow_symlink = follow_symlink
        self.all_directories = self.get_directories(directory, packages)
        self.config_checked = False
        if check_dir and directory is not None and not os.path.isdir(directory):
            raise RuntimeError(f"Directory '{directory}' does not exist{show_resolved(directory)}")

    def get_directories(
        self,
        directory: str | os.PathLike[str] | None = None,
        packages: Sequence[str | tuple[str, str]] | None = None,
    ) -> list[str]:
        """Give the directories that are looked through, in order."""
        own = [] if directory is None else [os.fspath(directory)]
        return own + [_package_directory(package) for package in packages or ()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises HTTPException: 405, 404, 401 for what may not be read."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000, "reason": ""})  # refuses the handshake
            return
        if not self.config_checked:
            await self.check_config()
            self.config_checked = True
        response = await self.get_response(self.get_path(scope), scope)
        await response(scope, receive, send)

    def get_path(self, scope: Scope) -> str:
        """Give the path of the request below the mount, as the file system writes it."""
        return os.path.normpath(os.path.join(*strip_root_path(scope).split("/")))

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give the response for a path below the directories."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        full, found = await self._find(path)
        if found is not None and stat.S_ISREG(found.st_mode):
            return self.file_response(full, found, scope)
        if found is not None and stat.S_ISDIR(found.st_mode) and self.html:
            full, found = await self._find(os.path.join(path, "index.html"))
            if found is not None and stat.S_ISREG(found.st_mode):
                url = URL.from_scope(scope)
                if not url.path.endswith("/"):
                    return RedirectResponse(url.replace(path=url.path + "/"))
                return self.file_response(full, found, scope)
        if self.html:
            full, found = await self._find("404.html")
            if found is not None and stat.S_ISREG(found.st_mode):
                return FileResponse(full, 404, stat_result=found)
        raise HTTPException(404)

    def file_response(
        self, full_path: str, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Give the file, or 304 when the client has this version."""
        response = FileResponse(full_path, status_code, stat_result=stat_result)
        if self.is_not_modified(response.headers, view_headers(scope)):
            return NotModifiedResponse(response.headers)
        return response

    def is_not_modified(self, response_headers: Headers, request_headers: Headers) -> bool:
        """Tell whether the client's copy is this version. Source: RFC 9110 section 13.2.2."""
        if wanted := request_headers.get("if-none-match"):
            if wanted.strip() == "*":
                return True
            marks = [mark.strip().removeprefix("W/") for mark in wanted.split(",")]
            return response_headers["etag"].removeprefix("W/") in marks
        since = parsedate(request_headers.get("if-modified-since", ""))
        modified = parsedate(response_headers["last-modified"])
        return since is not None and modified is not None and since >= modified

    async def _find(self, path: str) -> tuple[str, os.stat_result | None]:
        """Give a file's place and what it is. Raises HTTPException for what cannot be a file's name here."""
        try:
            return await asyncio.to_thread(self.lookup_path, path)
        except PermissionError:
            raise HTTPException(401) from None
        except ValueError:  # NUL
            raise HTTPException(404) from None
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise HTTPException(404) from None
            raise

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Give the place of `path` in the first directory that has it, None when none has."""
        if path.startswith(("/", "\\")):
            return "", None  # joined, it would stand for itself
        for directory in self.all_directories:
            joined = os.path.join(directory, path)
            if self.follow_symlink:
                full, root = os.path.abspath(joined), os.path.abspath(directory)
            else:
                full, root = os.path.realpath(joined), os.path.realpath(directory)
            if os.path.commonpath([full, root]) != root:
                continue  # outside
            try:
                return full, os.stat(full)
            except (FileNotFoundError, NotADirectoryError):
                continue
        return "", None

    async def check_config(self) -> None:
        """Look at the directory, before the first answer. Raises RuntimeError when it is none."""
        if self.directory is None or await asyncio.to_thread(os.path.isdir, self.directory):
            return
        resolved = show_resolved(self.directory)
        if await asyncio.to_thread(os.path.exists, self.directory):
            raise RuntimeError(f"StaticFiles path '{self.directory}' is not a directory.{resolved}")
        raise RuntimeError(f"StaticFiles directory '{self.directory}' does not exist.{resolved}")


def show_resolved(directory: str | os.PathLike[str] | None) -> str:
    """Say where a relative path leads, which hangs on where the program was started; "" for a whole one."""
    if directory is None or os.path.isabs(directory):
        return ""
    return f" (resolved: '{os.path.abspath(directory)}')"


def _package_directory(package: str | tuple[str, str]) -> str:
    name, folder = (package, "statics") if isinstance(package, str) else package
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise OptionError(f"Package {name!r} could not be found.")
    directory = os.path.normpath(os.path.join(os.path.dirname(spec.origin), folder))
    if not os.path.isdir(directory):
        raise OptionError(f"Directory {folder!r} in package {name!r} could not be found: {directory}")
    return directory
