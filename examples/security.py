"""Sign in with a form, come back with a token; what a token may do is its scopes.

Try:
    curl localhost:8000/token -d 'username=ada&password=engine&scope=orders:read'
    curl localhost:8000/orders -H "authorization: Bearer $TOKEN"
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated, Any

from miniframework import App, Depends, HTTPException, Security, SecurityScopes
from miniframework.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

app = App()
bearer = OAuth2PasswordBearer(
    tokenUrl="token", scopes={"orders:read": "See orders", "orders:write": "Place orders"}
)

KEY = secrets.token_bytes(32)  # of this process: tokens end with it
SALT = b"one for each user, in earnest"


def hash_password(password: str) -> bytes:
    """Give what is stored in the place of a password."""
    return hashlib.scrypt(password.encode(), salt=SALT, n=2**12, r=8, p=1)


# What a token may be answered with, for the documentation.
REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, or none of ours"},
    403: {"description": "The token does not allow it"},
}

PASSWORDS = {"ada": hash_password("engine")}


@dataclass(frozen=True)
class User:
    """Who asks, and what the token allows."""

    name: str
    scopes: tuple[str, ...]


def sign(name: str, scopes: str) -> str:
    """Give a token that nobody else can make."""
    claims = f"{name}|{scopes}"
    return f"{claims}|{hmac.new(KEY, claims.encode(), 'sha256').hexdigest()}"


def find_user(needed: SecurityScopes, token: Annotated[str, Depends(bearer)]) -> User:
    """Read a token. Answers 401 for one that is not ours, 403 for one that does not allow it."""
    challenge = f'Bearer scope="{needed.scope_str}"' if needed.scopes else "Bearer"
    name, _, rest = token.partition("|")
    scopes = rest.rpartition("|")[0]
    if not hmac.compare_digest(sign(name, scopes).encode(), token.encode()):
        raise HTTPException(401, "this token is not valid", {"WWW-Authenticate": challenge})
    user = User(name, tuple(scopes.split()))
    if missing := [scope for scope in needed.scopes if scope not in user.scopes]:
        raise HTTPException(403, f"this token does not allow {missing[0]}", {"WWW-Authenticate": challenge})
    return user


@app.post("/token", responses={400: {"description": "The name or the password is wrong"}})
def sign_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    """Give a token for a name and a password."""
    known = PASSWORDS.get(form.username, b"")
    if not hmac.compare_digest(known, hash_password(form.password)):
        raise HTTPException(400, "wrong name or password")
    return {"access_token": sign(form.username, " ".join(form.scopes)), "token_type": "bearer"}


@app.get("/me", responses=REFUSED)
async def who_am_i(user: Annotated[User, Security(find_user)]) -> dict[str, object]:
    """Say who the token belongs to."""
    return {"name": user.name, "scopes": user.scopes}


@app.get("/orders", responses=REFUSED)
async def read_orders(user: Annotated[User, Security(find_user, scopes=["orders:read"])]) -> list[str]:
    """Give the user's orders, to a token that may read them."""
    return [f"{user.name}'s order"]
