"""An application behind proxies written in C, as agents that trace make them; JSON on standard output."""

import json
from typing import Any

import wrapt
from fastapi import FastAPI

from inspector.adapters.detection import find_framework_app


@wrapt.decorator
def traced(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    return wrapped(*args, **kwargs)


app = FastAPI()
proxy = wrapt.CallableObjectProxy(app)
proxies = {"object": proxy, "called": traced(app), "twice": traced(proxy)}
print(json.dumps({name: find_framework_app(one) is app for name, one in proxies.items()}))
