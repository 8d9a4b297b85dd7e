"""Writes a recorded request as a Python program that sends it with httpx. Pure; never a secret."""

from inspector.exchange_files.export_python import bytes_text, comment_lines, headers_text, title_of
from inspector.exchange_files.export_request import ExportRefused, ExportRequest, plan_export
from inspector.model import HttpExchange

# httpx says of these that they have no content, unless told otherwise.
_LENGTH_ADDED = ("POST", "PUT", "PATCH")


def export_httpx(exchange: HttpExchange) -> str:
    """Return a program that sends the recorded bytes and prints what comes back.

    The target goes through httpx's `target` extension, which sends it as it is. What cannot be carried is
    named in comments. Raises ExportRefused for a target that httpx, or any client, cannot send.
    """
    asked = plan_export(exchange)
    if not asked.target.isascii():
        raise ExportRefused(
            f"httpx sends no bytes beyond ASCII in a target: {asked.target!r}", "curl carries it"
        )
    lines = [
        f'"""{title_of(asked)}"""',
        "",
        "import httpx",
        "",
        *comment_lines([*asked.notes, *_own_notes(asked)], asked.redacted),
        "request = httpx.Request(",
        f"    {asked.method!r},",
        f"    {asked.origin!r},",
        *headers_text(asked.headers, indent="    "),
        f"    content={bytes_text(asked.body)},",
        f'    extensions={{"target": {asked.target.encode("latin-1")!r}}},',
        ")",
        *_corrections(asked),
        "with httpx.Client(trust_env=False) as client:",
        "    response = client.send(request)",
        "",
        "print(response.status_code, response.headers)",
        "print(response.text)",
    ]
    return "\n".join(lines) + "\n"


def _own_notes(asked: ExportRequest) -> list[str]:
    names = [name.lower() for name, _ in asked.headers]
    if "host" not in names:
        return ["httpx adds a host header, which the recorded request did not have"]
    return ["httpx sends host before the other headers"] if "host" in names[1:] else []


def _corrections(asked: ExportRequest) -> list[str]:
    """Take back what httpx changes by itself."""
    lines = []
    if asked.method != asked.method.upper():
        lines.append(f"request.method = {asked.method!r}  # httpx writes methods in capitals")
    has_length = any(name.lower() == "content-length" for name, _ in asked.headers)
    if not asked.body and asked.method.upper() in _LENGTH_ADDED and not has_length:
        lines.append('del request.headers["content-length"]  # httpx adds one of 0')
    return lines
