"""A Quart application; werkzeug sorts its rules, and adds a slash when the turn of a rule comes."""

from typing import Any

from inspection_report import report
from quart import Quart

app = Quart(__name__, static_folder=None)


def add(rule: str, endpoint: str, **options: Any) -> None:
    async def view(**values: Any) -> str:
        return "ok"

    app.add_url_rule(rule, endpoint, view, **options)


add("/users/<name>", "user")
add("/users/me", "me")
add("/x/", "with_slash")
add("/y", "y", methods=["GET"])
add("/y", "y_post", methods=["POST"])
add("/twice", "first")
add("/twice", "second")
add("/loose/<a>", "loose", strict_slashes=False)

report(app, ("GET", "/users/me"), ("GET", "/x"), ("GET", "/loose/1/"), ("DELETE", "/y"), ("GET", "/no"))
