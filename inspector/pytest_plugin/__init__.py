"""A plugin for pytest: why a request of a failing test got a 404, 405 or 422; which routes no test reached.

Found by pytest through the entry point `inspector`; `-p no:inspector` switches it off. Nothing of the
inspector but this package is imported before a request is to be explained or coverage was asked for.
"""

from inspector.pytest_plugin.hooks import pytest_addoption, pytest_configure

__all__ = ["pytest_addoption", "pytest_configure"]
