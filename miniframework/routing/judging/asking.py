"""Asking one block of a template about its part of a path."""

from miniframework.routing.judging import reasons
from miniframework.routing.judging.asked import Asked, Tried
from miniframework.routing.judging.blocks import Block
from miniframework.routing.judging.judgement import ParameterSpan, read_spans
from miniframework.routing.judging.stops import common_length, find_stop
from miniframework.routing.parts import Parameter


def is_missing(block: Block, asked: Asked, number: int) -> bool:
    """Whether the path ends before the block, or with the slash in front of it."""
    last = asked.last
    return number > last or (number == last > 0 and not asked.segments[number] and not block.takes_nothing)


def try_block(block: Block, asked: Asked, number: int) -> Tried:
    """Ask the block about the segment at `number`, a tail about the rest of the path.

    The answer is remembered: routes have most of their blocks in common.
    """
    known = asked.tried[number].get(block.key)
    if known is not None:
        return known
    at = asked.starts[number]
    text = asked.path[at:] if block.tail else asked.segments[number]
    if block.is_parameter:
        tried = _try_parameter(block, asked, at, at + len(text))
    elif block.literal is None:
        tried = _try_parameters(block, asked.path, at, at + len(text))
    elif block.literal == text:
        tried = Tried(None, at, 0, None, ())
    else:
        right = common_length(block.literal, text)
        reason = reasons.other_literal(block.literal, text, at + right)
        # As Tried(...), but faster: a table may have thousands of words at one place.
        tried = tuple.__new__(Tried, (reason, at + right, right, (0, len(block.literal)), (), False))
    asked.tried[number][block.key] = tried
    return tried


def _try_parameter(block: Block, asked: Asked, at: int, end: int) -> Tried:
    """One parameter is all there is: of its name, and so its length, nothing but the places depend."""
    (piece,) = block.pieces
    assert isinstance(piece, Parameter), "only a parameter is asked here"
    kind = at, end, piece.regex, piece.converter_name
    known = asked.of_kind.get(kind)
    if known is None:
        takes = block.regex.fullmatch(asked.path, at, end) is not None
        known = Tried(None, at, 0, None, ()) if takes else _refuse(block, asked.path, at, end)
        asked.of_kind[kind] = known
    if known.reason is None:
        text = asked.path[at:end]
        span = tuple.__new__(ParameterSpan, (piece.name, at, end, text, piece.converter_name))
        return tuple.__new__(Tried, (None, at, 0, None, (span,), False))
    length = piece.end - piece.start
    done, refused = (length, None) if known.refused is None else (0, (0, length))
    return tuple.__new__(Tried, (known.reason, known.reached, done, refused, (), known.is_blind))


def _try_parameters(block: Block, path: str, at: int, end: int) -> Tried:
    # In its place: a look-behind sees what stands before it.
    found = block.regex.fullmatch(path, at, end)
    if found is not None:
        spans = read_spans((piece for piece in block.pieces if isinstance(piece, Parameter)), found)
        return Tried(None, at, 0, None, spans)
    return _refuse(block, path, at, end)


def _refuse(block: Block, path: str, at: int, end: int) -> Tried:
    text = path[at:end]
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
        is_blind=stop.untraceable is not None,
    )
