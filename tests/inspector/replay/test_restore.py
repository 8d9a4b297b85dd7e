"""Held values in the place of markers, where a document is nested as deep as may be."""

import pytest

from inspector.redaction import MARK
from inspector.replay.restore import MarkerLeft, restore_body


def nested(depth: int, value: str) -> bytes:
    return f'{"[" * depth}{{"pin": "{value}"}}{"]" * depth}'.encode()


@pytest.mark.parametrize("depth", [1, 100, 600, 900, 20_000])
def test_a_document_of_any_depth_is_restored(depth: int) -> None:
    shown = nested(depth, MARK)
    assert restore_body(shown, shown, nested(depth, "4711")) == nested(depth, "4711")


@pytest.mark.parametrize("depth", [1, 600])
def test_a_marker_that_nobody_knows_is_refused_at_any_depth(depth: int) -> None:
    with pytest.raises(MarkerLeft):
        restore_body(nested(depth, MARK), nested(depth, "1"), nested(depth, "4711"))
