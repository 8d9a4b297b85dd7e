"""Work that the client need not wait for; the Timeline shows it behind the response.

Try:
    curl localhost:8000/orders --json '{"title": "Emma", "email": "ada@example.org"}'
    curl localhost:8000/sent
"""

import asyncio
from typing import Annotated

from pydantic import BaseModel

from miniframework import App, BackgroundTasks, Depends

app = App()
sent: list[str] = []
log: list[str] = []


class Order(BaseModel):
    """What is ordered, and who hears of it."""

    title: str
    email: str


async def send_mail(to: str, text: str) -> None:
    """Stand for a mail server, which takes its time."""
    await asyncio.sleep(0.01)
    sent.append(f"{to}: {text}")


def write_log(line: str) -> None:
    """A plain function is run in a thread."""
    log.append(line)


async def audit(tasks: BackgroundTasks) -> None:
    """A dependency's tasks are the endpoint's: one list, in the order of adding."""
    tasks.add_task(write_log, "an order came")


@app.post("/orders", status_code=202)
async def place_order(
    order: Order, tasks: BackgroundTasks, audited: Annotated[None, Depends(audit)]
) -> dict[str, str]:
    """Accept, and write the mail afterwards."""
    tasks.add_task(send_mail, order.email, f"{order.title} is on its way")
    return {"accepted": order.title}


@app.get("/sent")
async def read_sent() -> dict[str, list[str]]:
    """Show what was done so far."""
    return {"sent": sent, "log": log}
