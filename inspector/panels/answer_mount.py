"""One sentence on an answer that came from inside a mount whose routes are not known."""

from inspector.model import HttpExchange
from inspector.panels.answer_routing import say_text, say_way_out_of_shadow
from inspector.panels.hints import find_root_hint, keeps_prefix
from inspector.panels.known_route import KnownRoute
from inspector.panels.way import Stop

# The class of our own framework and of Starlette: it has a directory, and never routes.
STATIC_FILES = "StaticFiles"
_METHODS_OF_FILES = ("GET", "HEAD")


def answer_mount(exchange: HttpExchange, stops: tuple[Stop, ...], mount: KnownRoute, status: int) -> str:
    """Return who answered below the mount, by its class, and of files what was looked for."""
    table = stops[0].table
    hint = find_root_hint(exchange.scope, table) if status == 404 and keeps_prefix(table) else None
    start = (
        f"{status} from inside {mount.label}: {_say_inside(exchange, mount, status, is_whole=bool(hint))}."
    )
    return f"{start}{f' {hint}' if hint else ''}{say_way_out_of_shadow(stops)}"


def _say_inside(exchange: HttpExchange, mount: KnownRoute, status: int, *, is_whole: bool) -> str:
    name = mount.function if mount.endpoint else "what is mounted there"
    if name != STATIC_FILES:
        return f"it took the request, and {name} answered; its routes are not known here"
    file = f"“{say_text(exchange.scope.path.lstrip('/'))}”" if is_whole else _name_file(exchange, mount)
    method = exchange.scope.method
    match status:
        case 404:
            return f"it took the request, and {name} found no file {file}"
        case 405 if method not in _METHODS_OF_FILES:
            return f"it took the request, and {name} answers to GET and HEAD only, not to {method}"
        case _:
            return f"it took the request, and {name} answered for the file {file}"


def _name_file(exchange: HttpExchange, mount: KnownRoute) -> str:
    path = exchange.steps[-1].path if exchange.steps else exchange.scope.path
    below = path if mount.parameters else path.removeprefix(mount.path)
    return f"“{say_text(below.lstrip('/'))}”"
