"""Runs shared among workers."""

from __future__ import annotations

import threading

import pytest

from detente.lenses.draws import default_workers, over_blocks


@pytest.mark.parametrize("workers", [1, 2, 5, None])
@pytest.mark.parametrize("draws", [1, 7, 8, 100])
def test_blocks_come_in_order_and_cover_every_draw_once(workers: int | None, draws: int) -> None:
    blocks = over_blocks(lambda start, count: range(start, start + count), draws, workers, size=8)
    assert [k for block in blocks for k in block] == list(range(draws))


@pytest.mark.parametrize("workers", [1, 3])
def test_progress_counts_up_to_all_draws(workers: int) -> None:
    told: list[tuple[int, int]] = []
    list(over_blocks(lambda _, count: count, 20, workers, lambda *at: told.append(at), size=8))
    assert told == [(8, 20), (16, 20), (20, 20)]


def test_a_failure_in_a_worker_reaches_the_caller_and_stops_the_rest() -> None:
    solved: list[int] = []

    def solve(start: int, count: int) -> int:
        if start == 16:
            raise ValueError("block")
        solved.append(start)
        return count

    with pytest.raises(ValueError, match="block"):
        list(over_blocks(solve, 100_000, 2, size=8))
    for thread in [t for t in threading.enumerate() if t.name.startswith("draws")]:
        thread.join(timeout=10)
        assert not thread.is_alive()
    assert len(solved) < 100


def test_few_blocks_are_in_memory_at_a_time() -> None:
    started: list[int] = []
    blocks = over_blocks(lambda start, _: started.append(start), 8 * 1000, 2, size=8)
    next(blocks)
    assert len(started) < 20
    blocks.close()  # type: ignore[attr-defined]


def test_there_is_at_least_one_worker() -> None:
    assert default_workers() >= 1
