"""Signing in to the bookshop: a form, two cookies, and what is shown to whom."""

from typing import Annotated

from miniframework import Cookie, HTTPException, RedirectResponse, Request, Response, Router

customers = Router()


@customers.post("/login")
async def login(request: Request) -> Response:
    """Sign in with a form and go to the account page."""
    form = await request.form()
    if form.get("password") != "correct horse":
        raise HTTPException(401, detail="wrong name or password")
    response = RedirectResponse("/account", status_code=303)
    response.set_cookie("session", f"s-{form.get('name', '')}-9f2c", httponly=True)
    response.set_cookie("greeting", "hello")
    return response


@customers.get("/account")
async def account(session: Annotated[str, Cookie()]) -> dict[str, str]:
    """Show the account; without the cookie this is a 422 that names it."""
    return {"session": session}


@customers.post("/logout", status_code=204)
async def logout() -> Response:
    """Sign out."""
    response = Response(status_code=204)
    response.delete_cookie("session")
    return response
