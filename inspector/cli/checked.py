"""The whole check of a table that is named on the command line, with the document that speaks of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspector.analysis.finding import Finding
from inspector.analysis.openapi_reading import DocumentError
from inspector.checking.errors import CheckFailedError
from inspector.checking.whole import check_whole
from inspector.cli.analysed import is_application, named_table
from inspector.cli.apps import AppTarget, load_app
from inspector.cli.tables import load_attached
from inspector.cli.terminal import StartRefused, say
from inspector.inspection.check import routes_by_number
from inspector.inspection.routes import EffectiveRoute
from miniframework.records import dataclass
from miniframework.routing.table import ForeignTable, RouteTable

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was checked and found; `routes` are the entries by number, {} for a table from a file.

    `root_path` is what the application takes off the front of a path.
    """

    table: RouteTable
    findings: list[Finding]
    routes: Mapping[str, EffectiveRoute]
    root_path: str = ""


def check_target(target: AppTarget, openapi: Path | None) -> Checked:
    """The findings of a table. Raises StartRefused when it cannot be had or cannot be checked."""
    attached = load_attached(target) if is_application(target) else None
    table = named_table(target) if attached is None else attached.table
    is_ours = not isinstance(table, ForeignTable)
    document = None
    if openapi is not None:
        document = _read_document(openapi)
    elif is_ours:
        document = _own_document(target)
    try:
        found = check_whole(table, document) if attached is None else attached.findings(document)
        if attached is None:
            return Checked(table=table, findings=found, routes={})
        picture = attached.picture
        routes = routes_by_number(picture)
        return Checked(table=table, findings=found, routes=routes, root_path=picture.root_path)
    except CheckFailedError as error:
        raise StartRefused(f"{target.text!r} cannot be checked: {error}") from error
    except DocumentError as error:
        named = f"{target.text}.openapi()" if openapi is None else str(openapi)
        raise StartRefused(f"{named!r} cannot be compared with: {error}") from error


def _own_document(target: AppTarget) -> Document | None:
    """What the application says of itself; None without an `openapi` method, or for a table from elsewhere.

    A factory is not called a second time for it.
    """
    if target.factory or not is_application(target):
        return None
    describe = getattr(load_app(target), "openapi", None)  # imported already, and found by that name
    if not callable(describe):
        return None
    try:
        document: Document = describe()
    except Exception as error:  # noqa: BLE001  # the user's code; the routes can be checked without it
        say(f"inspector: {target.text}.openapi() failed, so its document was not compared: {error!r}")
        return None
    return document


def _read_document(file: Path) -> Document:
    way_out = "give a JSON file, such as what the application serves at /openapi.json"
    try:
        document: Document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise StartRefused(f"the document {str(file)!r} cannot be read: {error.strerror}", way_out) from error
    except ValueError as error:
        raise StartRefused(f"{str(file)!r} is not JSON: {error}", way_out) from error
    return document
