"""What are 2 to the power of many numbers, fast and the same on every machine?

Library functions differ from one system to the next in the last digit and take one number at a time; these
loops use only additions, multiplications and divisions of 64-bit floats, which the compiler turns into vector
instructions. Range reduction and series as in Muller 2016, *Elementary Functions*, 3rd ed., ch. 11.
"""

from __future__ import annotations

from math import log

import numpy as np
from numba import njit

from detente.lenses.bargaining.weights import Array

_LOWEST = -1000.0
_TAYLOR = [1.0]
for _k in range(1, 14):
    _TAYLOR.append(_TAYLOR[-1] * log(2.0) / _k)
_E0, _E1, _E2, _E3, _E4, _E5, _E6, _E7, _E8, _E9, _E10, _E11, _E12, _E13 = _TAYLOR


@njit(nogil=True, cache=True, error_model="numpy")  # type: ignore[untyped-decorator]
def exp2(power: Array, out: Array, scale: Array) -> None:
    """Write 2^power to ``out`` for powers from −1000 to 1000 (lower ones count as −1000).

    1. power = k + f with k whole and |f| ≤ ½.
    2. 2^f by its Taylor series up to f^13; the rest is below 1e-17.
    3. 2^k by writing k into the exponent bits of a float; ``scale`` is room for that.

    ``out`` and ``scale`` are at least as long as ``power`` and share no memory with it. Within 3e-16 of the
    true value, relatively; exact for whole powers.
    """
    bits = scale.view(np.int64)
    for i in range(power.size):
        p = max(power[i], _LOWEST)
        k = np.floor(p + 0.5)
        f = p - k
        bits[i] = (np.int64(k) + 1023) << 52
        high = _E8 + f * (_E9 + f * (_E10 + f * (_E11 + f * (_E12 + f * _E13))))
        low = _E3 + f * (_E4 + f * (_E5 + f * (_E6 + f * (_E7 + f * high))))
        out[i] = _E0 + f * (_E1 + f * (_E2 + f * low))
    for i in range(power.size):
        out[i] *= scale[i]
