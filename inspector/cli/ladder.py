"""An explanation as text: one line a route, and for those that came near the character at which they died.

Reads the JSON forms of a table and of an explanation, so it prints what a recorded journal holds as well.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from http.client import responses
from pathlib import Path
from typing import Any

import click

from inspector.cli.terminal import escape_controls

Document = dict[str, Any]

_OUTCOMES = {
    "found": "found",
    "method_not_allowed": "405 Method Not Allowed",
    "not_found": "404 Not Found",
}
# What a server answers when an application closes a handshake. Source: ASGI specification, WebSocket close.
_REFUSED_HANDSHAKE = "403 Forbidden, the handshake is refused"
_MARKS = {"matched": ("▶", "green"), "shadowed": ("≡", "yellow"), "refused": (" ", None)}
_COLUMNS = {"W": 2, "F": 2}  # Source: Unicode Standard Annex 11, wide and fullwidth


def explanation_text(
    snapshot: Document, explanation: Document, advice: Sequence[str] = (), *, redirect_status: int = 307
) -> str:
    """Return the whole answer: what was asked, the outcome in one sentence, advice, then the ladder.

    A redirect has the `redirect_status`, by which frameworks differ.
    """
    is_handshake = explanation["protocol"] == "websocket"
    asked = f"{'WS' if is_handshake else explanation['method']} {escape_controls(explanation['path'])}"
    heading = f"{click.style(asked, bold=True)}  →  {_outcome_below(explanation, redirect_status)}"
    sentence = escape_controls(explanation["sentence"])
    meant = [click.style(escape_controls(said), fg="yellow") for said in advice]
    return "\n".join([heading, sentence, *meant, "", *_ladder(snapshot, explanation)])


def methods_text(route: Document) -> str:
    """Return what a route answers to: `GET,PUT`, `WS` or `mount`; the HEAD that GET implies is left out."""
    if route["kind"] != "http":
        return "WS" if route["kind"] == "websocket" else "mount"
    hidden = {"HEAD"} if route.get("implied_head") else set()
    return ",".join(method for method in route["methods"] if method not in hidden)


def place_text(route: Document) -> str:
    """Return `file.py:12`, short where the file stands below the current folder, "" when it is not known."""
    if not route.get("file"):
        return ""
    file = Path(route["file"])
    shown = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else Path(file.name)
    return escape_controls(f"{shown}:{route['line']}")


def width(text: str) -> int:
    """Return the terminal columns a text takes: wide characters two, combining ones none."""
    return sum(
        0 if unicodedata.combining(char) else _COLUMNS.get(unicodedata.east_asian_width(char), 1)
        for char in text
    )


def pad(text: str, columns: int) -> str:
    """Return the text filled with blanks up to so many columns."""
    return text + " " * max(0, columns - width(text))


def _outcome_below(explanation: Document, redirect_status: int) -> str:
    """Return the outcome; where a mount passed it on and nobody there took it, what is answered there."""
    inner: Document | None = explanation
    last = explanation
    while inner is not None:
        last = inner
        won = next((one for one in last["verdicts"] if one["index"] == last["winner"]), None)
        inner = won and won.get("inner")
    if last["outcome"] == "found":
        return _outcome(explanation)
    if last["location"] is None:
        return _outcome(last)
    above = explanation["path"].removesuffix(last["path"])
    said = f"{redirect_status} {responses.get(redirect_status, '')} to {above}{last['location']}"
    return click.style(escape_controls(said), fg="red", bold=True)


def _outcome(explanation: Document) -> str:
    if explanation["protocol"] == "websocket" and explanation["outcome"] == "not_found":
        return click.style(_REFUSED_HANDSHAKE, fg="red", bold=True)
    text = _OUTCOMES[explanation["outcome"]]
    if explanation["outcome"] == "found":
        return click.style(f"route {explanation['winner'] + 1}", fg="green", bold=True)
    if explanation["outcome"] == "method_not_allowed":
        text += f" (allowed: {', '.join(explanation['allow'])})"
    return click.style(text, fg="red", bold=True)


def _ladder(snapshot: Document, explanation: Document, indent: str = "", above: str = "") -> Iterator[str]:
    """Give the lines; `above` is the number of the mount that the routes stand in, with a dot behind."""
    routes = snapshot["routes"]
    columns = max((width(methods_text(route)) for route in routes), default=0)
    for verdict in explanation["verdicts"]:
        route = routes[verdict["index"]]
        is_near = _is_near(explanation["path"], verdict)
        number = f"{above}{verdict['index'] + 1}"
        yield indent + _rung(number, route, verdict, columns, is_near=is_near)
        below = indent + " " * (3 + max(3, len(number)) + columns + 2)
        if is_near or verdict["outcome"] != "refused":
            yield from (below + line for line in _detail(explanation["path"], verdict, above))
        if verdict.get("inner") and route.get("table"):
            yield from _ladder(route["table"], verdict["inner"], indent + "    ", f"{number}.")


def _rung(number: str, route: Document, verdict: Document, columns: int, *, is_near: bool) -> str:
    mark, colour = _MARKS[verdict["outcome"]]
    beginning = click.style(f"{mark} {number:>3}", fg=colour, bold=colour == "green")
    line = f"{beginning}  {pad(methods_text(route), columns)}  {_template(route, verdict)}"
    place = place_text(route)
    if place:
        line += f"  {click.style(place, dim=True)}"
    if not is_near and verdict["outcome"] == "refused":
        first = {**verdict, "reasons": verdict["reasons"][:1]}
        line += f"  {click.style(_reasons(first), dim=True)}"
    return line


def _template(route: Document, verdict: Document) -> str:
    template, refused = route["path"], verdict.get("template_refused")
    if verdict["outcome"] != "refused":
        return click.style(escape_controls(template), fg=_MARKS[verdict["outcome"]][1])
    accepted = verdict["template_reached"]
    start, end = refused or (accepted, accepted)
    return (
        click.style(escape_controls(template[:start]), fg="green")
        + click.style(escape_controls(template[start:end]), fg="red", underline=True)
        + click.style(escape_controls(template[end:]), dim=True)
    )


def _detail(path: str, verdict: Document, above: str) -> Iterator[str]:
    if verdict["outcome"] != "refused":
        for parameter in verdict["parameters"]:
            yield escape_controls(f"{parameter['name']} = “{parameter['text']}” ({parameter['converter']})")
        if verdict["outcome"] == "shadowed":
            by = f"{above}{verdict['shadowed_by'] + 1}"
            yield click.style(f"would match too: shadowed by {by}", fg="yellow")
    elif verdict["path_matches"]:
        yield click.style(_reasons(verdict), fg="red")
    else:
        accepted = escape_controls(path[: verdict["reached"]])
        yield click.style(accepted, fg="green") + escape_controls(path[verdict["reached"] :])
        yield " " * width(accepted) + click.style(f"^ {_reasons(verdict)}", fg="red")


def _is_near(path: str, verdict: Document) -> bool:
    """Whether a refusal is worth showing where it fell: the path matches, or a segment was accepted."""
    reached = verdict["reached"]
    return bool(verdict["path_matches"] or "/" in path[1 : reached + 1] or reached == len(path))


def _reasons(verdict: Document) -> str:
    text = "; ".join(escape_controls(reason["message"]) for reason in verdict["reasons"])
    return text if verdict.get("examined", True) else f"{text} (not examined)"
