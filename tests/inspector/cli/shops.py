"""An application of two routes, the second of which is never reached."""

SHOP = """
from miniframework import App

app = App(openapi_url=None)


@app.get("/items/{item}")
def show(item: str) -> str:
    return item


@app.get("/items/new")
def form() -> str:
    return ""
"""
