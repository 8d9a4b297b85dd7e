"""Lines a second of `inspector explain --batch`: an access log that repeats itself, and one that does not.

Counted in CPU time of the process, so that a busy machine says the same.

Run: `python benchmarks/explain_batch.py`.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINES = 100_000
COMMON = '203.0.113.7 - - [10/Oct/2000:13:55:36 -0700] "GET {} HTTP/1.1" 200 2326 "-" "curl"\n'
LOGS = {
    "3,000 different paths": [f"/books/{number % 3000}" for number in range(LINES)],
    "every path another one": [f"/books/{number}/reviews" for number in range(LINES)],
}


def seconds(file: Path) -> float:
    command = [
        sys.executable,
        "-m",
        "inspector",
        "explain",
        "inspector.demo.bookshop:app",
        "--batch",
        str(file),
    ]
    began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty"
        empty.write_text("", encoding="ascii")
        start_s = min(seconds(empty) for _ in range(2))
        for name, paths in LOGS.items():
            file = Path(folder) / "log"
            file.write_text("".join(map(COMMON.format, paths)), encoding="ascii")
            took_s = min(seconds(file) for _ in range(2)) - start_s
            print(f"{name}: {LINES / took_s:,.0f} lines a second (start of {start_s:.2f} s not counted)")


if __name__ == "__main__":
    main()
