from typing import Any

from sanic import Sanic, json, text


def make(routes: int) -> Any:
    app = Sanic(f"speed{routes}", configure_logging=False)
    app.config.ACCESS_LOG = False

    async def read(request: Any, item_id: int) -> Any:
        return json({"item_id": item_id, "q": request.args.get("q")})

    for n in range(routes):
        app.add_route(read, f"/r{n}/<item_id:int>", name=f"r{n}")
    if routes:
        return app

    @app.get("/")
    async def hello(request: Any) -> Any:
        return text("Hello, World!")

    app.add_route(read, "/items/<item_id:int>", name="read")

    @app.post("/items")
    async def create(request: Any) -> Any:
        data = request.json
        return json({"name": str(data["name"]), "price": float(data["price"])})

    return app
