"""Whose table it is that was read, and in what its router differs from ours."""

from typing import Literal

from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """Whose table it is, and where its router decides otherwise than ours.

    `path` is what it compares, the decoded or the raw path. `slashes`: one slash more or less at the end does
    not matter ("end_ignored"), nor do runs of them ("merged"); or slashes are taken off the end, one by one,
    until some template takes the path ("end_dropped"). With `ignores_case` literal text is lower case
    in the patterns, and so must the path be. `backtracks` is False where templates without parameters come
    first, then mounts, then a tree that takes the literal branch where there is one and never leaves it.
    `appends_only`: a redirect adds a slash at the end and never takes one away. `redirects_in_turn`: a slash
    that is missing at the end is added when the turn of its route comes. `allow` says which methods a 405
    names: those of all routes with the path, of the first, or no 405 is ever given. `path_decides`: nobody is
    asked behind the first path that fits, also where no route with it takes the method. `unslashed_methods`
    ("POST PUT"): requests that fail where others are redirected to a slash. `one_slash_in_front`: slashes
    in front of a path count for one. `newline_at_end`: a template that takes a path takes it with a newline
    behind it too, as a regex does that ends with `$`. `socket_methods`: the methods of a WebSocket route
    ("GET HEAD"), where it refuses others with 405 like any other route, and a handshake is a GET to the
    routes it meets.

    `unmatched` is what becomes of a path that nothing takes: "refused"; "merged", it is redirected when it is
    taken with one slash for two; "tilde", it is redirected with ~ for its percent signs, or without slashes
    at its end. With a `language_prefix` ("/en") it is redirected below that when it is taken there, unless
    the regex `has_language` finds a language in front of it already. `adds_options`: OPTIONS beside other
    methods may be the router's own addition. `root_path` is what the application was told to be in front of
    all its paths, "" for nothing. `sentence` tells people how the router decides.
    """

    name: str
    version: str | None = None
    path: Literal["decoded", "raw"] = "decoded"
    slashes: Literal["exact", "end_ignored", "end_dropped", "merged"] = "exact"
    ignores_case: bool = False
    backtracks: bool = True
    appends_only: bool = False
    unslashed_methods: str = ""
    redirects_in_turn: bool = False
    allow: Literal["union", "first", "never"] = "union"
    path_decides: bool = False
    one_slash_in_front: bool = False
    newline_at_end: bool = False
    socket_methods: str = ""
    unmatched: Literal["refused", "merged", "tilde"] = "refused"
    language_prefix: str = ""
    has_language: str = ""
    adds_options: bool = True
    root_path: str = ""
    sentence: str = ""
