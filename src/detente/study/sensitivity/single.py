"""Which single input matters? From the draws that were made: how far the outcome's mean moves with each input.

Draws are sorted by an input and cut into equal groups; the variance between the groups' means, less what chance
makes of it, is the share of the outcome's variance that would go if the input were known. Plischke, Borgonovo &
Smith 2013, *European Journal of Operational Research* 226, with the bias taken out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

from detente.lenses.summary import Array

SIGNIFICANCE = 0.01


class Shares(NamedTuple):
    """What each input explains of one outcome.

    Attributes:
        share: of the outcome's variance, unbiased, so it may lie a little below 0, shape (inputs,).
        error: its standard error.
        matters: whether it is told: beyond chance, all inputs taken together (Holm, 1 %).
        means: mean outcome in each group, from the lowest to the highest values of the input, shape
            (inputs, groups).
    """

    share: Array
    error: Array
    matters: NDArray[np.bool_]
    means: Array


def groups(draws: int) -> int:
    """Return into how many groups so many draws are cut."""
    return max(2, int(np.rint(float(draws) ** 0.375)))


def order_of(u: Array) -> NDArray[np.intp]:
    """Return the order of the draws by each input, to be used for all outcomes; shape (draws, inputs).

    Args:
        u: the uniforms from which the inputs were drawn: values themselves have ties.
    """
    return np.argsort(u, axis=0, kind="stable")


def shares(order: NDArray[np.intp], y: Array) -> Shares:
    """Return what each input explains of an outcome; all zeros where the outcome never changes.

    Args:
        order: of the draws by each input, shape (draws, inputs).
        y: the outcome, shape (draws,).
    """
    n, d = order.shape
    m = groups(n)
    mean, total = float(y.mean()), float(((y - y.mean()) ** 2).sum())
    if total <= 1e-12 * max(1.0, mean * mean) * n:
        return Shares(np.zeros(d), np.zeros(d), np.zeros(d, np.bool_), np.full((d, m), mean))
    cuts = np.linspace(0, n, m + 1).astype(int)
    sizes = np.diff(cuts)
    ordered = y[order]
    sums = np.add.reduceat(ordered, cuts[:-1], axis=0)
    means = sums / sizes[:, None]
    between = (sizes[:, None] * (means - mean) ** 2).sum(axis=0)
    within = np.maximum(0.0, total - between)
    ms_between, ms_within = between / (m - 1), within / (n - m)
    share = (m - 1) * (ms_between - ms_within) / total
    variance = total / n
    centred = np.repeat(means - mean, sizes, axis=0)
    rest = ordered - mean
    psi = (centred**2 + 2 * centred * (rest - centred)) / variance - share * rest**2 / variance
    error = np.sqrt(psi.var(axis=0) / n + 2 * (m - 1) * (1 - share) ** 2 / n**2)
    ratio = np.divide(ms_between, ms_within, out=np.full(d, np.inf), where=ms_within > 0)
    chance = fdtrc(m - 1, n - m, ratio)
    return Shares(share, error, holm(chance), means.T)


def holm(chance: Array, level: float = SIGNIFICANCE) -> NDArray[np.bool_]:
    """Return which of several tests hold together (Holm 1979, *Scandinavian Journal of Statistics* 6)."""
    count = len(chance)
    order = np.argsort(chance, kind="stable")
    passed = chance[order] <= level / (count - np.arange(count))
    first = int(np.argmin(passed)) if not passed.all() else count
    found = np.zeros(count, np.bool_)
    found[order[:first]] = True
    return found
