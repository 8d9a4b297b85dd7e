"""Leading a path that does not match through its template, block by block, to collect every reason."""

from dataclasses import dataclass, field

from miniframework.routing import reasons
from miniframework.routing.blocks import Block
from miniframework.routing.explanation import ParameterSpan, Reason, ReasonKind
from miniframework.routing.parts import Parameter
from miniframework.routing.route import Entry, Mount
from miniframework.routing.slashes import toggle_slash
from miniframework.routing.stops import common_length, find_stop


@dataclass(slots=True, kw_only=True)
class Trial:
    """What came of it. `reached` and the template's two places are those of the first reason; the parameters
    are those of the blocks before it.
    """

    reached: int = 0
    template_reached: int = 0
    template_refused: tuple[int, int] | None = None
    parameters: list[ParameterSpan] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    def refuse(
        self, reason: Reason, reached: int, template_reached: int, refused: tuple[int, int] | None
    ) -> None:
        """Note a reason; the first one settles how far path and template came."""
        if not self.reasons:
            self.reached, self.template_reached, self.template_refused = reached, template_reached, refused
        self.reasons.append(reason)


def try_path(entry: Entry, path: str) -> Trial:
    """Why `path` does not match `entry`'s pattern, which its regex has said already."""
    trial = Trial()
    _try_blocks(trial, entry, path)
    if not trial.reasons:
        raise AssertionError(f"{entry.pattern.regex.pattern!r} refuses {path!r}, but no block of it does")
    _settle_slash(trial, entry, path)
    if isinstance(entry, Mount):
        prefix_reasons = (ReasonKind.LITERAL, ReasonKind.MISSING)
        trial.reasons = [
            reasons.below_mount(entry, r) if r.kind in prefix_reasons else r for r in trial.reasons
        ]
    return trial


def _try_blocks(trial: Trial, entry: Entry, path: str) -> None:
    blocks = entry.pattern.blocks
    segments = path.split("/")
    if segments[0] and not blocks[0].tail and len(blocks) > 1:
        refused = (0, min(1, len(entry.pattern.template)))
        trial.refuse(reasons.no_leading_slash(path), reached=0, template_reached=0, refused=refused)
        return
    at = 0
    for number, block in enumerate(blocks):
        if number == len(segments):
            _path_ends(trial, entry, block.start - 1, len(path))
            return
        text = path[at:] if block.tail else segments[number]
        if not text and number and at == len(path) and not block.takes_nothing:
            _path_ends(trial, entry, block.start, len(path))
            return
        if block.literal == "" and number == len(blocks) - 1 > 0:
            _left_over(trial, entry, path, at)
            return
        _try_block(trial, block, text, at)
        at += len(text) + 1
    _left_over(trial, entry, path, at - 1)


def _left_over(trial: Trial, entry: Entry, path: str, at: int) -> None:
    if at < len(path):
        reason = reasons.left_over(path[at:], at)
        trial.refuse(reason, reached=at, template_reached=len(entry.pattern.template), refused=None)


def _path_ends(trial: Trial, entry: Entry, template_at: int, at: int) -> None:
    template = entry.pattern.template
    rest = template[template_at:] + ("/" if entry.pattern.open_ended else "")
    refused = (template_at, len(template)) if template_at < len(template) else None
    trial.refuse(reasons.path_ends(rest, at), reached=at, template_reached=template_at, refused=refused)


def _try_block(trial: Trial, block: Block, text: str, at: int) -> None:
    if block.literal is not None:
        if block.literal != text:
            _refuse_literal(trial, block, block.literal, text, at)
        return
    stop = find_stop(block, text)
    if stop is None:
        if not trial.reasons:
            trial.parameters.extend(_parameters(block, text, at))
        return
    told = stop.told(text)
    trial.refuse(
        reasons.stopped(block, text, at, stop),
        reached=at + stop.farthest.reached,
        template_reached=told.template_reached,
        refused=None if told.piece is None else (told.piece.start, told.piece.end),
    )


def _refuse_literal(trial: Trial, block: Block, wanted: str, text: str, at: int) -> None:
    right = common_length(wanted, text)
    trial.refuse(
        reasons.other_literal(wanted, text, at + right),
        reached=at + right,
        template_reached=block.start + right,
        refused=(block.start, block.end),
    )


def _parameters(block: Block, text: str, at: int) -> list[ParameterSpan]:
    found = block.regex.fullmatch(text)
    if found is None:
        return []
    return [
        ParameterSpan(
            name=piece.name,
            start=at + found.start(piece.name),
            end=at + found.end(piece.name),
            text=found[piece.name],
            converter=piece.converter_name,
        )
        for piece in block.pieces
        if isinstance(piece, Parameter)
    ]


def _settle_slash(trial: Trial, entry: Entry, path: str) -> None:
    """A path that only lacks, or only has, a slash at its end is told so instead."""
    if len(trial.reasons) != 1 or trial.reasons[0].kind not in (ReasonKind.MISSING, ReasonKind.EXTRA):
        return
    toggled = toggle_slash(path)
    if toggled is not None and entry.pattern.regex.fullmatch(toggled):
        trial.reasons = [reasons.only_the_slash(path, toggled, trial.reached, mount=isinstance(entry, Mount))]
