"""How well is a share known that was counted in so many cases? Wilson's interval, which holds at 0 and 1 too.

Wilson 1927, *Journal of the American Statistical Association* 22:209–212.
"""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054


def wilson(yes: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Return the interval of a share, 95 % by default, that was seen in ``yes`` of n cases; of none it is 0 to 1.

    >>> [round(end, 4) for end in wilson(0, 100)]
    [0.0, 0.037]
    """
    if n == 0:
        return 0.0, 1.0
    p = yes / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if yes == 0 else max(0.0, middle - half)
    high = 1.0 if yes == n else min(1.0, middle + half)
    return low, high
