"""Which random number belongs to draw *k* of a quantity? One that depends on nothing else.

Counter-based generation (Philox 4x64; Salmon, Moraes, Dror & Shaw 2011, SC'11): the key is a hash of the seed
and the quantity's path, the counter is the number of the draw. Any worker can produce any block of any
quantity, in any order, and gets the same bits; adding an actor to a case leaves every other stream as it was.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from detente.quantity.distributions import Array

_WORDS = 4  # 64-bit words that one tick of the counter yields


def uniforms(seed: int, path: str, start: int, count: int) -> Array:
    """Return uniform draws ``start`` to ``start + count`` of the stream of ``path``.

    Args:
        seed: any integer; 0 is a seed like another.
        path: dotted path of the quantity in its case.
        start: number of the first draw, from 0.
        count: how many draws.

    Returns:
        Shape (count,), strictly between 0 and 1, with a resolution of 2**-53.
    """
    digest = blake2b(f"{int(seed)}\x00{path}".encode(), digest_size=16).digest()
    skip = start % _WORDS
    generator = np.random.Philox(key=int.from_bytes(digest, "little"), counter=start // _WORDS)
    words = np.asarray(generator.random_raw(skip + count), dtype=np.uint64)[skip:]
    return ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
