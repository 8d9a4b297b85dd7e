from typing import Any

import falcon
import falcon.asgi


class Hello:
    async def on_get(self, req: Any, resp: Any) -> None:
        resp.content_type = falcon.MEDIA_TEXT
        resp.text = "Hello, World!"


class Items:
    async def on_post(self, req: Any, resp: Any) -> None:
        data = await req.get_media()
        resp.media = {"name": str(data["name"]), "price": float(data["price"])}


class Item:
    async def on_get(self, req: Any, resp: Any, item_id: int) -> None:
        resp.media = {"item_id": item_id, "q": req.get_param("q")}


def make(routes: int) -> Any:
    app = falcon.asgi.App()
    item = Item()
    for n in range(routes):
        app.add_route(f"/r{n}/{{item_id:int}}", item)
    if not routes:
        app.add_route("/", Hello())
        app.add_route("/items", Items())
        app.add_route("/items/{item_id:int}", item)
    return app
