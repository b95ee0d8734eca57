"""How are inner loops compiled?

With numba: no interpreter lock, so that threads run side by side, and divisions as in numpy (x/0 is ±inf).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = {"nogil": True, "error_model": "numpy"}
_njit: Any = numba.njit


def kept(function: Function) -> Function:
    """Compile a function that Python calls, and keep the machine code on disk."""
    return cast(Function, _njit(cache=True, **_OPTIONS)(function))


def inside(function: Function) -> Function:
    """Compile a function that only compiled functions call: without doors to Python, and part of its callers."""
    return cast(Function, _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **_OPTIONS)(function))


def within(function: Function) -> Function:
    """Compile a function as part of the one place that calls it: the compiler goes over it once."""
    return cast(Function, _njit(inline="always", **_OPTIONS)(function))
