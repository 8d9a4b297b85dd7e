"""The page's pure modules, in the browser that will run them: each claim of unit/*.test.js is a test."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.serving import Running

UNITS = Path(__file__).parent / "unit"
CLAIM = re.compile(r'^test\("((?:[^"\\]|\\.)+)"', re.MULTILINE)
CLAIMS = [
    pytest.param(path.name, name, id=f"{path.name.removesuffix('.test.js')}: {name}")
    for path in sorted(UNITS.glob("*.test.js"))
    for name in CLAIM.findall(path.read_text())
]


@pytest.fixture(scope="module")
def blank(browser: Browser, files: Running) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{files.origin}/tests/browser/unit/page.html")
    yield page
    page.close()


@pytest.mark.parametrize(("file", "claim"), CLAIMS)
def test_unit(blank: Page, file: str, claim: str) -> None:
    blank.evaluate(
        """async ([file, claim]) => {
            await import(`/tests/browser/unit/${file}`);
            const { run } = await import("/tests/browser/unit/harness.js");
            await run(claim);
        }""",
        [file, claim],
    )
