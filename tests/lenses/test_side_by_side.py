"""Parts of an answer are made by two processes, and nobody can tell by what comes out."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.catalog import open_case
from detente.lenses.side_by_side import Counted, can_fork, side_by_side
from detente.report import brief

pytestmark = pytest.mark.skipif(not can_fork(), reason="no process is forked here")


def silent() -> Counted:
    """Return what is told of progress, and tells nobody."""
    return Counted(None, 2)


def meets(own: Path, other: Path) -> Callable[[], int]:
    """Return a part that is over only when another one has begun; it gives back who made it."""

    def part() -> int:
        own.touch()
        while not other.exists():
            time.sleep(0.001)
        return os.getpid()

    return part


def test_two_parts_are_made_at_once_by_two_processes(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    first, second = side_by_side([meets(one, two), meets(two, one)], silent())
    assert first == os.getpid() != second
    assert not multiprocessing.active_children()


def test_what_comes_back_is_in_order_whoever_made_it() -> None:
    parts = [lambda k=k: (k, "x" * 100_000) for k in range(40)]
    assert [k for k, _ in side_by_side(parts, silent())] == list(range(40))


def test_an_error_in_the_other_process_is_raised_here(tmp_path: Path) -> None:
    begun = tmp_path / "begun"

    def fails() -> None:
        begun.touch()
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        side_by_side([meets(tmp_path / "first", begun), fails], silent())
    assert not multiprocessing.active_children()


def test_what_a_process_that_was_killed_had_begun_is_made_here(tmp_path: Path) -> None:
    begun, here = tmp_path / "begun", os.getpid()

    def dies() -> int:
        begun.touch()
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    assert side_by_side([meets(tmp_path / "first", begun), dies], silent()) == [here, here]


def test_who_is_interrupted_leaves_no_process_behind(tmp_path: Path) -> None:
    begun = tmp_path / "begun"

    def interrupted() -> None:
        meets(tmp_path / "first", begun)()
        raise KeyboardInterrupt

    def endless() -> None:
        begun.touch()
        time.sleep(3600)

    with pytest.raises(KeyboardInterrupt):
        side_by_side([interrupted, endless], silent())
    assert not multiprocessing.active_children()


def test_all_is_made_here_where_the_system_has_no_room_for_another_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refused)
    assert side_by_side([os.getpid] * 3, silent()) == [os.getpid()] * 3


class Unreadable:
    """What can be sent, and cannot be read."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return int, ("no number",)


def test_what_cannot_be_read_is_made_here_without_a_word(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    begun = tmp_path / "begun"

    def unreadable() -> Unreadable:
        begun.touch()
        return Unreadable()

    made = side_by_side([meets(tmp_path / "first", begun), unreadable], silent())
    assert isinstance(made[1], Unreadable)
    assert capfd.readouterr().err == ""


def test_progress_of_both_adds_up(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    counted = Counted(lambda done, total: told.append((done, total)), 2)
    one, two = tmp_path / "one", tmp_path / "two"

    def part(number: int, meet: Callable[[], int]) -> None:
        meet()
        counted.part(number)(5, 10)
        counted.part(number)(10, 10)

    side_by_side([lambda: part(0, meets(one, two)), lambda: part(1, meets(two, one))], counted)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (2000, 2000)


@pytest.mark.parametrize("slug", ["elmira-1991", "panama-canal-1974"])
def test_a_brief_is_the_same_by_one_process_and_by_two(slug: str) -> None:
    heard: list[str] = []
    case = open_case(slug)
    alone = brief(case, draws=200, workers=1)
    both = brief(case, draws=200, workers=1, processes=2, heard=lambda first: heard.append(first.sentence))
    assert both.to_dict() == alone.to_dict()
    assert both.to_html() == alone.to_html()
    assert heard == [alone.verdict.sentence]  # one lens decides it here
