"""The tutorial's way through OAuth2: a form for a token, the token for a user, scopes for what it may do."""

from typing import Annotated, Any

import pytest

from miniframework import App, Depends, HTTPException, Security
from miniframework.security import (
    OAuth2PasswordBearer,
    OAuth2PasswordRequestForm,
    OAuth2PasswordRequestFormStrict,
    SecurityScopes,
)
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")

USERS = {"ann": ("secret", ["me", "items"]), "bob": ("word", ["me"])}


def make_app() -> App:
    app = App()
    oauth2 = OAuth2PasswordBearer(tokenUrl="token", scopes={"me": "Read yourself", "items": "Read items"})

    @app.post("/token")
    async def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
        password, scopes = USERS.get(form.username, (None, []))
        if form.password != password:
            raise HTTPException(status_code=400, detail="Incorrect username or password")
        granted = [one for one in form.scopes if one in scopes]
        return {"access_token": f"{form.username}:{' '.join(granted)}", "token_type": "bearer"}

    async def user(needed: SecurityScopes, token: Annotated[str, Depends(oauth2)]) -> str:
        name, _, granted = token.partition(":")
        for scope in needed.scopes:
            if scope not in granted.split():
                raise HTTPException(
                    401,
                    "Not enough permissions",
                    {"WWW-Authenticate": f'Bearer scope="{needed.scope_str}"'},
                )
        return name

    async def active(name: Annotated[str, Security(user, scopes=["me"])]) -> str:
        return name

    @app.get("/me")
    async def me(name: Annotated[str, Depends(active)]) -> str:
        return name

    @app.get("/items")
    async def items(name: Annotated[str, Security(active, scopes=["items"])]) -> str:
        return f"items of {name}"

    return app


def log_in(client: TestClient, **form: str) -> dict[str, str]:
    token = client.post("/token", data=form).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def test_a_form_gives_a_token_and_the_token_its_user() -> None:
    client = TestClient(make_app())
    headers = log_in(client, username="ann", password="secret", scope="me items")
    assert client.get("/me", headers=headers).json() == "ann"
    assert client.get("/items", headers=headers).json() == "items of ann"


def test_a_token_without_the_scope_is_told_which_scopes_the_way_needs() -> None:
    client = TestClient(make_app())
    response = client.get("/items", headers=log_in(client, username="bob", password="word", scope="me items"))
    assert (response.status_code, response.json()) == (401, {"detail": "Not enough permissions"})
    assert response.headers["www-authenticate"] == 'Bearer scope="items me"'


def test_no_token_is_a_401_and_a_wrong_password_what_the_application_says() -> None:
    client = TestClient(make_app())
    assert client.get("/me").status_code == 401
    assert client.post("/token", data={"username": "ann", "password": "x"}).status_code == 400


def serve_forms() -> TestClient:
    app = App()

    @app.post("/lenient")
    def lenient(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, Any]:
        return vars(form)

    @app.post("/strict")
    def strict(form: Annotated[OAuth2PasswordRequestFormStrict, Depends()]) -> dict[str, Any]:
        return vars(form)

    return TestClient(app)


FORM = {"username": "u", "password": "p", "scope": "a  b:c", "client_id": "i", "client_secret": "s"}
READ = {"username": "u", "password": "p", "scopes": ["a", "b:c"], "client_id": "i", "client_secret": "s"}


@pytest.mark.parametrize("path", ["/lenient", "/strict"])
def test_the_form_is_read_and_its_scope_split(path: str) -> None:
    response = serve_forms().post(path, data={**FORM, "grant_type": "password"})
    assert response.json() == {**READ, "grant_type": "password"}


def test_the_grant_type_may_be_missing_but_not_wrong() -> None:
    client = serve_forms()
    assert client.post("/lenient", data=FORM).json() == {**READ, "grant_type": None}
    assert client.post("/strict", data=FORM).json()["detail"][0]["loc"] == ["body", "grant_type"]
    for path in ("/lenient", "/strict"):
        (problem,) = client.post(path, data={**FORM, "grant_type": "code"}).json()["detail"]
        assert (problem["type"], problem["loc"]) == ("string_pattern_mismatch", ["body", "grant_type"])
