"""Hits: every row of the journal counts for the route that took it, and for the mounts on its way."""

from typing import Any

from inspector.web.hits import count_hits

Document = dict[str, Any]


def route(index: int, path: str, table: Document | None = None) -> Document:
    return {"index": index, "path": path, "table": table}


INNER = {"fingerprint": "inner", "routes": [route(0, "/x"), route(1, "/{y}")]}
TABLE = {"fingerprint": "outer", "routes": [route(0, "/a"), route(1, "/m", INNER), route(2, "/a")]}


def row(table: str, index: int, path: str, **more: Any) -> Document:
    taken = {"table": table, "index": index, "path": path}
    return {"route": taken, "duration_ms": 2.0, "started": 1.0, "status": 200, "error": None} | more


def test_a_hit_has_count_last_median_and_errors() -> None:
    rows = [
        row("outer", 0, "/a", duration_ms=1.0, started=5.0),
        row("outer", 0, "/a", duration_ms=9.0, started=7.0, status=503),
        row("outer", 0, "/a", duration_ms=None, started=6.0, status=None, error="ValueError"),
    ]
    assert count_hits(TABLE, rows)["hits"] == {"0": {"count": 3, "last": 7.0, "p50_ms": 5.0, "errors": 2}}


def test_what_has_not_finished_counts_without_a_median() -> None:
    hits = count_hits(TABLE, [row("outer", 0, "/a", duration_ms=None, status=None)])["hits"]
    assert (hits["0"]["count"], hits["0"]["p50_ms"]) == (1, None)


def test_a_client_error_is_no_error_of_the_route() -> None:
    assert count_hits(TABLE, [row("outer", 0, "/a", status=422)])["hits"]["0"]["errors"] == 0


def test_a_mount_counts_what_is_taken_inside_and_what_it_answers_itself() -> None:
    rows = [row("inner", 0, "/m/x"), row("inner", 1, "/m/{y}"), row("outer", 1, "/m", status=404)]
    counted = count_hits(TABLE, rows)
    assert counted["hits"]["1"]["count"] == 3
    assert {index: hit["count"] for index, hit in counted["inner"]["1"]["hits"].items()} == {"0": 1, "1": 1}


def test_routes_with_one_path_are_told_apart_by_their_index() -> None:
    rows = [row("outer", 2, "/a"), row("outer", 0, "/a"), row("outer", 2, "/a")]
    hits = count_hits(TABLE, rows)["hits"]
    assert {index: hit["count"] for index, hit in hits.items()} == {"0": 1, "2": 2}


def test_rows_of_another_table_or_of_no_route_count_for_nobody() -> None:
    rows = [row("older", 0, "/a"), row("outer", 0, "/a") | {"route": None}]
    assert count_hits(TABLE, rows) == {"hits": {}, "inner": {"1": {"hits": {}, "inner": {}}}}


def test_a_mount_counts_what_is_taken_in_a_mount_inside_it() -> None:
    middle = {"fingerprint": "middle", "routes": [route(0, "/n/", INNER)]}
    outer = {"fingerprint": "outer", "routes": [route(0, "/m", middle)]}
    counted = count_hits(outer, [row("inner", 1, "/m/n/{y}")])
    assert counted["hits"]["0"]["count"] == 1
    assert counted["inner"]["0"]["hits"]["0"]["count"] == 1
    assert counted["inner"]["0"]["inner"]["0"]["hits"]["1"]["count"] == 1
