"""Applications whose route tables are hard to read: walls, nested includes, a mount; and a very long one."""

from miniframework import App, Router


async def answer() -> dict[str, bool]:
    """Every route's handler."""
    return {"ok": True}


async def fail() -> None:
    """Always raise."""
    raise ValueError("the till is closed")


def make_mall() -> App:
    """Return an app with two walls (a catch-all hides two routes, a mount one) and nested includes."""
    app = App(openapi_url=None)
    app.get("/", name="welcome")(answer)
    app.get("/shops", name="list_shops")(answer)
    app.get("/shops/{shop:int}", name="get_shop")(answer)
    app.get("/crash", name="crash")(fail)
    app.get("/files/{rest:path}", name="download")(answer)
    app.get("/files/latest", name="latest_file")(answer)
    app.get("/files/{file}/raw", name="raw_file")(answer)
    orders = Router()
    orders.get("/orders", name="list_orders")(answer)
    orders.post("/orders", name="place_order")(answer)
    version = Router()
    version.get("/status", name="status")(answer)
    version.include_router(orders, prefix="/v1")
    app.include_router(version, prefix="/api")
    office = App(openapi_url=None)
    office.get("/", name="office_home")(answer)
    office.get("/reports/{year:int}", name="report")(answer)
    app.mount("/office", office, name="office")
    app.get("/office/keys", name="keys")(answer)
    app.get("/last", name="last")(answer)
    return app


def make_long(routes: int) -> App:
    """Return an app with so many routes, no two of which share their first segment."""
    app = App(openapi_url=None)
    for number in range(routes // 2):
        app.get(f"/area{number}/items", name=f"list_{number}")(answer)
        app.get(f"/area{number}/items/{{item_id:int}}", name=f"get_{number}")(answer)
    return app
