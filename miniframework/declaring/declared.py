"""What was declared, in order, and who is told of it."""

from dataclasses import replace

from miniframework.declarations.declaration import (
    Chain,
    Declaration,
    HttpDeclaration,
    IncludeDeclaration,
    Leaf,
    MountDeclaration,
    Watcher,
)
from miniframework.declaring.repetitions import Repetitions, bare_entry
from miniframework.routing.converters import BUILT_IN, Converter, check_converter
from miniframework.routing.pattern import PathPattern, parse_pattern
from miniframework.routing.source import find_caller

# What a callback's path is made of: `{$request.body.url}`. Source: OpenAPI 3.1, Runtime Expressions.
_RUNTIME_EXPRESSION = "{$"


class Declared:
    """The declarations of one router, which refuses what repeats an earlier one; `described` are those that
    are never served. Paths are read with `converters`. Who watches hears of each later one as it is made, and
    of those of the routers that are included.
    """

    def __init__(self) -> None:
        self.declarations: list[Declaration] = []
        self.described: list[HttpDeclaration] = []
        self.converters: dict[str, Converter] = dict(BUILT_IN)
        self._watchers: list[Watcher] = []
        self._repetitions = Repetitions()

    def add_converter(self, name: str, converter: Converter) -> None:
        """Make `{x:name}` known to the paths declared from now on. Raises ConverterError."""
        check_converter(name, converter, where=find_caller())
        self.converters[name] = converter

    def is_only_described(self, path: str) -> bool:
        """Tell whether a path is never served: a callback's, and a webhook's as long as nobody watches."""
        is_name = not self._watchers and not (path or "/").startswith("/")
        return is_name or _RUNTIME_EXPRESSION in path

    def check_served(self) -> None:
        """Raise PatternError for what was taken for a webhook's name, now that the router is to be served."""
        for one in self.described:
            if _RUNTIME_EXPRESSION not in one.path:
                parse_pattern(one.path, self.converters, one.source)

    def watch(self, watcher: Watcher) -> None:
        """Tell `watcher` of every declaration made here or in an included router from now on."""
        self.check_served()
        self._watchers.append(watcher)

    def declare(self, declaration: Leaf) -> None:
        """Take a route or a mount that is complete. Raises RegistrationError."""
        pattern = self._read_path(declaration)
        if isinstance(declaration, HttpDeclaration) and declaration.pattern is None:
            declaration = replace(declaration, pattern=pattern)
        if isinstance(declaration, HttpDeclaration) and declaration.condition is not None:
            self._take(declaration)
            return
        entry = bare_entry(declaration, pattern)
        self._repetitions.refuse(entry)
        self._take(declaration)
        self._repetitions.note(entry)  # only now: what was refused may be declared again, in the right way

    def include(self, include: IncludeDeclaration) -> None:
        """Take another router with all that is declared there, now and later."""
        self._take(include)
        include.router.watch(lambda chain, declared: self._announce((include, *chain), declared))

    def _read_path(self, declaration: Leaf) -> PathPattern:
        if isinstance(declaration, HttpDeclaration) and declaration.pattern is not None:
            return declaration.pattern
        open_ended = isinstance(declaration, MountDeclaration)
        return parse_pattern(declaration.path, self.converters, declaration.source, open_ended=open_ended)

    def _take(self, declaration: Declaration) -> None:
        self.declarations.append(declaration)
        try:
            self._announce((), declaration)
        except Exception:
            self.declarations.remove(declaration)
            raise

    def _announce(self, chain: Chain, declaration: Declaration) -> None:
        for watcher in self._watchers:
            watcher(chain, declaration)
