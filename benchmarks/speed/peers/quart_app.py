from typing import Any

from quart import Quart, Response, request


def make(routes: int) -> Any:
    app = Quart("speed")

    async def read(item_id: int) -> Any:
        return {"item_id": item_id, "q": request.args.get("q")}

    for n in range(routes):
        app.add_url_rule(f"/r{n}/<int:item_id>", f"r{n}", read)
    if routes:
        return app

    @app.get("/")
    async def hello() -> Any:
        return Response("Hello, World!", content_type="text/plain; charset=utf-8")

    app.add_url_rule("/items/<int:item_id>", "read", read)

    @app.post("/items")
    async def create() -> Any:
        data = await request.get_json()
        return {"name": str(data["name"]), "price": float(data["price"])}

    return app
