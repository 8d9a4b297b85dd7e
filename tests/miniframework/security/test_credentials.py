"""What each scheme takes from a request, and what it answers without it. Expected values are FastAPI's."""

from base64 import b64encode
from typing import Annotated, Any

import pytest

from miniframework import App, Depends, HTTPException, WebSocket
from miniframework.security import (
    APIKeyCookie,
    APIKeyHeader,
    APIKeyQuery,
    HTTPBase,
    HTTPBasic,
    HTTPBearer,
    HTTPDigest,
    OAuth2,
    OAuth2AuthorizationCodeBearer,
    OAuth2PasswordBearer,
    OpenIdConnect,
    SecurityBase,
    get_authorization_scheme_param,
)
from miniframework.testing import SocketRefused, TestClient

pytestmark = pytest.mark.usefixtures("way")


def basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


def serve(scheme: SecurityBase) -> TestClient:
    app = App()

    @app.get("/")
    async def read(value: Annotated[Any, Depends(scheme)]) -> Any:
        return {"value": value if isinstance(value, str | None) else value.model_dump()}

    return TestClient(app)


def make(kind: Any, auto_error: bool) -> SecurityBase:
    """Make a scheme of each kind the way its users do."""
    options: dict[Any, dict[str, Any]] = {
        HTTPBase: {"scheme": "other"},
        OAuth2PasswordBearer: {"tokenUrl": "token"},
        OAuth2AuthorizationCodeBearer: {"authorizationUrl": "auth", "tokenUrl": "token"},
        OpenIdConnect: {"openIdConnectUrl": "/openid"},
        APIKeyQuery: {"name": "key"},
        APIKeyHeader: {"name": "key"},
        APIKeyCookie: {"name": "key"},
    }
    made: SecurityBase = kind(auto_error=auto_error, **options.get(kind, {}))
    return made


# scheme, challenge of its 401, header -> what the endpoint is given; MISSING: the 401
MISSING = object()
NAME = {"username": "a", "password": "b"}
TABLE: list[tuple[Any, str, dict[str | None, Any]]] = [
    (
        HTTPBasic,
        "Basic",
        {
            None: MISSING,
            "": MISSING,
            "Bearer x": MISSING,
            basic("a:b"): NAME,
            basic("a:b").replace("Basic", "bASIC"): NAME,
            basic("a:b:c"): {"username": "a", "password": "b:c"},
            basic(":"): {"username": "", "password": ""},
        },
    ),
    (
        HTTPBearer,
        "Bearer",
        {
            None: MISSING,
            "Bearer": MISSING,
            "Bearer ": MISSING,
            "Basic x": MISSING,
            "Bearer x": {"scheme": "Bearer", "credentials": "x"},
            "bearer  x ": {"scheme": "bearer", "credentials": "x"},
            "Bearer a b": {"scheme": "Bearer", "credentials": "a b"},
        },
    ),
    (
        HTTPDigest,
        "Digest",
        {None: MISSING, "Bearer x": MISSING, "Digest x": {"scheme": "Digest", "credentials": "x"}},
    ),
    (HTTPBase, "Other", {None: MISSING, "Any": MISSING, "Any x": {"scheme": "Any", "credentials": "x"}}),
    (OAuth2, "Bearer", {None: MISSING, "": MISSING, "Nonsense": "Nonsense", "Bearer x": "Bearer x"}),
    (OpenIdConnect, "Bearer", {None: MISSING, "": MISSING, "Bearer x": "Bearer x"}),
    (OAuth2PasswordBearer, "Bearer", {None: MISSING, "Basic x": MISSING, "Bearer": "", "bearer x": "x"}),
    (OAuth2AuthorizationCodeBearer, "Bearer", {None: MISSING, "Basic x": MISSING, "Bearer x": "x"}),
]
CASES = [
    pytest.param(kind, challenge, header, value, id=f"{kind.__name__} {header}")
    for kind, challenge, expected in TABLE
    for header, value in expected.items()
]


@pytest.mark.parametrize(("kind", "challenge", "header", "value"), CASES)
@pytest.mark.parametrize("auto_error", [True, False], ids=["required", "optional"])
def test_a_header_gives_its_credentials_or_a_401_with_the_challenge(
    kind: Any, challenge: str, header: str | None, value: Any, auto_error: bool
) -> None:
    client = serve(make(kind, auto_error))
    response = client.get("/", headers={} if header is None else {"Authorization": header})
    if value is not MISSING:
        assert (response.status_code, response.json()) == (200, {"value": value})
    elif auto_error:
        assert (response.status_code, response.json()) == (401, {"detail": "Not authenticated"})
        assert response.headers["www-authenticate"] == challenge
    else:
        assert response.json() == {"value": None}


@pytest.mark.parametrize(
    "header", ["Basic", "Basic not-base64", basic("no colon"), basic("é:ü")], ids=lambda text: text
)
@pytest.mark.parametrize("auto_error", [True, False], ids=["required", "optional"])
def test_basic_credentials_that_cannot_be_read_are_refused_even_where_they_are_optional(
    header: str, auto_error: bool
) -> None:
    response = serve(HTTPBasic(realm="books", auto_error=auto_error)).get(
        "/", headers={"Authorization": header}
    )
    assert (response.status_code, response.headers["www-authenticate"]) == (401, 'Basic realm="books"')


@pytest.mark.parametrize("kind", [APIKeyQuery, APIKeyHeader, APIKeyCookie])
@pytest.mark.parametrize(("key", "value"), [("secret", "secret"), ("", MISSING), (None, MISSING)])
@pytest.mark.parametrize("auto_error", [True, False], ids=["required", "optional"])
def test_an_api_key_is_taken_from_its_place_only(kind: Any, key: Any, value: Any, auto_error: bool) -> None:
    client = serve(make(kind, auto_error))
    place = {APIKeyQuery: "params", APIKeyHeader: "headers", APIKeyCookie: "cookies"}[kind]
    elsewhere = {one: {"key": "wrong place"} for one in ("params", "headers", "cookies") if one != place}
    here = {place: {"key": key}} if key is not None else {}
    response = client.get("/", **elsewhere, **here)
    if value is not MISSING:
        assert response.json() == {"value": "secret"}
    elif auto_error:
        assert (response.status_code, response.headers["www-authenticate"]) == (401, "APIKey")
    else:
        assert response.json() == {"value": None}


def test_a_subclass_may_answer_otherwise() -> None:
    class Forbidding(HTTPBearer):
        def make_not_authenticated_error(self) -> HTTPException:
            return HTTPException(403, "no token, no entry")

    response = serve(Forbidding()).get("/")
    assert (response.status_code, response.json()) == (403, {"detail": "no token, no entry"})


def test_a_scheme_of_ones_own_needs_no_more_than_a_call() -> None:
    class Fixed(SecurityBase):
        async def __call__(self) -> str:
            return "secret"

    made = Fixed()
    assert serve(made).get("/").json() == {"value": "secret"}
    assert (made.scheme_name, made.auto_error) == ("Fixed", True)


def test_a_web_socket_is_refused_and_let_in_by_the_same_scheme() -> None:
    app, bearer = App(), HTTPBearer()

    @app.websocket("/ws")
    async def talk(websocket: WebSocket, token: Annotated[Any, Depends(bearer)]) -> None:
        await websocket.accept()
        await websocket.send_text(token.credentials)

    client = TestClient(app)
    with client.websocket_connect("/ws", headers={"Authorization": "Bearer x"}) as session:
        assert session.receive_text() == "x"
    with pytest.raises(SocketRefused) as caught, client.websocket_connect("/ws"):
        pass
    assert caught.value.response.status_code == 401


@pytest.mark.parametrize(
    ("header", "pair"),
    [(None, ("", "")), ("", ("", "")), ("A", ("A", "")), ("A b", ("A", "b")), ("A  b c ", ("A", "b c"))],
)
def test_an_authorization_header_is_a_scheme_and_the_rest(header: str | None, pair: tuple[str, str]) -> None:
    assert get_authorization_scheme_param(header) == pair
