"""`inspector routes`: the routes of an application, as they are tried, as a tree, or those nobody asked."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from inspector.cli.apps import AppTarget
from inspector.cli.options import app_options
from inspector.cli.terminal import give, say

if TYPE_CHECKING:
    from inspector.cli.flat_routes import FlatRoute

_Sort = Literal["declared", "path", "name", "hits"]


@click.command()
@app_options
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@click.option("--tree", is_flag=True, help="Print the paths as a tree of their segments.")
@click.option(
    "--sort",
    type=click.Choice(["declared", "path", "name", "hits"]),
    default="declared",
    show_default=True,
    help="Order of the list; the number is always the place in which a route is tried.",
)
@click.option("--method", "methods", multiple=True, metavar="METHOD", help="Only routes that take it, or WS.")
@click.option("--path", "part", metavar="TEXT", help="Only routes whose whole path holds this text.")
@click.option(
    "--hits",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Recording to count in how often each route was taken.",
)
@click.option(
    "--unused",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Recording; only the routes that no request in it took.",
)
def routes(
    app: str,
    app_dir: str,
    factory: bool,
    as_json: bool,
    tree: bool,
    sort: _Sort,
    methods: tuple[str, ...],
    part: str | None,
    hits: Path | None,
    unused: Path | None,
) -> None:
    """Print an application's routes in the order in which they are tried.

    --json alone is the whole table, which other commands read; with any other option it is the chosen
    routes as a list.
    """
    from inspector.cli.flat_routes import flatten
    from inspector.cli.route_choice import Choice, choose
    from inspector.cli.route_hits import read_hits
    from inspector.cli.tables import framework_line, load_table  # `inspector --help` needs no route table

    if hits is not None and unused is not None:
        raise click.UsageError("--unused FILE counts already: leave --hits out")
    recording = hits or unused
    if sort == "hits" and recording is None:
        raise click.UsageError("--sort hits needs a recording to count in: --hits FILE")
    if tree and sort != "declared":
        raise click.UsageError("--tree has an order of its own: leave --sort out")
    table = load_table(AppTarget(text=app, app_dir=app_dir, factory=factory))
    snapshot = table.snapshot()
    is_whole = not (methods or part or recording) and sort == "declared"
    if as_json and is_whole:
        give(json.dumps(snapshot, indent=2))
        return
    if (whose := framework_line(table)) is not None:
        say(f"inspector: {whose}")
    flat = flatten(snapshot)
    counted = None if recording is None else read_hits(flat, recording)
    choice = Choice(methods=methods, part=part or "", unused=unused is not None, sort=sort)
    chosen = choose(flat, choice, counted.by_number if counted else {})
    if counted is not None:
        say(f"inspector: {counted.requests} recorded requests counted{_elsewhere(counted.elsewhere)}")
    hits_by_number = None if counted is None else counted.by_number
    if as_json:
        given = [
            one.to_dict() | ({} if hits_by_number is None else {"hits": hits_by_number.get(one.number, 0)})
            for one in chosen
        ]
        give(json.dumps({"table": snapshot["fingerprint"], "routes": given}, indent=2))
    elif tree:
        from inspector.cli.route_tree_text import tree_text

        give(tree_text(chosen, hits_by_number))
    else:
        from inspector.cli.route_list import list_text

        give(list_text(chosen, hits_by_number, indented=is_whole))
    if not is_whole:
        say(f"inspector: {_count(chosen)} of {_count(flat)} routes")


def _count(lines: "Iterable[FlatRoute]") -> int:
    """Return how many of them answer: what only leads to the routes of a mount is none."""
    return sum(not line.is_passage for line in lines)


def _elsewhere(count: int) -> str:
    return f", {count} of them taken by routes that are not in this table" if count else ""
