"""Is there a deal in one draw? Cheap answers first: intervals, the middle of what is left, then the search."""

from __future__ import annotations

import numpy as np

from detente.compiled import inside, within
from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.bounding import consider_rounded, rule_margin
from detente.lenses.winset.engine.branch_and_bound import ALIVE, CONFLICT, narrow, search
from detente.lenses.winset.engine.compiled_rule import Coded
from detente.lenses.winset.engine.losses import Sheet
from detente.lenses.winset.engine.workspace import MARGIN, UNDECIDED, Task, Work

INTERVAL, CANDIDATE, PROGRAM = 1, 2, 3
TALL = 1e4
"""No height is ever above it."""


@inside
def set_out(work: Work) -> None:
    """Begin a search with everything possible and nothing known."""
    for v in range(work.voter.size):
        work.voter[v].role = UNDECIDED
    for i in range(work.issue.size):
        work.issue[i].low, work.issue[i].high = 0.0, 1.0
    work.tally[0].found = work.tally[0].done = np.inf
    work.tally[0].root = -np.inf


@inside
def most_to_gain(sheet: Sheet) -> float:
    """Return the greatest size of a radius that is finite: no gain is above it."""
    most = 0.0
    for v in range(sheet.radius.size):
        if abs(sheet.radius[v]) < np.inf:
            most = max(most, abs(sheet.radius[v]))
    return most


@within
def judge(sheet: Sheet, rule: Coded, stop: float, nodes: int, work: Work, facts: Array, found: Array) -> None:
    """Decide one draw; fill in ``facts`` and the package found, see ``kernel.Reply``."""
    task = Task(MARGIN, 1, 0.0, stop, nodes)
    tally, d = work.tally[0], work.issue.size
    set_out(work)
    for i in range(d):
        work.issue[i].best = np.nan
    for v in range(sheet.radius.size):
        work.voter[v].gain = sheet.radius[v]
    ceiling = rule_margin(rule, work)
    fate = narrow(sheet, rule, task, work)
    aside = min(tally.done, np.inf if fate == CONFLICT else stop)  # what intervals leave unsaid
    how, bound = INTERVAL, -aside
    if fate == ALIVE:
        how, bound = CANDIDATE, np.inf
        for i in range(d):
            work.issue[i].x = 0.5 * (work.issue[i].low_kept + work.issue[i].high_kept)
        consider_rounded(sheet, rule, task, work)
        if tally.found >= -stop:
            how, height = PROGRAM, work.unknown[d]
            height.cost, height.least, height.most = 1.0, -most_to_gain(sheet) - 1.0, TALL
            complete = search(sheet, rule, task, work)
            bound = -min(tally.done, tally.found) if complete else -tally.root
    facts[0] = -tally.found
    facts[1] = max(min(bound, ceiling), facts[0])
    facts[2] = how
    for i in range(d):
        found[i] = work.issue[i].best
