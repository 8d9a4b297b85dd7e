"""A page that is watched while it is used: errors, console, requests; and the words the tests speak."""

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    ViewportSize,
    expect,
)

from tests.browser.serving import DEADLINE_S, TOKEN, Running

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
Theme = Literal["light", "dark"]
SIZE: ViewportSize = {"width": 1280, "height": 800}


class Watched:
    """The dashboard in a browser page. `check()` raises for anything a quiet page would not have done."""

    def __init__(self, page: Page, shop: Running) -> None:
        self.page = page
        self.shop = shop
        self.problems: list[str] = []
        self.expected: tuple[str, ...] = ()
        self._gone: set[str] = set()
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("console", self._note_console)
        page.on("request", self._note_request)
        page.add_init_script(
            "window.__refused = [];"
            "document.addEventListener('securitypolicyviolation',"
            " (event) => window.__refused.push(event.violatedDirective))"
        )

    def _note_console(self, message: ConsoleMessage) -> None:
        of_before = any(gone in message.location["url"] for gone in self._gone)
        if message.type in ("error", "warning") and not of_before:
            self.problems.append(f"console {message.type}: {message.text}")

    def _note_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("blob", "data") and url.netloc != urlsplit(self.shop.origin).netloc:
            self.problems.append(f"request off origin: {request.url}")

    def expect_console(self, *parts: str) -> None:
        """Let console errors pass that contain one of these texts (a refused request is always one)."""
        self.expected = parts

    def check(self) -> None:
        """Raise unless the page was quiet and the content security policy had nothing to refuse."""
        left = [line for line in self.problems if not any(part in line for part in self.expected)]
        assert not left, "\n".join(left)
        refused = self.page.evaluate("window.__refused")
        assert not refused, f"the content security policy refused {refused}"

    def open(self, search: str = "", *, token: str | None = TOKEN) -> None:
        """Go to the dashboard with a query string such as `?view=routes`; with the token in the fragment."""
        fragment = f"#token={token}" if token else ""
        self.page.goto(f"{self.shop.dashboard}{search}{fragment}")
        if token == TOKEN:
            self._expect_connection()

    def reload(self) -> None:
        """Load the same address again."""
        self.page.reload()
        self._expect_connection()

    def _expect_connection(self) -> None:
        expect(self.page.locator(".connection")).to_have_attribute("data-state", "open")

    def go(self, search: str = "") -> None:
        """Show another address of the opened dashboard without loading it again, as Back and Forward do.

        A load is most of what a short test costs; `open` is for tests of what comes with an address.
        """
        self.page.evaluate(
            "(search) => { history.pushState(null, '', search || location.pathname);"
            " dispatchEvent(new PopStateEvent('popstate')); }",
            search,
        )

    def begin_again(self) -> None:
        """Show the live list as a load would: drawn anew, and with what is recorded now."""
        self._open_nothing()
        self.go()
        expect(self.page.locator("ri-live")).to_be_attached()
        deadline = time.monotonic() + DEADLINE_S
        while self._held() != self.shop.recorded():
            if time.monotonic() > deadline:
                raise TimeoutError(f"after {DEADLINE_S} s the page holds other requests than are recorded")
        self.problems, self.expected = [], ()

    def leave(self) -> None:
        """End a test of what may be cleared now: what is asked for still is no problem of the next test."""
        self._gone |= self._held()
        self._open_nothing()

    def _open_nothing(self) -> None:
        self.page.evaluate("document.activeElement?.blur()")
        self.go("?view=replay")
        expect(self.page.locator("ri-replay")).to_be_attached()

    def _held(self) -> set[str]:
        ring = "document.querySelector('ri-app').session.store.ring"
        return set(self.page.evaluate(f"{ring}.toArray().map((row) => row.id)"))

    def expect_address(self, part: str) -> None:
        """Wait until the address contains this; the test hears of a new one later than the page sets it."""
        expect(self.page).to_have_url(re.compile(re.escape(part)))

    def expect_no_address(self, part: str) -> None:
        """Wait until the page's address does not contain this."""
        expect(self.page).not_to_have_url(re.compile(re.escape(part)))

    def row(self, path: str) -> Locator:
        """The newest row of this exact path."""
        return self.page.locator(f'.list-row[data-id]:has(.c-path[title="{path}"])').last

    def open_row(self, path: str) -> None:
        """Click the newest row of this path, wait for its detail."""
        self.row(path).click()
        expect(self.page.locator(".detail[aria-busy=false] .detail-panel")).to_be_visible()

    def tab(self, name: str) -> None:
        """Show a tab of the detail by its label."""
        # By attribute: a role makes the browser name every element there is, and this is asked most.
        self.page.locator("[role=tab]", has_text=name).click()

    def axe(self) -> list[dict[str, Any]]:
        """Violations axe finds in the page as it stands, in either theme, as a person needs to fix them."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        return [*self._violations("dark"), *self._violations("light")]

    def _violations(self, theme: Theme) -> list[dict[str, Any]]:
        self.page.emulate_media(color_scheme=theme)
        # A theme chooses colours and nothing else (tokens.css): all other rules are asked in one of them.
        rules = "" if theme == "dark" else ", runOnly: ['color-contrast']"
        # preload would fetch the style sheets and write them into the page, which the policy refuses
        options = f"{{preload: false, resultTypes: ['violations']{rules}}}"
        found = self.page.evaluate(f"axe.run(document, {options}).then((result) => result.violations)")
        return [
            {
                "theme": theme,
                "rule": one["id"],
                "nodes": [(node["target"], node["failureSummary"]) for node in one["nodes"]],
            }
            for one in found
        ]


@contextlib.contextmanager
def watched_page(
    browser: Browser, shop: Running, *, size: ViewportSize = SIZE, context: BrowserContext | None = None
) -> Iterator[Watched]:
    """Open a page that shares the cache of files with the pages before it, and no cookie or stored item.

    What is stored is taken from every page of its context: one that stays open needs a `context` of its own.
    """
    context = context or (browser.contexts[0] if browser.contexts else browser.new_context())
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=shop.origin)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(size)
    try:
        yield Watched(page, shop)
    finally:
        session = context.new_cdp_session(page)
        kept = {"origin": shop.origin, "storageTypes": "cookies,local_storage,indexeddb,service_workers"}
        session.send("Storage.clearDataForOrigin", kept)
        page.close()
