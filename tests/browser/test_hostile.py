"""What was recorded is hostile: it is shown as text, wherever it stands, live and after a reload."""

from collections.abc import Sequence
from urllib.parse import quote

from playwright.sync_api import expect

from tests.browser.pages import Watched
from tests.browser.serving import Running

PAYLOADS = (
    "<script>window.__pwned=1</script>",
    "<img src=x onerror=window.__pwned=1>",
    "<svg/onload=window.__pwned=1>",
    '"><script>window.__pwned=1</script>',
    "'-window.__pwned=1-'",
    "javascript:window.__pwned=1",
    "${window.__pwned=1}",
    "{{constructor.constructor('window.__pwned=1')()}}",
    "</textarea><script>window.__pwned=1</script>",
    "<iframe srcdoc='<script>parent.__pwned=1</script>'>",
    "<a href=javascript:window.__pwned=1>x</a>",
    "<style>*{background:url(//evil.test/x)}</style>",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<base href=//evil.test/>",
    "<!--<img src=x onerror=window.__pwned=1>-->",
    "?lit$1234567$<b>",
    "\u202egnp.exe",
    "\x1b]0;pwned\x07",
)


EVERY_TAB = ("Request", "Response", "Timeline", "ASGI messages", "Why")


def attack(shop: Running, payload: str) -> None:
    """Send the payload as path, parameter, query, header and cookie."""
    escaped = quote(payload, safe="")
    header = "".join(one for one in payload if " " <= one <= "~").encode()
    headers = {"x-evil": header, "cookie": b"evil=" + header, "referer": header}
    shop.send("GET", f"/files/{escaped}?q={escaped}", headers=headers)


def attack_with_each(shop: Running, payloads: Sequence[str]) -> None:
    """Send them as names of the query, as JSON keys and values, and as exception messages.

    Each stands in an element of its own: one request shows many. A message is the only one of its request.
    """
    shop.send("POST", "/books?" + "&".join(map(quote, payloads)), json={one: one for one in payloads})
    for payload in payloads:
        shop.send("GET", f"/crash?text={quote(payload, safe='')}")


def look_at_everything(page: Watched) -> None:
    """Open every row of the list and every tab of each; of a crash, those that show its message."""
    page.page.keyboard.press("g")
    for _ in range(page.page.evaluate("document.querySelector('ri-list').rows.length")):
        expect(page.page.locator(".detail[aria-busy=false] .detail-panel")).to_be_visible()
        crashed = page.page.locator(".detail-path").inner_text().startswith("/crash")
        for tab in ("Response", "Timeline", "Why") if crashed else EVERY_TAB:
            expect(page.page.locator(".detail[aria-busy=false] .detail-panel")).to_be_visible()
            page.tab(tab)
        page.page.keyboard.press("j")


def test_payloads_in_every_place_stay_text(page: Watched, shop: Running) -> None:
    for payload in PAYLOADS:
        attack(shop, payload)
    attack_with_each(shop, PAYLOADS)
    expect(page.page.locator(".nav-count").first).to_have_text(str(2 * len(PAYLOADS) + 1))
    look_at_everything(page)
    page.page.keyboard.press("Control+k")
    expect(page.page.get_by_role("option").first).to_be_visible()
    page.page.keyboard.press("Escape")
    assert page.page.evaluate("window.__pwned") is None


def test_payloads_stay_text_after_a_reload(page: Watched, shop: Running) -> None:
    for payload in PAYLOADS[:4]:
        attack(shop, payload)
    attack_with_each(shop, PAYLOADS[:1])
    page.page.reload()
    expect(page.page.locator(".list-row[data-id]")).to_have_count(6)
    look_at_everything(page)
    assert page.page.evaluate("window.__pwned") is None


def test_characters_that_turn_text_round_are_written_out(page: Watched, shop: Running) -> None:
    attack(shop, "\u202egnp.exe")
    expect(page.page.locator(".list-row[data-id] .c-path").first).to_contain_text("\\u202egnp.exe")


def test_a_filter_from_the_address_is_text(page: Watched, shop: Running) -> None:
    shop.send("GET", "/")
    page.open("?filter=" + quote("<img src=x onerror=window.__pwned=1> zzz:<b>"))
    expect(page.page.locator(".list-none")).to_contain_text("<img src=x")
    assert page.page.evaluate("window.__pwned") is None


def test_no_link_is_made_from_what_was_recorded(page: Watched, shop: Running) -> None:
    shop.send("GET", "/files/javascript:alert(1)", headers={"referer": "javascript:alert(1)"})
    page.open_row("/files/javascript:alert(1)")
    page.tab("Request")
    expect(page.page.locator(".detail-panel .pairs")).to_contain_text(["javascript:alert(1)"])
    targets = page.page.locator("a[href]").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert all(target.startswith(("?", "#")) for target in targets)
