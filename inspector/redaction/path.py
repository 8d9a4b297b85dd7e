"""The path: parameters of telling names and secrets by shape, with every span moved along."""

import dataclasses
import re

from inspector.model import RequestScope, RouteStep
from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.notes import MARK, Notes
from inspector.redaction.patterns import find_shapes
from inspector.redaction.spans import Hidden, hide_spans, merge_spans
from inspector.redaction.telling import may_hold_secret
from inspector.redaction.text import find_set

_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}|.", re.DOTALL)


def redact_path(
    scope: RequestScope, steps: tuple[RouteStep, ...], notes: Notes
) -> tuple[RequestScope, tuple[RouteStep, ...]]:
    """Give scope and steps with the path's secrets replaced; texts and spans of parameters follow."""
    path = scope.path
    found = _find_secrets(path, steps, notes)
    spans = merge_spans((start, end) for start, end, _ in found)
    if not spans:
        return scope, steps
    for start, end, rule in found:
        notes.hide("path", rule, path[start:end])
    hidden = hide_spans(path, spans)
    raw_path = None if scope.raw_path is None else _hide_in_raw(scope.raw_path, path, spans)
    new_scope = dataclasses.replace(scope, path=hidden.text, raw_path=raw_path)
    return new_scope, tuple(_move_step(step, path, hidden) for step in steps)


def _find_secrets(path: str, steps: tuple[RouteStep, ...], notes: Notes) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for step in steps:
        offset = len(path) - len(step.path)
        if not path.endswith(step.path):
            offset = 0
        for (name, text), (start, end) in zip(step.raw_params, step.spans, strict=False):
            if is_sensitive_name(name) and text != MARK and path[start + offset : end + offset] == text:
                found.append((start + offset, end + offset, f"key {name}"))
    if may_hold_secret(path, notes):
        found += find_shapes(path)
        # As servers of Java and their like put them: `/shop;jsessionid=...`.
        found += [
            (start, end, f"key {name}")
            for start, end, name in find_set(path, is_source=False)
            if path[start - 1] == "="
        ]
        for secret in notes.found:
            found += [(at.start(), at.end(), "known value") for at in re.finditer(re.escape(secret), path)]
    return found


def _move_step(step: RouteStep, path: str, hidden: Hidden) -> RouteStep:
    offset = len(path) - len(step.path)
    if not path.endswith(step.path):
        # The path was rewritten on the way, so no place is known in it: nothing of it is kept.
        masked = tuple((name, MARK) for name, _ in step.raw_params)
        return dataclasses.replace(step, path=MARK, raw_params=masked, spans=())
    new_offset = hidden.moved(offset)
    spans = tuple(
        (hidden.moved(start + offset) - new_offset, hidden.moved(end + offset) - new_offset)
        for start, end in step.spans
    )
    new_path = hidden.text[new_offset:]
    texts = (new_path[start:end] for start, end in spans)
    params = tuple((name, text) for (name, _), text in zip(step.raw_params, texts, strict=False))
    return dataclasses.replace(step, path=new_path, raw_params=params, spans=spans)


def _hide_in_raw(raw_path: str, path: str, spans: tuple[tuple[int, int], ...]) -> str | None:
    """Hide the same characters in the percent-encoded path; None when the two do not belong together."""
    units = _PERCENT.findall(raw_path.encode("latin-1", "replace"))
    decoded = b"".join(bytes([int(unit[1:], 16)]) if len(unit) == 3 else unit for unit in units)
    if decoded.decode("utf-8", "replace") != path:
        return None
    starts = [0]
    for unit in units:
        starts.append(starts[-1] + len(unit))
    in_bytes = ((len(path[:start].encode()), len(path[:end].encode())) for start, end in spans)
    raw_spans = ((starts[start], starts[end]) for start, end in in_bytes)
    return hide_spans(raw_path, raw_spans).text
