"""How fast are the distributions of an outlook? 10,000 draws of 16 actors on 7 issues, both, on two threads.

What is meant: 2 seconds. The limit is the number of exponentials and powers, one for each draw and knot, times
what one costs in a bare loop of numpy over an array that fits into the second-level cache.
"""

from __future__ import annotations

from functools import partial
from time import process_time

import numpy as np

from bench.clock import best, in_threads
from detente.lenses.summary import Array
from detente.study.outlook.foothold import foothold, footholds, sharpened_pool
from detente.study.outlook.mixed import CELLS

DRAWS, ACTORS, ISSUES = 10_000, 16, 7
MEANT = 2.0


def main() -> None:
    """Print the time of both distributions, beside what is meant and the limit."""
    random = np.random.default_rng(0)
    issues = [(random.random((DRAWS, ACTORS)) * 100, random.random((DRAWS, ACTORS))) for _ in range(ISSUES)]
    reference = random.random(DRAWS) * 100
    wall = best(partial(both, issues, reference), 3)
    start = process_time()
    both(issues, reference)
    busy = process_time() - start
    numbers = random.random(50_000)
    each = min(best(partial(np.exp, numbers), 20), best(partial(np.power, numbers, 1.6), 20)) / len(numbers)
    limit = ISSUES * (CELLS + 1) * DRAWS * 2 * each / 2
    print(
        f"{DRAWS:,} draws, {ACTORS} actors, {ISSUES} issues, foothold and pool: {wall:.2f} s "
        f"(meant: {MEANT:.0f} s; processor {busy:.2f} s; limit on two threads {limit:.2f} s)"
    )


def both(issues: list[tuple[Array, Array]], reference: Array) -> None:
    """Make both distributions of every issue, in two threads."""

    def one(number: int) -> None:
        foothold(footholds(*issues[number], reference), 0.0, 100.0)
        sharpened_pool(*issues[number], 0.0, 100.0)

    in_threads(one, len(issues))()
