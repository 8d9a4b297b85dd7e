"""The figures of one run as tables for people."""

from collections.abc import Iterator
from typing import Any

OURS = "miniframework"


def report(results: dict[str, Any]) -> str:
    """Markdown: mixed look-ups by table, every kind by table, building, and the targets."""
    return "\n".join(_lines(results))


def _lines(results: dict[str, Any]) -> Iterator[str]:
    tables: dict[str, Any] = results["tables"]
    yield f"Python {results['python']} on {results['machine']}; " + ", ".join(
        f"{who} {version}" for who, version in results["versions"].items()
    )
    yield ""
    yield from _grid("mixed look-ups, µs (times ours)", tables, lambda one: one["lookup_ns"]["mixed"], 1_000)
    for name, one in tables.items():
        yield from _kinds(name, one)
    yield from _grid("building, ms (times ours)", tables, lambda one: one["build_s"], 0.001)
    for name, one in tables.items():
        for who, what in one["differs"].items():
            yield f"{name}: {who} {what}"
    yield ""
    yield from (f"{'met' if met else 'MISSED'}: {text}" for text, met in targets(results))


def _grid(title: str, tables: dict[str, Any], read: Any, unit: float) -> Iterator[str]:
    yield f"| {title} | " + " | ".join(tables) + " |"
    yield "|---" * (len(tables) + 1) + "|"
    for who in next(iter(tables.values()))["build_s"]:
        cells = [_cell(read(one), who, unit) for one in tables.values()]
        yield f"| {who} | " + " | ".join(cells) + " |"
    yield ""


def _kinds(name: str, one: dict[str, Any]) -> Iterator[str]:
    kinds = one["lookup_ns"]
    yield f"| {name}, µs | " + " | ".join(kinds) + " |"
    yield "|---" * (len(kinds) + 1) + "|"
    for who in one["build_s"]:
        yield f"| {who} | " + " | ".join(f"{times[who] / 1_000:,.2f}" for times in kinds.values()) + " |"
    yield ""


def _cell(times: dict[str, float], who: str, unit: float) -> str:
    if who not in times:
        return "left out"
    return f"{times[who] / unit:,.2f} ({times[who] / times[OURS]:,.1f})"


def targets(results: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Each target with what was measured, and whether it is met."""
    tables: dict[str, Any] = results["tables"]
    mixed = {name: one["lookup_ns"]["mixed"] for name, one in tables.items()}
    synthetic = {name: times for name, times in mixed.items() if name.startswith("synthetic")}
    first, last = next(iter(synthetic.values())), list(synthetic.values())[-1]
    growth = last[OURS] / first[OURS]
    yield (
        f"mixed look-up from the smallest to the largest table {growth:.2f} times (at most 1.5)",
        growth <= 1.5,
    )
    for size, least in ((100, 15), (1_000, 100), (10_000, 1_500)):
        times = synthetic.get(f"synthetic {size:,}")
        if times:
            ratio = times["starlette"] / times[OURS]
            yield f"{size:,} routes: {ratio:,.0f} times Starlette (at least {least:,})", ratio >= least
    for name, times in mixed.items():
        who = min((who for who in times if who not in (OURS, "matchit (Rust)")), key=times.__getitem__)
        ratio = times[who] / times[OURS]
        yield f"{name}: {ratio:.2f} times the fastest pure-Python peer, {who} (more than 1)", ratio > 1
    one = results["one_dict_lookup"]
    ratio = one["RouteTable.match"] / one["dict[method, path]"]
    plain = one["RouteTable.match"] / one["dict[path]"]
    yield (
        f"static path: {ratio:.1f} times a look-up in a dict of (method, path), {plain:.1f} of path alone "
        "(at most 3 of the first)",
        ratio <= 3,
    )
    built = tables.get("synthetic 10,000", {}).get("build_s", {}).get(OURS)
    if built is not None:
        yield f"building 10,000 routes {built:.2f} s (at most 1)", built <= 1
