"""How soon the dashboard shows things: `python benchmarks/page.py [REQUESTS]` with the packages of the tests.

Starts `inspector run --reload` with an application of its own, opens the dashboard in a real browser, and
prints median and longest time from an answer to its row on the page (40 requests by default), and how long
a save of the application takes until it answers again. Wall clock: only a quiet machine says something.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import find_browser
from tests.live.running import Running, start

APP = "from miniframework import App\napp = App()\n@app.get('/{name}')\ndef hello(name: str): return 'ONE'\n"
RELOADS = 5

# Resolves with the clock of the page once a row of this path stands there.
WATCH = """path => { window.__seen = new Promise(resolve => new MutationObserver(() => {
    if (document.querySelector(`.c-path[title="${path}"]`)) resolve(Date.now());
}).observe(document.body, {subtree: true, childList: true, attributes: true})); }"""


def main(requests: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (Path(folder) / "hello.py").write_text(APP, encoding="utf-8")
        ports = ("--port", "0", "--dashboard-port", "0")
        with start(["run", "hello:app", "--reload", *ports], Path(folder)) as running:
            running.wait_until_announced()
            browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(f"{running.dashboard_url}/#token={running.token}")
            expect(page.locator(".connection")).to_have_attribute("data-state", "open")
            say("a request on the page", [appear(page, running, number) for number in range(requests)])
            say("a reload", [reload(running, Path(folder), number) for number in range(RELOADS)])
            browser.close()


def appear(page: Page, running: Running, number: int) -> float:
    """Milliseconds from the answer of a request to its row."""
    path = f"/r{number}"
    page.evaluate(WATCH, path)
    running.ask_app(path)
    answered_ms = time.time() * 1000  # the same machine, so the page's clock
    seen_ms: float = page.evaluate("window.__seen")
    return seen_ms - answered_ms


def reload(running: Running, folder: Path, number: int) -> float:
    """Milliseconds from a save to the first answer of the new code."""
    began = time.monotonic()
    (folder / "hello.py").write_text(APP.replace("ONE", f"T{number}"), encoding="utf-8")
    while True:
        try:
            if running.ask_app("/x") == (200, f'"T{number}"'.encode()):
                return (time.monotonic() - began) * 1000
        except OSError:
            time.sleep(0.01)


def say(what: str, took_ms: list[float]) -> None:
    median = statistics.median(took_ms)
    print(f"{what}: median {median:.0f} ms, longest {max(took_ms):.0f} ms of {len(took_ms)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
