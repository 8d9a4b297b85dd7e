"""A Django project with patterns that nobody reaches; methods do not route there."""

from django.conf import settings

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="not a secret",
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    LOGGING_CONFIG=None,
)

from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import include, path, re_path  # noqa: E402
from inspection_report import report  # noqa: E402


def view(request: object, **values: object) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("users/<str:name>/", view),
    path("users/me/", view),
    path("items/<int:item>/", view),
    path("items/<slug:item>/", view),
    re_path(r"^old/([0-9]{4})/$", view),
    path("api/", include([path("<path:rest>", view), path("dead/", view)])),
    path("twice", view),
    path("twice", view),
]

report(
    get_asgi_application(),
    ("GET", "/users/me/"),
    ("DELETE", "/items/a-b/"),
    ("GET", "/users/me"),
    ("GET", "/no"),
)
