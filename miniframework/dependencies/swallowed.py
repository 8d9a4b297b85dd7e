"""What becomes of an exception that a dependency with a `yield` keeps to itself."""

from miniframework.errors import UsageError


class SwallowedError(UsageError):
    """A dependency caught what the endpoint raised and did not raise it again, so there is no response.

    What it caught is the cause; the words are FastAPI's.
    """

    def __init__(self) -> None:
        super().__init__(
            "Response not awaited. There's a high chance that the application code is raising an exception "
            "and a dependency with yield has a block with a bare except, or a block with except Exception, "
            "and is not raising the exception again. Read more about it in the docs: "
            "https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/"
            "#dependencies-with-yield-and-except"
        )


def after_swallowing(failure: BaseException) -> BaseException:
    """Give what is raised in the place of `failure`; a cancellation and the like cannot be swallowed."""
    if not isinstance(failure, Exception):
        return failure
    error = SwallowedError()
    error.__cause__ = failure
    return error
