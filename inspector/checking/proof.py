"""What is proven of a table without measuring anything."""

from collections.abc import Mapping
from typing import Any

from inspector.analysis.check import check_table
from inspector.analysis.documented import compare_document
from inspector.analysis.finding import Finding
from miniframework.routing.table import RouteTable


def prove(table: RouteTable, document: Mapping[str, Any] | None) -> list[Finding]:
    """What is wrong with a table, and where an OpenAPI document says otherwise. Raises TooLargeError,
    DocumentError.
    """
    return [*check_table(table), *(() if document is None else compare_document(table, document))]
