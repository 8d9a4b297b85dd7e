"""Where routing begins in a request's path."""

from miniframework.types import Scope


def strip_root_path(scope: Scope) -> str:
    """Give the path that routing matches: without the root path, if it begins with that and a slash.

    Source: ASGI HTTP specification, `root_path`; Starlette's `get_route_path`.
    """
    path: str = scope["path"]
    root_path: str = scope.get("root_path", "")
    if not root_path:
        return path
    if path == root_path:
        return ""
    return path[len(root_path) :] if path.startswith(root_path + "/") else path
