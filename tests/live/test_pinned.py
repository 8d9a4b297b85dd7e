"""A pinned request under `inspector run --reload`: red after the reload that broke it."""

from pathlib import Path

from tests.live.running import Message, start

PRICES = """
from miniframework import App
app = App(openapi_url=None)

@app.get("/prices/{book_id:int}")
async def price(book_id: int):
    return {"price": 10}
"""


def recorded(message: Message, *, is_replay: bool) -> bool:
    """Tell a message that has a finished exchange, made by a replay or not."""
    return any(row["status"] and bool(row["replay_of"]) == is_replay for row in message.get("rows", []))


def test_a_pinned_request_is_red_after_the_reload_that_broke_it(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(PRICES, encoding="utf-8")
    with start(["run", "shop:app", "--reload", "--port", "0", "--dashboard-port", "0"], tmp_path) as running:
        running.wait_until_announced()
        with running.open_tab() as tab:
            running.ask_app("/prices/7")
            row = tab.wait_for(lambda message: recorded(message, is_replay=False))["rows"][-1]
            running.tell_dashboard(f"/api/exchanges/{row['id']}/pin", {"pinned": True})
            (tmp_path / "shop.py").write_text(PRICES.replace("10", "11"), encoding="utf-8")
            tab.wait_for_state("running", generation=1)
            # A delta or a pulse is a reason to ask again.
            while (said := running.ask_dashboard("/api/pinned"))["running"]:
                tab.wait_for(lambda message: message["type"] in ("delta", "pulse"))
    (result,) = said["results"]
    assert (said["generation"], result["verdict"]) == (1, "changed")
    assert result["summary"] == "body differs in 1 place"
