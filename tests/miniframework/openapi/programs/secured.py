from typing import Annotated

from miniframework import App, Depends, Security
from miniframework.security import (
    APIKeyCookie,
    APIKeyHeader,
    APIKeyQuery,
    HTTPBasic,
    HTTPBearer,
    HTTPDigest,
    OAuth2AuthorizationCodeBearer,
    OAuth2PasswordBearer,
    OAuth2PasswordRequestForm,
    OpenIdConnect,
    SecurityScopes,
)

app = App()
password = OAuth2PasswordBearer(tokenUrl="token", scopes={"me": "Read me.", "items": "Read items."})
code = OAuth2AuthorizationCodeBearer(authorizationUrl="authorize", tokenUrl="token", description="By code")
key = APIKeyHeader(name="x-key", scheme_name="Key")


def who(scopes: SecurityScopes, token: Annotated[str, Depends(password)]) -> str:
    return token


def active(user: Annotated[str, Security(who, scopes=["me"])]) -> str:
    return user


@app.post("/token")
def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]): ...


@app.get("/me")
def me(user: Annotated[str, Depends(active)]): ...


@app.get("/me/items")
def items(user: Annotated[str, Security(active, scopes=["items"])]): ...


def by_name(token: Annotated[str, Depends(password)]) -> str:
    return token


def by_number(token: Annotated[str, Depends(password)]) -> int:
    return len(token)


@app.get("/two-ways")
def two_ways(
    name: Annotated[str, Security(by_name, scopes=["me"])],
    number: Annotated[int, Security(by_number, scopes=["items"])],
): ...


@app.get("/both", dependencies=[Depends(key), Depends(HTTPBearer(bearerFormat="JWT"))])
def both(credentials: Annotated[object, Depends(HTTPBasic())]): ...


@app.get("/others")
def others(
    query: Annotated[str, Depends(APIKeyQuery(name="key"))],
    cookie: Annotated[str, Depends(APIKeyCookie(name="session"))],
    digest: Annotated[object, Depends(HTTPDigest())],
    by_code: Annotated[str, Depends(code)],
    connect: Annotated[str, Depends(OpenIdConnect(openIdConnectUrl="/connect"))],
): ...
