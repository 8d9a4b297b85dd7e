"""Flask, which is mounted in an ASGI application by a WSGI wrapper: Quart's model over WSGI."""

from collections.abc import Mapping
from importlib.metadata import version as installed_version
from typing import Any

from inspector.adapters.adapter import Adapter, Asked
from inspector.adapters.werkzeug.environ import make_environ
from inspector.adapters.werkzeug.quart import QuartAdapter


def adapt(app: Any) -> Adapter:
    """Return the adapter of a `flask.Flask`."""
    return FlaskAdapter(app)


class FlaskAdapter(QuartAdapter):
    """One Flask application. A handshake never gets to it: WSGI knows none."""

    framework = "Flask"

    @property
    def version(self) -> str:
        """The version of Flask that is installed."""
        return installed_version("flask")

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope."""
        if scope["type"] != "websocket":
            return super().ask_scope(scope)
        over_http = super().ask_scope({**scope, "type": "http", "scheme": "http", "method": "GET"})
        is_known = over_http.outcome in ("match", "method_not_allowed")
        return Asked(outcome="websocket_mismatch" if is_known else "not_found")

    def _make_request(self, scope: Mapping[str, Any]) -> Any:
        return self._app.request_class(make_environ(scope))
