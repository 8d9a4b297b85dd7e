"""What every test may rely on: the same generated cases on every run, and no stale bytecode."""

import gc
import os
import sys
from collections.abc import Generator

import pytest
from hypothesis import settings

# A failure must come back when the suite is run again; exploring is for `--hypothesis-profile=explore`.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("suite")

# A file is given to one worker as a whole. These take longest: begun last, they would be waited for.
FIRST = (
    "tests/test_packaging.py",
    "tests/live/test_run.py",
    "tests/inspector/test_torture.py",
    "tests/miniframework/routing/test_routing_laws.py",
    "tests/miniframework/routing/test_explaining_at_scale.py",
)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector off what is collected: some ten thousand tests live to the end anyway."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the longest files begin; the others keep their order."""
    first = [config.rootpath / name for name in FIRST]
    items.sort(key=lambda item: item.path not in first)


def pytest_collection_finish() -> None:
    """From here on bytecode is read and not written, here and in whatever a test starts.

    Python takes bytecode for that of a source of the same second and length: a module that a test writes
    twice would be the first one both times.
    """
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
