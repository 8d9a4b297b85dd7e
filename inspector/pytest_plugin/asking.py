"""Asks the router of an application that a test called; each application is looked at once in a while."""

from collections import OrderedDict
from urllib.parse import quote

from inspector.inspection import Attached, attach
from inspector.pytest_plugin.seen import SeenRequest

_KEPT_APPLICATIONS = 8  # suites that make one for each test would keep them all alive


class Routers:
    """The applications asked last, by identity; they are kept alive for as long as they are known."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, tuple[object, Attached]] = OrderedDict()

    def attached(self, app: object) -> Attached:
        """Attach to the application, or give what was attached before."""
        if id(app) not in self._known:
            self._known[id(app)] = app, attach(app)
            if len(self._known) > _KEPT_APPLICATIONS:
                self._known.popitem(last=False)
        return self._known[id(app)][1]


def asked_path(request: SeenRequest) -> str:
    """The raw path that the application's router compares: without its root path, percent-encoded."""
    if request.raw_path is None:
        path, root = quote(request.path), quote(request.root_path)
    else:
        path, root = request.raw_path.decode("latin-1").partition("?")[0], quote(request.root_path)
    root = root.rstrip("/")
    if root and (path == root or path.startswith(f"{root}/")):
        return path[len(root) :] or "/"
    return path
