"""What is asked of one draw, and what does a search for the answer write on?

Every question is "minimise something convex over the packages that a winning coalition accepts":

    MARGIN    the greatest shortfall of a coalition's members: the negative of the margin
    IDEAL     the shortfall of one party
    FAIREST   the greatest shortfall of the parties, each divided by its share: egalitarian; Kalai–Smorodinsky
    SUM       the sum of the parties' shortfalls: utilitarian
    PRODUCT   minus the sum of the logarithms of the parties' gains: Nash
    LINEAR    one issue, or its negative: how far the zone reaches

Everything that a search notes is kept in a few tables of numbers, whose lines have names here: a compiled function
takes much longer to compile with each array that it is handed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.compiled_rule import Coded
from detente.lenses.winset.engine.simplex import COLUMNS, INVERSE

MARGIN, IDEAL, FAIREST, SUM, PRODUCT, LINEAR = 0, 1, 2, 3, 4, 5

# Lines of ``Work.voter``, one entry per voter.
ROLE = 0  # in a part of the search: UNDECIDED, MEMBER (must accept) or OUT (is not counted on)
HAS_PLANE = 1
PLACE = 2  # number of a party's height in the question, -1 for others
SHARE = 3  # its kappa
BEST_GAIN = 4  # most that a party can gain in the zone
LEAST_GAIN = 5  # at which a logarithm has been bounded; in trials, the toll of a voter's shortfalls
SHORT = 6  # shortfall at the package looked at
GAIN = 7  # margin there, red lines counted
WEIGHT = 8  # in a proof
LISTED = 9  # numbers of those with a weight
LISTED_WEIGHT = 10
FLAG = 11
PRICES, ROOMS, PRICE_STEPS, ROOM_STEPS = 12, 14, 16, 18  # two lines each, see ``interior``
UNDECIDED, MEMBER, OUT = 0.0, 1.0, 2.0

# Lines of ``Work.issue``, one entry per issue.
X = 0  # the package looked at
TURN = 1  # the package that a proof turns on
BEST = 2  # the best package found
LOW, HIGH = 3, 4  # box of a part: red lines, levels
LOW_KEPT, HIGH_KEPT = 5, 6  # the box in which members could accept at all
LINEAR_PART = 7  # of the objective
SKETCH = 8
PRICE_LOW, PRICE_HIGH = 9, 10  # of the ends of the box, see ``interior``

# Entries of ``Work.tally``.
FOUND = 0  # objective of the best package
DONE = 1  # least bound of the parts that are done with
ROOT = 2  # bound of the first part
PLANES, ROWS, NODES, PROGRAMS, PIVOTS = 3, 4, 5, 6, 7  # counts

# Columns of ``Work.plane``: whose, value at 0, slope.
OF, OFFSET, SLOPE = 0, 1, 2
PLANES_KEPT = 400

# Lines of ``Work.node``, one entry per node of the rule; of ``Work.part``, as long as the widest node.
MET, SURE, LEVEL = 0, 1, 2
ORDERED, CARRIED = 0, 1


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
    """Room to work in, reused from draw to draw; tables whose lines are named above.

    Attributes:
        plane: planes below voters' shortfalls, kept over all questions about a draw.
        row: rows of the program of the question, see ``simplex``.
        simplex: its vertex, see ``simplex``.
        voter: a line per kind of number.
        issue: the same.
        aside: parts of the search put aside: roles, then the box.
        node: room for rules.
        part: the same.
        tally: counts and records.
    """

    plane: Array
    row: Array
    simplex: Array
    voter: Array
    issue: Array
    aside: Array
    node: Array
    part: Array
    tally: Array


def workspace(voters: int, issues: int, heights: int, rule: Coded, splits: int) -> Work:
    """Return room for one thread.

    Args:
        voters: V.
        issues: d.
        heights: most that any question has.
        rule: the rule.
        splits: how often discrete issues can be split at most.
    """
    unknowns = issues + heights
    widest = int((rule.node[:, 2] - rule.node[:, 1]).max())
    return Work(
        plane=np.zeros((PLANES_KEPT, SLOPE + issues)),
        row=np.zeros((60 * unknowns + 12 * voters + 4 * PLANES_KEPT, COLUMNS + issues)),
        simplex=np.zeros((INVERSE + unknowns, unknowns)),
        voter=np.zeros((ROOM_STEPS + 2, voters)),
        issue=np.zeros((PRICE_HIGH + 1, issues)),
        aside=np.zeros((2 * (voters + splits) + 4, voters + 2 * issues)),
        node=np.zeros((LEVEL + 1, len(rule.node))),
        part=np.zeros((CARRIED + 1, max(widest, 1))),
        tally=np.zeros(PIVOTS + 1),
    )
