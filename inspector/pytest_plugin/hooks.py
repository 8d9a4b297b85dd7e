"""What pytest calls when it starts: the options, and which parts are switched on."""

from collections.abc import Generator

import pytest

from inspector.pytest_plugin.watching import Watcher


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of route coverage."""
    group = parser.getgroup("inspector", "Route Inspector")
    group.addoption(
        "--route-coverage",
        metavar="MODULE:ATTRIBUTE",
        action="append",
        default=[],
        help="List the routes of this application that no test reached; may be given several times.",
    )
    group.addoption(
        "--route-coverage-factory",
        metavar="MODULE:CALLABLE",
        action="append",
        default=[],
        help="The same for the application that this makes when it is called without arguments.",
    )
    group.addoption(
        "--route-coverage-fail-under",
        metavar="PERCENT",
        type=float,
        help="Fail when a smaller share of the routes was reached.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Watch each test; with --route-coverage, count the routes, too."""
    under, apps = config.option.route_coverage_fail_under, config.option.route_coverage
    factories = config.option.route_coverage_factory
    if under is not None and not apps and not factories:
        raise pytest.UsageError("--route-coverage-fail-under needs --route-coverage MODULE:ATTRIBUTE")
    if under is not None and not 0 <= under <= 100:
        raise pytest.UsageError(f"--route-coverage-fail-under {under!r} is no percentage from 0 to 100")
    watcher = Watcher()
    config.pluginmanager.register(WhyPlugin(watcher), "inspector-why")
    if apps or factories:
        from inspector.cli.apps import AppTarget
        from inspector.pytest_plugin.coverage import CoveragePlugin  # imports the whole of routing

        folder = str(config.rootpath)
        targets = [AppTarget(text=text, app_dir=folder) for text in apps]
        targets += [AppTarget(text=text, app_dir=folder, factory=True) for text in factories]
        plugin = CoveragePlugin(config, watcher, targets, under)
        config.pluginmanager.register(plugin, "inspector-coverage")


class WhyPlugin:
    """Watches the applications while a test runs, and explains in the report of a failing one."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Listen from before the set-up until after the tear-down."""
        self._watcher.begin()
        try:
            return (yield)
        finally:
            self._watcher.end()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Look again: a fixture may have imported a framework."""
        self._watcher.look()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add what became of refused requests to the report of a failure."""
        report = yield
        if report.failed and (refused := self._watcher.refused()):
            from inspector.pytest_plugin.explaining import explain_refused  # only now is it needed

            if said := explain_refused(refused):
                report.sections.append(("Route Inspector", said))
        return report
