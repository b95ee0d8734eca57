"""Where do the win-sets of two issues lie, as outlines that can be drawn, and what lies there?

The most contested issues, or those the case names. The margin of a rule, with the distance to red lines in it, is
one continuous field over the plane; a win-set is where it is at least 0. Rows across the plane are cut where the
field crosses 0, and the cuts of neighbouring rows that overlap are joined to outlines. For drawing only: whether
there is a deal is never read off a grid.
"""

from __future__ import annotations

import numpy as np

from detente.case.thresholds import Node, margin, voters
from detente.errors import CaseError, Problem, did_you_mean
from detente.lenses.winset.agreements import Plane, Points, Region
from detente.lenses.winset.answers import Blockers
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.engine import DEAL, NAMES, solution, verdicts
from detente.lenses.winset.frontier import frontier
from detente.lenses.winset.solve import heard, parties
from detente.lenses.winset.unblock.two_level import sides_of
from detente.lenses.winset.view import WinsetView

X, Y = np.linspace(0, 1, 241), np.linspace(0, 1, 121)

Run = tuple[float, float]


def plane(view: WinsetView, blocked: Blockers | None, draws: Array) -> Plane | None:
    """Return the map of two issues, all inputs at their means; ``None`` where there are not two.

    Args:
        view: the case as the lens reads it.
        blocked: who stands in the way of the leading deal.
        draws: rows of numbers in which its probability is sought.

    Raises:
        CaseError: the case names issues for it that cannot be part of a deal.
    """
    pair = view.options.map or _contested(view, blocked)
    if pair is None:
        return None
    unknown = [issue for issue in pair if issue not in view.issues]
    if unknown or pair[0] == pair[1]:
        hint = did_you_mean(unknown[0], view.issues) if unknown else "name two different issues"
        raise CaseError([Problem("no two issues of deals to draw", "options.winset.map", hint=hint)])
    terms, names = view.terms("map", "map", pair), view.names
    deal = view.deal(terms, view.table.means[None, :])
    if deal.tables:  # settlements that are valued one by one have no areas between them
        return None
    who = parties(deal)
    found = verdicts(deal, greatest=True)
    solved: dict[str, Array] = {}
    curve: Array = np.empty((0, 2))
    if found.status[0] == DEAL and who:
        named = {name: solution(deal, found, who, name) for name in NAMES}
        solved = {name: at for name, at in named.items() if at is not None}
        efficient = frontier(deal, who) if len(who) == 2 else None
        curve = curve if efficient is None else efficient
    over = field(deal, X, Y)
    return Plane(
        issues=pair,
        sides=tuple(_region(deal, name, rule, over) for name, rule in sides_of(deal, names)),
        zone=_region(deal, "", terms.rule, over),
        frontier=tuple(_at(deal, point) for point in curve),
        solutions={name: _at(deal, at) for name, at in solved.items()},
        no_deal=_at(deal, deal.no_deal[0]),
        ideals={deal.actor(v): _at(deal, deal.ideal[0, v]) for v in reversed(who)},
        probability=float((verdicts(view.deal(terms, draws)).status == DEAL).mean()),
    )


def _contested(view: WinsetView, blocked: Blockers | None) -> tuple[str, str] | None:
    """Return the two issues of the leading package on which most conflicts turn and wishes lie furthest apart."""
    terms = view.deals[0]
    if len(terms.issues) < 2:
        return None
    deal = view.deal(terms, view.table.means[None, :])
    who = [v for v in voters(terms.rule) if heard(deal)[v]] or list(voters(terms.rule))
    weight = np.zeros(len(terms.issues))
    if blocked is not None:
        for conflict in blocked.conflicts:
            for demand in conflict.demands:
                if demand.issue is not None:
                    weight[terms.issues.index(demand.issue)] += conflict.share
    weight += np.ptp(deal.ideal[0, who], axis=0)  # at most 1: it decides among equals
    first, second = sorted(np.argsort(-weight, kind="stable")[:2].tolist())
    return terms.issues[first], terms.issues[second]


def _region(deal: Deal, name: str, rule: Node, over: Array) -> Region:
    drawn = tuple(tuple(_at(deal, np.array(point)) for point in one) for one in outlines(deal, rule, over))
    actors = tuple(dict.fromkeys(deal.actor(v) for v in voters(rule)))
    return Region(name=name, actors=actors, outlines=drawn)


def _at(deal: Deal, point: Array) -> tuple[float, float]:
    return deal.on_scale(0, point[0]), deal.on_scale(1, point[1])


def field(deal: Deal, x: Array, y: Array) -> Array:
    """Return the continuous margins of all voters over a plane.

    Args:
        deal: one draw (D = 1) of two issues.
        x: values of the first issue, shape (X,), 0..1.
        y: values of the second, shape (Y,).

    Returns:
        shape (Y, X, V): at least 0 exactly where a voter consents.
    """
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(1, -1, 2)
    gain = deal.radius[:, None, :] - deal.losses(grid)
    apart = grid[:, :, None, :]
    # A red line at the end of a scale excludes nothing, so being at the end is no lack of room.
    above = np.where(deal.floor[:, None] <= 0, np.inf, apart - deal.floor[:, None])
    below = np.where(deal.ceiling[:, None] >= 1, np.inf, deal.ceiling[:, None] - apart)
    room = np.minimum(above, below)
    return np.asarray(np.minimum(gain, room.min(axis=-1)).reshape(len(y), len(x), deal.voters))


def outlines(deal: Deal, rule: Node, over: Array | None = None) -> tuple[Points, ...]:
    """Return the outlines of a rule's win-set: polygons of points (x, y), 0..1, the parts of one set each.

    Args:
        deal: one draw (D = 1) of two issues.
        rule: over the deal's voters.
        over: the deal's `field` over ``X`` and ``Y``, where it is known.
    """
    values = margin(rule, field(deal, X, Y) if over is None else over)
    open_chains: list[list[tuple[float, Run]]] = []
    closed: list[list[tuple[float, Run]]] = []
    for at, row in zip(Y.tolist(), values, strict=True):
        runs = _runs(row)
        going: list[list[tuple[float, Run]]] = []
        for run in runs:
            touching = [chain for chain in open_chains if _overlap(chain[-1][1], run)]
            followed = sum(_overlap(touching[0][-1][1], other) for other in runs) if touching else 0
            if len(touching) == 1 and followed == 1:  # neither parted nor joined
                open_chains.remove(touching[0])
                going.append([*touching[0], (at, run)])
            else:
                neck = [(chain[-1][0], _common(chain[-1][1], run)) for chain in touching[:1]]
                going.append([*neck, (at, run)])
        closed += open_chains
        open_chains = going
    return tuple(_outline(chain) for chain in (*closed, *open_chains))


def _runs(row: Array) -> list[Run]:
    """Return where a row of the field is at least 0, ends interpolated."""
    inside = np.concatenate([[False], row >= 0, [False]])
    first = np.flatnonzero(inside[1:] & ~inside[:-1])
    last = np.flatnonzero(inside[:-1] & ~inside[1:]) - 1
    return [
        (
            float(X[a]) if a == 0 else _crossing(row, a - 1),
            float(X[b]) if b == len(X) - 1 else _crossing(row, b),
        )
        for a, b in zip(first.tolist(), last.tolist(), strict=True)
    ]


def _crossing(row: Array, k: int) -> float:
    before, after = row[k], row[k + 1]
    if not (np.isfinite(before) and np.isfinite(after)):
        return float(X[k] if before >= 0 else X[k + 1])
    return float(X[k] + (X[k + 1] - X[k]) * before / (before - after))


def _overlap(first: Run, second: Run) -> bool:
    return first[0] <= second[1] and second[0] <= first[1]


def _common(first: Run, second: Run) -> Run:
    return max(first[0], second[0]), min(first[1], second[1])


def _outline(chain: list[tuple[float, Run]]) -> Points:
    left = [(run[0], at) for at, run in chain]
    right = [(run[1], at) for at, run in reversed(chain)]
    return tuple(dict.fromkeys([*left, *right]))
