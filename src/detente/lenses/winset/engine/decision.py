"""Is there a deal in one draw? Cheap proofs first: intervals, then a few weightings, then the search."""

from __future__ import annotations

import math

import numpy as np

from detente.compiled import inside, within
from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.bounding import consider_rounded, rule_margin
from detente.lenses.winset.engine.branch_and_bound import ALIVE, CONFLICT, narrow, search
from detente.lenses.winset.engine.compiled_rule import Coded
from detente.lenses.winset.engine.cutting_planes import least_of_weights
from detente.lenses.winset.engine.losses import Sheet
from detente.lenses.winset.engine.workspace import MARGIN, MEMBER, OUT, UNDECIDED, Task, Work

UNDECIDED_YET, INTERVAL, CERTIFICATE, CANDIDATE, PROGRAM = 0, 1, 2, 3, 4
TRIALS = 12
STRIDE = 4.0
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
def judge(
    sheet: Sheet, rule: Coded, stop: float, nodes: int, work: Work, facts: Array, weights: Array, found: Array
) -> None:
    """Decide one draw; fill in ``facts``, ``weights`` and the package found, see ``kernel.Reply``."""
    task = Task(MARGIN, 1, 0.0, stop, nodes)
    tally, d = work.tally[0], work.issue.size
    set_out(work)
    tally.nodes = tally.programs = 0
    for i in range(d):
        work.issue[i].best = np.nan
    for v in range(sheet.radius.size):
        work.voter[v].gain = sheet.radius[v]
    ceiling = rule_margin(rule, work)
    fate = narrow(sheet, rule, task, work)
    aside = min(tally.done, np.inf if fate == CONFLICT else stop)  # what intervals leave unsaid
    how, bound = INTERVAL, -aside
    if fate == ALIVE:
        how, bound = _try_out(sheet, rule, task, work)
        bound = max(bound, -tally.done)
        plain = not _anyone_out(work)
        proven = how == CERTIFICATE
        if how == UNDECIDED_YET:
            how, height = PROGRAM, work.unknown[d]
            height.cost, height.least, height.most = 1.0, -most_to_gain(sheet) - 1.0, TALL
            complete = search(sheet, rule, task, work)
            bound = -min(tally.done, tally.found) if complete else -tally.root
            proven = tally.nodes == 1 and tally.done > stop
        if proven and plain:
            for v in range(weights.size):
                weights[v] = work.voter[v].weight
    facts[0] = -tally.found
    facts[1] = max(min(bound, ceiling), facts[0])
    facts[2], facts[3], facts[4] = how, tally.nodes, tally.programs
    for i in range(d):
        found[i] = work.issue[i].best


@within
def _anyone_out(work: Work) -> bool:
    for v in range(work.voter.size):  # noqa: SIM110 - compiled
        if work.voter[v].role == OUT:
            return True
    return False


@within
def _try_out(sheet: Sheet, rule: Coded, task: Task, work: Work) -> tuple[int, float]:  # noqa: C901
    """Weigh up the members, those hardest to please ever more (Freund & Schapire 1999), without any program.

    Each weighting proves a bound and has a package that suits it best; the mean of those packages suits most.
    """
    bound = np.inf
    for v in range(work.voter.size):
        work.voter[v].toll = 0.0
    for i in range(work.issue.size):
        at = work.issue[i]
        at.total, at.x = 0.0, 0.5 * (at.low_kept + at.high_kept)
    for trial in range(2 * TRIALS + 1):
        if trial % 2 == 1:
            if not _weigh(sheet, work):
                break
            least = least_of_weights(sheet, work)
            bound = min(bound, -least)
            if least > task.stop:
                return CERTIFICATE, bound
            for i in range(work.issue.size):
                at = work.issue[i]
                at.total += at.turn
                at.x = at.turn
        elif trial > 0:
            for i in range(work.issue.size):
                work.issue[i].x = 2 * work.issue[i].total / trial
        consider_rounded(sheet, rule, task, work)
        if work.tally[0].found < -task.stop:
            return CANDIDATE, bound
        if trial > 0 and trial % 2 == 0:
            for v in range(work.voter.size):
                work.voter[v].toll += STRIDE * work.voter[v].short
    return UNDECIDED_YET, bound


@within
def _weigh(sheet: Sheet, work: Work) -> bool:
    """Fill in the members' weights; tell whether there are any."""
    highest, whole = -np.inf, 0.0
    for v in range(work.voter.size):
        if work.voter[v].role == MEMBER and sheet.radius[v] < np.inf:
            highest = max(highest, work.voter[v].toll)
    for v in range(work.voter.size):
        voter = work.voter[v]
        counts = voter.role == MEMBER and sheet.radius[v] < np.inf
        voter.weight = math.exp(voter.toll - highest) if counts else 0.0
        whole += voter.weight
    for v in range(work.voter.size):
        work.voter[v].weight /= max(whole, 1e-300)
    return whole > 0
