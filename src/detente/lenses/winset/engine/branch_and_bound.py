"""Over all winning coalitions and all levels of discrete issues: which package is best, and what bounds the rest?

Branch and bound (Land & Doig 1960) over voters, not over coalitions: a part of the search requires that some
accept and does not count on some others. Its members alone decide how good it can be. Where the package that suits
them fails the rule, one voter who objects is either not counted on any more, or required; whoever the rule cannot
do without is then required too. A rule of hundreds of winning coalitions often needs two or three parts.
"""

from __future__ import annotations

import math

import numpy as np

from detente.compiled import inside, within
from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.bounding import (
    ANSWERED,
    LOST,
    OPEN,
    consider_rounded,
    explore,
    worst_member,
)
from detente.lenses.winset.engine.compiled_rule import Coded, mark_pivotal, wins
from detente.lenses.winset.engine.cutting_planes import EXACT, begin
from detente.lenses.winset.engine.losses import Sheet
from detente.lenses.winset.engine.workspace import LINEAR, MARGIN, MEMBER, OUT, UNDECIDED, Task, Work

ALIVE, TOO_FAR, CONFLICT = 0, 1, 2
APART = 2e-9
"""Red lines further apart than this conflict: twice what ``losses.ON_THE_LINE`` forgives."""


@inside
def search(sheet: Sheet, rule: Coded, task: Task, work: Work) -> bool:
    """Answer a question; the caller has set roles, the box, ``x``, the record, and the places of parties.

    Returns:
        Whether everything was looked at: then no objective is below the lesser of ``found`` and ``done``.
    """
    tally = work.tally[0]
    begin(task, work)
    tally.nodes = 0
    aside, complete = _put_aside(0, work), True
    while aside > 0:
        aside -= 1
        _take_up(aside, work)
        fate = narrow(sheet, rule, task, work)
        if fate != ALIVE:
            tally.done = min(tally.done, task.stop if fate == TOO_FAR and task.kind == MARGIN else np.inf)
            continue
        tally.nodes += 1
        if tally.nodes > task.nodes:
            tally.done = -np.inf
            return False
        ended, bound = explore(sheet, rule, task, work)
        if tally.nodes == 1:
            tally.root = bound
        if ended == ANSWERED:
            tally.done = -np.inf
            return False
        if ended == OPEN:
            more = _split(sheet, rule, task, aside, work)
            if more > aside:
                aside = more
                continue
        complete = complete and ended != LOST
        tally.done = min(tally.done, bound)
    return complete


@inside
def _put_aside(at: int, work: Work) -> int:
    voters, issues = work.voter.size, work.issue.size
    for v in range(voters):
        work.aside[at, v] = work.voter[v].role
    for i in range(issues):
        work.aside[at, voters + i], work.aside[at, voters + issues + i] = (
            work.issue[i].low,
            work.issue[i].high,
        )
    return at + 1


@within
def _take_up(at: int, work: Work) -> None:
    voters, issues = work.voter.size, work.issue.size
    for v in range(voters):
        work.voter[v].role = int(work.aside[at, v])
    for i in range(issues):
        work.issue[i].low, work.issue[i].high = (
            work.aside[at, voters + i],
            work.aside[at, voters + issues + i],
        )


# --- what follows without any program ---------------------------------------------------------------------


@inside
def narrow(sheet: Sheet, rule: Coded, task: Task, work: Work) -> int:  # noqa: C901
    """Require whom the rule cannot do without, stop counting on whom the members leave no room; to the end.

    Returns:
        ``ALIVE``, or why nothing is left: ``CONFLICT`` between red lines or levels, ``TOO_FAR`` from one another.
    """
    voters, voter, flag, met = sheet.radius.size, work.voter, work.voter.flag, work.node.met
    for i in range(work.issue.size):
        at = work.issue[i]
        if task.kind == LINEAR and not np.isnan(sheet.levels[i, 0]):  # only a level beyond the record helps
            if at.linear > 0:
                at.high = min(at.high, work.tally[0].found - 2 * APART)
            elif at.linear < 0:
                at.low = max(at.low, 2 * APART - work.tally[0].found)
        at.low_kept, at.high_kept = at.low, at.high
    changed, first = True, True
    while changed:
        changed = False
        for v in range(voters):
            if not first and voter[v].role == UNDECIDED and _clip(sheet, v, task, False, work) != ALIVE:
                voter[v].role, changed = OUT, True
                if (
                    task.kind == MARGIN
                ):  # with it, margins stay below the tolerance: that is all that is known
                    work.tally[0].done = min(work.tally[0].done, task.stop)
        for v in range(voters):
            flag[v] = 0 if voter[v].role == OUT else 1
        if not wins(rule, flag, met):
            return TOO_FAR
        for v in range(voters):
            flag[v] = 0
            needed = voter[v].role == UNDECIDED and not wins(rule, flag, met)
            flag[v] = 0 if voter[v].role == OUT else 1
            if needed:
                voter[v].role, changed = MEMBER, True
            if needed or (first and voter[v].role == MEMBER):
                fate = _clip(sheet, v, task, True, work)
                if fate != ALIVE:
                    return fate
        fate = _box_left(sheet.levels, work)
        if fate != ALIVE:
            return fate
        changed, first = changed or first, False
    if task.kind != MARGIN:  # every acceptable package lies in the smaller box
        for i in range(work.issue.size):
            at = work.issue[i]
            at.low, at.high = at.low_kept, at.high_kept
    return ALIVE


@inside
def _clip(sheet: Sheet, v: int, task: Task, keep: bool, work: Work) -> int:
    """Cut the boxes to what a voter can accept at all, or only tell whether anything would be left."""
    short_of = sheet.radius[v] + (task.stop if task.kind == MARGIN else task.slack + EXACT)
    if short_of < 0:
        return TOO_FAR
    for i in range(work.issue.size):
        at, stance = work.issue[i], sheet.stance[v, i]
        floor, ceiling = max(stance.floor, at.low), min(stance.ceiling, at.high)
        if floor > ceiling + APART:
            return CONFLICT
        low, high = max(floor, at.low_kept), min(ceiling, at.high_kept)
        if stance.cares > 0:
            reach = math.sqrt(short_of / stance.cares) if sheet.quadratic else short_of / stance.cares
            low, high = max(low, stance.wants - reach), min(high, stance.wants + reach)
        if low > high + APART:
            return TOO_FAR
        if keep:
            at.low, at.high, at.low_kept, at.high_kept = floor, ceiling, low, high
    return ALIVE


@within
def _box_left(levels: Array, work: Work) -> int:
    """Shrink the boxes to the levels that they hold; tell what is left."""
    for i in range(work.issue.size):
        at = work.issue[i]
        at.low, at.high = _held(levels, i, at.low, at.high)
        if at.low > at.high:
            return CONFLICT
    for i in range(work.issue.size):
        at = work.issue[i]
        at.low_kept, at.high_kept = _held(levels, i, at.low_kept, at.high_kept)
        if at.low_kept > at.high_kept:
            return TOO_FAR
    return ALIVE


@inside
def _held(levels: Array, i: int, low: float, high: float) -> tuple[float, float]:
    """Return the ends of what an interval holds, on levels if there are any; the first greater if nothing."""
    if not np.isnan(levels[i, 0]):
        least, most = np.inf, -np.inf
        for k in range(levels.shape[1]):
            if low - APART <= levels[i, k] <= high + APART:  # never true of NaN
                least, most = min(least, levels[i, k]), max(most, levels[i, k])
        return least, most
    if high < low <= high + APART:
        low = high = 0.5 * (low + high)
    return low, high


# --- two parts for one ------------------------------------------------------------------------------------


@within
def _split(sheet: Sheet, rule: Coded, task: Task, aside: int, work: Work) -> int:
    """Put aside the two parts that a part falls into; return how many are aside then, no more where none does.

    Nor where there is no room for them: the part's bound then stands for it.
    """
    if aside + 2 > work.aside.shape[0]:
        return aside
    v = _objector(rule, task, work)
    if v >= 0:
        for role in (MEMBER, OUT):
            work.voter[v].role = role
            aside = _put_aside(aside, work)
        return aside
    consider_rounded(sheet, rule, task, work)
    i = _furthest_from_level(sheet.levels, work)
    if i >= 0:
        at = work.issue[i]
        low, high = at.low, at.high
        at.low = at.x
        aside = _put_aside(aside, work)
        at.low, at.high = low, at.x
        aside = _put_aside(aside, work)
        at.high = high
    return aside


@within
def _objector(rule: Coded, task: Task, work: Work) -> int:
    """Return the voter who could matter and objects most to the package looked at, or -1."""
    voters, voter, flag = work.voter.size, work.voter, work.voter.flag
    for v in range(voters):
        flag[v] = 1 if voter[v].role == MEMBER else 0
    wins(rule, flag, work.node.sure)
    for v in range(voters):
        flag[v] = 0 if voter[v].role == OUT else 1
    wins(rule, flag, work.node.met)
    mark_pivotal(rule, work.node.sure, work.node.met, flag)
    limit = max(worst_member(work), -task.stop) if task.kind == MARGIN else task.slack + EXACT
    found, most = -1, -np.inf
    for v in range(voters):
        objection = -voter[v].gain
        if flag[v] == 1 and voter[v].role == UNDECIDED and objection >= limit and objection > most:
            found, most = v, objection
    return found


@within
def _furthest_from_level(levels: Array, work: Work) -> int:
    found, furthest = -1, 1e-9
    for i in range(levels.shape[0]):
        at = work.issue[i]
        if np.isnan(levels[i, 0]) or at.low == at.high:
            continue
        apart = np.inf
        for k in range(levels.shape[1]):
            if not np.isnan(levels[i, k]):
                apart = min(apart, abs(levels[i, k] - at.x))
        if apart > furthest:
            found, furthest = i, apart
    return found
