"""Which package is a named solution of a single draw, what it leaves over raised in turn?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from detente.case.thresholds import Voter, all_of
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.engine.many_draws import DEAL, NEAR, Verdicts, solutions, verdicts, with_twins
from detente.lenses.winset.engine.ties import fairest_of_equal_sums


def solution(deal: Deal, found: Verdicts, parties: Sequence[int], name: str) -> Array | None:
    """Return the package of a named solution of a deal of one draw, shape (d,); ``None`` where there is none.

    Of several egalitarian or Kalai–Smorodinsky packages it is the one with the greatest second least gain, and
    so on (Imai 1983, *Individual monotonicity and lexicographic maxmin solution*): no party is left with less
    than it could have at nobody's cost. Of several with the greatest sum it is the fairest.
    """
    if deal.issues > 1 and name in ("egalitarian", "kalai_smorodinsky") and found.status[0] == DEAL:
        return _raised_in_turn(deal, parties, name)
    packages = solutions(deal, found, parties, [name])[name]
    if name == "utilitarian":
        packages = fairest_of_equal_sums(deal, parties, packages)
    return None if np.isnan(packages).any() else packages[0]


def _raised_in_turn(deal: Deal, parties: Sequence[int], name: str) -> Array | None:
    """Raise the least gain; hold who can gain no more while the others keep theirs; raise the rest on."""
    everyone = list(dict.fromkeys(parties))
    together = replace(deal, rule=all_of(deal.rule, *(Voter(k) for k in everyone)))
    own = [k for k in everyone if deal.radius[0, k] < np.inf]
    scale = dict.fromkeys(own, 1.0)
    if name == "kalai_smorodinsky":
        scale = {k: most(together, {}, {k: 1.0})[1] for k in own}
        own = [k for k in own if scale[k] > TOLERANCE]
    held: dict[int, float] = {}
    package = most(together, {}, {})[0] if not own else None
    while len(held) < len(own):
        free = {k: scale[k] for k in own if k not in held}
        package, level = most(together, held, free)
        if package is None:
            return None
        kept = held | {k: level * scale[k] for k in free}
        gains = together.margins(package[None, None])[0, 0]
        short = [k for k in free if gains[k] / scale[k] - level <= 10 * NEAR]  # others have room, as seen
        room = {k: most(together, kept, {k: scale[k]})[1] - level for k in short}
        # Some party of a convex zone has no room; of other zones the one with the least is held.
        stuck = [k for k in short if room[k] <= 10 * NEAR]
        if not stuck:
            room |= {k: most(together, kept, {k: scale[k]})[1] - level for k in free if k not in room}
            stuck = [min(free, key=room.__getitem__)]
        held |= {k: kept[k] for k in stuck}
    return package


def most(deal: Deal, held: dict[int, float], free: dict[int, float]) -> tuple[Array | None, float]:
    """Return the package with the greatest least gain of some parties while others keep theirs, and that gain.

    Args:
        deal: one draw.
        held: voter → what it gains at least.
        free: voter → unit in which its gain is measured.

    Returns:
        The package, shape (d,), and the least gain in those units; ``None`` and ``-inf`` where there is none.
    """
    rows = [*held, *free]
    kept = np.array([*held.values(), *(0.0 for _ in free)])
    both, twins = with_twins(deal, rows, 1.0 / np.array([*(1.0 for _ in held), *free.values()]), kept)
    both = replace(both, rule=all_of(deal.rule, *(Voter(k) for k in twins[: len(held)])))
    found = verdicts(both, acceptance="weak")
    if found.status[0] != DEAL:
        return None, -np.inf
    chosen = twins[len(held) :]
    package = solutions(both, found, chosen, ["egalitarian"])["egalitarian"]
    if np.isnan(package).any():
        return None, -np.inf
    gains = both.radius - both.losses(package[:, None])[:, 0]
    return package[0], float(gains[0, chosen].min(initial=np.inf))
