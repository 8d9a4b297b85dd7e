"""Programs of other frameworks are run as the tests of the adapters run them."""

from tests.adapters.conftest import run_program

__all__ = ["run_program"]
