"""What a page is told first of two things that each begin its list anew."""

from typing import Any

import pytest

from inspector.streaming.limits import StreamLimits
from inspector.streaming.reading import Reading
from inspector.streaming.start import Fresh
from inspector.streaming.viewer import Viewer

CLEARED, GONE = Fresh(reset="cleared"), Fresh(missed_after=3)


@pytest.mark.parametrize(
    ("found", "told"),
    [((CLEARED, GONE), CLEARED), ((GONE, CLEARED), CLEARED), ((GONE, Fresh(missed_after=9)), GONE)],
)
def test_that_it_was_cleared_is_told_whatever_is_gone_since(found: tuple[Fresh, ...], told: Fresh) -> None:
    unused: Any = None
    viewer = Viewer(unused, unused, unused, describe=dict, limits=StreamLimits())
    for one in found:
        viewer.take(Reading(items=(), head=0, begin_again=one))
    assert viewer._again == told
