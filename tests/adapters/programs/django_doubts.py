"""A Django project with a converter that refuses some of what its regex takes."""

from django.conf import settings

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="not a secret",
    MIDDLEWARE=[],
    LOGGING_CONFIG=None,
)

from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import include, path, register_converter  # noqa: E402
from inspection_report import report  # noqa: E402


class Digits:
    """Four of them."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Year(Digits):
    """One that is over."""

    def to_python(self, value: str) -> str:
        if not "1" <= value < "3":
            raise ValueError(value)
        return value


register_converter(Digits, "digits")
register_converter(Year, "year")


def view(request: object, **values: object) -> HttpResponse:
    return HttpResponse("ok")


below = [path("a", view), path("b", view), path("b", view)]
urlpatterns = [
    path("years/<year:year>/", view),
    path("years/<year:other>/", view),
    path("years/<digits:digits>/", view),
    path("years/<str:any>/", view),
    path("years/<slug:slug>/", view),
    path("in/<year:year>/", include(below)),
    path("<path:rest>", view),
    path("late/<year:year>/", view),
]

report(
    get_asgi_application(),
    ("GET", "/years/2024/"),
    ("GET", "/years/none/"),
    ("GET", "/years/0999/"),
)
