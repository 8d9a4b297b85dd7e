"""Leading a path through the tree of templates, block by block, to collect every reason against each."""

from miniframework.routing.judging import reasons
from miniframework.routing.judging.asked import Asked
from miniframework.routing.judging.asking import is_missing, try_block
from miniframework.routing.judging.blocks import Block
from miniframework.routing.judging.judgement import Judgement, ParameterSpan, Reason, ReasonKind
from miniframework.routing.judging.levels import Levels
from miniframework.routing.judging.stems import Stems
from miniframework.routing.judging.survey import find_takers
from miniframework.routing.judging.together import Together
from miniframework.routing.slashes import toggle_slash

_AT_THE_END = (ReasonKind.MISSING, ReasonKind.EXTRA)
_OF_A_PREFIX = (ReasonKind.LITERAL, ReasonKind.MISSING)

# What the blocks so far have said: where the path was refused first (characters reached in the path and in
# the template, and the span of the template that refused), None as long as nothing has; the parameters before
# that; every reason.
_Refusal = tuple[int, int, tuple[int, int] | None]
_State = tuple[_Refusal | None, tuple[ParameterSpan, ...], tuple[Reason, ...]]
_BEGUN: _State = (None, (), ())


class Trials:
    """One request on trial with every pattern of a tree."""

    def __init__(self, stems: Stems, asked: Asked) -> None:
        self._stems = stems
        self._asked = asked
        self._patterns = stems.patterns
        toggled = toggle_slash(asked.path)
        self._toggled = toggled or ""
        self._slashed = frozenset() if toggled is None else frozenset(find_takers(stems, toggled))

    def every(self, levels: Levels) -> Together:
        """What there is against the path for all patterns; blocks behind one that refuses are asked too.

        Of a path that does not begin with a slash that is not known: ask for each alone.
        """
        together = Together(levels, self._asked)
        places = {self._stems.places[index] for index in self._slashed}.union(levels.mounts)
        for place in places.difference(together.takers):
            reached, against = together.heads[place][1], together.against[place]
            together.against[place] = self._reword(self._stems.order[place], reached, against)
        return together

    @property
    def is_relative(self) -> bool:
        """Whether the path does not begin with a slash."""
        return bool(self._asked.segments[0])

    def one(self, index: int) -> Judgement:
        """The same for one pattern alone."""
        asked = self._asked
        if asked.segments[0]:
            return self._without_slash(index)
        before = after = _BEGUN
        way = self._stems.way_to(index)
        for number, stem in enumerate(way):
            before = after
            if is_missing(stem.block, asked, number):
                return self._end_early(index, stem.block, number, before)
            after = _ask(stem.block, number, before, asked)
        return self._finish(index, way[-1].block, len(way) - 1, (before, after))

    def _finish(self, index: int, block: Block, number: int, states: tuple[_State, _State]) -> Judgement:
        """What the last block of a pattern makes of it; `states` are those before it and behind it."""
        asked, state = self._asked, states[1]
        if block.literal == "" and number:  # a slash at the end: what follows is left over
            state, at = states[0], asked.starts[number]
        elif number < asked.last and not block.tail:
            at = asked.starts[number + 1] - 1
        else:
            return self._settle(index, state)
        if at < len(asked.path):
            state = _add(state, asked.left_over(at), (at, len(self._patterns[index].template), None))
        return self._settle(index, state)

    def _end_early(self, index: int, block: Block, number: int, before: _State) -> Judgement:
        """The path ends where the template goes on with this block, or with the slash in front of it."""
        pattern = self._patterns[index]
        at, template = len(self._asked.path), pattern.template
        template_at = block.start - (number > self._asked.last)
        refused = (template_at, len(template)) if template_at < len(template) else None
        rest = template[template_at:] + ("/" if pattern.open_ended else "")
        return self._settle(index, _add(before, reasons.path_ends(rest, at), (at, template_at, refused)))

    def _without_slash(self, index: int) -> Judgement:
        """A path that does not begin with a slash has only its first block compared, and says no more."""
        asked, pattern = self._asked, self._patterns[index]
        first, *others = self._stems.way_to(index)
        if others and not first.block.tail:
            refused = (0, min(1, len(pattern.template)))
            return self._settle(index, _add(_BEGUN, reasons.no_leading_slash(asked.path), (0, 0, refused)))
        return self._finish(index, first.block, 0, (_BEGUN, _ask(first.block, 0, _BEGUN, asked)))

    def _settle(self, index: int, state: _State) -> Judgement:
        """What the last block has left of it, as a judgement."""
        refusal, parameters, against = state
        pattern, path = self._patterns[index], self._asked.path
        if refusal is None:
            return Judgement(True, len(path), len(pattern.template), None, parameters, ())
        against = self._reword(index, refusal[0], against)
        return Judgement(False, *refusal, parameters, against)

    def _reword(self, index: int, reached: int, against: tuple[Reason, ...]) -> tuple[Reason, ...]:
        """Say it in the words that fit best: a slash that is all there is to it, a mount not reached."""
        pattern = self._patterns[index]
        if index in self._slashed and len(against) == 1 and against[0].kind in _AT_THE_END:
            mount = pattern.open_ended
            return (reasons.only_the_slash(self._asked.path, self._toggled, reached, mount=mount),)
        if not pattern.open_ended:
            return against
        return tuple(
            reasons.below_mount(pattern.template, reason) if reason.kind in _OF_A_PREFIX else reason
            for reason in against
        )


def _ask(block: Block, number: int, before: _State, asked: Asked) -> _State:
    """What has been said once this block has been asked, too."""
    if block.literal and block.literal == asked.segments[number]:
        return before
    tried = asked.tried[number].get(block.key) or try_block(block, asked, number)
    refusal, parameters, against = before
    if tried.reason is None:
        return (None, parameters + tried.parameters, ()) if refusal is None else before
    if refusal is not None:
        return refusal, parameters, (*against, tried.reason)
    refused = tried.refused
    if refused is not None:
        refused = (block.start + refused[0], block.start + refused[1])
    return (tried.reached, block.start + tried.template_reached, refused), parameters, (tried.reason,)


def _add(state: _State, reason: Reason, refusal: _Refusal) -> _State:
    """One reason more; the places are those of the first one."""
    known, parameters, against = state
    return (refusal if known is None else known), parameters, (*against, reason)
