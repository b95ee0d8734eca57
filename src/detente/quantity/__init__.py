"""HOW SURE A NUMBER IS: exact, normal, interval, triangular, or what several experts said.

A `Quantity` is parsed from what an analyst writes (``40``, ``40 ± 10``, ``20..60``, ``20..35..60``,
``[30, 45 ± 5, 20..60]``), prints back the same, knows its mean, standard deviation and quantiles, and is
sampled by its place in the case, so that a draw never depends on what else the case contains.
"""

from detente.quantity.correlation import RankCorrelation
from detente.quantity.quantity import Quantity, parse
from detente.quantity.table import QuantityTable

__all__ = ["Quantity", "QuantityTable", "RankCorrelation", "parse"]
