from enum import Enum
from typing import Annotated

from pydantic import BaseModel, HttpUrl

from miniframework import App, Depends, Header, Router


class Tags(Enum):
    shop = "shop"
    users = "users"


def plain_id(route) -> str:
    return f"{route.tags[0].value if route.tags else 'no'}-{route.name}"


def check_token(x_token: Annotated[str, Header()]) -> None: ...


class Invoice(BaseModel):
    id: str
    total: float


class Paid(BaseModel):
    ok: bool


app = App(
    title="Shop",
    summary="A shop",
    description="Sells **things**.",
    version="2.5.0",
    terms_of_service="http://shop.test/terms/",
    contact={"name": "Who", "url": "http://shop.test/contact/", "email": "who@shop.example.com"},
    license_info={"name": "Apache 2.0", "identifier": "Apache-2.0"},
    openapi_tags=[
        {"name": "shop", "description": "Things."},
        {"name": "users", "externalDocs": {"description": "More", "url": "https://shop.test/docs"}},
    ],
    servers=[{"url": "https://shop.test", "description": "Live"}],
    openapi_external_docs={"url": "https://shop.test/all"},
    responses={418: {"description": "A teapot"}},
)
callbacks = Router()


@callbacks.post("{$callback_url}/invoices/{$request.body.id}", response_model=Paid)
def invoice_paid(body: Invoice): ...


@app.webhooks.post("new-order")
def new_order(body: Invoice):
    """Sent when there is one."""


users = Router(prefix="/users", tags=[Tags.users], responses={404: {"description": "Not found"}})
inner = Router(tags=["inner"], deprecated=True)
hidden = Router(include_in_schema=False)
named = Router(generate_unique_id_function=plain_id)


@users.get("/{user_id}", summary="One user", tags=["one"], operation_id="one_user")
def read_user(user_id: str):
    """Reads one."""


@inner.get("/inner", description="Said *here*.", dependencies=[Depends(check_token)])
def read_inner():
    """Not shown."""


@hidden.get("/hidden")
def read_hidden(): ...


@named.get("/named", tags=[Tags.shop])
def read_named(): ...


@app.post("/invoices/", callbacks=callbacks.routes)
def create_invoice(invoice: Invoice, callback_url: HttpUrl | None = None): ...


@app.get("/secret", include_in_schema=False)
def secret(): ...


@app.get("/extra", openapi_extra={"x-own": 1, "parameters": [{"in": "query", "name": "b", "schema": {}}]})
def extra(a: int): ...


users.include_router(inner, prefix="/more", tags=["between"])
app.include_router(users, prefix="/v1", tags=["v1"], responses={403: {"description": "No"}})
app.include_router(hidden)
app.include_router(named, deprecated=True)
app.include_router(users, prefix="/v2", include_in_schema=False)
