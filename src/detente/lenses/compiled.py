"""How are inner loops compiled?

With numba: no interpreter lock, so that threads run side by side, and divisions as in numpy (x/0 is ±inf). Machine
code is kept on disk, and processes that compile at the same time save it one after the other: numba itself has no
lock, and two of them could take each other's files for their own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import IndexDataCacheFile

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = {"nogil": True, "error_model": "numpy"}
_njit: Any = numba.njit


def _in_turn(save: Callable[..., None]) -> Callable[..., None]:
    """Let one process at a time save what it compiled; where files have no locks, as numba does."""
    if sys.platform == "win32":
        return save
    from fcntl import LOCK_EX, flock

    def saved(file: Any, *given: Any) -> None:
        with Path(file._cache_path, "saving.lock").open("a") as alone:
            flock(alone, LOCK_EX)  # until it is closed
            save(file, *given)

    return saved


_cache: Any = IndexDataCacheFile
_cache.save = _in_turn(_cache.save)


def kept(function: Function) -> Function:
    """Compile a function that Python calls, and keep the machine code on disk."""
    return cast(Function, _njit(cache=True, **_OPTIONS)(function))


def inside(function: Function) -> Function:
    """Compile a function that only compiled functions call: without doors to Python, and part of its callers."""
    return cast(Function, _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **_OPTIONS)(function))


def within(function: Function) -> Function:
    """Compile a function as part of the one place that calls it: the compiler goes over it once."""
    return cast(Function, _njit(inline="always", **_OPTIONS)(function))
