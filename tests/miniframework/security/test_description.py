"""What a scheme says of itself for the OpenAPI document, which is what FastAPI's says."""

from typing import Any

import pytest
from pydantic import ValidationError

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
)

SCHEMES: list[tuple[SecurityBase, str, dict[str, Any]]] = [
    (APIKeyQuery(name="k"), "APIKeyQuery", {"type": "apiKey", "in": "query", "name": "k"}),
    (APIKeyCookie(name="k"), "APIKeyCookie", {"type": "apiKey", "in": "cookie", "name": "k"}),
    (
        APIKeyHeader(name="X-Key", scheme_name="Key", description="ask us"),
        "Key",
        {"type": "apiKey", "in": "header", "name": "X-Key", "description": "ask us"},
    ),
    (HTTPBase(scheme="Other"), "HTTPBase", {"type": "http", "scheme": "Other"}),
    (HTTPBasic(realm="r"), "HTTPBasic", {"type": "http", "scheme": "basic"}),
    (HTTPDigest(), "HTTPDigest", {"type": "http", "scheme": "digest"}),
    (HTTPBearer(), "HTTPBearer", {"type": "http", "scheme": "bearer"}),
    (
        HTTPBearer(bearerFormat="JWT", description="d"),
        "HTTPBearer",
        {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "d"},
    ),
    (OAuth2(), "OAuth2", {"type": "oauth2", "flows": {}}),
    (
        OAuth2(flows={"implicit": {"authorizationUrl": "/a", "scopes": {"s": "why"}}}),
        "OAuth2",
        {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "/a", "scopes": {"s": "why"}}}},
    ),
    (
        OAuth2PasswordBearer("/token", scopes={"s": "why"}, refreshUrl="/again"),
        "OAuth2PasswordBearer",
        {
            "type": "oauth2",
            "flows": {"password": {"tokenUrl": "/token", "refreshUrl": "/again", "scopes": {"s": "why"}}},
        },
    ),
    (
        OAuth2AuthorizationCodeBearer("/a", "/t"),
        "OAuth2AuthorizationCodeBearer",
        {
            "type": "oauth2",
            "flows": {"authorizationCode": {"authorizationUrl": "/a", "tokenUrl": "/t", "scopes": {}}},
        },
    ),
    (
        OpenIdConnect(openIdConnectUrl="/.well-known/openid"),
        "OpenIdConnect",
        {"type": "openIdConnect", "openIdConnectUrl": "/.well-known/openid"},
    ),
]


@pytest.mark.parametrize(
    ("scheme", "name", "description"), SCHEMES, ids=[f"{at} {one[1]}" for at, one in enumerate(SCHEMES)]
)
def test_a_scheme_describes_itself_for_the_document(
    scheme: SecurityBase, name: str, description: dict[str, Any]
) -> None:
    assert scheme.scheme_name == name
    assert scheme.model.model_dump(by_alias=True, exclude_none=True, mode="json") == description


def test_a_flow_without_its_url_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValidationError, match="tokenUrl"):
        OAuth2(flows={"password": {"scopes": {}}})
