"""What `inspector.attach` says of an application, as JSON."""

import json
import sys
from typing import Any

import inspector


def report(app: Any, *questions: tuple[str, str]) -> None:
    """Print the findings, the self-test, and the answers to some questions."""
    attached = inspector.attach(app)
    explained = [attached.explain(*question) for question in questions]
    told = {
        "framework": attached.framework,
        "findings": [
            [one.kind, one.method, one.route.path, [by.path for by in one.by], one.exactness]
            for one in attached.check()
            if one.severity != "note"
        ],
        "doctor": attached.doctor().to_dict(),
        "explained": [
            [one.outcome, one.route and one.route.path, dict(one.params), sorted(one.allow), one.agrees]
            for one in explained
        ],
        "imported": [name for name in ("jinja2", "click", "uvicorn", "websockets") if name in sys.modules],
    }
    json.dumps([one.to_dict() for one in explained])
    print(json.dumps(told))
