"""In which draws is there a deal? Every answer with its proof: a package, or weights that no package satisfies.

A single issue is swept from end to end. Else cheap answers come first: no room between the vetoers' intervals;
a few weightings of the vetoers, each a bound and a package; then branch and bound with a small dual simplex, and
at last, for what even that leaves open, the exact solver of ``exact``. A draw that nothing decides is unknown,
never "no deal". No draw looks at another, so results do not depend on how draws are dealt out to threads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.draws.kernel import VERDICTS
from detente.lenses.winset.draws.line import swept
from detente.lenses.winset.draws.posing import healthy, pose
from detente.lenses.winset.exact.zone import Acceptance, Status, zone

NONE, DEAL, TOUCHING, UNKNOWN = 0, 1, 2, 3
UNDECIDED, INTERVAL, CERTIFICATE, CANDIDATE, PROGRAM, EXACT = 0, 1, 2, 3, 4, 5
WAYS = ("undecided", "interval", "certificate", "candidate", "program", "exact")
"""By what a draw was decided, in words, by the codes of ``Verdicts.decided``."""
NODES = 2000
SECONDS = 2.0
NEAR = 1e-8
"""A margin known up to this is known."""
CODES: dict[Status, int] = {"none": NONE, "deal": DEAL, "touching": TOUCHING, "unknown": UNKNOWN}


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Whether there is a deal, in D draws.

    Attributes:
        status: (D,): ``NONE``, ``DEAL``, ``TOUCHING`` (the best package leaves somebody needed as well off as no
            deal; a deal where acceptance is weak) or ``UNKNOWN``.
        margin: (D,): the true margin of the best package looked at, ``-inf`` where none was; of the package,
            if any.
        bound: (D,): proven: no package has a greater margin.
        package: (D, d): a package that proves the deal (or touches), NaN where there is none.
        agreed: (D, V): who accepts it; nobody where there is none.
        decided: (D,): by what, a code; see ``WAYS``.
        weights: (D, V): of the vetoers, sum 1, whose average shortfall is positive whatever the package; 0
            in draws
            that were not refused by one such sum.
        effort: (D, 2): parts of the search that were looked at, and programs solved.
    """

    status: NDArray[np.int8]
    margin: Array
    bound: Array
    package: Array
    agreed: NDArray[np.bool_]
    decided: NDArray[np.int8]
    weights: Array
    effort: NDArray[np.int64]


def verdicts(deal: Deal, *, acceptance: Acceptance = "strict", nodes: int = NODES) -> Verdicts:
    """Return in which draws of a deal there is one.

    Args:
        deal: D draws. Draws with numbers that are not finite where they must be are unknown.
        acceptance: ``strict``: who gains nothing does not agree; ``weak``: who loses nothing agrees.
        nodes: parts of the search that may be looked at per draw, before the exact solver is asked.
    """
    sound = healthy(deal)
    if deal.issues == 1:
        reply = swept(deal)
    else:
        reply = pose(deal, VERDICTS, slack=np.where(sound, 0.0, np.nan), nodes=nodes)
    margin, bound = reply.facts[:, 0].copy(), reply.facts[:, 1].copy()
    status = _status(margin, bound, acceptance)
    status[~sound] = UNKNOWN
    found = np.isin(status, (DEAL, TOUCHING))
    package = np.where(found[:, None], reply.package[:, 0], np.nan)
    decided = np.where(status == UNKNOWN, UNDECIDED, reply.facts[:, 2]).astype(np.int8)
    agreed = _agreed(deal, package, found)
    effort = reply.facts[:, 3:].astype(np.int64)
    answers = Verdicts(status, margin, bound, package, agreed, decided, reply.weights, effort)
    for k in np.flatnonzero(sound & (status == UNKNOWN)):
        _ask_exact(deal, int(k), acceptance, answers)
    return answers


def _status(margin: Array, bound: Array, acceptance: Acceptance) -> NDArray[np.int8]:
    """Return what a margin and a bound on all others prove."""
    status = np.full(margin.shape, UNKNOWN, dtype=np.int8)
    status[(margin >= -TOLERANCE) & (bound <= TOLERANCE + NEAR)] = TOUCHING
    status[bound <= -TOLERANCE] = NONE
    if acceptance == "weak":
        status[margin >= -TOLERANCE] = DEAL
    status[margin > TOLERANCE] = DEAL
    return status


def _agreed(deal: Deal, package: Array, found: NDArray[np.bool_]) -> NDArray[np.bool_]:
    margins = deal.margins(np.nan_to_num(package)[:, None, :])[:, 0]
    return np.asarray((margins >= -TOLERANCE) & found[:, None])


def _ask_exact(deal: Deal, k: int, acceptance: Acceptance, answers: Verdicts) -> None:
    """Fill in one draw by the exact solver; what that cannot decide stays unknown."""
    verdict = zone(deal.draw(k), acceptance=acceptance, seconds=SECONDS)
    if verdict.status == "unknown":
        return
    answers.status[k] = CODES[verdict.status]
    answers.decided[k] = EXACT
    answers.margin[k] = max(verdict.margin, answers.margin[k])
    answers.bound[k] = min(verdict.bound, answers.bound[k])
    if verdict.status != "none" and verdict.package is not None:
        answers.package[k] = verdict.package
        answers.agreed[k] = verdict.agreed
