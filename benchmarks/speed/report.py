"""The figures of one run as tables for people, and the targets."""

from collections.abc import Iterator
from typing import Any

OURS = "miniframework"
# How many times faster than a peer, by scenario.
FASTER = {
    ("typed GET", "fastapi"): 16,
    ("typed GET", "blacksheep"): 3.5,
    ("typed GET", "falcon"): 2.5,
    ("JSON POST", "fastapi"): 13,
    ("JSON POST", "blacksheep"): 4,
    ("plaintext", "fastapi"): 14,
    ("plaintext", "blacksheep"): 1.5,
    ("404", "fastapi"): 7,
    ("422", "fastapi"): 10,
    ("1,000 routes", "fastapi"): 120,
}
# What one feature may add to the typed GET, microseconds.
ADDED = {"dependency": 0.4, "header": 0.5, "yield dependency": 2, "http middleware": 1.5, "recorded": 4}
MANY_ROUTES = 1.4  # times the typed GET among three routes
OVER_RAW = 2.1  # times the hand-written application, on the typed GET


def report(results: dict[str, Any]) -> str:
    """Markdown: every scenario by peer, what features add, the targets."""
    return "\n".join(_lines(results))


def _lines(results: dict[str, Any]) -> Iterator[str]:
    us, ratio = results["us"], results["ratio"]
    yield "| µs a request (times ours) | " + " | ".join(ratio) + " |"
    yield "|---" * (len(ratio) + 1) + "|"
    for who in next(iter(ratio.values())):
        cells = [f"{us[what][who]:.2f} ({ratio[what][who]:.2f})" for what in ratio]
        yield f"| {who} | " + " | ".join(cells) + " |"
    yield ""
    yield from (f"{feature}: {added:+.2f} µs" for feature, added in results["added"].items())
    yield ""
    yield from (f"{'met' if met else 'MISSED'}: {text}" for text, met in targets(results))


def targets(results: dict[str, Any]) -> list[tuple[str, bool]]:
    """Each target in words with its figure, and whether it is met."""
    us, ratio = results["us"], results["ratio"]
    found = []
    for (what, who), wanted in FASTER.items():
        if who in ratio[what]:
            got = ratio[what][who]
            found.append((f"{what}: {got:.1f} times {who} (at least {wanted})", got >= wanted))
    for feature, most in ADDED.items():
        added = results["added"][feature]
        found.append((f"{feature}: {added:.2f} µs more (at most {most})", added <= most))
    flat = us["1,000 routes"][OURS] / us["typed GET"][OURS]
    words = f"1,000 routes: {flat:.2f} times three routes (at most {MANY_ROUTES})"
    found.append((words, flat <= MANY_ROUTES))
    if "raw" in ratio["typed GET"]:
        over = 1 / ratio["typed GET"]["raw"]
        words = f"typed GET: {over:.2f} times the hand-written one (at most {OVER_RAW})"
        found.append((words, over <= OVER_RAW))
    return found
