"""How many typing mistakes lie between two texts."""


def count_edits(one: str, other: str, *, at_most: int) -> int:
    """The fewest characters to put in, take out, replace or swap with the next one; more than `at_most` is
    given as `at_most + 1`.

    Source: optimal string alignment, after F. J. Damerau, "A technique for computer detection and correction
    of spelling errors" (CACM 7(3), 1964).
    """
    if one == other:
        return 0
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    one, other = _without_common_ends(one, other)
    if not one or not other:
        return min(len(one) + len(other), at_most + 1)
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            edits = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (char != wanted))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == wanted:
                edits = min(edits, before_last[j - 2] + 1)
            row.append(edits)
        if min(row) > at_most:
            return at_most + 1
        before_last, last = last, row
    return min(last[-1], at_most + 1)


def count_common_ends(one: str, other: str) -> int:
    """How many characters they begin and end with alike."""
    return sum(_common_ends(one, other))


def _without_common_ends(one: str, other: str) -> tuple[str, str]:
    """Both without what they begin and end with alike, in which there is no mistake."""
    begin, end = _common_ends(one, other)
    return one[begin : len(one) - end], other[begin : len(other) - end]


def _common_ends(one: str, other: str) -> tuple[int, int]:
    shorter = min(len(one), len(other))
    begin = 0
    while begin < shorter and one[begin] == other[begin]:
        begin += 1
    end = 0
    while end < shorter - begin and one[-1 - end] == other[-1 - end]:
        end += 1
    return begin, end
