"""The nearest order that meets demands: all of them met, and nothing moved that could have stayed."""

from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.fewest_moves import ContradictionError, Pair, move_fewest


def fewest_by_trial(size: int, demands: set[Pair]) -> int | None:
    """How many items the nearest right order moves; None without a right order."""
    right = [
        order
        for order in permutations(range(size))
        if all(order.index(first) < order.index(second) for first, second in demands)
    ]
    return min((size - longest_rising(order) for order in right), default=None)


def longest_rising(order: tuple[int, ...]) -> int:
    return max(
        count
        for count in range(len(order) + 1)
        for chosen in combinations(order, count)
        if list(chosen) == sorted(chosen)
    )


def test_what_follows_all_that_it_must_stays() -> None:
    found = move_fewest(4, [(0, 1), (1, 3)])
    assert (found.order, found.moved) == ((0, 1, 2, 3), frozenset())


def test_one_item_moves_right_before_the_one_it_must_precede() -> None:
    assert move_fewest(5, [(4, 1)]).order == (0, 4, 1, 2, 3)


def test_asked_for_it_the_one_that_stands_before_moves_right_behind() -> None:
    assert move_fewest(5, [(4, 1)], move_earlier=True).order == (0, 2, 3, 4, 1)


@pytest.mark.parametrize("move_earlier", [False, True])
def test_one_that_stands_before_several_moves_alone(move_earlier: bool) -> None:
    found = move_fewest(5, [(2, 0), (3, 0), (4, 0)], move_earlier=move_earlier)
    assert (found.order, found.moved) == ((1, 2, 3, 4, 0), frozenset({0}))


def test_demands_that_contradict_each_other_are_refused_with_the_circle() -> None:
    with pytest.raises(ContradictionError) as caught:
        move_fewest(4, [(0, 1), (1, 3), (3, 0)])
    cycle = caught.value.cycle
    assert cycle[0] == cycle[-1]
    assert {(0, 1), (1, 3), (3, 0)} == set(pairwise(cycle))


@given(st.data(), st.integers(1, 6), st.booleans())
@settings(max_examples=150)
def test_every_demand_is_met_with_as_few_moves_as_any_order_needs(
    data: st.DataObject, size: int, move_earlier: bool
) -> None:
    items = st.integers(0, size - 1)
    demands = data.draw(st.sets(st.tuples(items, items).filter(lambda pair: pair[0] != pair[1]), max_size=7))
    fewest = fewest_by_trial(size, demands)
    if fewest is None:
        with pytest.raises(ContradictionError):
            move_fewest(size, demands, move_earlier=move_earlier)
        return
    found = move_fewest(size, demands, move_earlier=move_earlier)
    assert sorted(found.order) == list(range(size))
    assert [pair for pair in demands if found.order.index(pair[0]) > found.order.index(pair[1])] == []
    assert [item for item in found.order if item not in found.moved] == sorted(set(range(size)) - found.moved)
    assert len(found.moved) == fewest
