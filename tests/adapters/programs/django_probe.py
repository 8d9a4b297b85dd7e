"""A Django project with every feature of its URLconf, asked and called."""

import json
import sys
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import differences
from django.conf import settings

PLAIN = ["django.middleware.common.CommonMiddleware"]
LOCALE = ["django.middleware.locale.LocaleMiddleware", *PLAIN]
LANGUAGES = [("en", "English"), ("de", "German"), ("pt-br", "Portuguese"), ("xx", "Nobody's")]
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {"MIDDLEWARE": PLAIN},
    "debug": {"MIDDLEWARE": PLAIN, "DEBUG": True},
    "slashless": {"MIDDLEWARE": PLAIN, "APPEND_SLASH": False},
    "bare": {"MIDDLEWARE": []},
    "script": {"MIDDLEWARE": PLAIN, "FORCE_SCRIPT_NAME": "/users"},
    "languages": {"MIDDLEWARE": LOCALE, "LANGUAGES": LANGUAGES, "LANGUAGE_CODE": "de"},
    "unprefixed": {"MIDDLEWARE": LOCALE, "LANGUAGES": LANGUAGES, "LANGUAGE_CODE": "de"},
}
VARIANT = sys.argv[1]
settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="not a secret",
    USE_TZ=True,
    LOGGING_CONFIG=None,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    **VARIANTS[VARIANT],
)

from django.conf.urls.i18n import i18n_patterns  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.exceptions import BadRequest, PermissionDenied  # noqa: E402
from django.http import Http404, HttpResponse  # noqa: E402
from django.urls import converters, include, path, re_path, register_converter  # noqa: E402
from django.utils import translation  # noqa: E402
from django.utils.functional import lazy  # noqa: E402
from django.views import View  # noqa: E402
from django.views.decorators.common import no_append_slash  # noqa: E402

from inspector.adapters.detection import find_adapter  # noqa: E402
from miniframework.routing.parts import Literal  # noqa: E402

app = get_asgi_application()


class MonthConverter:
    """Refuses what its regex takes."""

    regex = "[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> tuple[int, int]:
        year, month = map(int, value.split("-"))
        if not 1 <= month <= 12:
            raise ValueError
        return year, month

    def to_url(self, value: tuple[int, int]) -> str:
        return "{}-{:02}".format(*value)


class WordConverter(converters.StringConverter):
    regex = "(?:abc|[a-z]+-(b|c))"


class EdgeConverter(converters.StringConverter):
    regex = r"(?<=/)[a-z]+"


class GuardConverter(converters.SlugConverter):
    """Raises what a look into a database might."""

    def to_python(self, value: str) -> str:
        errors = {"missing": Http404, "denied": PermissionDenied, "bad": BadRequest, "lost": LookupError}
        if value in errors:
            raise errors[value](value)
        return value


register_converter(MonthConverter, "month")
register_converter(GuardConverter, "guard")
register_converter(WordConverter, "word")
register_converter(EdgeConverter, "edge")


def describe(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    found = request.resolver_match
    said = {
        "name": found.view_name,
        "route": found.route,
        "args": args,
        "kwargs": {k: repr(v) for k, v in kwargs.items()},
    }
    return HttpResponse(json.dumps(said))


async def view(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    return describe(request, *args, **kwargs)


@no_append_slash
def strict(request: Any) -> HttpResponse:
    return describe(request)


class Shown(View):
    async def get(self, request: Any, **kwargs: Any) -> HttpResponse:
        return await view(request, **kwargs)


class Kept(Shown):
    async def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        return await view(request, **kwargs)


def word() -> str:
    return {"de": "artikel/", "en": "articles/"}.get(translation.get_language() or "", "artigos/")


def expression() -> str:
    return {"de": r"^dinge/(\d+)$"}.get(translation.get_language() or "", r"^things/(\d+)$")


shop = [
    path("", view, name="index"),
    path("<slug:slug>/", Shown.as_view(), name="product"),
    path("<slug:slug>/<int:page>/", view, {"sort": "name"}, name="page"),
    re_path(r"^(?P<pk>\d+)\.(?P<format>json|xml)$", view, name="format"),
    re_path(r"^(\d+)-(\w+)/$", view, name="by-position"),
    path("month/<month:month>/", view, name="month"),
    path("month/<slug:month>/", view, name="any-month"),
]
plain = [
    path("", view, name="home"),
    path("users", view, name="users-bare"),
    path("users/", view, name="users"),
    path("users/<int:pk>/", Kept.as_view(), name="user"),
    path("users/<str:name>/", view, name="user-by-name"),
    path("users/<name>/files/<path:file>", view, name="file"),
    path("users/users/", view, name="twice"),
    path("uuid/<uuid:id>/", view, name="uuid"),
    path("guard/<guard:what>/", view, name="guard"),
    path("word/<word:w>", view, name="word"),
    path("edge/<edge:w>", view, name="edge"),
    path("edge/<word:w>", view, name="edge-word"),
    path("<word:a>/-/<word:b>/", view, name="words"),
    path("strict/", strict, name="strict"),
    path("with space/<str:a>/", view, name="space"),
    path("caf\xe9/(x)/", view, name="coffee"),
    path("shop/", include((shop, "shop"))),
    path("<slug:tenant>/shop/", include((shop, "shop"), namespace="tenant")),
    re_path(r"^articles/(?P<year>[0-9]{4})/$", view, name="year"),
    re_path(r"^articles/(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/$", view, name="year-month"),
    re_path(r"^articles/(?:page-(?P<page>\d+)/)?$", view, name="optional-page"),
    re_path(r"^open", view, name="open-end"),
    re_path(r"middle/x$", view, name="unanchored-end"),
    re_path(r"(\w)-middle\Z", view, name="unanchored"),
    re_path(r"^newline/\w+\Z", view, name="to-the-end"),
    re_path(r"^either$|^or/$", view, name="either"),
    re_path(r"^(?i:CASE)/(?P<a>x|y)?/?$", view, name="case"),
    re_path(r"(?i)^loud/(?P<a>[a-z]+)$", view, name="loud"),
    re_path(r"^twice/(\w+)/\1$", view, name="reference"),
    re_path(r"^dollar$", include([path("", view, name="dollar"), path("/x", view, name="never")])),
    re_path(
        r"^greedy/(?P<rest>.*)/",
        include([path("end/", view, name="greedy"), path("a/end/", view, name="greedy-a")]),
    ),
    re_path(
        r"^nested/(\d+)/",
        include([re_path(r"^(\w+)/$", view, name="nested"), path("<int:n>", view, name="nested-n")]),
    ),
    re_path(r"^kept/(\d+)/", include([re_path(r"^(\w+)/$", view, {"x": 1}, name="kept")])),
    re_path(
        r"^lone/",
        include(
            [
                re_path(r"ly$", view, name="search-in-include"),
                re_path("ne", include([path("", view, name="deep")])),
            ]
        ),
    ),
    path("p/<path:a>", include([path("/x", view, name="path-prefix"), path("", view, name="path-all")])),
    path("dup/<int:pk>/", include([path("<int:pk>/", view, name="dup")])),
    path("same/", view, name="same"),
    path("same/", view, name="same-again"),
    path("/slash/", view, name="slash-in-front"),
    path("admin/", admin.site.urls),
    re_path(r"^(?P<flat>.*)/flat/$", view, name="flat"),
]
translated = [
    path(lazy(word, str)(), view, name="translated"),
    re_path(lazy(expression, str)(), view, name="re-translated"),
]
prefixed = {"prefix_default_language": VARIANT != "unprefixed"}
urlpatterns = [path("static/<int:n>", view, name="first")]
if VARIANT in ("languages", "unprefixed"):
    urlpatterns += i18n_patterns(
        path("", view, name="home"),
        path("shop/", include((shop, "shop"))),
        *translated,
        path("<slug:page>", view, name="slashless"),
        path("<slug:page>/", view, name="slashed"),
        **prefixed,
    )
else:
    urlpatterns += plain + translated


def differ(method: str, raw_path: str, asked: Any, answered: Any) -> str | None:
    if method == "WEBSOCKET":
        return None if answered.text.startswith("ValueError('Django can only") else "no refusal"
    if asked.outcome == "match":
        return _differ_match(asked, answered)
    if answered.text.startswith('{"name"'):
        return "a view ran"
    status = answered.status or 500  # what comes out of the application is the server's to answer
    if asked.status != status:
        return "status"
    return None if answered.headers.get("location") == asked.location else "location"


def _differ_match(asked: Any, answered: Any) -> str | None:
    [route] = asked.way
    if (route.name or "").startswith("admin:") or route.path.startswith("/admin/"):
        return None if answered.status != 404 else "no view ran"  # without a database they fail
    if answered.status == 405 and "allow" in answered.headers:  # a view's own
        return None
    if method_has_no_text(answered):
        return None
    if not answered.text.startswith('{"name"'):
        return "no view ran"
    said = json.loads(answered.text)
    if said["name"] != route.name:
        return f"{said['name']} ran"
    words = {part.name: part.converter_name for part in route.parts if hasattr(part, "regex")}
    known = converters.get_converters()
    kwargs = {
        name: repr(known[words[name]].to_python(text) if words.get(name) in known else text)
        for name, text in asked.params.items()
        if not name.startswith("arg")
    }
    args = [text for name, text in sorted(asked.params.items()) if name.startswith("arg")]
    given = {name: text for name, text in said["kwargs"].items() if name not in ("sort", "x")}
    if args != [one for one in said["args"] if one is not None]:
        return f"args {said['args']}"
    return None if kwargs == given else f"kwargs {given}"


def method_has_no_text(answered: Any) -> bool:
    return answered.status == 200 and not answered.text


def law(adapter: Any, requests: list[tuple[str, str]]) -> list[str]:
    """Where the first route that fits is not the one that the resolver takes."""
    broken = []
    routes, rules = adapter.routes(), adapter.rules
    for method, raw_path in requests:
        asked = adapter.ask(method, raw_path)
        seen = unquote(raw_path)
        if settings.FORCE_SCRIPT_NAME:
            seen = seen.removeprefix(settings.FORCE_SCRIPT_NAME)
        if asked.outcome == "websocket_mismatch" or any(one.condition or one.doubt for one in asked.way):
            continue
        first = differences.first_that_fits(routes, rules, "GET", seen)
        taken = asked.way[0] if asked.way else None
        if first is not taken:
            broken.append(f"{method} {raw_path}: {first} before {taken}")
    return broken


def shown(route: Any) -> dict[str, Any]:
    return {**differences.shown(route), "condition": route.condition or route.doubt}


def in_languages(route: Any) -> list[Any]:
    """The route with each language, or each translation, in the place of its hole."""
    slash = "/" if VARIANT == "unprefixed" else ""
    texts = {
        "language": [f"{code}{slash}" for code in ("de", "en", "pt-br", "xx", "DE", "de-at", "pt", "")],
        "translated": ["artikel/", "things/1"],
    }
    found = [route]
    for number, part in enumerate(route.parts):
        choices = texts.get(getattr(part, "converter_name", ""))
        if choices:
            literals = [Literal(text=text, start=0, end=0) for text in choices]
            found = [
                replace(one, parts=(*one.parts[:number], literal, *one.parts[number + 1 :]))
                for one in found
                for literal in literals
            ]
    return found


EXTRA = [
    "/guard/missing/", "/guard/denied/", "/guard/bad/", "/guard/lost/", "/guard/fine/",
    "/kept/1/2/", "/dup/1/2/", "/shop/1-a/",
    "/shop/month/2024-12/", "/shop/month/2024-13/", "/twice/a/a", "/twice/a/b", "/greedy/a/end/",
    "/greedy/x/a/end/", "/greedy/a/a/end/end/", "/p/a/x", "/p/x/x/x", "/p/x", "/dollar", "/dollar/x",
    "/dollar%0A", "/CASE/x/", "/LOUD/Abc", "/users/users", "/users/users/", "//users/", "/users%2F",
    "/caf%C3%A9/(x)/", "/or", "/either", "/middle/x", "/q/middle/x", "/q/a-middle", "/open", "/openly/x",
    "/lone/ly", "/lone/ne", "/lone/xnex", "/nested/1/2/", "/strict", "/strict/", "/en", "/de", "/de/",
    "/en/shop", "/de/shop/a", "/de-at/", "/de-at/shop/", "/DE/shop/", "/xx/shop/", "/de@euro/",
    "/pt-xx/shop/", "/en-gb/shop/", "/de-de-x/shop/", "/pt@x/", "/EN/shop/", "/xx/", "/pt-br/", "/pt/",
    "/PT-BR/shop", "/artikel/", "/de/artikel/", "/de/artikel", "/en/articles/", "/en/artikel/",
    "/pt-br/artigos/", "/de/dinge/1", "/en/things/1", "/artikel", "/shop", "/edge/abc", "/edge/zzz",
    "/%F0%9F%98%80/", "/abc%0A", "/newline/a%0A", "/newline/a", "/users/" + "1" * 20 + "/", "", "users/",
]  # fmt: skip


def main() -> None:
    adapter = find_adapter(app)
    assert adapter is not None
    routes = [route for route in adapter.routes() if "/auth/" not in route.path or route.name is None]
    routes = [spoken for route in routes for spoken in in_languages(route)]
    paths = list(dict.fromkeys([*EXTRA, *differences.paths_for(routes)]))
    every = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    paths = [path for number, path in enumerate(paths) if number < len(EXTRA) or number % every == 0]
    requests = [("GET", path) for path in paths]
    requests += [
        (("POST", "HEAD", "WEBSOCKET", "PURGE")[n % 4], path) for n, path in enumerate(paths) if n % 9 < 2
    ]
    answer = differences.compare(app, adapter, requests, differ)
    answer["law"] = law(adapter, requests)[:20]
    answer["routes"] = [shown(route) for route in adapter.routes()]
    answer["framework"], answer["version"] = adapter.framework, adapter.version
    answer["asked"] = len(requests)
    differences.say(answer)


if __name__ == "__main__":
    main()
