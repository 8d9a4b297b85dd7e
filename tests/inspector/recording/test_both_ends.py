import pytest

from inspector.recording.both_ends import BothEnds


@pytest.mark.parametrize("limit", [0, 1, 2, 5, 6])
@pytest.mark.parametrize("count", [0, 1, 4, 6, 13, 100])
@pytest.mark.parametrize("is_direct", [False, True], ids=["added", "appended"])
def test_the_first_half_and_the_newest_half_are_kept_and_the_rest_is_counted(
    limit: int, count: int, is_direct: bool
) -> None:
    both: BothEnds[int] = BothEnds(limit)
    for number in range(count):
        if is_direct:
            both.items.append(number)
        else:
            both.add(number)
    first, newest = (limit + 1) // 2, limit // 2
    wanted = list(range(count))
    if count > limit:
        wanted = wanted[:first] + wanted[count - newest :]
    assert list(both.kept()) == wanted
    assert (both.count, both.left_out) == (count, count - len(wanted))


def test_looking_in_between_changes_nothing_of_what_is_kept_in_the_end() -> None:
    looked_at: BothEnds[int] = BothEnds(6)
    let_be: BothEnds[int] = BothEnds(6)
    for number in range(50):
        looked_at.add(number)
        let_be.add(number)
        looked_at.kept()
    assert looked_at.kept() == let_be.kept() == (0, 1, 2, 47, 48, 49)


def test_a_flood_is_held_within_twice_the_limit() -> None:
    both: BothEnds[int] = BothEnds(10)
    for number in range(1000):
        both.add(number)
        assert len(both.items) <= 20
