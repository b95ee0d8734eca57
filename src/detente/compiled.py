"""How are inner loops compiled?

With numba: no interpreter lock, so that threads run side by side, and divisions as in numpy (x/0 is ±inf). Machine
code is kept on disk, and of processes that need a loop at the same time one compiles it: numba itself has no lock,
and two of them could take each other's files for their own. Nor does it see that a function which another
calls has changed; here what is kept is good for the compiled sources of a folder and what they import.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.compiler_lock import global_compiler_lock

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = {"nogil": True, "error_model": "numpy"}
_njit: Any = numba.njit
_ROOT = Path(__file__).parents[1]
_IMPORTED = re.compile(rb"^from (detente\.[\w.]+) import", re.MULTILINE)


def _in_turn(loop: Any) -> Callable[[Any], Any]:
    """Return a loop's compiler for one process at a time: others wait, and take what the first one kept."""
    made: Callable[[Any], Any] = loop.compile
    if sys.platform == "win32":
        return made
    from fcntl import LOCK_EX, LOCK_UN, flock

    def compiled(signature: Any) -> Any:
        with global_compiler_lock, ExitStack() as held:
            with suppress(OSError):  # nobody may write there: nothing will be kept that could be torn
                loop._cache._impl.locator.ensure_cache_path()
                name = f"{loop.__module__}.{loop.__qualname__}.lock"
                alone = held.enter_context(Path(loop._cache.cache_path, name).open("a"))
                flock(alone, LOCK_EX)
                held.callback(flock, alone, LOCK_UN)  # a process forked meanwhile may have it open
            return made(signature)

    return compiled


@cache
def _sources(folder: Path) -> bytes:
    """Return what stands for all that is compiled in a folder, and for the modules that its constants are from."""
    texts = (path.read_bytes() for path in sorted(folder.glob("*.py")))
    found = [text for text in texts if b"detente.compiled" in text]
    named = {name.decode() for text in found for name in _IMPORTED.findall(text)}
    files = (_ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in sorted(named))
    return sha256(b"\0".join([*found, *(path.read_bytes() for path in files if path.is_file())])).digest()


def kept(function: Function) -> Function:
    """Compile a function that Python calls, and keep the machine code on disk."""
    made: Any = _njit(cache=True, **_OPTIONS)(function)
    if made is not function:  # numba compiles nothing where NUMBA_DISABLE_JIT says so
        made._cache._cache_file._source_stamp = _sources(Path(function.__code__.co_filename).parent)
        made.compile = _in_turn(made)
    return cast(Function, made)


def inside(function: Function) -> Function:
    """Compile a function that only compiled functions call: without doors to Python, and part of its callers."""
    return cast(Function, _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **_OPTIONS)(function))


def within(function: Function) -> Function:
    """Compile a function as part of the one place that calls it: the compiler goes over it once."""
    return cast(Function, _njit(inline="always", **_OPTIONS)(function))
