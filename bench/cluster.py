"""From where on does a cluster pay? Cases, sweeps and back-tests on Ray, beside threads, on this machine.

One machine cannot win: threads share its processors without a start, copies or further processes. What the bench
finds is what a cluster costs (the start, the first block of every worker, each task), and so from how much work on
a second machine would pay: where half of the work is longer than that cost. Bytes are compared in every row.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

import detente
from detente.lenses import lens
from detente.lenses.cluster import digest
from detente.lenses.draws import Workers, over_blocks

CASE = "us-russia-2024"
DRAWS = {"bargaining": 20_000, "winset": 4_000, "stability": 1_500}
SWEEP = 24
"""Values of one input, each a run of its own."""


def main() -> None:
    """Print what a cluster costs and how long each job takes with threads and on it."""
    if importlib.util.find_spec("ray") is None:
        print("Ray is not installed: pip install 'detente[ray]'")
        return
    start = timed(lambda: list(over_blocks(nothing, 2, "ray", size=1)))[0]
    each = timed(lambda: list(over_blocks(nothing, 400, "ray", size=1)))[0] / 400
    print(f"start of a cluster on this machine {start:.1f} s; an empty task {1000 * each:.1f} ms")
    print("| job | threads, s | cluster, first, s | again, s | bytes | a second machine pays from |")
    print("|---|---|---|---|---|---|")
    for name, job in jobs().items():
        job(2)  # compiled loops and their cache
        threads, one = timed(partial(job, 2))
        first, _ = timed(partial(job, "ray"))
        again, other = timed(partial(job, "ray"))
        same = "same" if digest(one) == digest(other) else "DIFFERENT"
        cost = start + max(0.0, first - threads)
        print(
            f"| {name} | {threads:.1f} | {first:.1f} | {again:.1f} | {same} | {2 * cost:.0f} s of threads |"
        )


def jobs() -> dict[str, Callable[[Workers], Any]]:
    """Return one case by each of three lenses, a sweep, and a back-test of many small ones."""
    case = detente.load(CASE)

    def run(name: str) -> Callable[[Workers], Any]:
        return lambda workers: lens(name).simulate(case, draws=DRAWS[name], workers=workers).outcomes()

    def sweep(workers: Workers) -> Any:
        values = np.linspace(40, 80, SWEEP)

        def one(first: int, count: int) -> list[Any]:
            some = (case.with_({"issues.territory.no_deal": float(v)}) for v in values[first : first + count])
            return [lens("winset").simulate(of, draws=128, workers=1).outcomes() for of in some]

        return list(over_blocks(one, SWEEP, workers, size=1))

    def backtest(workers: Workers) -> Any:
        slugs = ["river-dam", "divided-government", "somewhereland"] * 20

        def one(first: int, count: int) -> list[Any]:
            some = (detente.load(slug) for slug in slugs[first : first + count])
            return [lens("bargaining").simulate(of, draws=1_000, workers=1).outcomes() for of in some]

        return list(over_blocks(one, len(slugs), workers, size=5))

    return {
        **{f"{CASE}, {name}, {draws:,} draws": run(name) for name, draws in DRAWS.items()},
        f"sweep of {SWEEP} values, win-sets": sweep,
        "back-test of 60 small cases": backtest,
    }


def nothing(start: int, count: int) -> int:
    """Solve nothing."""
    return start + count


def timed(job: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that a job takes, and what it gives."""
    start = perf_counter()
    made = job()
    return perf_counter() - start, made
