"""How does a command hear Ctrl-C while it computes? It works in a thread of its own, and the first one listens.

Python hears a signal between two of its own steps in the first thread, and compiled code may take minutes for one.
The first thread waits here, which any signal ends; the work is told, is given a moment to take back what it has
half-written, and is left behind if it does not hear (`detente.cli.group`).
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from types import FrameType
from typing import NoReturn

STEP = 0.5  # seconds between two looks; some systems hear nothing while they wait without end
GRACE = 1.0  # seconds for the work to end after it was told
ENDING = ("SIGTERM", "SIGHUP")  # asked to end from outside, or the terminal was closed


class TerminatedError(KeyboardInterrupt):
    """Asked to end by another signal than Ctrl-C; its number is the argument."""


class _ToldToEnd(KeyboardInterrupt):
    """What the work is interrupted by: `KeyboardInterrupt` itself would decide how ``python -m`` ends."""


def listening(work: Callable[[], object]) -> None:
    """Do some work in another thread and raise what it raises, or what a signal that comes meanwhile means.

    Raises:
        TerminatedError: asked to end by one of `ENDING`.
        KeyboardInterrupt: Ctrl-C.
    """
    if threading.current_thread() is not threading.main_thread():
        work()
        return
    raised: list[BaseException] = []
    over = threading.Event()  # a join that a signal interrupts may take a thread for ended that is at work

    def working() -> None:
        try:
            work()
        except BaseException as error:  # whatever it is, the first thread tells it
            raised.append(error)
        finally:
            over.set()

    worker = threading.Thread(target=copy_context().run, args=(working,), name="command")
    with _told_when_ended():
        worker.start()
        try:
            while not over.wait(STEP):
                pass
        except KeyboardInterrupt:
            with _without_reports():
                _interrupt(worker, over)
            raise
    if raised:
        raise raised[0]


def _interrupt(worker: threading.Thread, over: threading.Event) -> None:
    """Raise a `KeyboardInterrupt` where a thread is, when it is next in Python, and give it a moment to end."""
    with suppress(KeyboardInterrupt):  # pressed again: do not wait
        if worker.ident is not None and not over.is_set():
            raising = ctypes.pythonapi.PyThreadState_SetAsyncExc
            raising(ctypes.c_ulong(worker.ident), ctypes.py_object(_ToldToEnd))
            over.wait(GRACE)


@contextmanager
def _told_when_ended() -> Iterator[None]:
    """Meanwhile hear those signals of `ENDING` too that would end the program at once."""

    def ended(number: int, _: FrameType | None) -> NoReturn:
        raise TerminatedError(number)

    known = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    heard = [number for number in known if signal.getsignal(number) is signal.SIG_DFL]
    for number in heard:
        signal.signal(number, ended)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def _without_reports() -> Iterator[None]:
    """Meanwhile keep Python from printing where an interruption found a thread."""
    of_threads, unraisable = threading.excepthook, sys.unraisablehook
    threading.excepthook, sys.unraisablehook = lambda _: None, lambda _: None
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = of_threads, unraisable
