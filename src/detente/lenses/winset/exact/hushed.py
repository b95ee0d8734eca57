"""How is a solver kept from writing where the answer goes? Its notes to the C standard output are dropped.

The mixed-integer part of HiGHS, as SciPy ships it, prints a line per repaired solution even when it is told to be
silent, and a line like that breaks a report in JSON. It writes past Python, so the file descriptor is what has to
be turned away for as long as a solver runs; solvers in other threads share one such spell.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

OUTPUT = 1
_lock = Lock()
_spells: list[int] = []
"""Copies of the descriptor of the standard output, one if any solver runs."""
_running = 0


@contextmanager
def hushed() -> Iterator[None]:
    """Drop what is written to the C standard output; where there is none, do nothing."""
    global _running
    with _lock:
        if _running == 0:
            _turn_away()
        _running += 1
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            if _running == 0:
                _turn_back()


def _turn_away() -> None:
    with suppress(OSError, ValueError, AttributeError):  # no standard output, or one that is closed
        sys.stdout.flush()
    with suppress(OSError):
        _spells.append(os.dup(OUTPUT))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, OUTPUT)
        os.close(nowhere)


def _turn_back() -> None:
    with suppress(OSError, TypeError, AttributeError):  # C's own buffer may still hold a line
        ctypes.CDLL(None).fflush(None)
    while _spells:
        saved = _spells.pop()
        os.dup2(saved, OUTPUT)
        os.close(saved)
