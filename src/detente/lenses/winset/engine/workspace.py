"""What is asked of one draw, and what does a search for the answer write on?

Every question is "minimise something convex over the packages that a winning coalition accepts":

    MARGIN    the greatest shortfall of a coalition's members: the negative of the margin
    IDEAL     the shortfall of one party
    FAIREST   the greatest shortfall of the parties, each divided by its share: egalitarian; Kalai–Smorodinsky
    SUM       the sum of the parties' shortfalls: utilitarian
    PRODUCT   minus the sum of the logarithms of the parties' gains: Nash
    LINEAR    one issue, or its negative: how far the zone reaches

A search notes what it knows in a few tables of records, one record per voter, issue, unknown and so on: a compiled
function takes much longer to compile with each array that it is handed, and little longer with each field.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.compiled_rule import Coded

MARGIN, IDEAL, FAIREST, SUM, PRODUCT, LINEAR = 0, 1, 2, 3, 4, 5
UNDECIDED, MEMBER, OUT = 0, 1, 2
"""Roles in a part of the search: undecided, must accept, is not counted on."""
PLANES_KEPT = 400
MEMBERS, PARTIES = 0, 1
"""Conditions of a voter, see ``interior_point``: as a member, as a party."""

Records = Any
"""An array of records; mypy knows no fields of one."""


def _record(whole: str, real: str) -> np.dtype[np.void]:
    return np.dtype(
        [(name, np.int64) for name in whole.split()] + [(name, np.float64) for name in real.split()]
    )


VOTER = _record("role has_plane place flag listed", "share best_gain least_gain short gain weight")
"""Of a voter: its role; whether it has a plane; ``place`` of a party's height in the question, -1 for others;
``share``, its kappa; the most that a party can gain in the zone; the gain at which a logarithm has been
bounded; shortfall and gain at the package looked at, red lines counted
in the gain; weight in a proof. ``flag`` is room for coalitions, ``listed`` of the k-th record the number of the
k-th voter with a weight."""
CONDITION = _record("", "price room price_step room_step")
"""Of a voter's condition: its price and its room, and a step of each."""
ISSUE = _record("", "x turn best low high low_kept high_kept linear price_low price_high")
"""Of an issue: its value in the package looked at, in the one that a proof turns on, in the best found; the box
of a part (red lines, levels) and the box, *kept*, in which members could accept at all; the linear part of the
objective; the prices of the ends of the box."""
UNKNOWN = _record("basis", "cost least most point price alpha")
"""Of an unknown of the program, a value of the package or a height: cost, bounds, value at the vertex. Of a
place in the basis: what holds there with equality (j < n for the least of unknown j, n + j for its most, 2n + r
for row r), its price, and the entering row in terms of it."""
PLANE = _record("voter", "offset")
ROW = _record("height whose used", "kappa rhs shift")
"""Of a row: its height, -1 without one; whose it is; whether it counts in the present part; the height's
coefficient; the right side, and what of that is the question's."""
NODE = _record("met sure", "level")
PART = _record("carried", "ordered")
TALLY = _record("planes rows nodes pivots", "found done root")
"""Counts; the objective of the best package; the least bound of the parts done with; the bound of the first
part."""


class Task(NamedTuple):
    """One question about one draw.

    Attributes:
        kind: of the objective, see the module.
        heights: how many heights θ its program has.
        slack: shortfall that still counts as consent.
        stop: MARGIN only: a margin above it, or proof that none is above its negative, is answer enough.
        nodes: how many parts of the search may be looked at.
    """

    kind: int
    heights: int
    slack: float
    stop: float
    nodes: int


class Work(NamedTuple):
    """Room to work in, reused from draw to draw; tables of records whose fields are told above.

    Attributes:
        plane: planes below voters' shortfalls, kept over all questions about a draw; ``plane_slope`` (…, d).
        plane_slope: see ``plane``.
        row: rows of the program of the question, see ``simplex``; ``row_slope`` (…, d).
        row_slope: see ``row``.
        unknown: of the program.
        inverse: of the matrix of the normals of its basis.
        voter: (V,).
        condition: (V, 2).
        issue: (d,).
        aside: parts of the search put aside: roles, then the box.
        node: of the rule.
        part: as many as the widest node has.
        tally: one record of counts.
    """

    plane: Records
    plane_slope: Array
    row: Records
    row_slope: Array
    unknown: Records
    inverse: Array
    voter: Records
    condition: Records
    issue: Records
    aside: Array
    node: Records
    part: Records
    tally: Records


class SmoothWork(Work):
    """Room for quadratic losses: of another type, so that what only they need is compiled only for them."""


def workspace(voters: int, issues: int, heights: int, rule: Coded, splits: int, *, quadratic: bool) -> Work:
    """Return room for one thread.

    Args:
        voters: V.
        issues: d.
        heights: most that any question has.
        rule: the rule.
        splits: how often discrete issues can be split at most.
        quadratic: the form of the loss.
    """
    unknowns = issues + heights
    widest = int((rule.node[:, 2] - rule.node[:, 1]).max())
    rows = 60 * unknowns + 12 * voters + 4 * PLANES_KEPT
    return (SmoothWork if quadratic else Work)(
        plane=np.zeros(PLANES_KEPT, PLANE),
        plane_slope=np.zeros((PLANES_KEPT + 1, issues)),
        row=np.zeros(rows, ROW),
        row_slope=np.zeros((rows, issues)),
        unknown=np.zeros(unknowns, UNKNOWN),
        inverse=np.zeros((unknowns, unknowns)),
        voter=np.zeros(voters, VOTER),
        condition=np.zeros((voters, 2), CONDITION),
        issue=np.zeros(issues, ISSUE),
        aside=np.zeros((2 * (voters + splits) + 4, voters + 2 * issues)),
        node=np.zeros(len(rule.node), NODE),
        part=np.zeros(max(widest, 1), PART),
        tally=np.zeros(1, TALLY),
    )
