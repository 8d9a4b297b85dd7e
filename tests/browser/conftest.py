"""A real browser before a real dashboard.

Fixtures have module scope: a Playwright loop that lives for the session breaks asyncio tests that come later.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

import dev
from tests.browser.pages import Watched, watched_page
from tests.browser.serving import Running, serve_dashboard, serve_files

ARTIFACTS = Path(__file__).parents[2] / "test-artifacts"
# What a page does in milliseconds takes seconds on a machine that also runs something else.
expect.set_options(timeout=20_000)


def find_browser() -> str:
    """The browser to test with; a missing one is an error, never a skip."""
    found = dev.find_browser()
    if found is None:
        raise RuntimeError(
            f"no browser: none of {', '.join(dev.BROWSERS_ON_PATH)} is on PATH;"
            " install one or set INSPECTOR_BROWSER=/path/to/it"
        )
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        browser.new_context()  # the first is that of all pages but the kept ones
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shop() -> Iterator[Running]:
    """The test application with its embedded dashboard on a free port, one for the module."""
    with serve_dashboard() as running:
        yield running


@pytest.fixture(scope="module")
def files() -> Iterator[Running]:
    """static/ and the unit tests as plain files, for modules that need no server behind them."""
    with serve_files() as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


def picture(watched: Watched, test: str) -> None:
    """Keep what the page looks like where a test failed."""
    ARTIFACTS.mkdir(exist_ok=True)
    watched.page.screenshot(path=ARTIFACTS / f"{test.replace('/', '_')}.png")


@pytest.fixture
def fresh(shop: Running) -> Running:
    """The application with nothing recorded: what an earlier test sent would be found in this one's place."""
    shop.clear()
    return shop


@pytest.fixture(scope="module")
def kept(browser: Browser, shop: Running) -> Iterator[Watched]:
    """A dashboard that stays open for the module."""
    with watched_page(browser, shop, context=browser.new_context()) as watched:
        watched.open()
        yield watched


@pytest.fixture
def shown(kept: Watched, fresh: Running, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """The dashboard with an empty list, drawn anew in a page that an earlier test may have used.

    For tests of what is shown. What a page keeps to itself it keeps to the next test: what was copied, said
    in a toast or chosen for good; tests of that take `page`, which is loaded for them.
    """
    kept.begin_again()
    yield kept
    if request.node.stash.get(FAILED, False):
        picture(kept, request.node.name)
        kept.reload()  # the next test is to have a page that works
    else:
        kept.check()
    kept.leave()


@pytest.fixture
def tab(browser: Browser, fresh: Running, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """An empty page; an error or a foreign request of what is opened in it fails the test."""
    with watched_page(browser, fresh) as watched:
        yield watched
        if request.node.stash.get(FAILED, False):
            picture(watched, request.node.name)
        else:
            watched.check()


@pytest.fixture
def page(tab: Watched) -> Watched:
    """The dashboard, opened with its token. A module whose tests open a screen of their own takes the tab."""
    tab.open()
    return tab
