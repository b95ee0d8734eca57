"""How good a package is found without a proof? The best coalition of a package, its best package, and again."""

from __future__ import annotations

from time import monotonic

import numpy as np

from detente.case.thresholds import Agreed, Node, margin, wins
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.exact.piece import Piece, best_margin

STEPS = 12


def trimmed(rule: Node, margins: Array) -> Agreed | None:
    """Return a minimal winning coalition of those with the greatest margins, shape (V,); ``None`` if none wins.

    Args:
        rule: the rule.
        margins: shape (V,), at one package.
    """
    level = float(margin(rule, margins))
    if level == -np.inf:
        return None
    coalition = np.asarray(margins >= level)
    for v in np.argsort(margins, kind="stable"):
        if coalition[v]:
            coalition[v] = False
            coalition[v] = not wins(rule, coalition)
    return coalition


def ascend(deal: Deal, until: float) -> Array | None:
    """Return a package with a high margin of the rule, or ``None`` where no start is within red lines.

    Args:
        deal: one draw.
        until: when to stop, as told by ``monotonic``.
    """
    starts = _starts(deal)
    found = margin(deal.rule, deal.margins(starts[None])[0])
    best = int(np.argmax(found))
    if found[best] == -np.inf:
        return None
    package: Array = starts[best]
    value = float(found[best])
    for _ in range(STEPS):
        coalition = trimmed(deal.rule, deal.margins(package[None, None])[0, 0])
        if coalition is None or monotonic() > until:
            break
        better = best_margin(Piece(deal, coalition)).package
        if better is None:
            break
        gained = float(margin(deal.rule, deal.margins(better[None, None])[0, 0]))
        if gained <= value + 1e-12:
            break
        package, value = better, gained
    return package


def _starts(deal: Deal) -> Array:
    """Return packages to start from, shape (n, d): the middle, no deal, ideals, and half-way to them."""
    own = deal.salience[0] > 0
    ideal = np.where(own, deal.ideal[0], 0.5)
    middle = np.median(ideal, axis=0)
    tied = np.clip(middle, deal.floor[0].max(axis=0, initial=0.0), deal.ceiling[0].min(axis=0, initial=1.0))
    starts = np.vstack([middle, tied, deal.no_deal[0], ideal, (ideal + middle) / 2])
    starts = np.clip(np.where(np.isnan(starts), middle, starts), 0.0, 1.0)
    for i, levels in enumerate(deal.levels):
        if levels is not None:
            starts[:, i] = levels[np.argmin(np.abs(levels - starts[:, i, None]), axis=1)]
    return starts
