"""What stepping through `re` costs: the replica's steps beside `re` itself on the same text.

`python benchmarks/re_trace.py` prints the best of several passes in CPU time of this process; "all" is the
answer of api/regex with its JSON. The last two lines are the guard: a long run that still fits the budget,
and one that does not: `re` is not asked for it at all.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from inspector.analysis.re_trace import trace_steps
from inspector.analysis.regex_trace import trace_regex

PASSES = 7
REST = "x/" * 40
CASES = (
    ("a route, matched", r"/items/(?P<item_id>[0-9]+)", "/items/42"),
    ("a route, refused", r"/users/(?P<a>[^/]+)/posts/(?P<b>[-\w]+)", "/users/ann/posts/a b"),
    ("three paths in one template", r"/(?P<a>.*)/(?P<b>.*)/(?P<c>.*)/x", "/" + "a/" * 16),
    ("a look-ahead and lazy loops", r"/(?!admin)(.*?)/(.*?)\.(json|txt)", f"/{REST}a.txt"),
    ("as long as the budget lets", r"(a+)+$", "a" * 10 + "!"),
    ("too long for the budget", r"(a+)+$", "a" * 30 + "!"),
)


def best_ms(action: Callable[[], object]) -> float:
    """The shortest of some passes, in milliseconds of CPU time."""
    times = []
    for _ in range(PASSES):
        start = time.process_time_ns()
        action()
        times.append(time.process_time_ns() - start)
    return min(times) / 1e6


def main() -> None:
    """Measure every case and print a table."""
    print(f"{'case':30}{'steps':>8}{'replica ms':>12}{'re ms':>9}{'all ms':>9}{'JSON kB':>9}")
    for name, regex, text in CASES:
        trace = trace_steps(regex, text)
        replica = best_ms(partial(trace_steps, regex, text))
        engine = best_ms(partial(re.compile(regex).fullmatch, text)) if trace.ended else None
        shown = trace_regex(regex, text)
        whole = best_ms(lambda regex=regex, text=text: json.dumps(trace_regex(regex, text)))
        asked = "-" if engine is None else f"{engine:.3f}"
        size = len(json.dumps(shown)) / 1000
        print(f"{name:30}{len(trace.events):>8,}{replica:>12.2f}{asked:>9}{whole:>9.2f}{size:>9.0f}")


if __name__ == "__main__":
    main()
