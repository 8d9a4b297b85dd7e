"""What is wrong with a file of exchanges, and where in it."""

from inspector.errors import InspectorError


class HarError(InspectorError):
    """A document or one entry of it that is no HAR; `where` is a path into it: `log.entries[3].request`."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem
