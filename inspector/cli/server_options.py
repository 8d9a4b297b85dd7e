"""The server's own options, checked before anything starts, as keyword arguments of `uvicorn.Config`."""

import importlib.util
import ssl
from pathlib import Path
from typing import Any

import click

from inspector.cli.terminal import StartRefused
from inspector.configuration.resolve import Configuration

_ONLY_WITH_RELOAD = ("reload_dir", "reload_include", "reload_exclude", "reload_delay")
_FILES = ("env_file", "ssl_keyfile", "ssl_certfile", "ssl_ca_certs")


def require_usable(found: Configuration) -> None:
    """Raise StartRefused or UsageError for options that contradict each other, or name what is not there."""
    for name in _ONLY_WITH_RELOAD:
        if found.chosen[name].origin.startswith("--") and not found["reload"]:
            raise click.UsageError(f"{found.chosen[name].option.flag} watches nothing without --reload")
    for folder in found["reload_dir"] if found["reload"] else ():
        if not Path(folder).is_dir():
            raise _refuse(found, "reload_dir", folder, "is no folder", "name one that is there")
    for name in _FILES:
        if found[name] is not None and not Path(found[name]).is_file():
            raise _refuse(found, name, found[name], "is no file", "name one that is there")
    if found["interface"] in ("asgi2", "wsgi"):
        way_out = "wrap it: app = a2wsgi.WSGIMiddleware(app)"
        if found["interface"] == "asgi2":
            way_out = "asgiref.compatibility.guarantee_single_callable(app) makes it ASGI 3"
        raise _refuse(
            found, "interface", found["interface"], "is not served: only ASGI 3 is recorded", way_out
        )
    if found["ssl_keyfile"] is not None and found["ssl_certfile"] is None:
        raise _refuse(found, "ssl_keyfile", found["ssl_keyfile"], "needs --ssl-certfile too", "name both")
    if found["ssl_certfile"] is not None:
        _require_certificate(found)
    if found["uds"] is not None and found["fd"] is not None:
        raise _refuse(found, "fd", found["fd"], "and a UNIX socket were both given", "give one of them")
    if found["env_file"] is not None and importlib.util.find_spec("dotenv") is None:
        raise _refuse(
            found, "env_file", found["env_file"], "needs python-dotenv", "pip install python-dotenv"
        )


def _require_certificate(found: Configuration) -> None:
    """Load it as the server will, which would show a traceback instead of a reason."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    password = found["ssl_keyfile_password"]
    try:
        context.load_cert_chain(found["ssl_certfile"], found["ssl_keyfile"], lambda: password or "")
    except (OSError, ValueError) as error:
        key = found["ssl_keyfile"] or found["ssl_certfile"]
        raise _refuse(
            found,
            "ssl_certfile",
            found["ssl_certfile"],
            f"and the key in {key!r} cannot be used: {getattr(error, 'reason', None) or error}",
            "name a certificate and its own key, both PEM; --ssl-keyfile-password for one that is encrypted",
        ) from error


def read_server_options(found: Configuration) -> dict[str, Any]:
    """Return keyword arguments of `uvicorn.Config`; all JSON-able. Raises StartRefused for a bad header."""
    options = found.given("server")
    options["headers"] = [_split(found, one) for one in options.pop("header")]
    del options["interface"]
    return options


def _split(found: Configuration, header: str) -> tuple[str, str]:
    name, colon, value = header.partition(":")
    if not colon or not name.strip() or not header.isascii() or not header.isprintable():
        raise _refuse(found, "header", header, "is no header", "write it as NAME:VALUE")
    return name.strip(), value.strip()


def _refuse(found: Configuration, name: str, value: object, problem: str, way_out: str) -> StartRefused:
    origin = found.chosen[name].origin
    return StartRefused(f"{origin}: {name} {value!r} {problem}", way_out)
