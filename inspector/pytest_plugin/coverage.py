"""Which routes the tests reached: counted in every process that runs tests, judged in the first one."""

from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

from inspector.cli.apps import AppTarget
from inspector.cli.tables import load_attached
from inspector.cli.terminal import StartRefused, escape_controls
from inspector.inspection.routes import EffectiveRoute
from inspector.pytest_plugin.asking import Routers, asked_path
from inspector.pytest_plugin.watching import Watcher

_OUTPUT = "inspector_reached"  # what a worker of pytest-xdist hands to its controller

# The pages that describe an application are made by its framework; nobody tests them.
_OWN_PAGES = ("miniframework.openapi.", "fastapi.applications:", "litestar.openapi.", "litestar._openapi.")

# What makes a route the same one in an application that was made anew: methods, whole path, endpoint.
RouteKey = tuple[str, str, str]


class CoveragePlugin:
    """Counts the routes of `target` that requests of tests were routed to, whatever was answered then.

    With pytest-xdist each worker counts and the controller adds up. Applications are told apart by their
    routes only, so one that a fixture makes anew counts for the one that is named.
    """

    def __init__(self, config: pytest.Config, watcher: Watcher, target: str, under: float | None) -> None:
        self._config = config
        self._watcher = watcher
        self._target = target
        self._under = under
        self._routers = Routers()
        self._reached: set[RouteKey] = set()
        self._routes: tuple[EffectiveRoute, ...] = ()
        self._own_pages = 0
        self._unasked: Counter[str] = Counter()
        self._silent_workers = 0

    @property
    def _is_worker(self) -> bool:
        return hasattr(self._config, "workerinput")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Read the routes first: a mistake in the name must not cost a run of the tests."""
        if not self._is_worker and not self._config.option.collectonly:
            routes = _read_routes(self._target, str(self._config.rootpath))
            self._routes = tuple(one for one in routes if not one.endpoint.startswith(_OWN_PAGES))
            self._own_pages = len(routes) - len(self._routes)
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
        elif self._routes and self._is_under and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say how many routes were reached, and which were not."""
        if self._is_worker or not self._routes:
            return
        terminalreporter.section("route coverage")
        for route in self._unreached:
            place = "" if route.source is None else f"  {route.source.short}"
            methods = ",".join(route.methods) or "mount"
            terminalreporter.write_line(escape_controls(f"not reached: {methods} {route.path}{place}"))
        for reason, count in self._unasked.most_common():
            terminalreporter.write_line(escape_controls(f"{count} requests could not be asked: {reason}"))
        if self._silent_workers:
            terminalreporter.write_line(
                f"{self._silent_workers} workers ended without a word: what they reached is missing", red=True
            )
        reached, total = len(self._routes) - len(self._unreached), len(self._routes)
        share = f"{reached} of {total} routes of {self._target} reached ({self._percent:.1f} %)"
        if self._own_pages:
            share += f"; {self._own_pages} of the framework's own documentation are not counted"
        terminalreporter.write_line(share)
        if self._is_under:
            terminalreporter.write_line(f"FAIL: less than {self._under:g} % of the routes", red=True)

    @property
    def _unreached(self) -> list[EffectiveRoute]:
        return [route for route in self._routes if _key(route) not in self._reached]

    @property
    def _percent(self) -> float:
        return 100 * (len(self._routes) - len(self._unreached)) / len(self._routes)

    @property
    def _is_under(self) -> bool:
        return self._under is not None and self._percent < self._under

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


def _read_routes(target: str, folder: str) -> tuple[EffectiveRoute, ...]:
    try:
        routes = load_attached(AppTarget(text=target, app_dir=folder)).routes
    except StartRefused as error:
        ways_out = "".join(f"\n  → {way_out}" for way_out in error.ways_out)
        raise pytest.UsageError(f"--route-coverage: {error.message}{ways_out}") from error
    if not routes:
        raise pytest.UsageError(f"--route-coverage: {target!r} has no routes")
    return routes


def _key(route: EffectiveRoute) -> RouteKey:
    return ",".join(route.methods), route.path, route.endpoint
