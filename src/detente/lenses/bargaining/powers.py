"""What are 2 to the power of many numbers, fast and the same on every machine?

Library functions differ from one system to the next in the last digit and take one number at a time; these
loops use only additions, multiplications and divisions of 64-bit floats, which the compiler turns into vector
instructions. Range reduction and series as in Muller 2016, *Elementary Functions*, 3rd ed., ch. 11.
"""

from __future__ import annotations

from math import log

import numpy as np

from detente.compiled import inside
from detente.lenses.bargaining.averages import Array

_LOWEST = -1000.0
_TAYLOR = [1.0]
for _k in range(1, 14):
    _TAYLOR.append(_TAYLOR[-1] * log(2.0) / _k)
_E0, _E1, _E2, _E3, _E4, _E5, _E6, _E7, _E8, _E9, _E10, _E11, _E12, _E13 = _TAYLOR
_ARTANH = [2.0 / (log(2.0) * (2 * _k + 1)) for _k in range(11)]
_L0, _L1, _L2, _L3, _L4, _L5, _L6, _L7, _L8, _L9, _L10 = _ARTANH
_FRACTION, _ONE, _ROOT = (1 << 52) - 1, 1023 << 52, 2.0**0.5


@inside
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


@inside
def log2(number: Array, out: Array, scale: Array) -> None:
    """Write log2 of ``number`` to ``out``, for normal numbers above 0.

    1. number = m · 2^k from the bits of the float, √½ ≤ m < √2; ``scale`` is room for that.
    2. ln m = 2 artanh s with s = (m − 1)/(m + 1), by its series up to s^21; the rest is below 1e-17.

    The arrays are as in :func:`exp2`. Within 3e-16 of the true value, relatively; exact for whole powers of 2.
    """
    bits_in, bits = number.view(np.int64), scale.view(np.int64)
    for i in range(number.size):
        out[i] = (bits_in[i] >> 52) - 1023
        bits[i] = (bits_in[i] & _FRACTION) | _ONE
    for i in range(number.size):
        large = scale[i] > _ROOT
        m = 0.5 * scale[i] if large else scale[i]
        s = (m - 1.0) / (m + 1.0)
        t = s * s
        high = _L5 + t * (_L6 + t * (_L7 + t * (_L8 + t * (_L9 + t * _L10))))
        series = s * (_L0 + t * (_L1 + t * (_L2 + t * (_L3 + t * (_L4 + t * high)))))
        out[i] = (out[i] + 1.0 if large else out[i]) + series
