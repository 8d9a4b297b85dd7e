"""The decision tree says what a scan says, on tables of every size; it does not grow with what is asked."""

import itertools
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miniframework.routing import decision, leaves
from miniframework.routing.decision import DecisionTree, else_key
from miniframework.routing.match import make_found
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.segments import read_candidate
from miniframework.routing.slashes import toggle_slash
from miniframework.routing.table import Found, MethodNotAllowed, NotFound, Redirected, RouteTable
from tests.miniframework.routing.routing_cases import (
    HOSTILE,
    LITERALS,
    METHODS,
    SHAPES,
    TEXTS,
    mount,
    route,
    socket,
)

REQUESTS = [*(("http", method) for method in (*METHODS, "TRACE")), ("websocket", "GET")]


# ---- the scan: every entry in order, by its own regex, as the table did before it had a tree


def scan(entries: list[Entry], protocol: str, method: str, path: str) -> tuple[Any, ...]:
    seen = [
        (index, entry)
        for index, entry in enumerate(entries)
        if not isinstance(entry, SocketRoute if protocol == "http" else Route)
    ]
    allow: set[str] = set()
    for index, entry in seen:
        found = entry.pattern.regex.fullmatch(path)
        if found is None:
            continue
        if isinstance(entry, Route) and method not in entry.methods:
            allow |= entry.methods
            continue
        return "found", index, found.groupdict(), found.end(1) if isinstance(entry, Mount) else 0
    if allow:
        return "method_not_allowed", tuple(sorted(allow))
    toggled = toggle_slash(path) if protocol == "http" else None
    if toggled is not None and any(entry.pattern.regex.fullmatch(toggled) for _, entry in seen):
        return "redirect", toggled
    return ("not_found",)


def said(table: RouteTable, protocol: Any, method: str, path: str) -> tuple[Any, ...]:
    match table.match(protocol, method, path):
        case Found(index=index, entry=entry, params=params, prefix_length=length):
            assert entry is table.entries[index]
            return "found", index, params, length
        case MethodNotAllowed(allow=allow):
            return "method_not_allowed", allow
        case Redirected(path=target):
            return "redirect", target
        case NotFound():
            return ("not_found",)


# ---- tables and requests by chance, larger and more crowded than hypothesis makes them


def random_template(chance: random.Random, vocabulary: tuple[str, ...]) -> str:
    segments = chance.choices(vocabulary, k=chance.randint(1, 5))
    numbered = []
    for at, segment in enumerate(segments):
        for slot in range(3):
            segment = segment.replace(f"{{{slot}", f"{{n{at}_{slot}")
        numbered.append(segment)
    return "/" + "/".join(numbered) + chance.choice(("", "", "", "/"))


def random_entries(chance: random.Random, size: int) -> list[Entry]:
    # Few words in many routes: so they meet, shadow each other and share branches.
    vocabulary = (*chance.sample(LITERALS, 6), *chance.sample(SHAPES, 5), "{0}", "{0:int}")
    # As in real tables, all or most routes may begin alike.
    begin, how_many = chance.choice(("", "", "/api", "/api/v1", "/a/b/c")), chance.choice((0.7, 1))
    made: dict[tuple[Any, ...], Entry] = {}
    for _ in range(size):
        template = random_template(chance, vocabulary)
        template = begin + template if chance.random() < how_many else template
        kind = chance.random()
        if kind < 0.08:
            entry: Entry = mount(chance.choice((template.rstrip("/"), template.rstrip("/"), "")))
        elif kind < 0.16:
            entry = socket(template)
        else:
            entry = route(template, *chance.sample(METHODS, chance.randint(1, 3)))
        methods = entry.methods if isinstance(entry, Route) else {"*"}
        keys = [(type(entry), entry.pattern.regex_text, method) for method in methods]
        if not any(key in made for key in keys):
            made.update(dict.fromkeys(keys, entry))
    return list(dict.fromkeys(made.values()))


def random_path(chance: random.Random, entries: list[Entry]) -> str:
    if chance.random() < 0.1:
        return chance.choice(HOSTILE)
    parts = chance.choice(entries).pattern.parts
    path = "".join(getattr(part, "text", None) or chance.choice(TEXTS) for part in parts)
    if chance.random() < 0.3:
        at = chance.randint(0, len(path))
        path = path[:at] + chance.choice(("/", "//", "x", "7", "\n", "é", "٤", ".", "")) + path[at + 1 :]
    return path + chance.choice(("", "", "", "", "/", "/x", "//", "\n"))


@pytest.mark.parametrize("seed", range(60))
def test_a_table_says_what_a_scan_says(seed: int) -> None:
    chance = random.Random(seed)
    entries = random_entries(chance, chance.choice((1, 3, 8, 20, 60, 200)))
    table = RouteTable(entries)
    for _ in range(80):
        path = random_path(chance, entries)
        for protocol, method in REQUESTS:
            assert said(table, protocol, method, path) == scan(entries, protocol, method, path), (
                path,
                method,
            )


@pytest.mark.parametrize(
    ("limit", "value"),
    [("_COPIES_PER_ENTRY", 0), ("_FEW", 0), ("_FEW", 50)],
    ids=["nothing is split", "everything is split", "large leaves"],
)
def test_the_answers_do_not_depend_on_the_limits(
    limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision, limit, value)
    for most_written in (0, 12, 10_000):
        monkeypatch.setattr(leaves, "_MOST_WRITTEN", most_written)
        chance = random.Random(most_written)
        entries = random_entries(chance, 60)
        table = RouteTable(entries)
        for _ in range(60):
            path = random_path(chance, entries)
            for protocol, method in REQUESTS:
                expected = scan(entries, protocol, method, path)
                assert said(table, protocol, method, path) == expected, path


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(("a", "b", "", "{0}", "{0:int}", "{0:path}", "x{0}")), max_size=6), st.data())
def test_every_text_of_few_letters_is_decided_as_by_a_scan(segments: list[str], data: st.DataObject) -> None:
    template = "/" + "/".join(one.replace("{0", f"{{n{at}") for at, one in enumerate(segments))
    entries: list[Entry] = [route("/a", "PUT"), route(template), mount("/b")]
    try:
        table = RouteTable(entries)
    except ValueError:  # the template is one of the others
        return
    path = data.draw(st.text("ab1x/\n", max_size=8))
    for protocol, method in REQUESTS:
        assert said(table, protocol, method, path) == scan(entries, protocol, method, path)


# ---- large tables


def crowded(size: int) -> list[Entry]:
    return [
        entry
        for number in range(size // 4)
        for entry in (
            route(f"/api/s{number}/items"),
            route(f"/api/s{number}/items/{{i:int}}", "GET", "PUT"),
            route(f"/api/s{number}/items/{{i}}/{{p:path}}"),
            route(f"/api/{{any}}/items/{{i}}/x{number}", "DELETE"),
        )
    ]


def is_branch(node: Any) -> bool:
    return len(node) == 2 and isinstance(node[1], dict)


def next_node(branch: Any, parts: list[str]) -> Any:
    """Where a branch leads: it is asked with a node of the test below each text, which gives its place."""
    below = list(branch[1].values())
    numbered = {text: (lambda node, *_: node[1], at) for at, text in enumerate(branch[1])}
    return below[branch[0]((branch[0], numbered), parts, "", "GET")]


def steps_to(table: RouteTable, path: str) -> int:
    """How many branches are passed on the way to the leaf of `path`."""
    tree = table.http.tree
    parts = path.split("/")
    table.match("http", "GET", path)
    node: Any = tree.roots[min(len(parts), tree.last)]
    steps = 0
    while is_branch(node):
        node = next_node(node, parts)
        steps += 1
    return steps


@pytest.mark.parametrize("path", ["/api/s7/items/9", "/api/s7/items/a/b/c", "/api/zz/items/9/x3", "/no/such"])
def test_the_way_to_an_answer_does_not_grow_with_the_table(path: str) -> None:
    small, large = RouteTable(crowded(40)), RouteTable(crowded(4_000))
    assert said(large, "http", "GET", path)[0] == said(small, "http", "GET", path)[0]
    assert steps_to(large, path) <= steps_to(small, path) + 1


def test_literals_of_all_routes_are_looked_at_together() -> None:
    entries: list[Entry] = [
        route(f"/api/s{service}/{noun}/{{i}}") for service in range(40) for noun in ("a", "b", "c", "d", "")
    ]
    table = RouteTable(entries)
    assert steps_to(table, "/api/s7/b/1") == 1
    for path in (
        "/api/s7/b/1",
        "/api/s7//1",
        "/api///1",
        "/api//b/1",
        "/api/s7/b/",
        "/x/s7/b/1",
        "/api/s7/e/1",
    ):
        for method in ("GET", "PUT"):
            assert said(table, "http", method, path) == scan(entries, "http", method, path), path


def test_literals_that_are_the_same_everywhere_tell_nothing_apart() -> None:
    ends = ("{i}/{j:int}", "x/{j:int}", "{i}/{j:float}", "x/{j}", "{i}/{j}")
    entries: list[Entry] = [route(f"/api/v1/{end}", method) for end in ends for method in ("GET", "PUT")]
    table = RouteTable(entries)
    for path in ("/api/v1/x/7", "/api/v1/x/7.5", "/api/v1/y/x", "/api/v1/x/x", "/api/v2/x/7", "/v1/x/7"):
        assert said(table, "http", "GET", path) == scan(entries, "http", "GET", path), path


def test_empty_segments_are_not_taken_for_the_way_of_all_other_texts() -> None:
    assert all(
        "/".join(texts) != else_key(tuple(range(count)))
        for count in (1, 2, 3)
        for texts in itertools.product(("", "a"), repeat=count)
    )


def count_nodes(tree: DecisionTree) -> int:
    pending: list[Any] = list(tree.roots)
    count = 0
    while pending:
        node = pending.pop()
        count += 1
        if is_branch(node):
            pending += node[1].values()
    return count


def count_settled(constants: dict[str, Any]) -> int:
    return len(constants) + sum(match is not False for match in constants.values())


def test_nothing_a_client_sends_makes_a_table_grow() -> None:
    table = RouteTable([*crowded(400), route("/"), mount("/m")])
    chance = random.Random(1)

    def ask_everything() -> tuple[int, int, int]:
        for number in range(100):
            for path in (
                f"/api/s{number}/items",
                f"/api/s{number}/items/1",
                f"/api/s{number}/items/1/x{number}",
            ):
                for method in (*METHODS, "TRACE"):
                    table.match("http", method, path)
        for count in range(12):
            table.match("http", "GET", "/x" * count)
        lookup = table.http
        nodes = count_nodes(lookup.tree) + count_nodes(lookup._whole)
        kept = [lookup.others, *lookup.constants.values()]
        return nodes, sum(map(count_settled, kept)), len(lookup._refusals)

    before = ask_everything()
    for _ in range(5_000):
        noise = "".join(chance.choices("abc019/\n%", k=chance.randint(0, 30)))
        method = "".join(chance.choices("GETXYZ", k=6))
        for path in (
            noise,
            f"/api/{noise}",
            f"/api/s{chance.randrange(200)}/items",
            "/api/s1/items/" + noise,
        ):
            table.match("http", method, path)
            table.match("websocket", method, path)
    after = ask_everything()
    assert after[1:] == before[1:]
    assert after[0] <= before[0] * 2  # branches on the way to texts of the table, made when first passed
    assert ask_everything() == after


def test_copies_are_capped_where_parameters_and_literals_alternate() -> None:
    # Below each literal stand all parameters: without a limit the copies of such a table double a segment.
    words = [f"w{number}" for number in range(8)]
    chance = random.Random(3)
    templates = {
        "/" + "/".join(chance.choice([chance.choice(words), f"{{n{at}}}"]) for at in range(8))
        for _ in range(400)
    }
    entries: list[Entry] = [route(template) for template in sorted(templates)]
    table = RouteTable(entries)
    for _ in range(300):
        path = "/" + "/".join(chance.choices(words, k=8))
        assert said(table, "http", "GET", path) == scan(entries, "http", "GET", path)
    assert table.http.tree._copies_left >= 0


def test_threads_that_make_the_same_branches_get_the_answers_of_a_scan() -> None:
    chance = random.Random(11)
    entries = random_entries(chance, 200)
    requests = [(random_path(chance, entries), method) for _ in range(400) for method in ("GET", "PUT")]
    expected = [scan(entries, "http", method, path) for path, method in requests]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            table = RouteTable(entries)  # nothing made yet

            def ask_all(table: RouteTable = table) -> list[tuple[Any, ...]]:
                return [said(table, "http", method, path) for path, method in requests]

            with ThreadPoolExecutor(4) as pool:
                for answers in [pool.submit(ask_all) for _ in range(4)]:
                    assert answers.result() == expected
    finally:
        sys.setswitchinterval(interval)


# ---- constants


def test_the_verdict_of_a_literal_path_is_made_once() -> None:
    table = RouteTable([route("/{x}", "PUT"), route("/a"), route("/b", "POST")])
    assert table.match("http", "GET", "/a") is table.match("http", "GET", "/a")
    assert table.match("http", "PUT", "/a") == make_found(0, table.entries[0], {"x": "a"})
    assert said(table, "http", "DELETE", "/a") == ("method_not_allowed", ("GET", "HEAD", "PUT"))
    assert all(one.keys() == {"/a", "/b"} for one in (table.http.others, *table.http.constants.values()))


def test_only_methods_of_the_table_are_remembered_for_a_literal_path() -> None:
    table = RouteTable([route("/a"), route("/b", "POST")])
    for method in ("GET", "POST", "BREW", "get"):
        table.match("http", method, "/a")
    kept = {method for method, constants in table.http.constants.items() if constants["/a"] is not False}
    assert kept == {"GET", "POST"}
    assert table.http.constants.keys() == {"GET", "HEAD", "POST"}
    assert table.http.others == {"/a": False, "/b": False}


# ---- what is certain of a template


@pytest.mark.parametrize(
    ("entry", "segments", "least", "open_ended"),
    [
        (route("/"), ["", ""], 2, False),
        (route(""), [""], 1, False),
        (route("/a/{x}/"), ["", "a", "[^/]+", ""], 4, False),
        (route("/{y}@{z:int}.png"), ["", "(?:[^/]+)@(?:[0-9]+)\\.png"], 2, False),
        (route("/{a:int}{b}"), ["", "(?:[0-9]+)(?:[^/]+)"], 2, False),
        (route("/f/{p:path}"), ["", "f"], 3, True),
        (route("/f/x{p:path}/meta"), ["", "f"], 4, True),
        (route("/{n:notme}/a"), [""], 3, True),
        (mount("/sub"), ["", "sub"], 3, True),
        (mount(""), [""], 2, True),
    ],
)
def test_only_what_cannot_meet_a_slash_is_cut_into_segments(
    entry: Entry, segments: list[str], least: int, open_ended: bool
) -> None:
    candidate = read_candidate(0, entry, 1)
    assert [one if isinstance(one, str) else one.regex for one in candidate.segments] == segments
    assert (candidate.least, candidate.open_ended) == (least, open_ended)
