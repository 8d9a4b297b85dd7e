"""A server and an application that talk ASGI by hand, and a full account of what each saw, in one list.

Two accounts are equal exactly when neither side could tell the difference.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from miniframework.types import ASGIApp, Message, Receive, Scope, Send

Account = list[tuple[Any, ...]]
MakeApp = Callable[[Account], ASGIApp]

seen_by_server: ContextVar[str] = ContextVar("seen_by_server", default="unset")


class ServerGone(OSError):
    """What a server raises in send when the client is gone (ASGI 2.4)."""


@dataclass(frozen=True)
class Conversation:
    """How a server behaves: what it gives to receive, and when it breaks off.

    `cancel_at` cancels the application's task at its n-th call of receive or send, counted from 1;
    `gone_after` lets every send after the n-th raise ServerGone.
    """

    make_app: MakeApp
    scope: Scope
    messages: tuple[Message, ...] = ()
    cancel_at: int | None = None
    gone_after: int | None = None


def http_scope(**changes: Any) -> Scope:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 5000),
        "server": ("localhost", 80),
        "extensions": {"http.response.trailers": {}},
        "state": {"db": 1},
    }
    return scope | changes


def socket_scope(**changes: Any) -> Scope:
    scope = http_scope(type="websocket", scheme="ws", subprotocols=["chat"])
    del scope["method"]
    return scope | changes


def hold(
    conversation: Conversation, wrap: Callable[[ASGIApp], ASGIApp], account: Account | None = None
) -> Account:
    """Hold the conversation with the application as `wrap` makes it, and give the account.

    An application that was made before writes into an account that is there already.
    """
    account = [] if account is None else account
    asyncio.run(_hold(conversation, wrap, account))
    return account


async def _hold(conversation: Conversation, wrap: Callable[[ASGIApp], ASGIApp], account: Account) -> None:
    app = wrap(conversation.make_app(account))
    waiting = iter(conversation.messages)
    calls = 0
    sends = 0

    async def count_call() -> None:
        nonlocal calls
        calls += 1
        if calls == conversation.cancel_at:
            task.cancel()
            await asyncio.get_running_loop().create_future()

    async def receive() -> Message:
        await count_call()
        for message in waiting:
            return dict(message)
        return {"type": "http.disconnect" if conversation.scope["type"] == "http" else "websocket.disconnect"}

    async def send(message: Message) -> None:
        nonlocal sends
        await count_call()
        sends += 1
        if conversation.gone_after is not None and sends > conversation.gone_after:
            raise ServerGone("the client is gone")
        account.append(("server got", _copy(message)))
        # A server yields to others while it writes.
        await asyncio.sleep(0)

    async def serve() -> None:
        scope = dict(conversation.scope)
        # Both conversations begin with a scope of their own, to its last list.
        scope |= {key: type(value)(value) for key, value in scope.items() if isinstance(value, list | dict)}
        try:
            returned = await app(scope, receive, send)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the account says so
            causes = (type(error.__cause__), type(error.__context__))
            account.append(("raised", type(error), repr(error.args), causes, error is _last_raised(account)))
        else:
            account.append(("returned", returned))
        account.append(("context", seen_by_server.get()))
        account.append(("scope", sorted(scope), scope["state"]))

    task = asyncio.create_task(serve())
    await task
    account.append(("tasks left", len(asyncio.all_tasks()) - 1))


def _copy(message: Message) -> tuple[Any, ...]:
    """The message as a server reads it now; an iterable of headers is used up, as a server does."""
    read: dict[str, Any] = {}
    for key, value in message.items():
        if key == "headers":
            read[key] = [tuple(pair) for pair in value]
        else:
            read[key] = bytes(value) if isinstance(value, bytearray | memoryview) else value
    return type(message).__name__, tuple(sorted(read.items(), key=lambda item: item[0]))


class Raised(list[BaseException]):
    """Holds the exception an application is about to raise; equal to any other, it is there for identity."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Raised)

    __hash__ = None  # type: ignore[assignment]


def note_raise(account: Account, error: BaseException) -> BaseException:
    """Note an exception, so that the server can tell whether it is the very same."""
    account.append(("raises", Raised([error])))
    return error


def _last_raised(account: Account) -> BaseException | None:
    noted = [entry[1][0] for entry in account if entry[0] == "raises"]
    return noted[-1] if noted else None


def telling(account: Account, app: Callable[[Scope, Receive, Send], Awaitable[Any]]) -> ASGIApp:
    """Let the application's side of the conversation be written down, too."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> Any:
        account.append(("app got scope", scope["type"], sorted(scope)))
        task = asyncio.current_task()

        async def telling_receive() -> Message:
            message = await receive()
            account.append(("app got", tuple(sorted(message.items(), key=lambda item: item[0]))))
            return message

        async def telling_send(message: Message) -> None:
            try:
                await send(message)
            except OSError as error:
                account.append(("send raised", type(error), error.args))
                raise
            account.append(("app sent", message["type"]))

        seen_by_server.set("set by the application")
        try:
            return await app(scope, telling_receive, telling_send)
        finally:
            account.append(("same task", asyncio.current_task() is task))

    return wrapped
