"""Recorded exchanges in another tool's words: one entrance for every format. Pure."""

from collections.abc import Callable, Sequence
from typing import get_args

from inspector.exchange_files.export_curl import export_curl
from inspector.exchange_files.export_httpx import export_httpx
from inspector.exchange_files.export_hurl import export_hurl
from inspector.exchange_files.export_pytest import AppUnderTest, export_pytest, require_answered
from inspector.exchange_files.export_request import ExportFormat, ExportRefused, require_http
from inspector.exchange_files.har_write import write_har
from inspector.model import Exchange
from miniframework.records import dataclass

FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An exchange that the format cannot carry, and why."""

    exchange_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The text of the export, and what is not in it."""

    text: str
    left_out: tuple[LeftOut, ...] = ()


def export_one(exchange: Exchange, form: ExportFormat, tested: AppUnderTest | None = None) -> str:
    """Return one exchange in this format. Raises ExportRefused when the format cannot carry it."""
    if form == "har":
        return write_har([exchange])
    asked = require_http(exchange, form)
    if form == "pytest":
        require_answered(asked)
        return export_pytest([asked], tested or AppUnderTest())
    return _WRITERS[form](asked)


def export_all(
    exchanges: Sequence[Exchange], form: ExportFormat, tested: AppUnderTest | None = None
) -> Exported:
    """Return them all as one text, in their order; what cannot be carried is left out and named.

    Raises ExportRefused for an application that tests cannot import.
    """
    carried, texts, left_out = [], [], []
    for exchange in exchanges:
        try:
            texts.append("" if form == "har" else export_one(exchange, form, AppUnderTest()))
            carried.append(exchange)
        except ExportRefused as refused:
            left_out.append(LeftOut(exchange_id=exchange.id, reason=refused.message))
    if form == "har":
        text = write_har(carried)
    elif form == "pytest":
        text = export_pytest([require_http(one, form) for one in carried], tested or AppUnderTest())
    else:
        text = "\n".join(part if part.endswith("\n") else part + "\n" for part in texts)
    return Exported(text=text, left_out=tuple(left_out))


_WRITERS: dict[ExportFormat, Callable[..., str]] = {
    "curl": export_curl,
    "httpx": export_httpx,
    "hurl": export_hurl,
}
