"""The numbers of several recorders as those of one. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

# Of these the worst is shown: a sum of medians is no median.
_WORST = "recorder_us_p50"


def add_up(each: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sums by name; of the median the largest, of texts the first one that is there."""
    total: dict[str, Any] = {"dropped": 0, _WORST: None}
    for numbers in each:
        for name, value in numbers.items():
            before = total.get(name)
            if before is None or isinstance(value, str):
                total[name] = value if before is None else before
            elif value is not None:
                total[name] = max(before, value) if name == _WORST else before + value
    return total
