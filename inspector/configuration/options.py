"""Everything that can be set for `inspector run`: the server, the command itself, the inspector."""

import os

from inspector.configuration.kinds import Kind, Real, Switch, Text, Texts, Whole, Word
from inspector.configuration.option import Option
from inspector.settings import SETTABLE, Settings

_PORT = Whole(0, 65535)
LOG_LEVELS = ("critical", "error", "warning", "info", "debug", "trace")


def _server(
    name: str, kind: Kind, default: object, text: str, none_means: str = "", flag: str = ""
) -> Option:
    return Option(
        name=name,
        kind=kind,
        default=default,
        help=text,
        is_for="server",
        none_means=none_means,
        flag_name=flag,
    )


def _command(name: str, kind: Kind, default: object, text: str, none_means: str = "") -> Option:
    return Option(name=name, kind=kind, default=default, help=text, is_for="command", none_means=none_means)


_COMMAND = (
    Option(
        name="app_dir",
        kind=Text(),
        default=".",
        help="Folder to look for MODULE in first.",
        is_for="command",
        is_in_file=False,
    ),
    _command("factory", Switch(), False, "ATTRIBUTE is a function that makes the application."),
    _command("host", Text(), "127.0.0.1", "Address of the application."),
    _command("port", _PORT, 8000, "Port of the application, 0 for any."),
    _command("uds", Text(), None, "UNIX socket to listen on instead of host and port.", "none"),
    _command("fd", Whole(), None, "Inherited descriptor of a listening socket to use instead.", "none"),
    _command("backlog", Whole(1), 2048, "Connections that may wait to be accepted."),
    _command("dashboard_host", Text(), "127.0.0.1", "Address of the dashboard; only this machine's own."),
    _command("dashboard_port", _PORT, 8765, "Port of the dashboard, 0 for any."),
    Option(
        name="workers",
        kind=Whole(1, 64),
        default=1,
        help="Processes that serve the application side by side.",
        is_for="command",
        other_variable="WEB_CONCURRENCY",
    ),
    _command("reload", Switch(), False, "Start the application again when a file changes."),
    _command("reload_dir", Texts(), (), "Folder to watch; may be given several times.", "--app-dir"),
    _command("reload_include", Texts(), (), "Pattern of files to watch beside *.py; several times.", "none"),
    _command(
        "reload_exclude", Texts(), (), "Pattern of files or folders not to watch; several times.", "none"
    ),
    _command("reload_delay", Real(0.05), 0.25, "Seconds between two looks at the files."),
    _command("env_file", Text(), None, "File of environment variables for the application.", "none"),
    _command("open", Switch(), False, "Open the dashboard in a browser."),
    _command("fresh", Switch(), False, "Forget what earlier runs recorded."),
    _command("journal", Text(), os.path.join(".inspector", "journal.db"), "File of the recording."),
)

# As uvicorn names them, and with its defaults, but for the log level, the access log and the time for a
# graceful shutdown: the dashboard is the access log, and open connections must not hold up a reload.
_SERVER = (
    _server("loop", Word(("auto", "asyncio", "uvloop")), "auto", "Event loop."),
    _server("http", Word(("auto", "h11", "httptools")), "auto", "HTTP implementation."),
    _server(
        "ws",
        Word(("auto", "none", "websockets", "websockets-sansio", "wsproto")),
        "auto",
        "WebSocket implementation.",
    ),
    _server("ws_max_size", Whole(1), 16 * 1024 * 1024, "Largest WebSocket message, in bytes."),
    _server("ws_max_queue", Whole(1), 32, "WebSocket messages that may wait."),
    _server("ws_ping_interval", Real(), 20.0, "Seconds between WebSocket pings."),
    _server("ws_ping_timeout", Real(), 20.0, "Seconds to wait for the answer to a ping."),
    _server("ws_per_message_deflate", Switch(), True, "Compress WebSocket messages."),
    _server("lifespan", Word(("auto", "on", "off")), "auto", "Lifespan of the application."),
    _server(
        "interface", Word(("auto", "asgi3", "asgi2", "wsgi")), "auto", "Interface; only ASGI 3 is served."
    ),
    _server("log_level", Word(LOG_LEVELS), "warning", "Log level of the server."),
    _server("access_log", Switch(), False, "Log each request; the dashboard shows them anyway."),
    _server("proxy_headers", Switch(), True, "Take scheme and client from X-Forwarded-Proto and -For."),
    _server(
        "forwarded_allow_ips",
        Text(),
        None,
        "Addresses whose proxy headers are trusted, with commas; '*' for all.",
        "$FORWARDED_ALLOW_IPS, else 127.0.0.1,::1",
    ),
    _server("server_header", Switch(), True, "Send a Server header."),
    _server("date_header", Switch(), True, "Send a Date header."),
    _server("header", Texts(), (), "Header NAME:VALUE of every response; several times.", "none"),
    _server("root_path", Text(), "", "Root path below which a proxy serves the application."),
    _server(
        "limit_concurrency", Whole(1), None, "Connections and tasks beyond which it answers 503.", "no limit"
    ),
    _server(
        "limit_max_requests",
        Whole(1),
        None,
        "Requests after which a worker ends and is started again.",
        "no limit",
    ),
    _server("timeout_keep_alive", Whole(), 5, "Seconds until an idle connection is closed."),
    _server(
        "timeout_graceful_shutdown", Whole(), 1, "Seconds for open connections when it stops or reloads."
    ),
    _server("ssl_keyfile", Text(), None, "Key file, for HTTPS.", "no HTTPS"),
    _server("ssl_certfile", Text(), None, "Certificate file, for HTTPS.", "no HTTPS"),
    _server("ssl_keyfile_password", Text(secret=True), None, "Password of the key file.", "none"),
    _server("ssl_version", Whole(), 17, "TLS version, a number of Python's ssl module."),
    _server(
        "ssl_cert_reqs", Whole(0, 2), 0, "Whether clients need a certificate, as in Python's ssl module."
    ),
    _server("ssl_ca_certs", Text(), None, "Certificates of the authorities for clients.", "none"),
    _server("ssl_ciphers", Text(), None, "Ciphers, as OpenSSL names them.", "OpenSSL's own"),
    _server(
        "h11_max_incomplete_event_size", Whole(1), None, "Longest header section that h11 reads.", "64 KiB"
    ),
)

_SETTINGS_SAID = {
    "enabled": "Whether the inspector is switched on at all.",
    "mount": "Where an embedded dashboard answers.",
    "allowed_hosts": "Host the dashboard answers to beside this machine's; several times.",
    "redact": "Keep secrets out of the recording.",
    "replay": "Which requests may be sent again.",
    "error_pages": "Show a browser why it got a 404, 405 or 422.",
    "keep_bytes": "Bytes kept of each body.",
    "keep_frames": "Frames kept of each WebSocket connection.",
    "frame_preview_bytes": "Bytes kept of each frame.",
    "keep_messages": "Lines kept of each exchange's message list.",
    "retain_exchanges": "Exchanges the journal keeps.",
    "retain_bytes": "Bytes of exchanges the journal keeps.",
    "retain_hours": "Hours the journal keeps an exchange.",
}
_WITHOUT_FLAG = frozenset({"enabled", "mount"})
_FLAG_NAMES = {"allowed_hosts": "allowed_host"}
_SETTINGS = tuple(
    Option(
        name=name,
        kind=kind,
        default=getattr(Settings(), name),
        help=_SETTINGS_SAID[name],
        is_for="inspector",
        flag_name=_FLAG_NAMES.get(name, ""),
        has_flag=name not in _WITHOUT_FLAG,
        variable_name=variable,
    )
    for name, (kind, variable) in SETTABLE.items()
)

OPTIONS: tuple[Option, ...] = (*_COMMAND, *_SERVER, *_SETTINGS)
