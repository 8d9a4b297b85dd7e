"""100,000 rows held, 1,000 more a second: what the list costs. Figures are printed; bounds are generous."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Watched
from tests.browser.serving import Running

FILL = """() => {
    const store = document.querySelector("ri-app").session.store;
    const row = (n) => ({
        id: `row-${n}`, seq: n, kind: "http", started: Date.now(), method: "GET",
        path: `/users/${n}/posts/${n % 7}`, query: "",
        status: [200, 201, 304, 404, 500][n % 5], state: "complete", routing: "matched",
        route: {table: "t", index: 3, path: "/users/{id:int}/posts/{post:int}", name: "get_post"},
        params: [["id", String(n), 7, 7 + String(n).length]], duration_ms: (n % 400) / 10, request_bytes: 0,
        response_bytes: n, content_type: "application/json", frames: 0, error: null, replay_of: null,
        worker: 1, generation: 0, redacted: false,
    });
    window.__deliver = (from, to) => {
        const rows = [];
        for (let n = from; n <= to; n++) rows.push(row(n));
        store.apply({type: "delta", from, to, rows, removed: []});
    };
    for (let n = 0; n < 100_000; n += 1000) window.__deliver(n, n + 999);
}"""

STREAM = """async (seconds) => {
    const long = [];
    const observer = new PerformanceObserver((seen) => {
        for (const task of seen.getEntries()) long.push(task.duration);
    });
    observer.observe({type: "longtask"});
    const list = document.querySelector("ri-list");
    const lags = [];
    let n = 200_000;
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
        const sent = performance.now();
        window.__deliver(n, n + 32);
        n += 33;
        const id = `row-${n - 1}`;
        while (!list.querySelector(`[data-id="${id}"]`)) await new Promise(requestAnimationFrame);
        lags.push(performance.now() - sent);
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, 33 - (performance.now() - sent))));
    }
    observer.disconnect();
    lags.sort((a, b) => a - b);
    return {
        batches: lags.length, p50: lags[lags.length >> 1], p95: lags[Math.floor(lags.length * 0.95)],
        longest: Math.max(0, ...long), nodes: list.querySelectorAll("*").length,
    };
}"""

SCANS = """async (seconds) => {
    const { store } = document.querySelector("ri-app").session;
    const scans = { entries: 0, newest: 0 };
    for (const [owner, name] of [[store.ring, "entries"], [store, "newest"]]) {
        const real = owner[name];
        owner[name] = function (...given) { scans[name]++; return real.apply(this, given); };
    }
    const end = performance.now() + seconds * 1000;
    for (let n = 200_000; performance.now() < end; n += 17) {
        window.__deliver(n, n + 16);
        await new Promise((resolve) => setTimeout(resolve, 33));
    }
    return scans;
}"""

WALK = """async ([seconds, rate]) => {
    const path = () => document.querySelector(".detail[aria-busy=false] .detail-path")?.textContent;
    const tab = () => document.querySelector("[role=tab][aria-selected=true]")?.textContent;
    const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const until = async (done) => { while (!done()) await new Promise(requestAnimationFrame); };
    let n = 200_000;
    const timer = setInterval(() => { window.__deliver(n, n + rate / 30 - 1); n += rate / 30; }, 33);
    const took = { row: [], tab: [] };
    const measured = async (kind, act, done) => {
        const begin = performance.now();
        act();
        await until(done);
        took[kind].push(performance.now() - begin);
    };
    press("g");
    await until(path);
    const end = performance.now() + seconds * 1000;
    for (let step = 0; performance.now() < end; step++) {
        const [shown, current] = [path(), tab()];
        await measured("row", () => press(step % 2 ? "k" : "j"), () => path() && path() !== shown);
        await measured("tab", () => press(step % 2 ? "[" : "]"), () => tab() !== current);
    }
    clearInterval(timer);
    return Object.fromEntries(Object.entries(took).map(([kind, all]) => [kind, all.sort((a, b) => a - b)]));
}"""


@pytest.mark.timeout(180)
def test_a_hundred_thousand_rows_and_a_thousand_a_second(page: Watched, shop: Running) -> None:
    shop.send("GET", "/books/1")
    expect(page.row("/books/1")).to_be_visible()
    page.page.evaluate(FILL)
    measured: dict[str, Any] = page.page.evaluate(STREAM, 4)
    devtools = page.page.context.new_cdp_session(page.page)
    devtools.send("HeapProfiler.collectGarbage")
    measured["heap_mb"] = devtools.send("Runtime.getHeapUsage")["usedSize"] / 2**20
    print({name: round(value, 1) for name, value in measured.items()})
    assert measured["nodes"] <= 1_500
    assert measured["heap_mb"] <= 80
    assert measured["p95"] <= 600  # 120 ms is the budget on a machine that does nothing else


def test_filtering_a_hundred_thousand_rows_is_one_short_task(page: Watched, shop: Running) -> None:
    shop.send("GET", "/books/1")
    expect(page.row("/books/1")).to_be_visible()
    page.page.evaluate(FILL)
    took_ms = page.page.evaluate(
        """() => {
            const store = document.querySelector("ri-app").session.store;
            const begin = performance.now();
            store.setFilter("status:4xx path:/users/1 dur>10ms");
            return performance.now() - begin;
        }"""
    )
    print(f"{took_ms:.0f} ms")
    assert took_ms <= 1_000
    expect(page.page.locator(".live-count")).to_contain_text("of 100,000")


@pytest.mark.parametrize("view", ["live", "replay"])
def test_no_row_is_looked_at_twice_a_second_while_the_list_streams(
    page: Watched, shop: Running, view: str
) -> None:
    """Looking through all rows is a long task at 100,000; what is shown of them is kept up row by row."""
    shop.send("GET", "/books/1")
    expect(page.row("/books/1")).to_be_visible()
    page.page.evaluate(FILL)
    page.page.evaluate("(view) => document.querySelector('ri-app').perform(`view:${view}`)", view)
    expect(page.page.locator(f"ri-{view}")).to_be_visible()
    scans: dict[str, int] = page.page.evaluate(SCANS, 3)
    print(scans)
    assert scans["entries"] == 0
    assert scans["newest"] <= 10  # the choice and the pinned requests look once a second


@pytest.mark.timeout(180)
def test_a_row_and_a_tab_open_while_five_hundred_requests_a_second_arrive(
    page: Watched, shop: Running
) -> None:
    for number in range(3):
        shop.send("GET", f"/books/{number}")
    expect(page.row("/books/2")).to_be_visible()
    page.page.evaluate(FILL.replace("100_000", "20_000"))
    took: dict[str, list[float]] = page.page.evaluate(WALK, [4, 510])
    for kind, times in took.items():
        print(f"{kind}: median {times[len(times) // 2]:.0f} ms, longest {times[-1]:.0f} ms of {len(times)}")
        assert times[len(times) // 2] <= 1_000  # 200 ms is the budget on a machine that does nothing else
