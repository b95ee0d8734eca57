"""Which single input matters? From the draws that were made: how far the outcome's mean moves with each input.

Draws are sorted by an input and cut into equal groups; the variance between the groups' means, less what chance
makes of it, is the share of the outcome's variance that would go if the input were known. Plischke, Borgonovo &
Smith 2013, *European Journal of Operational Research* 226, with the bias taken out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import fdtrc

from detente.lenses.summary import Array

SIGNIFICANCE = 0.01


class Shares(NamedTuple):
    """What each input explains of outcomes.

    Attributes:
        share: of the variance, unbiased, so it may lie a little below 0, shape (…, inputs).
        error: its standard error.
        matters: whether it is told: beyond chance, all inputs taken together (Holm, 1 %).
        means: mean outcome in each group, from the lowest to the highest values of the input, shape
            (…, inputs, groups).
    """

    share: Array
    error: Array
    matters: NDArray[np.bool_]
    means: Array


def groups(draws: int) -> int:
    """Return into how many groups so many draws are cut."""
    return max(2, int(np.rint(float(draws) ** 0.375)))


def order_of(u: Array) -> NDArray[np.intp]:
    """Return the order of the draws by each input, to be used for all outcomes; shape (inputs, draws).

    Args:
        u: the uniforms from which the inputs were drawn, shape (draws, inputs): values themselves have ties.
    """
    return np.argsort(np.ascontiguousarray(u.T), axis=1)


def shares(order: NDArray[np.intp], y: Array) -> Shares:
    """Return what each input explains of outcomes; all zeros where one never changes.

    Args:
        order: of the draws by each input, shape (inputs, draws).
        y: the outcomes, shape (…, draws).
    """
    (d, n), of, m = order.shape, y.shape[:-1], groups(y.shape[-1])
    cuts = np.linspace(0, n, m + 1).astype(int)
    size = np.diff(cuts)
    mean = y.mean(axis=-1).reshape(-1)
    r = y.reshape(-1, n).T - mean
    starts = np.append((n * np.arange(d)[:, None] + cuts[:-1]).ravel(), n * d)
    into = csr_array((np.ones(n * d), order.ravel(), starts), shape=(d * m, n))  # sums over groups of draws
    powers = (into @ np.concatenate([r, r**2, r**3], axis=1)).reshape(d, m, 3, -1) / size[:, None, None]
    first, second, third = (
        powers[:, :, k] for k in range(3)
    )  # means of groups, shape (inputs, groups, outcomes)
    total = (r**2).sum(axis=0)
    still = total <= 1e-12 * np.maximum(1.0, mean**2) * n
    total = np.where(still, 1.0, total)
    weight = size[:, None] / n
    explained = n * (weight * first**2).sum(axis=1)
    between, within = explained / (m - 1), np.maximum(0.0, total - explained) / (n - m)
    share = (m - 1) * (between - within) / total
    s = share[:, None]
    square = (4 + 2 * s) * first**2 * second - 3 * first**4 - 4 * s * first * third
    psi = (weight * square).sum(axis=1) + share**2 * (r**4).mean(axis=0)  # its second moment, times V²
    spread = psi * (n / total) ** 2 - (explained / total - share) ** 2
    error = np.sqrt(np.maximum(0.0, spread) / n + 2 * (m - 1) * (1 - share) ** 2 / n**2)
    ratio = np.divide(between, within, out=np.full(between.shape, np.inf), where=within > 0)
    chance = np.where(still, 1.0, fdtrc(m - 1, n - m, ratio)).T
    matters = np.array([holm(one) for one in chance])
    moved = (mean + first).transpose(2, 0, 1)
    share, error = (np.where(still, 0.0, one).T.reshape(*of, d) for one in (share, error))
    return Shares(share, error, matters.reshape(*of, d), moved.reshape(*of, d, m))


def holm(chance: Array, level: float = SIGNIFICANCE) -> NDArray[np.bool_]:
    """Return which of several tests hold together (Holm 1979, *Scandinavian Journal of Statistics* 6)."""
    count = len(chance)
    order = np.argsort(chance, kind="stable")
    passed = np.logical_and.accumulate(chance[order] <= level / (count - np.arange(count)))
    found = np.zeros(count, np.bool_)
    found[order[passed]] = True
    return found
