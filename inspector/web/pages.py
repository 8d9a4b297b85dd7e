"""The pages made of templates. Nothing else in the package knows Jinja2."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


class Pages:
    """Renders the page templates of one directory; everything put into them is escaped."""

    def __init__(self, templates: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def shell(self, *, base: str, static_version: str, version: str) -> str:
        """Return the shell page. `base` is the path under which the dashboard answers, ending in a slash."""
        template = self._environment.get_template("shell.html")
        return template.render(base=base, static=f"static/{static_version}", version=version)

    def error(self, *, dashboard: str | None, style: str, view: Mapping[str, Any]) -> str:
        """Return the page that explains an error, its style in it. `dashboard` is where the request can be
        opened, None for nowhere.
        """
        template = self._environment.get_template("error.html")
        return template.render(dashboard=dashboard, style=style, **view)
