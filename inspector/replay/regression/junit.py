"""The outcomes as a JUnit report, which every CI reads. Source: the schema of the Jenkins xUnit plugin."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from inspector.replay.regression.outcome import Outcome

# What XML 1.0 cannot hold at all, section 2.2.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(outcomes: Sequence[Outcome], *, name: str) -> bytes:
    """Write one test case a request: changed ones are failures, those that were not sent are skipped."""
    verdicts = [outcome.verdict for outcome in outcomes]
    suite = Element(
        "testsuite",
        name=_clean(name),
        tests=str(len(outcomes)),
        failures=str(verdicts.count("changed")),
        skipped=str(verdicts.count("refused")),
        errors="0",
        time=f"{sum(map(_seconds, outcomes)):.3f}",
    )
    for outcome in outcomes:
        suite.append(_case(outcome))
    suites = Element("testsuites")
    suites.append(suite)
    indent(suites)
    written: bytes = tostring(suites, encoding="utf-8", xml_declaration=True)
    return written


def _case(outcome: Outcome) -> Element:
    route = outcome.recorded.route_path or "no route"
    case = Element(
        "testcase", classname=_clean(route), name=_clean(outcome.title), time=f"{_seconds(outcome):.3f}"
    )
    if outcome.verdict == "changed":
        failure = SubElement(case, "failure", message=_clean(outcome.say()), type="difference")
        failure.text = _clean("\n".join(_lines(outcome)))
    elif outcome.verdict == "refused":
        SubElement(case, "skipped", message=_clean(outcome.say()))
    return case


def _lines(outcome: Outcome) -> list[str]:
    assert outcome.difference is not None
    return [
        f"{layer.name} {entry.what}: {entry.left!r} -> {entry.right!r}"
        for layer in outcome.difference.layers
        for entry in layer.entries
        if not entry.volatile
    ]


def _seconds(outcome: Outcome) -> float:
    replayed = outcome.replayed
    return (replayed.duration_ns or 0) / 1e9 if replayed is not None else 0.0


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
