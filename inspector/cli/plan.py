"""What the serving process has to know, handed over as one command-line argument."""

import json
from dataclasses import asdict, field
from typing import Any

from inspector.cli.apps import AppTarget
from inspector.settings import Settings
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingPlan:
    """One start of the application in one process. `generation` counts the reloads of this run, from 0.

    `server` holds keyword arguments of `uvicorn.Config`. `env_file` is read before the application is
    imported. `dashboard_url` is where it is looked at, without the token. `listener_fd` is the inherited
    listening socket; `lifeline_fd` one end of a pair of sockets: the process tells on it how its recorder
    fares, and when the other end closes, the command is gone and it ends too; `account_fd` memory in which it
    counts what it records. All are None where a process cannot inherit descriptors; then stdin brings the
    listening socket, and is the lifeline.
    """

    target: AppTarget
    settings: Settings
    journal: str
    url: str
    dashboard_url: str
    host: str
    port: int
    server: dict[str, Any] = field(default_factory=dict)
    env_file: str | None = None
    generation: int = 0
    listener_fd: int | None = None
    lifeline_fd: int | None = None
    account_fd: int | None = None
    quiet: bool = False

    def to_argument(self) -> str:
        """Return the plan as text that `from_argument` reads back."""
        return json.dumps(asdict(self))

    @classmethod
    def from_argument(cls, text: str) -> "ServingPlan":
        """Return the plan that `to_argument` wrote."""
        found = json.loads(text)
        given = found.pop("settings")
        settings = Settings(**{**given, "allowed_hosts": tuple(given["allowed_hosts"])})
        return cls(**{**found, "target": AppTarget(**found["target"]), "settings": settings})
