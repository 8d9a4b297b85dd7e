"""What the serving process has to know, handed over as one command-line argument."""

import json
from dataclasses import asdict, dataclass

from inspector.cli.apps import AppTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingPlan:
    """One start of the application. `generation` counts the reloads of this run, from 0.

    `dashboard_url` is where it is looked at, without the token. `listener_fd` is the inherited listening
    socket and `lifeline_fd` the end of a pipe that is never written to: when it closes, the command is gone
    and the process ends too. Both are None where a process cannot inherit descriptors; then it listens on
    `host` and `port` itself, and stdin is the lifeline.
    """

    target: AppTarget
    journal: str
    url: str
    dashboard_url: str
    host: str
    port: int
    generation: int = 0
    listener_fd: int | None = None
    lifeline_fd: int | None = None
    quiet: bool = False

    def to_argument(self) -> str:
        """Return the plan as text that `from_argument` reads back."""
        return json.dumps(asdict(self))

    @classmethod
    def from_argument(cls, text: str) -> "ServingPlan":
        """Return the plan that `to_argument` wrote."""
        found = json.loads(text)
        return cls(**{**found, "target": AppTarget(**found["target"])})
