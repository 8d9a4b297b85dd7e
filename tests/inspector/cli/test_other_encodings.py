"""A command ends with its words, whatever its streams can hold."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOP = """
from miniframework import App
app = App(openapi_url=None)

@app.get("/items/{number}")
async def read_item(number: int) -> int:
    return number
"""


def inspector(folder: Path, *arguments: str, **environment: str) -> tuple[int, bytes]:
    (folder / "shop.py").write_text(SHOP, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "inspector", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), **environment},
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_what_an_encoding_lacks_is_spelled_out(tmp_path: Path, encoding: str) -> None:
    code, said = inspector(tmp_path, "explain", "shop:app", "GET", "/items/7", PYTHONIOENCODING=encoding)
    assert code == 0
    assert rb"\u2192" in said
