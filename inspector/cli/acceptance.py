"""Findings that were accepted: by a comment at the declaration, or by a baseline file."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from inspector.analysis.finding import Finding, Kind
from inspector.cli.terminal import StartRefused
from miniframework.records import dataclass

_COMMENT = re.compile(r"#\s*inspector:\s*ignore\[([^\]]*)\]")
_KINDS = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What becomes of findings: `left` is what nobody accepted, and `accepted` counts the others.

    `uncommented` is what no comment accepts, a new baseline. `unknown` says of comments that they name no
    kind of finding, and where.
    """

    left: Sequence[Finding]
    uncommented: Sequence[Finding]
    accepted: int
    unknown: Sequence[str]


def judge_acceptance(findings: Sequence[Finding], baseline: frozenset[str]) -> Acceptance:
    """Say which findings were accepted, by a comment in the files that declare routes or by a baseline."""
    comments = _Comments()
    uncommented = [finding for finding in findings if not comments.accept(finding)]
    left = [finding for finding in uncommented if finding_key(finding) not in baseline]
    return Acceptance(
        left=left,
        uncommented=uncommented,
        accepted=len(findings) - len(left),
        unknown=list(comments.unknown),
    )


def read_baseline(file: Path) -> frozenset[str]:
    """The findings a baseline holds. Raises StartRefused for a file that is none."""
    try:
        held = json.loads(file.read_text(encoding="utf-8"))["accepted"]
        if not isinstance(held, list):
            raise TypeError(f"accepted is no list: {held!r}")
    except OSError as error:
        raise StartRefused(
            f"the baseline {str(file)!r} cannot be read: {error.strerror}", "make it with --write-baseline"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise StartRefused(
            f"{str(file)!r} is no baseline of inspector check", "make it anew with --write-baseline"
        ) from error
    return frozenset(map(str, held))


def baseline_text(findings: Sequence[Finding]) -> str:
    """A baseline that accepts these findings. No line numbers, so that it outlives edits above a route."""
    keys = sorted({finding_key(finding) for finding in findings})
    return json.dumps({"accepted": keys}, indent=2) + "\n"


def finding_key(finding: Finding) -> str:
    """What a baseline knows a finding by."""
    by = ", ".join(sorted(route.path for route in finding.by))
    return f"{finding.kind} {','.join(finding.methods)} {finding.route.path}" + (f" <- {by}" if by else "")


class _Comments:
    """The `# inspector: ignore[kind, kind]` comments in the files that declare routes.

    One holds for the line it stands on, and a line of its own for the line below. `unknown` collects the
    kinds that there are not, with their place.
    """

    def __init__(self) -> None:
        self._files: dict[str, list[str]] = {}
        self.unknown: dict[str, None] = {}

    def accept(self, finding: Finding) -> bool:
        """Whether the declaration of the finding's route accepts its kind."""
        source = finding.route.source
        if source is None:
            return False
        lines = self._lines(source.file)
        here, above = _line(lines, source.line), _line(lines, source.line - 1)
        kinds = self._kinds(here, f"{source.file}:{source.line}")
        if above.lstrip().startswith("#"):
            kinds |= self._kinds(above, f"{source.file}:{source.line - 1}")
        return finding.kind.value in kinds

    def _lines(self, file: str) -> list[str]:
        if file not in self._files:
            try:
                self._files[file] = Path(file).read_text(encoding="utf-8").splitlines()
            except (OSError, UnicodeDecodeError):  # a table read from JSON may come from another machine
                self._files[file] = []
        return self._files[file]

    def _kinds(self, line: str, place: str) -> set[str]:
        found = {kind.strip() for names in _COMMENT.findall(line) for kind in names.split(",")}
        for unknown in sorted(found - _KINDS):
            self.unknown[
                f"{place}: {unknown!r} is no kind of finding (known: {', '.join(sorted(_KINDS))})"
            ] = None
        return found


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""
