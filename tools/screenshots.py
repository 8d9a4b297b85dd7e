"""Takes the pictures in docs/img from the sample bookshop: `python tools/screenshots.py`."""

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "img"
Theme = Literal["light", "dark"]


def main() -> None:
    """Take every picture in both themes."""
    sys.path.insert(0, str(ROOT))
    from tests.browser.conftest import find_browser

    IMAGES.mkdir(parents=True, exist_ok=True)
    with bookshop() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        themes: tuple[Theme, Theme] = ("light", "dark")
        for theme in themes:
            take_all(browser, url, theme)
        browser.close()


@contextlib.contextmanager
def bookshop() -> Iterator[str]:
    """Run `inspector demo` on free ports, and give the dashboard's address with its token."""
    command = [sys.executable, "-m", "inspector", "demo", "--no-open", "--port", "0", "--dashboard-port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        lines = iter(demo.stdout.readline, "")
        url = next(found[0] for line in lines if (found := re.search(r"http://\S+/#token=\S+", line)))
        try:
            yield url
        finally:
            demo.terminate()


def take_all(browser: Browser, url: str, theme: Theme) -> None:
    """Visit every screen and save what it looks like."""
    size: Any = {"width": 1280, "height": 800}
    page = browser.new_page(color_scheme=theme, viewport=size, device_scale_factor=1.5)
    page.goto(url)
    expect(page.locator(".connection")).to_have_attribute("data-state", "open")
    expect(page.locator('.list-row:has(.c-path[title="/backoffice/stock"])').first).to_be_visible(
        timeout=30_000
    )
    base = url.split("#")[0]
    shot(page, f"{base}?id={find(page, path='/covers/1.svg')}", f"live-{theme}", ".ladder")
    shot(page, f"{base}?id={find(page, status=422, method='GET')}", f"why-{theme}", ".ladder")
    shot(page, f"{base}?view=routes&path=/books/bestsellers", f"routes-{theme}", ".routes[data-tested]")
    shot(page, f"{base}?view=regex&route=13&path=/covers/7a.svg", f"regex-{theme}", ".regex-verdict")
    shot(page, f"{base}?view=health", f"health-{theme}", ".unmatched li")
    edits = quote('[{"op":"move","route":"10","before":"9"}]')
    shot(page, f"{base}?view=routes&side=whatif&edits={edits}", f"whatif-{theme}", ".whatif-outcome .callout")
    page.goto(f"{base}?view=replay&id={find(page, path='/covers/1.svg')}")
    page.get_by_label("Path and query").fill("/books/3")
    page.get_by_role("button", name="Send").first.click()
    expect(page.locator('.diff-layer[data-layer="body"]')).to_be_visible(timeout=15_000)
    shot(page, None, f"replay-{theme}", ".diff-layer")
    page.close()


def shot(page: Page, url: str | None, name: str, sign: str) -> None:
    """Save the screen as docs/img/NAME.png once `sign` is there and nothing moves any more."""
    if url:
        page.goto(url)
    expect(page.locator(sign).first).to_be_visible(timeout=15_000)
    time.sleep(0.4)
    page.screenshot(path=IMAGES / f"{name}.png")


def find(page: Page, **wanted: object) -> str:
    """The id of the first recorded exchange that has these fields."""
    script = """async () => {
        const token = Object.values(sessionStorage).find((value) => value.length > 30);
        const headers = {Authorization: `Bearer ${token}`};
        const answer = await fetch("api/exchanges?after=0&limit=500", {headers});
        return (await answer.json()).rows;
    }"""
    rows = page.evaluate(script)
    return str(next(row["id"] for row in rows if all(row[key] == value for key, value in wanted.items())))


if __name__ == "__main__":
    main()
