"""Which routes the tests reached: counted in every process that runs tests, judged in the first one."""

from collections import Counter
from collections.abc import Generator, Sequence, Set
from typing import Any

import pytest

from inspector.cli.apps import AppTarget
from inspector.cli.tables import load_attached
from inspector.cli.terminal import StartRefused, escape_controls
from inspector.inspection.routes import EffectiveRoute
from inspector.pytest_plugin.asking import Routers, asked_path
from inspector.pytest_plugin.watching import Watcher
from miniframework.records import dataclass

_OUTPUT = "inspector_reached"  # what a worker of pytest-xdist hands to its controller

# The pages that describe an application are made by its framework; nobody tests them.
_OWN_PAGES = ("miniframework.openapi.", "fastapi.applications:", "litestar.openapi.", "litestar._openapi.")

# What makes a route the same one in an application that was made anew: methods, whole path, endpoint.
RouteKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Covered:
    """One application and its routes, without the `own_pages` of its framework."""

    target: str
    routes: tuple[EffectiveRoute, ...]
    own_pages: int

    def unreached(self, reached: Set[RouteKey]) -> list[EffectiveRoute]:
        return [route for route in self.routes if _key(route) not in reached]

    def percent(self, reached: Set[RouteKey]) -> float:
        return 100 * (len(self.routes) - len(self.unreached(reached))) / len(self.routes)

    def share(self, reached: Set[RouteKey]) -> str:
        count, total = len(self.routes) - len(self.unreached(reached)), len(self.routes)
        said = f"{count} of {total} routes of {self.target} reached ({self.percent(reached):.1f} %)"
        pages = f"; {self.own_pages} of the framework's own documentation are not counted"
        return said + pages if self.own_pages else said


class CoveragePlugin:
    """Counts the routes of the targets that requests of tests were routed to, whatever was answered then.

    With pytest-xdist each worker counts and the controller adds up. Applications are told apart by their
    routes only, so one that a fixture makes anew counts for the one that is named, and a request counts for
    each that has the route it was sent to.
    """

    def __init__(
        self, config: pytest.Config, watcher: Watcher, targets: Sequence[AppTarget], under: float | None
    ) -> None:
        self._config = config
        self._watcher = watcher
        self._targets = targets
        self._under = under
        self._routers = Routers()
        self._reached: set[RouteKey] = set()
        self._apps: list[_Covered] = []
        self._unasked: Counter[str] = Counter()
        self._silent_workers = 0

    @property
    def _is_worker(self) -> bool:
        return hasattr(self._config, "workerinput")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Read the routes first: a mistake in the name must not cost a run of the tests."""
        if not self._is_worker and not self._config.option.collectonly:
            self._apps = list(map(_read, self._targets))
        return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Ask, after each test, where its requests went."""
        try:
            return (yield)
        finally:
            self._count()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take over what a worker has counted; one that crashed says nothing."""
        told = getattr(node, "workeroutput", {}).get(_OUTPUT)
        if told is None:
            self._silent_workers += 1
        else:
            self._reached |= {(methods, path, endpoint) for methods, path, endpoint in told}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over to the controller, or fail when too little was reached."""
        if self._is_worker:
            self._config.workeroutput[_OUTPUT] = sorted(self._reached)  # type: ignore[attr-defined] # xdist's
        elif self._apps and self._is_under and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many routes were reached, and which were not."""
        if self._is_worker or not self._apps:
            return
        terminalreporter.section("route coverage")
        for app in self._apps:
            for route in app.unreached(self._reached):
                terminalreporter.write_line(escape_controls(f"not reached: {_described(route)}"))
        for reason, count in self._unasked.most_common():
            terminalreporter.write_line(escape_controls(f"{count} requests could not be asked: {reason}"))
        if self._silent_workers:
            terminalreporter.write_line(
                f"{self._silent_workers} workers ended without a word: what they reached is missing", red=True
            )
        for app in self._apps:
            terminalreporter.write_line(app.share(self._reached))
        if self._is_under:
            terminalreporter.write_line(f"FAIL: less than {self._under:g} % of the routes", red=True)

    @property
    def _is_under(self) -> bool:
        """Whether too little was reached of any of the applications."""
        under = self._under
        return under is not None and any(app.percent(self._reached) < under for app in self._apps)

    def _count(self) -> None:
        asked: set[tuple[int, str, str]] = set()
        for request in list(self._watcher.seen):
            question = (id(request.app), request.method, asked_path(request))
            if question in asked:
                continue
            asked.add(question)
            try:
                _, route = self._routers.attached(request.app).ask(request.method, question[2])
            except Exception as error:  # noqa: BLE001 - named boundary: a test must not fail for our sake
                self._unasked[f"{type(error).__name__}: {error}"] += 1
                continue
            if route is not None:
                self._reached.add(_key(route))


def _read(target: AppTarget) -> _Covered:
    option = "--route-coverage-factory" if target.factory else "--route-coverage"
    try:
        routes = load_attached(target).routes
    except StartRefused as error:
        ways_out = "".join(f"\n  → {way_out}" for way_out in error.ways_out)
        raise pytest.UsageError(f"{option}: {error.message}{ways_out}") from error
    counted = tuple(one for one in routes if not one.endpoint.startswith(_OWN_PAGES))
    if not counted:
        raise pytest.UsageError(f"{option}: {target.text!r} has no routes")
    return _Covered(target=target.text, routes=counted, own_pages=len(routes) - len(counted))


def _described(route: EffectiveRoute) -> str:
    place = "" if route.source is None else f"  {route.source.short}"
    return f"{','.join(route.methods) or 'mount'} {route.path}{place}"


def _key(route: EffectiveRoute) -> RouteKey:
    return ",".join(route.methods), route.path, route.endpoint
