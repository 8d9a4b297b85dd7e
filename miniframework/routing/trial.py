"""Leading a path through every template of a table at once, block by block, to collect every reason."""

from collections.abc import Sequence

from miniframework.routing import reasons
from miniframework.routing.asked import Asked, Tried
from miniframework.routing.blocks import Block
from miniframework.routing.explanation import Judgement, ParameterSpan, Reason, ReasonKind
from miniframework.routing.parts import Parameter
from miniframework.routing.pattern import PathPattern
from miniframework.routing.stems import Stem
from miniframework.routing.stops import common_length, find_stop

_AT_THE_END = (ReasonKind.MISSING, ReasonKind.EXTRA)
_OF_A_PREFIX = (ReasonKind.LITERAL, ReasonKind.MISSING)


_BEGUN = Judgement(False, 0, 0, None, (), ())


def try_paths(patterns: Sequence[PathPattern], stems: Sequence[Stem], asked: Asked) -> list[Judgement]:
    """For each pattern why it does not take the path; no reason for one that does, as its regex says too.

    While it goes on, a judgement holds what the blocks so far have said: its places are those of the first
    reason, its parameters those before it. `stems` are the patterns' own. Blocks behind one that refuses are
    asked too.
    """
    if asked.segments[0]:
        return [_settle(pattern, _without_slash(pattern, asked), asked) for pattern in patterns]
    trials = [_BEGUN] * len(patterns)
    segments = asked.segments
    last = len(segments) - 1
    stack = [(stem, 0, _BEGUN) for stem in stems]
    while stack:
        stem, number, before = stack.pop()
        block = stem.block
        after = before
        if number > last:
            _path_ends(stem, block.start - 1, before, (patterns, trials), asked)
            continue
        if not block.literal or block.literal != segments[number]:
            if number and number == last and not segments[number] and not block.takes_nothing:
                _path_ends(stem, block.start, before, (patterns, trials), asked)
                continue
            tried = asked.tried[number].get(block.key) or _try_block(block, asked, number)
            if tried.reason is not None:
                after = _refuse(before, tried.reason, tried, block.start)
            elif tried.parameters and not before.reasons:
                after = before._replace(parameters=before.parameters + tried.parameters)
        for index in stem.ends:
            trials[index] = _finish(patterns[index], block, number, (before, after), asked)
        if stem.following:
            stack += [(following, number + 1, after) for following in stem.following.values()]
    return trials


def _finish(
    pattern: PathPattern, block: Block, number: int, trials: tuple[Judgement, Judgement], asked: Asked
) -> Judgement:
    """What the last block of a pattern makes of it; `trials` are those before it and behind it."""
    before, after = trials
    if block.literal == "" and number:
        trial, at = before, asked.starts[number]
    elif number < len(asked.segments) - 1 and not block.tail:
        trial, at = after, asked.starts[number + 1] - 1
    else:
        return _settle(pattern, after, asked)
    if at < len(asked.path):
        if trial.reasons and not pattern.open_ended:
            return _add(trial, asked.left_over(at))  # the usual case: two reasons, nothing to settle
        trial = _refuse_rest(pattern, trial, at, asked)
    return _settle(pattern, trial, asked)


def _settle(pattern: PathPattern, trial: Judgement, asked: Asked) -> Judgement:
    """Say it in the words that fit best: a slash that is all there is to it, a mount that is not reached."""
    against = trial.reasons
    if len(against) == 1 and against[0].kind in _AT_THE_END:
        toggled = asked.toggled
        if toggled is not None and pattern.regex.fullmatch(toggled):
            slash = reasons.only_the_slash(asked.path, toggled, trial.reached, mount=pattern.open_ended)
            return trial._replace(reasons=(slash,))
    if pattern.open_ended:
        below = (reasons.below_mount(pattern.template, r) if r.kind in _OF_A_PREFIX else r for r in against)
        return trial._replace(reasons=tuple(below))
    return trial


def _without_slash(pattern: PathPattern, asked: Asked) -> Judgement:
    """A path that does not begin with a slash has only its first block compared, and says no more."""
    first, *others = pattern.blocks
    if others and not first.tail:
        refused = (0, min(1, len(pattern.template)))
        return Judgement(False, 0, 0, refused, (), (reasons.no_leading_slash(asked.path),))
    tried = _try_block(first, asked, 0)
    trial = _BEGUN._replace(parameters=tried.parameters)
    if tried.reason is not None:
        trial = _refuse(trial, tried.reason, tried, first.start)
    at = asked.starts[1] - 1 if len(asked.segments) > 1 else len(asked.path)
    return trial if first.tail or at == len(asked.path) else _refuse_rest(pattern, trial, at, asked)


def _refuse_rest(pattern: PathPattern, trial: Judgement, at: int, asked: Asked) -> Judgement:
    reason = asked.left_over(at)
    if trial.reasons:
        return _add(trial, reason)
    return Judgement(False, at, len(pattern.template), None, trial.parameters, (reason,))


def _refuse(trial: Judgement, reason: Reason, tried: Tried, start: int) -> Judgement:
    """Add what a block that begins at `start` has against the path; the first reason settles the places."""
    if trial.reasons:
        return _add(trial, reason)
    refused = tried.refused
    if refused is not None:
        refused = (start + refused[0], start + refused[1])
    return Judgement(
        False, tried.reached, start + tried.template_reached, refused, trial.parameters, (reason,)
    )


def _add(trial: Judgement, reason: Reason) -> Judgement:
    _, reached, template_reached, refused, parameters, reasons_ = trial
    return Judgement(False, reached, template_reached, refused, parameters, (*reasons_, reason))


def _path_ends(
    stem: Stem,
    template_at: int,
    before: Judgement,
    all_of_them: tuple[Sequence[PathPattern], list[Judgement]],
    asked: Asked,
) -> None:
    """Every template that goes on through `stem` misses what it has from `template_at` on."""
    patterns, trials = all_of_them
    at = len(asked.path)
    for index in stem.below():
        pattern = patterns[index]
        template = pattern.template
        rest = template[template_at:] + ("/" if pattern.open_ended else "")
        refused = (template_at, len(template)) if template_at < len(template) else None
        missing = reasons.path_ends(rest, at)
        if before.reasons:
            trial = _add(before, missing)
        else:
            trial = Judgement(False, at, template_at, refused, before.parameters, (missing,))
        trials[index] = _settle(pattern, trial, asked)


def _try_block(block: Block, asked: Asked, number: int) -> Tried:
    """Ask the block about its text, and remember the answer for other routes."""
    at = asked.starts[number]
    text = asked.path[at:] if block.tail else asked.segments[number]
    if block.literal is None:
        tried = _try_parameters(block, text, at)
    elif block.literal == text:
        tried = Tried(None, at, 0, None, ())
    else:
        right = common_length(block.literal, text)
        reason = reasons.other_literal(block.literal, text, at + right)
        tried = Tried(reason, at + right, right, (0, len(block.literal)), ())
    asked.tried[number][block.key] = tried
    return tried


def _try_parameters(block: Block, text: str, at: int) -> Tried:
    found = block.regex.fullmatch(text)
    if found is not None:
        spans = (
            ParameterSpan(
                name=piece.name,
                start=at + found.start(piece.name),
                end=at + found.end(piece.name),
                text=found[piece.name],
                converter=piece.converter_name,
            )
            for piece in block.pieces
            if isinstance(piece, Parameter)
        )
        return Tried(None, at, 0, None, tuple(spans))
    stop = find_stop(block, text)
    if stop is None:
        raise AssertionError(f"{block.source!r} refuses {text!r}, but no piece of it does")
    told = stop.told(text)
    return Tried(
        reason=reasons.stopped(block, text, at, stop),
        reached=at + stop.farthest.reached,
        template_reached=told.template_reached - block.start,
        refused=None
        if told.piece is None
        else (told.piece.start - block.start, told.piece.end - block.start),
        parameters=(),
    )
