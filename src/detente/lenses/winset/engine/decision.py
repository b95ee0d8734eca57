"""Is there a deal in one draw? Cheap proofs first: intervals, then a few weightings, then the search."""

from __future__ import annotations

import math

import numpy as np

from detente.lenses.winset.deal import Array
from detente.lenses.winset.engine.bounding import consider_rounded, rule_margin
from detente.lenses.winset.engine.branch_and_bound import ALIVE, CONFLICT, narrow, search
from detente.lenses.winset.engine.compiled import copy, fill, inside, within
from detente.lenses.winset.engine.compiled_rule import Coded
from detente.lenses.winset.engine.cutting_planes import least_of_weights
from detente.lenses.winset.engine.losses import Sheet
from detente.lenses.winset.engine.simplex import COST, LEAST, MOST
from detente.lenses.winset.engine.workspace import (
    BEST,
    DONE,
    FOUND,
    GAIN,
    HIGH,
    HIGH_KEPT,
    LEAST_GAIN,
    LOW,
    LOW_KEPT,
    MARGIN,
    MEMBER,
    NODES,
    OUT,
    PROGRAMS,
    ROLE,
    ROOT,
    SHORT,
    SKETCH,
    TURN,
    UNDECIDED,
    WEIGHT,
    Task,
    Work,
    X,
)

UNDECIDED_YET, INTERVAL, CERTIFICATE, CANDIDATE, PROGRAM = 0, 1, 2, 3, 4
TRIALS = 12
STRIDE = 4.0
TALL = 1e4
"""No height is ever above it."""


@inside
def set_out(work: Work) -> None:
    """Begin a search with everything possible and nothing known."""
    fill(work.voter[ROLE], UNDECIDED)
    fill(work.issue[LOW], 0.0)
    fill(work.issue[HIGH], 1.0)
    work.tally[FOUND] = work.tally[DONE] = np.inf
    work.tally[ROOT] = -np.inf


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
    tally = work.tally
    set_out(work)
    tally[NODES] = tally[PROGRAMS] = 0.0
    fill(work.issue[BEST], np.nan)
    copy(work.voter[GAIN], sheet.radius)
    ceiling = rule_margin(rule, work)
    fate = narrow(sheet, rule, task, work)
    aside = min(tally[DONE], np.inf if fate == CONFLICT else stop)  # what intervals leave unsaid
    how, bound = INTERVAL, -aside
    if fate == ALIVE:
        how, bound = _try_out(sheet, rule, task, work)
        bound = max(bound, -tally[DONE])
        plain = not _anyone_out(work)
        proven = how == CERTIFICATE
        if how == UNDECIDED_YET:
            how, d = PROGRAM, work.issue.shape[1]
            work.simplex[COST, d] = 1.0
            work.simplex[LEAST, d], work.simplex[MOST, d] = -most_to_gain(sheet) - 1.0, TALL
            complete = search(sheet, rule, task, work)
            bound = -min(tally[DONE], tally[FOUND]) if complete else -tally[ROOT]
            proven = tally[NODES] == 1 and tally[DONE] > stop
        if proven and plain:
            copy(weights, work.voter[WEIGHT])
    facts[0] = -tally[FOUND]
    facts[1] = max(min(bound, ceiling), facts[0])
    facts[2], facts[3], facts[4] = how, tally[NODES], tally[PROGRAMS]
    copy(found, work.issue[BEST])


@within
def _anyone_out(work: Work) -> bool:
    for v in range(work.voter.shape[1]):  # noqa: SIM110 - compiled
        if work.voter[ROLE, v] == OUT:
            return True
    return False


@within
def _try_out(sheet: Sheet, rule: Coded, task: Task, work: Work) -> tuple[int, float]:
    """Weigh up the members, those hardest to please ever more (Freund & Schapire 1999), without any program.

    Each weighting proves a bound and has a package that suits it best; the mean of those packages suits most.
    """
    toll, total, issue = work.voter[LEAST_GAIN], work.issue[SKETCH], work.issue
    bound = np.inf
    fill(toll, 0.0)
    fill(total, 0.0)
    for i in range(total.size):
        issue[X, i] = 0.5 * (issue[LOW_KEPT, i] + issue[HIGH_KEPT, i])
    for trial in range(2 * TRIALS + 1):
        if trial % 2 == 1:
            if not _weigh(sheet, toll, work):
                break
            least = least_of_weights(sheet, work)
            bound = min(bound, -least)
            if least > task.stop:
                return CERTIFICATE, bound
            for i in range(total.size):
                total[i] += issue[TURN, i]
                issue[X, i] = issue[TURN, i]
        elif trial > 0:
            for i in range(total.size):
                issue[X, i] = 2 * total[i] / trial
        consider_rounded(sheet, rule, task, work)
        if work.tally[FOUND] < -task.stop:
            return CANDIDATE, bound
        if trial > 0 and trial % 2 == 0:
            for v in range(toll.size):
                toll[v] += STRIDE * work.voter[SHORT, v]
    return UNDECIDED_YET, bound


@within
def _weigh(sheet: Sheet, toll: Array, work: Work) -> bool:
    """Fill in the members' weights; tell whether there are any."""
    highest, whole = -np.inf, 0.0
    for v in range(toll.size):
        if work.voter[ROLE, v] == MEMBER and sheet.radius[v] < np.inf:
            highest = max(highest, toll[v])
    for v in range(toll.size):
        counts = work.voter[ROLE, v] == MEMBER and sheet.radius[v] < np.inf
        work.voter[WEIGHT, v] = math.exp(toll[v] - highest) if counts else 0.0
        whole += work.voter[WEIGHT, v]
    for v in range(toll.size):
        work.voter[WEIGHT, v] /= max(whole, 1e-300)
    return whole > 0
