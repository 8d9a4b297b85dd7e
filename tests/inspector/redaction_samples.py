"""Exchanges with secrets in them, one in every place that can hold one."""

import dataclasses
import gzip
import json
import secrets
import zlib
from typing import Any
from urllib.parse import quote

from inspector.model import (
    Body,
    Exchange,
    Failure,
    Frame,
    HttpExchange,
    Parameter,
    RequestScope,
    RouteStep,
    Routing,
    SocketExchange,
    State,
    Worker,
)
from inspector.redaction import Redactor

SCOPE = RequestScope(
    type="http",
    http_version="1.1",
    method="POST",
    scheme="http",
    path="/",
    raw_path="/",
    query_string="",
    root_path="",
    headers=(),
    client=None,
    server=None,
)


def make_exchange(**fields: Any) -> HttpExchange:
    scope = {name: fields.pop(name) for name in list(fields) if hasattr(SCOPE, name) and name != "type"}
    return HttpExchange(
        id="e",
        worker=Worker(host="h", pid=1),
        started_unix_ns=1,
        state=State.COMPLETE,
        scope=dataclasses.replace(SCOPE, **scope),
        **fields,
    )


def with_body(
    data: bytes, content_type: str = "", *, complete: bool = True, coding: str = ""
) -> HttpExchange:
    headers = (("content-type", content_type),) if content_type else ()
    if coding:
        headers += (("content-encoding", coding),)
    body = Body(size=len(data), data=data, complete=complete, why_incomplete=None if complete else "limit")
    return make_exchange(headers=headers, request_body=body)


def redacted_body(data: bytes, content_type: str = "", *, complete: bool = True, coding: str = "") -> bytes:
    done = Redactor().redact(with_body(data, content_type, complete=complete, coding=coding))
    assert isinstance(done, HttpExchange)
    return done.request_body.data


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def multipart(*parts: tuple[str, str]) -> tuple[bytes, str]:
    made = "".join(
        f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts
    )
    return f"{made}--XX--\r\n".encode(), "multipart/form-data; boundary=XX"


def parameter(**fields: Any) -> Parameter:
    given = {
        "name": "p",
        "alias": "p",
        "source": "query",
        "raw": "r",
        "declared_type": "str",
        "converter": "str",
        "value": "'v'",
        "value_type": "str",
        "default_used": False,
        "problem": None,
    } | fields
    return Parameter(**given)


class _Canaries(dict[str, str]):
    """A different secret for each place; made when first asked for."""

    def __missing__(self, place: str) -> str:
        # Letters and digits, so that no encoding on the way changes how it looks.
        self[place] = f"c{secrets.token_hex(10)}z"
        return self[place]


def _jwt(canary: str) -> str:
    return f"eyJhbGciOiJIUzI1NiJ9.{canary}.{canary}"


def canary_fields() -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of an exchange with a secret in every place that can hold one, and the secrets by place."""
    c = _Canaries()
    headers = (
        ("Authorization", f"Bearer {c['bearer']}"),
        ("authorization", f"Custom {c['custom scheme']}"),
        ("PROXY-AUTHORIZATION", f"Basic {c['proxy basic']}"),
        ("cookie", f"sid={c['cookie']}; theme={c['cookie of a harmless name']}"),
        ("Cookie", f"second={c['second cookie header']}"),
        ("x-api-key", c["x-api-key"]),
        ("X-Auth-Token", c["x-auth-token"]),
        ("x-csrf-token", c["x-csrf-token"]),
        ("x-forwarded-access-token", c["x-forwarded-access-token"]),
        ("x-amz-security-token", c["x-amz-security-token"]),
        ("sec-websocket-protocol", f"chat, bearer.token.{c['sec-websocket-protocol']}"),
        ("referer", f"http://h/?access_token={c['referer query']}"),
        ("origin", f"http://user:{c['origin userinfo']}@h"),
        ("x-note", f"Bearer {c['bearer in another header']}"),
        ("x-note", _jwt(c["jwt in a header"])),
        ("content-type", "application/json"),
    )
    query = "&".join(
        [
            "page=1",
            f"token={c['query']}",
            f"userPassword={c['query camel case']}",
            f"p%61ssword={c['query percent-encoded key']}",
            f"filter={quote(json.dumps({'secret': c['json in query']}))}",
            f"code={c['oauth code']}&state=x",
            f"next={quote('http://h/?sig=1&signature=' + c['url in query'])}",
        ]
    )
    document = {
        "password": c["json"],
        "deep": [{"deeper": {"clientSecret": c["json nested"]}}],
        "credentials": {"whatever": [c["json below a secret"]]},
        "note": f"the token: {c['text in json']}",
        "embedded": json.dumps(
            {"api_key": c["json in json"], "x": json.dumps({"otp": c["json in json in json"]})}
        ),
        "url": f"postgres://admin:{c['userinfo']}@db/x",
        "variables": {"input": {"passphrase": c["graphql variable"]}},
        "query": f'mutation {{ login(password: "{c["graphql literal"]}") }}',
        "jwt-shaped": _jwt(c["jwt in json"]),
        "pem": f"-----BEGIN PRIVATE KEY-----\n{c['pem']}\n-----END PRIVATE KEY-----",
        "stripe": f"sk_live_{c['vendor prefix']}",
    }
    answer = json.dumps({"accessToken": c["response json"], "echo": c["x-api-key"]}) + " trailing"
    step = RouteStep(
        table="t",
        index=0,
        template="/reset/{token}/{page}",
        name="r",
        endpoint="m:f",
        path=f"/reset/{c['path parameter']}/1",
        raw_params=(("token", c["path parameter"]), ("page", "1")),
        took_ns=1,
        spans=((7, 29), (30, 31)),
    )
    message = f"login failed: password={c['exception message']!r} {_jwt(c['jwt in an exception'])}"
    body = json.dumps(document).encode()
    fields: dict[str, Any] = {
        "headers": headers,
        "query_string": query,
        "path": step.path,
        "raw_path": step.path,
        "subprotocols": ("chat", f"bearer.token.{c['subprotocol']}"),
        "request_body": Body(size=len(body), data=body),
        "response_headers": (
            ("set-cookie", f"sid={c['set-cookie']}; Path=/; HttpOnly"),
            ("Set-Cookie", f"other={c['second set-cookie']}; Secure; Extra={c['cookie attribute']}"),
            (
                "location",
                f"https://u:{c['location userinfo']}@h/?token={c['location query']}#id_token={c['fragment']}",
            ),
            ("x-session", c["response header"]),
            ("content-type", "application/json"),
        ),
        "response_body": Body(
            size=len(answer) + 99, data=answer.encode(), complete=False, why_incomplete="limit"
        ),
        "location": f"/next?session={c['redirect']}",
        "parameters": (
            parameter(
                name="token",
                alias="token",
                source="path",
                raw=c["parameter raw"],
                value=repr(c["parameter value"]),
            ),
            parameter(
                name="sid", source="cookie", raw=c["parameter from a cookie"], value=f"'{c['cookie value']}'"
            ),
            parameter(
                name="login",
                source="body",
                raw=json.dumps({"pwd": c["parameter raw body"]}),
                value=f"Login(user='u', pwd='{c['parameter model']}')",
            ),
            parameter(name="x", problem=f"password={c['parameter problem']}"),
        ),
        "problems": (
            {"type": "t", "loc": ["body", "password"], "msg": "m", "input": c["problem input"]},
            {
                "type": "t",
                "loc": ["body"],
                "msg": f"token={c['problem message']}",
                "input": {"secret": c["problem tree"]},
            },
        ),
        "failure": Failure(
            type="ValueError",
            message=message,
            traceback='Traceback:\n  File "a.py", line 1, in f\n'
            f'    login(password="{c["traceback source"]}")\n'
            f"ValueError: {message} Authorization: Basic {c['traceback text']}\n",
        ),
        "routing": Routing.MATCHED,
        "steps": (step,),
    }
    return fields, dict(c)


def canary_exchanges() -> tuple[list[Exchange], dict[str, str]]:
    """HTTP and WebSocket exchanges, further bodies among them, full of secrets."""
    fields, canaries = canary_fields()
    c = _Canaries(canaries)
    exchanges: list[Exchange] = [make_exchange(**fields)]
    parts, multipart_type = multipart(
        ("clientSecret", c["multipart"]), ("meta", json.dumps({"token": c["json in multipart"]}))
    )
    for number, (data, kind, coding) in enumerate(
        [
            (
                f"a=1&password={c['form']}&x[token]={c['form brackets']}".encode(),
                "application/x-www-form-urlencoded",
                "",
            ),
            (parts, multipart_type, ""),
            (gzip.compress(json.dumps({"password": c["gzip"]}).encode()), "application/json", "gzip"),
            (zlib.compress(f"secret={c['deflate']}".encode()), "text/plain", "deflate"),
            (
                f"<a><password>{c['xml']}</password><b token='{c['xml attribute']}'/></a>".encode(),
                "text/xml",
                "",
            ),
            (f'<input name="csrf" value="{c["html field"]}">'.encode(), "text/html", ""),
            (f'data: {{"token":"{c["event stream"]}"}}\n\n'.encode(), "text/event-stream", ""),
            (f'{{"a":1}}\n{{"pwd":"{c["json lines"]}"}}\n'.encode(), "application/x-ndjson", ""),
            (f"token: {c['plain text']}\npwd={c['plain text 2']}".encode(), "text/plain", ""),
            (f'{{"password": "{c["utf-16"]}"}}'.encode("utf-16"), "application/json", ""),
            (
                b"\x82\xa8password\xb6" + c["binary"].encode() + b"\x00\xff\xfe\xfd\xfc\xfb",
                "application/msgpack",
                "",
            ),
            (
                f"{{\"password\": '{c['broken json']}', token: {c['unquoted json']}}}".encode(),
                "application/json",
                "",
            ),
            (("[" * 100 + f'{{"password":"{c["too deep"]}"}}').encode(), "application/json", ""),
        ]
    ):
        exchanges.append(dataclasses.replace(with_body(data, kind, coding=coding), id=f"body-{number}"))
    frames = [
        (1, json.dumps({"type": "auth", "token": c["frame json"]}).encode(), True),
        (1, json.dumps({"a": "x" * 50, "token": c["frame cut"]}).encode()[:-2], False),
        (1, f"password={c['frame text']}".encode(), True),
        (2, json.dumps({"session": c["frame binary json"]}).encode(), True),
        (2, b"\x01\x02\x00\xff\xfepassword\x16" + c["frame binary"].encode(), True),
    ]
    socket_scope = dataclasses.replace(SCOPE, type="websocket", path="/ws", raw_path="/ws")
    exchanges.append(
        SocketExchange(
            id="socket",
            worker=Worker(host="h", pid=1),
            started_unix_ns=1,
            state=State.COMPLETE,
            scope=socket_scope,
            subprotocol=f"bearer.token.{c['chosen subprotocol']}",
            close_reason=f"token={c['close reason']}",
            frames=tuple(
                Frame(at_ns=1, direction="receive", opcode=opcode, size=999, data=data, complete=complete)
                for opcode, data, complete in frames
            ),
        )
    )
    return exchanges, dict(c)
