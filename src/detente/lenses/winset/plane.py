"""Where do the win-sets of two issues lie, as outlines that can be drawn?

The margin of a rule, with the distance to red lines in it, is one continuous field over the plane; a win-set is
where it is at least 0. Rows across the plane are cut where the field crosses 0, and the cuts of neighbouring rows
that overlap are joined to outlines. For drawing only: whether there is a deal is never read off a grid.
"""

from __future__ import annotations

import numpy as np

from detente.case.thresholds import Node, margin
from detente.lenses.winset.deal import Array, Deal
from detente.show.record import Record

ROWS = 121
COLUMNS = 241

Points = tuple[tuple[float, float], ...]


class Region(Record):
    """A set of packages on two issues, by its outlines.

    Attributes:
        name: of the side, in words.
        actors: its members.
        outlines: polygons of points on the scales of the two issues; none when the set is empty.
    """

    name: str
    actors: tuple[str, ...]
    outlines: tuple[Points, ...]


class Plane(Record):
    """Win-sets on two issues alone, all inputs at their means.

    Attributes:
        issues: ids of the issue across and the issue upwards.
        sides: what each side would consent to.
        zone: what all of them would.
        frontier: packages of the zone that nobody can better without another losing, in order; few or none.
        solutions: name → package.
        no_deal: where the two end without a deal.
        ideals: actor → what it wants.
        probability: share of draws with a deal on the two alone.
    """

    issues: tuple[str, str]
    sides: tuple[Region, ...]
    zone: Region
    frontier: Points
    solutions: dict[str, tuple[float, float]]
    no_deal: tuple[float, float]
    ideals: dict[str, tuple[float, float]]
    probability: float


Run = tuple[float, float]
Outline = Points


def field(deal: Deal, rule: Node, x: Array, y: Array) -> Array:
    """Return the continuous margin of a rule over a plane.

    Args:
        deal: one draw (D = 1) of two issues.
        rule: over the deal's voters.
        x: values of the first issue, shape (X,), 0..1.
        y: values of the second, shape (Y,).

    Returns:
        shape (Y, X): at least 0 exactly where the rule's voters consent.
    """
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(1, -1, 2)
    gain = deal.radius[:, None, :] - deal.losses(grid)
    apart = grid[:, :, None, :]
    # A red line at the end of a scale excludes nothing, so being at the end is no lack of room.
    above = np.where(deal.floor[:, None] <= 0, np.inf, apart - deal.floor[:, None])
    below = np.where(deal.ceiling[:, None] >= 1, np.inf, deal.ceiling[:, None] - apart)
    room = np.minimum(above, below)
    margins = np.minimum(gain, room.min(axis=-1))
    found: Array = margin(rule, margins)[0].reshape(len(y), len(x))
    return found


def outlines(deal: Deal, rule: Node) -> tuple[Outline, ...]:
    """Return the outlines of a rule's win-set: polygons of points (x, y), 0..1, the parts of one set each.

    Args:
        deal: one draw (D = 1) of two issues.
        rule: over the deal's voters.
    """
    x, y = np.linspace(0, 1, COLUMNS), np.linspace(0, 1, ROWS)
    values = field(deal, rule, x, y)
    open_chains: list[list[tuple[float, Run]]] = []
    closed: list[list[tuple[float, Run]]] = []
    for at, row in zip(y.tolist(), values, strict=True):
        runs = _runs(x, row)
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


def _runs(x: Array, row: Array) -> list[Run]:
    """Return where a row of the field is at least 0, ends interpolated."""
    inside = row >= 0
    runs: list[Run] = []
    start: float | None = None
    for k in range(len(x)):
        if inside[k] and start is None:
            start = float(x[k]) if k == 0 else _crossing(x, row, k - 1)
        if start is not None and (not inside[k] or k == len(x) - 1):
            end = float(x[k]) if inside[k] else _crossing(x, row, k - 1)
            runs.append((start, end))
            start = None
    return runs


def _crossing(x: Array, row: Array, k: int) -> float:
    before, after = row[k], row[k + 1]
    if not (np.isfinite(before) and np.isfinite(after)):
        return float(x[k] if before >= 0 else x[k + 1])
    return float(x[k] + (x[k + 1] - x[k]) * before / (before - after))


def _overlap(first: Run, second: Run) -> bool:
    return first[0] <= second[1] and second[0] <= first[1]


def _common(first: Run, second: Run) -> Run:
    return max(first[0], second[0]), min(first[1], second[1])


def _outline(chain: list[tuple[float, Run]]) -> Outline:
    left = [(run[0], at) for at, run in chain]
    right = [(run[1], at) for at, run in reversed(chain)]
    return tuple(dict.fromkeys([*left, *right]))


def area(outline: Outline) -> float:
    """Return the area of a polygon, as a share of the plane."""
    points = np.array(outline)
    if len(points) < 3:
        return 0.0
    x, y = points[:, 0], points[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)
