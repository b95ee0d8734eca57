"""How are parts of an answer made at once? By two processes, of which whoever is free takes the next part.

Compiled loops run side by side in threads (`draws`), the rest of Python does not, and nor does compiling. The
second process is forked off the first, so it has all that was read before; what it finds comes back whole. No part
looks at another, so it cannot matter who made which.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from detente.lenses.draws import Progress

MOST_PARTS = 255
_GRAIN = 1_000  # steps that a part counts for


class Counted:
    """Progress on several parts as progress on all of them, from whichever process it comes."""

    def __init__(self, progress: Progress | None, parts: int) -> None:
        self.progress, self.shares, self.lock = progress, [0.0] * parts, threading.Lock()
        self.send: Callable[[tuple[int, int, int]], None] | None = None

    def part(self, number: int) -> Progress:
        """Return what is told of one part."""
        return lambda done, total: self.tell(number, done, total)

    def tell(self, number: int, done: int, total: int) -> None:
        """Take in how far a part is."""
        if self.send is not None:
            self.send((number, done, total))
        elif self.progress is not None:
            with self.lock:
                self.shares[number] = done / total
                self.progress(int(sum(self.shares) * _GRAIN), len(self.shares) * _GRAIN)


def can_fork() -> bool:
    """Say whether a process may be forked off this one: on Linux, and not off one that was forked off itself."""
    return sys.platform == "linux" and multiprocessing.parent_process() is None


def side_by_side(parts: Sequence[Callable[[], Any]], counted: Counted) -> list[Any]:
    """Return what the parts give back, in their order; the first is made by this process.

    What the other process cannot finish, for an error or because it was ended, is made again here.

    Args:
        parts: to be made; what they give back can be pickled.
        counted: is told how far they are.
    """
    if not can_fork() or not 1 < len(parts) <= MOST_PARTS:
        return [part() for part in parts]
    left, feed = os.pipe()  # numbers of the parts that nobody has begun
    os.write(feed, bytes(range(len(parts))))
    os.close(feed)
    found: dict[int, Any] = {}
    number = _next(left)
    try:
        with _other(parts, left, counted, found) as finished:
            while number is not None:
                found[number] = parts[number]()
                number = _next(left)
            finished()
    finally:
        os.close(left)
    return [found[k] if k in found else part() for k, part in enumerate(parts)]


def _next(left: int) -> int | None:
    number = os.read(left, 1)
    return number[0] if number else None


@contextmanager
def _other(
    parts: Sequence[Callable[[], Any]], left: int, counted: Counted, found: dict[int, Any]
) -> Iterator[Callable[[], None]]:
    """Let another process make parts and put them into ``found``; yield what waits until it is through."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_help, args=(parts, left, there, counted), daemon=True)
    with suppress(OSError):  # no room for another process: all parts are made by this one
        process.start()
    there.close()

    def hear() -> None:
        with suppress(Exception):  # it has ended, is no longer listened to, or said what nobody can read
            while True:
                message = here.recv()
                if len(message) == 2:
                    found[message[0]] = message[1]
                else:
                    counted.tell(*message)

    hearing = threading.Thread(target=hear, name="hearing", daemon=True)
    hearing.start()
    try:
        yield hearing.join
    finally:
        if process.pid is not None:
            process.kill()
            process.join()
        here.close()


def _help(parts: Sequence[Callable[[], Any]], left: int, there: Connection, counted: Counted) -> None:
    """Make parts in the other process until none is left, or one fails."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who listens to Ctrl-C is the first process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()

    def outlive() -> None:  # nobody is to be left behind by a process that was killed
        wait([] if parent is None else [parent.sentinel])
        os._exit(1)

    threading.Thread(target=outlive, daemon=True).start()
    counted.send = there.send
    with suppress(Exception):
        while (number := _next(left)) is not None:
            there.send((number, parts[number]()))
    os._exit(0)  # nothing that was inherited is to be put away twice
