"""Where the files of front ends are asked for: after every route."""

from collections.abc import Sequence
from os import PathLike
from typing import Final, Literal, TypedDict

from miniframework.records import dataclass
from miniframework.routing.match import Match, NotFound, make_found
from miniframework.routing.route import Entry, Route

# In words, what such an entry of the table wants: it is shown there, and no path alone leads to it.
LAST: Final = "no route takes the path, with or without a slash at its end"
# What stands behind the prefix of a front end in its template.
REST: Final = "/{path:path}"


class FrontendOptions(TypedDict, total=False):
    """What is said about the build of a front end: where it is, what answers for a file that is not there,
    and whether to look at once if the directory is ("auto": yes).
    """

    directory: str | PathLike[str]
    fallback: Literal["auto", "index.html", "404.html"] | None
    check_dir: bool | Literal["auto"]


@dataclass(frozen=True, slots=True)
class Frontends:
    """Those of an application, the longest prefix first, as the table lists them from `first` on."""

    entries: Sequence[Entry]
    first: int

    def take(self, miss: Match, protocol: str, path: str) -> Match:
        """Give who takes a request that nobody took: what was missed, or the front end the path is below."""
        if protocol == "http" and type(miss) is NotFound:
            for index, entry in enumerate(self.entries, self.first):
                prefix = entry.pattern.template.removesuffix(REST)
                if path == prefix or path.startswith(prefix + "/"):
                    return make_found(index, entry, {"path": path[len(prefix) :].removeprefix("/")})
        return miss


def split_frontends(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Give all other entries, and the front ends in the order in which they are asked."""
    last = [one for one in entries if isinstance(one, Route) and one.condition == LAST]
    others = [one for one in entries if one not in last] if last else list(entries)
    return others, sorted(last, key=lambda one: len(one.pattern.template), reverse=True)
