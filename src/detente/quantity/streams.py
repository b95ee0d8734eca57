"""Which random number belongs to draw *k* of a quantity? One that depends on nothing else.

Counter-based generation (Philox 4x64; Salmon, Moraes, Dror & Shaw 2011, SC'11): the key is a hash of the seed
and the quantity's path, the counter is the number of the draw. Any worker can produce any block of any
quantity, in any order, and gets the same bits; adding an actor to a case leaves every other stream as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from detente.errors import QuantityError
from detente.quantity.distributions import Array

_WORDS = 4  # 64-bit words that one tick of the counter yields
_LAST_START = 2**63


def uniforms(seed: int, path: str, start: int, count: int) -> Array:
    """Return uniform draws ``start`` to ``start + count`` of the stream of ``path``, if `check_draws` allows.

    Shape (count,), strictly between 0 and 1, with a resolution of 2**-52. Any seed is one, 0 too.
    """
    return np.asarray(uniform_rows(seed, [path], start, count)[0])


def check_draws(start: int, count: int) -> None:
    """Refuse a block of draws that does not exist: a number below 0, or a start beyond 2**63."""
    if not 0 <= start <= _LAST_START or count < 0:
        raise QuantityError(f"draws are counted from 0 (got start {start}, count {count})")


def uniform_rows(seed: int, paths: Sequence[str], start: int, count: int) -> Array:
    """Return `uniforms` of every path, a row each: shape (len(paths), count)."""
    check_draws(start, count)
    skip = start % _WORDS
    words = np.empty((len(paths), count), dtype=np.uint64)
    generator = np.random.Philox(key=0, counter=0)
    # Setting the state costs a tenth of making a generator; 'buffer_pos' says that its buffer is spent.
    state = generator.state
    state["state"]["counter"] = np.array([start // _WORDS, 0, 0, 0], dtype=np.uint64)
    state["buffer_pos"] = _WORDS
    for row, path in enumerate(paths):
        state["state"]["key"] = _key(seed, path)
        generator.state = state
        words[row] = generator.random_raw(skip + count)[skip:]
    # 52 bits, not 53: the greatest 53-bit number plus a half would round to 1.
    return np.asarray(((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52)


def _key(seed: int, path: str) -> NDArray[np.uint64]:
    digest = blake2b(f"{int(seed)}\x00{path}".encode(), digest_size=16).digest()
    return np.frombuffer(digest, dtype="<u8").astype(np.uint64)
