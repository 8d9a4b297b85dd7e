"""A browser whose clock is wrong: what is counted from the server's time is right all the same."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Watched
from tests.browser.serving import Running

# As on a computer whose clock is off: Date and the origin of its timer, but not how fast the timer goes.
SKEWED = """
    const off = HOURS * 3_600_000;
    const Real = Date;
    window.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() + off); }
        static now() { return Real.now() + off; }
    };
    const origin = performance.timeOrigin + off;
    Object.defineProperty(performance, "timeOrigin", { get: () => origin });
"""


@pytest.mark.parametrize("hours", [-2, 2], ids=["behind", "ahead"])
def test_a_browser_clock_that_is_wrong_changes_neither_rate_nor_age(
    tab: Watched, shop: Running, hours: int
) -> None:
    tab.page.add_init_script(SKEWED.replace("HOURS", str(hours)))
    for number in range(20):
        shop.send("GET", f"/books/{number}")
    tab.open("?view=routes")
    apart = tab.page.evaluate("Date.now()") / 1000 - shop_time(shop)
    assert abs(apart - hours * 3600) < 600
    last = tab.page.locator(".route-row[data-key] .r-last[title]")
    expect(last).to_have_text(re.compile(r"^(now|\d+ s)$"))
    forget_and_send(tab, shop)
    expect(tab.page.locator(".statusbar")).to_contain_text(re.compile(r"0\.[1-9] req/s"))
    # What is older than the window of the rate counts no more.
    expect(tab.page.locator(".statusbar")).to_contain_text("0.0 req/s")


def shop_time(shop: Running) -> float:
    """The server's time in unix seconds, as the newest exchange was stamped."""
    return float(shop.newest("GET", "/books/19")["started"]) / 1000


def forget_and_send(tab: Watched, shop: Running) -> None:
    """Leave three requests of this moment."""
    shop.clear()
    for number in range(3):
        shop.send("GET", f"/books/{number}")
