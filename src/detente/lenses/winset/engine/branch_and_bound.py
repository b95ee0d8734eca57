"""Over all winning coalitions and all levels of discrete issues: which package is best, and what bounds the rest?

Branch and bound (Land & Doig 1960) over voters, not over coalitions: a part of the search requires that some
accept and does not count on some others. Its members alone decide how good it can be. Where the package that suits
them fails the rule, one voter who objects is either not counted on any more, or required; whoever the rule cannot
do without is then required too. A rule of hundreds of winning coalitions often needs two or three parts.
"""

from __future__ import annotations

import math

import numpy as np

from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.bounding import (
    ANSWERED,
    LOST,
    OPEN,
    consider_rounded,
    explore,
    worst_member,
)
from detente.lenses.winset.engine.compiled import copy, inside, within
from detente.lenses.winset.engine.compiled_rule import Coded, mark_pivotal, wins
from detente.lenses.winset.engine.cutting_planes import EXACT, begin
from detente.lenses.winset.engine.losses import CARES, CEILING, FLOOR, WANTS, Sheet
from detente.lenses.winset.engine.workspace import (
    DONE,
    FLAG,
    GAIN,
    HIGH,
    HIGH_KEPT,
    LOW,
    LOW_KEPT,
    MARGIN,
    MEMBER,
    MET,
    NODES,
    OUT,
    ROLE,
    ROOT,
    SURE,
    UNDECIDED,
    Task,
    Work,
    X,
)

ALIVE, TOO_FAR, CONFLICT = 0, 1, 2
APART = 2e-9
"""Red lines further apart than this conflict: twice what ``losses.ON_THE_LINE`` forgives."""


@inside
def search(sheet: Sheet, rule: Coded, task: Task, work: Work) -> bool:
    """Answer a question; the caller has set roles, the box, ``X``, the record, and the places of parties.

    Returns:
        Whether everything was looked at: then no objective is below the lesser of ``FOUND`` and ``DONE``.
    """
    begin(task, work)
    work.tally[NODES] = 0
    aside, complete = _put_aside(0, work), True
    while aside > 0:
        aside -= 1
        _take_up(aside, work)
        fate = narrow(sheet, rule, task, work)
        if fate != ALIVE:
            _close(task.stop if fate == TOO_FAR and task.kind == MARGIN else np.inf, work)
            continue
        work.tally[NODES] += 1
        if work.tally[NODES] > task.nodes:
            _close(-np.inf, work)
            return False
        ended, bound = explore(sheet, rule, task, work)
        if work.tally[NODES] == 1:
            work.tally[ROOT] = bound
        if ended == ANSWERED:
            _close(-np.inf, work)
            return False
        if ended == OPEN:
            more = _split(sheet, rule, task, aside, work)
            if more > aside:
                aside = more
                continue
        complete = complete and ended != LOST
        _close(bound, work)
    return complete


@inside
def _close(bound: float, work: Work) -> None:
    work.tally[DONE] = min(work.tally[DONE], bound)


@inside
def _put_aside(at: int, work: Work) -> int:
    voters, issues = work.voter.shape[1], work.issue.shape[1]
    copy(work.aside[at, :voters], work.voter[ROLE])
    copy(work.aside[at, voters : voters + issues], work.issue[LOW])
    copy(work.aside[at, voters + issues :], work.issue[HIGH])
    return at + 1


@within
def _take_up(at: int, work: Work) -> None:
    voters, issues = work.voter.shape[1], work.issue.shape[1]
    copy(work.voter[ROLE], work.aside[at])
    copy(work.issue[LOW], work.aside[at, voters:])
    copy(work.issue[HIGH], work.aside[at, voters + issues :])


# --- what follows without any program ---------------------------------------------------------------------


@inside
def narrow(sheet: Sheet, rule: Coded, task: Task, work: Work) -> int:  # noqa: C901
    """Require whom the rule cannot do without, stop counting on whom the members leave no room; to the end.

    Returns:
        ``ALIVE``, or why nothing is left: ``CONFLICT`` between red lines or levels, ``TOO_FAR`` from one another.
    """
    voters, role = sheet.radius.size, work.voter[ROLE]
    copy(work.issue[LOW_KEPT], work.issue[LOW])
    copy(work.issue[HIGH_KEPT], work.issue[HIGH])
    changed, first = True, True
    while changed:
        changed = False
        for v in range(voters):
            if not first and role[v] == UNDECIDED and _clip(sheet, v, task, False, work) != ALIVE:
                role[v], changed = OUT, True
                if (
                    task.kind == MARGIN
                ):  # with it, margins stay below the tolerance: that is all that is known
                    _close(task.stop, work)
        for v in range(voters):
            work.voter[FLAG, v] = 0.0 if role[v] == OUT else 1.0
        if not wins(rule, work.voter[FLAG], work.node[MET]):
            return TOO_FAR
        for v in range(voters):
            work.voter[FLAG, v] = 0.0
            needed = role[v] == UNDECIDED and not wins(rule, work.voter[FLAG], work.node[MET])
            work.voter[FLAG, v] = 0.0 if role[v] == OUT else 1.0
            if needed:
                role[v], changed = MEMBER, True
            if needed or (first and role[v] == MEMBER):
                fate = _clip(sheet, v, task, True, work)
                if fate != ALIVE:
                    return fate
        fate = _box_left(sheet.levels, work)
        if fate != ALIVE:
            return fate
        changed, first = changed or first, False
    if task.kind != MARGIN:  # every acceptable package lies in the smaller box
        copy(work.issue[LOW], work.issue[LOW_KEPT])
        copy(work.issue[HIGH], work.issue[HIGH_KEPT])
    return ALIVE


@inside
def _clip(sheet: Sheet, v: int, task: Task, keep: bool, work: Work) -> int:
    """Cut the boxes to what a voter can accept at all, or only tell whether anything would be left."""
    issue = work.issue
    short_of = sheet.radius[v] + (task.stop if task.kind == MARGIN else task.slack + EXACT)
    if short_of < 0:
        return TOO_FAR
    for i in range(issue.shape[1]):
        floor = max(sheet.stance[v, FLOOR, i], issue[LOW, i])
        ceiling = min(sheet.stance[v, CEILING, i], issue[HIGH, i])
        if floor > ceiling + APART:
            return CONFLICT
        low, high = max(floor, issue[LOW_KEPT, i]), min(ceiling, issue[HIGH_KEPT, i])
        s, p = sheet.stance[v, CARES, i], sheet.stance[v, WANTS, i]
        if s > 0:
            reach = math.sqrt(short_of / s) if sheet.quadratic else short_of / s
            low, high = max(low, p - reach), min(high, p + reach)
        if low > high + APART:
            return TOO_FAR
        if keep:
            issue[LOW, i], issue[HIGH, i], issue[LOW_KEPT, i], issue[HIGH_KEPT, i] = floor, ceiling, low, high
    return ALIVE


@within
def _box_left(levels: Array, work: Work) -> int:
    """Shrink the boxes to the levels that they hold; tell what is left."""
    for line, fate in ((LOW, CONFLICT), (LOW_KEPT, TOO_FAR)):
        for i in range(work.issue.shape[1]):
            low, high = work.issue[line, i], work.issue[line + 1, i]
            if not np.isnan(levels[i, 0]):
                low, high = _snapped(levels, i, low, high)
            if low > high + APART:
                return fate
            if low > high:
                low = high = 0.5 * (low + high)
            work.issue[line, i], work.issue[line + 1, i] = low, high
    return ALIVE


@inside
def _snapped(levels: Array, i: int, low: float, high: float) -> tuple[float, float]:
    least, most = np.inf, -np.inf
    for k in range(levels.shape[1]):
        if low - APART <= levels[i, k] <= high + APART:  # never true of NaN
            least, most = min(least, levels[i, k]), max(most, levels[i, k])
    return least, most


# --- two parts for one ------------------------------------------------------------------------------------


@within
def _split(sheet: Sheet, rule: Coded, task: Task, aside: int, work: Work) -> int:
    """Put aside the two parts that a part falls into; return how many are aside then, no more where none does."""
    v, i = _objector(rule, task, work), -1
    if v < 0:
        consider_rounded(sheet, rule, task, work)
        i = _furthest_from_level(sheet.levels, work)
        if i < 0:
            return aside
    for side in range(2):
        if v >= 0:
            work.voter[ROLE, v] = MEMBER if side == 0 else OUT
        else:
            low, high = work.issue[LOW, i], work.issue[HIGH, i]
            if side == 0:
                work.issue[LOW, i] = work.issue[X, i]
            else:
                work.issue[HIGH, i] = work.issue[X, i]
        aside = _put_aside(aside, work)
        if v < 0:
            work.issue[LOW, i], work.issue[HIGH, i] = low, high
    return aside


@within
def _objector(rule: Coded, task: Task, work: Work) -> int:
    """Return the voter who could matter and objects most to the package looked at, or -1."""
    voters, role, flag = work.voter.shape[1], work.voter[ROLE], work.voter[FLAG]
    for v in range(voters):
        flag[v] = 1.0 if role[v] == MEMBER else 0.0
    wins(rule, flag, work.node[SURE])
    for v in range(voters):
        flag[v] = 0.0 if role[v] == OUT else 1.0
    wins(rule, flag, work.node[MET])
    mark_pivotal(rule, work.node[SURE], work.node[MET], flag)
    limit = max(worst_member(work), -task.stop) if task.kind == MARGIN else task.slack + EXACT
    found, most = -1, -np.inf
    for v in range(voters):
        objection = -work.voter[GAIN, v]
        if flag[v] == 1.0 and role[v] == UNDECIDED and objection >= limit and objection > most:
            found, most = v, objection
    return found


@within
def _furthest_from_level(levels: Array, work: Work) -> int:
    found, furthest = -1, 1e-9
    for i in range(levels.shape[0]):
        if np.isnan(levels[i, 0]) or work.issue[LOW, i] == work.issue[HIGH, i]:
            continue
        apart = np.inf
        for k in range(levels.shape[1]):
            if not np.isnan(levels[i, k]):
                apart = min(apart, abs(levels[i, k] - work.issue[X, i]))
        if apart > furthest:
            found, furthest = i, apart
    return found
