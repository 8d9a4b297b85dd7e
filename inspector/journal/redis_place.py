"""Where a journal in Redis is, as its URL says it."""

from urllib.parse import parse_qs, urlsplit, urlunsplit

from inspector.errors import JournalError

DEFAULT_NAME = "inspector"


def read_place(url: str) -> tuple[str, str, str]:
    """Split a journal's URL into the server's, the recording's name, and what may be shown of it.

    Raises JournalError for what is no Redis URL, or a name of other characters than letters, digits, `-_.`.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:  # the URL itself is not shown: it may hold a password
        raise JournalError(f"the journal's URL cannot be read: {error}") from error
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise JournalError(
            f"a journal at {parts.scheme!r} is no Redis; write redis://host:6379/0, or rediss:// for TLS"
        )
    query = parse_qs(parts.query, keep_blank_values=True)
    name = query.pop("name", [DEFAULT_NAME])[-1]
    if not name or not all(one.isalnum() or one in "-_." for one in name):
        raise JournalError(f"journal name {name!r}: use letters, digits, '-', '_' and '.'")
    rest = "&".join(f"{key}={value}" for key, values in query.items() for value in values)
    server = parts.netloc.rpartition("@")[2]
    shown = f"Redis at {server or 'this host'}{parts.path}, recording {name!r}"
    return urlunsplit(parts._replace(query=rest)), name, shown
