"""What a repair costs: the fewest moves that revive the dead routes of whole tables.

`python benchmarks/repair.py [SIZE ...]` prints the best of three passes in CPU seconds of this process, the
check of the result included. The tables are those of `benchmarks/analysis.py`.
"""

import random
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from analysis import best, table_of, templates

from inspector.analysis.repair import propose_repair


def main(sizes: list[int]) -> None:
    print("routes  repair s  moves  revived  left")
    for size in sizes:
        routes = templates(size, random.Random(size))
        took, repair = best(partial(propose_repair, table_of(routes)))
        counts = f"{len(repair.moves):5}  {len(repair.revived):7}  {len(repair.left):4}"
        print(f"{len(routes):6}  {took:8.3f}  {counts}")


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [100, 1_000, 10_000])
