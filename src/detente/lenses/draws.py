"""How is a long run shared among cores? In blocks of draws that depend on nothing but their numbers.

Block *b* holds draws ``b*size`` to ``(b+1)*size``; results come back in the order of the blocks, so the
number of workers cannot change a single bit. Solvers release the interpreter lock, so threads are enough.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import starmap
from typing import Literal, TypeVar

from detente.errors import OptionError
from detente.lenses.cluster import RAY, over_cluster

BLOCK = 1024
MOST_DRAWS = 10_000_000
Outcome = TypeVar("Outcome")
Progress = Callable[[int, int], None]
Workers = int | Literal["ray"] | None
"""Threads, all processors when ``None``; or the workers of a cluster, see `cluster`. Never changes a result."""


def checked_draws(draws: int, *, exact: bool) -> int:
    """Return how many draws to make: one where nothing carries doubt.

    Raises:
        OptionError: fewer than one, or more than ten million.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise OptionError(f"{draws} draws cannot be made; ask for 1 to {MOST_DRAWS:,}")
    return 1 if exact else draws


def default_workers() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def over_blocks(
    solve: Callable[[int, int], Outcome],
    draws: int,
    workers: Workers = None,
    progress: Progress | None = None,
    size: int = BLOCK,
) -> Iterator[Outcome]:
    """Yield ``solve(start, count)`` for every block, in order; at most a few blocks are in memory.

    Args:
        solve: a function of the first draw and the number of draws.
        draws: how many draws in all, at least 1.
        workers: threads; all processors when ``None``; ``"ray"`` for those of a cluster.
        progress: called with (draws done, draws in all) after every block.
        size: draws per block; part of the definition of a run only through memory, never through results.
    """
    tell = progress or (lambda *_: None)
    blocks = [(start, min(size, draws - start)) for start in range(0, draws, size)]
    threads = min(workers if isinstance(workers, int) else default_workers(), len(blocks))
    if workers == RAY or threads <= 1:
        found = over_cluster(solve, blocks) if workers == RAY and blocks else starmap(solve, blocks)
        for (start, count), outcome in zip(blocks, found, strict=True):
            tell(start + count, draws)
            yield outcome
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="draws")
    waiting: deque[tuple[int, Future[Outcome]]] = deque()
    try:
        for start, count in blocks:
            waiting.append((start + count, pool.submit(solve, start, count)))
            if len(waiting) > 2 * threads:
                yield _next(waiting, tell, draws)
        while waiting:
            yield _next(waiting, tell, draws)
    finally:  # do not wait for blocks that nobody will ask for
        pool.shutdown(wait=False, cancel_futures=True)


def _next(waiting: deque[tuple[int, Future[Outcome]]], tell: Progress, draws: int) -> Outcome:
    done, future = waiting.popleft()
    outcome = future.result()
    tell(done, draws)
    return outcome


def shifted(progress: Progress | None, number: int, versions: int) -> Progress | None:
    """Return progress on one of several runs as progress on all of them.

    Args:
        progress: told of all of them.
        number: of the run, from 0.
        versions: how many runs there are.
    """
    if progress is None:
        return None
    tell = progress
    return lambda done, total: tell(number * total + done, versions * total)
