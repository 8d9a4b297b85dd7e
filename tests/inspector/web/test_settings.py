"""Settings: read from an environment, refused with the way out, and where production begins."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import inspector
from inspector.settings import (
    ProductionRefused,
    Settings,
    SettingsError,
    find_production_sign,
    require_allowed_here,
)

ROOT = Path(__file__).parents[3]


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()
    assert Settings().redact


def test_the_environment_sets_what_it_names() -> None:
    environ = {
        "INSPECTOR": "0",
        "INSPECTOR_MOUNT": "/__debug__/",
        "INSPECTOR_ALLOWED_HOSTS": "dev.box, other:9000,",
        "INSPECTOR_REDACT": "no",
        "INSPECTOR_REPLAY": "safe",
        "INSPECTOR_KEEP_BYTES": "1024",
        "INSPECTOR_RETAIN_HOURS": "0.5",
        "INSPECTOR_RETAIN_EXCHANGES": "7",
    }
    assert Settings.from_env(environ) == Settings(
        enabled=False,
        mount="/__debug__/",
        allowed_hosts=("dev.box", "other:9000"),
        redact=False,
        replay="safe",
        keep_bytes=1024,
        retain_hours=0.5,
        retain_exchanges=7,
    )


def test_what_is_given_wins_over_the_environment() -> None:
    assert Settings.from_env({"INSPECTOR_KEEP_BYTES": "5"}, keep_bytes=7).keep_bytes == 7


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INSPECTOR", "maybe"),
        ("INSPECTOR_REDACT", "2"),
        ("INSPECTOR_KEEP_BYTES", "-1"),
        ("INSPECTOR_KEEP_BYTES", "64k"),
        ("INSPECTOR_KEEP_BYTES", "²"),
        ("INSPECTOR_MOUNT", "inspector"),
        ("INSPECTOR_MOUNT", "/"),
        ("INSPECTOR_MOUNT", "//"),
        ("INSPECTOR_REPLAY", "sometimes"),
        ("INSPECTOR_RETAIN_HOURS", "-1"),
        ("INSPECTOR_RETAIN_HOURS", "nan"),
        ("INSPECTOR_RETAIN_HOURS", "a day"),
        ("INSPECTOR_KEEP_FRAMES", "many"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_the_way_out(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({name: value})
    assert repr(value) in str(refused.value)
    assert name.removeprefix("INSPECTOR_").lower() in str(refused.value).lower()


@pytest.mark.parametrize(
    ("environ", "sign"),
    [
        ({"APP_ENV": "production"}, "APP_ENV"),
        ({"ENVIRONMENT": "prod"}, "ENVIRONMENT"),
        ({"ENV": "PROD"}, "ENV"),
        ({"DJANGO_ENV": " Production "}, "DJANGO_ENV"),
        ({"RAILS_ENV": "live"}, "RAILS_ENV"),
        ({"app_env": "prod"}, "app_env"),
        ({"APP_ENV": "development"}, None),
        ({"APP_ENV": "preprod"}, None),
        ({"VIRTUAL_ENV": "/srv/prod"}, None),
        ({"MODE": "production"}, None),
        ({}, None),
    ],
    ids=str,
)
def test_production_is_told_by_the_usual_names(environ: dict[str, str], sign: str | None) -> None:
    found = find_production_sign(environ)
    assert (found and found[0]) == sign


@pytest.mark.parametrize(
    ("given", "way_out"),
    [
        ({"keep_bytes": -1}, " of 0 or more"),
        ({"keep_messages": -1}, " of 0 or more"),
        ({"retain_exchanges": 0}, "a whole number of 1 or more"),
        ({"retain_bytes": 0}, "a whole number of 1 or more"),
        ({"retain_hours": -0.5}, " of 0 or more"),
        ({"retain_hours": float("nan")}, " of 0 or more"),
        ({"retain_hours": float("inf")}, " of 0 or more"),
        ({"keep_bytes": "64k"}, "use a whole number of 0 or more"),
        ({"replay": "save"}, "did you mean 'safe'"),
    ],
)
def test_a_value_out_of_range_is_refused_where_it_is_given(given: dict[str, Any], way_out: str) -> None:
    with pytest.raises(SettingsError, match=way_out) as refused:
        Settings(**given)
    assert next(iter(given)) in str(refused.value)


@pytest.mark.parametrize(("text", "said"), [("1", True), (" Yes ", True), ("0", False), ("off", False)])
def test_a_switch_is_read_as_people_write_it(text: str, said: bool) -> None:
    assert Settings.from_env({"INSPECTOR_REDACT": text}).redact is said


def test_production_is_refused_with_its_sign_and_the_ways_out() -> None:
    with pytest.raises(ProductionRefused) as refused:
        require_allowed_here({"APP_ENV": "production"}, Settings())
    for part in ("APP_ENV='production'", "INSPECTOR=0", "allow_production"):
        assert part in str(refused.value)


def test_production_is_allowed_when_that_is_said_or_nothing_is_recorded() -> None:
    require_allowed_here({"APP_ENV": "production"}, Settings(allow_production=True))
    require_allowed_here({"APP_ENV": "production"}, Settings(enabled=False))


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert inspector.__version__ == project["version"]


def test_what_is_public_is_pinned() -> None:
    assert inspector.__all__ == ["Attached", "Inspector", "__version__", "attach"]
    with pytest.raises(AttributeError, match="Inspektor"):
        inspector.Inspektor  # noqa: B018
