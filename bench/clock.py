"""How benchmarks measure and print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

THREADS = 2


def best(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the seconds of the fastest of several runs, after one that does not count."""
    work()
    return min(seconds(work) for _ in range(repeats))


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of one run."""
    start = perf_counter()
    work()
    return perf_counter() - start


def in_threads(work: Callable[[int], object], parts: int) -> Callable[[], object]:
    """Return a job that does ``work(0)`` … ``work(parts - 1)`` in two threads."""

    def job() -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, range(parts)))

    return job


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, the first column to the left, the others to the right."""
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    for row in (head, *rows):
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join([row[0].ljust(widths[0]), *cells]))
