"""Does a package exist that everybody whose consent is needed accepts, and what proves it?

The zone is not empty exactly if the greatest margin of the rule, max over x of margin(rule, ρ - l(x)), is at least
0 (Putnam 1988; Tsebelis 2002). One issue is swept, and packages that can be counted are all looked at. Otherwise
what a coalition accepts is a linear program, with tangents if losses are quadratic; a search goes through the
minimal winning coalitions and the levels best first, and where those are too many a program with a binary
per voter decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import Literal

import numpy as np

from detente.case.thresholds import Agreed, margin, minimal_winning, renumbered, vetoers, wins
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.exact.ascent import ascend, trimmed
from detente.lenses.winset.exact.box import own_best
from detente.lenses.winset.exact.coalitions import alike
from detente.lenses.winset.exact.fault import fault
from detente.lenses.winset.exact.linear import INTEGER_DOUBT
from detente.lenses.winset.exact.packages import countable, packages
from detente.lenses.winset.exact.piece import Best, Piece, best_margin, most_margin
from detente.lenses.winset.exact.pieces import rated
from detente.lenses.winset.exact.program import deal_program
from detente.lenses.winset.exact.search import search
from detente.lenses.winset.exact.sweep import best_value

Status = Literal["deal", "touching", "none", "unknown"]
Acceptance = Literal["strict", "weak"]
SECONDS = 30.0


@dataclass(frozen=True, eq=False)
class Verdict:
    """Whether there is a deal, and why.

    Attributes:
        status: ``deal``: a package gives a winning coalition a margin above 0. ``touching``: the best leaves
            somebody needed exactly as well off as without a deal (a deal if acceptance is weak). ``none``: proven
            that there is none. ``unknown``: not decided, ``reason`` says why.
        margin: the true margin of the package, the greatest there is up to ``bound``; ``-inf`` where red lines
            alone conflict in every winning coalition, ``inf`` where only voters without a stance are needed,
            ``nan`` where the deal could not be computed.
        bound: proven: no package has a greater margin.
        package: shape (d,), the best one, also where it is no deal; ``None`` where red lines leave none.
        agreed: shape (V,): who accepts the package.
        weights: shape (V,), sum 1: whose average margin proves that the coalition cannot do better; ``None`` where
            there is no such proof. See ``certified_bound``.
        coalition: shape (V,): a minimal winning coalition that has that margin; ``None`` without a package.
        reason: why the status is ``unknown``, or why no package is possible.
    """

    status: Status
    margin: float
    bound: float
    package: Array | None
    agreed: Agreed
    weights: Array | None = None
    coalition: Agreed | None = None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class _Best:
    """The best package found, and what is proven about the others."""

    package: Array | None
    bound: float
    reason: str = ""


def zone(deal: Deal, *, acceptance: Acceptance = "strict", seconds: float = SECONDS) -> Verdict:
    """Return whether a deal exists, the package with the greatest margin, and the proof.

    Args:
        deal: one draw.
        acceptance: ``strict``: who gains nothing does not agree; ``weak``: who loses nothing agrees.
        seconds: time after which a hard deal is left undecided.
    """
    wrong = fault(deal)
    if wrong:
        return Verdict("unknown", np.nan, np.inf, None, np.zeros(deal.voters, dtype=bool), reason=wrong)
    first = alike(deal)
    rule = renumbered(deal.rule, first)
    best = _best(replace(deal, rule=rule), monotonic() + seconds)
    if best.package is None:
        status: Status = "none" if best.bound == -np.inf else "unknown"
        value = -np.inf if status == "none" else np.nan
        return Verdict(status, value, best.bound, None, np.zeros(deal.voters, dtype=bool), reason=best.reason)
    return _verdict(deal, best.package, best, acceptance)


def _verdict(deal: Deal, package: Array, best: _Best, acceptance: Acceptance) -> Verdict:
    """Look at the package with the margin field itself, and say what follows."""
    margins = deal.margins(package[None, None])[0, 0]
    value = float(margin(deal.rule, margins))
    bound = max(best.bound, value)
    coalition = trimmed(deal.rule, margins)
    weights = None
    if coalition is not None and value < np.inf:
        weights = best_margin(Piece(deal, coalition), mixed=True).weights
    status = _status(value, bound, acceptance, decided=not best.reason)
    agreed = margins >= (-TOLERANCE if status != "deal" or acceptance == "weak" else 0.0)
    reason = best.reason if status == "unknown" else ""
    return Verdict(status, value, bound, package, agreed, weights, coalition, reason)


def _status(value: float, bound: float, acceptance: Acceptance, *, decided: bool) -> Status:
    """Return what a margin and a bound on all others prove."""
    if value > TOLERANCE or (value >= -TOLERANCE and acceptance == "weak"):
        return "deal"
    if bound < -TOLERANCE:
        return "none"
    if not decided:
        return "unknown"
    return "touching" if value >= -TOLERANCE else "none"


def _best(deal: Deal, until: float) -> _Best:
    """Return the package with the greatest margin of the rule."""
    if not bool(wins(deal.rule, np.ones(deal.voters, dtype=bool))):
        return _Best(None, -np.inf, "no coalition wins, not even all voters together")
    able = own_best(deal)
    top = float(margin(deal.rule, able))
    if top == -np.inf:
        return _Best(None, -np.inf, "every winning coalition needs a voter whose own red lines leave nothing")
    if countable(deal):
        return _look(deal)
    if deal.issues == 1:
        x, value = best_value(deal)
        return _settled(np.array([x]), value)
    if wins(deal.rule, np.zeros(deal.voters, dtype=bool)):
        return _Best(_somewhere(deal), np.inf)
    finite = able[np.isfinite(able)]
    top = min(top, float(finite.max(initial=0.0)) + 1.0)
    coalitions = minimal_winning(deal.rule, deal.voters)
    if coalitions is None:
        return _by_tree(deal, top, until)
    return _by_search(deal, [c for c in coalitions if (able[c] > -np.inf).all()], top, until)


def _settled(package: Array, value: float) -> _Best:
    """Return a package that was compared with all that can be better."""
    if value == -np.inf:
        return _Best(None, value, CONFLICT)
    return _Best(package, value)


CONFLICT = "the red lines of every winning coalition conflict"


def _look(deal: Deal) -> _Best:
    """Look at every package."""
    best, value = np.zeros(deal.issues), -np.inf
    for block in packages(deal):
        found = margin(deal.rule, deal.margins(block[None])[0])
        k = int(np.argmax(found))
        if found[k] > value:
            best, value = block[k], float(found[k])
    return _settled(best, value)


def _somewhere(deal: Deal) -> Array:
    """Return any package: where there is no deal, as far as it can be agreed."""
    start: Array = np.clip(np.nan_to_num(deal.no_deal[0], nan=0.5), 0.0, 1.0)
    for i, levels in enumerate(deal.levels):
        if levels is not None:
            start[i] = levels[np.argmin(np.abs(levels - start[i]))]
    return start


def _by_search(deal: Deal, coalitions: list[Agreed], top: float, until: float) -> _Best:
    """Search the minimal winning coalitions and the levels, best first."""
    found = search(deal, coalitions, rated(most_margin(top)), until, needs_key=True)
    if found.key is None:
        return _Best(None, -np.inf, CONFLICT)
    if found.best is not None:
        return _Best(found.best.package, _proven(found.best), found.reason)
    return _Best(ascend(deal, until), found.key[0], found.reason)


def _proven(found: Best) -> float:
    """Return the least bound on a piece's margin: the solver's, or that of its shadow prices, computed anew."""
    if found.weights is None or any(found.model.program.integer):
        return -found.answer.bound
    return min(-found.answer.bound, found.piece.within(found.weights))


def _margin_at(deal: Deal, package: Array | None) -> float:
    """Return the true margin of the rule at a package, ``-inf`` without one."""
    if package is None:
        return -np.inf
    return float(margin(deal.rule, deal.margins(package[None, None])[0, 0]))


def _by_tree(deal: Deal, top: float, until: float) -> _Best:
    """Solve one program with a binary per voter, from a good package on and below what vetoers can have."""
    start = ascend(deal, until)
    value = _margin_at(deal, start)
    veto = vetoers(deal.rule, deal.voters) & (deal.radius[0] < np.inf)
    if veto.any():
        least = best_margin(Piece(deal, veto), max(until - monotonic(), 0.0), mixed=True)
        if least.answer.status == "infeasible":
            return _Best(None, -np.inf, CONFLICT)
        top = min(top, -least.answer.bound)
    if value >= top - TOLERANCE / 10:
        return _Best(start, top)
    model = deal_program(deal, deal.rule, top=top)
    most_margin(top)(model)
    if value > -np.inf:
        # The goal's column came last: what was found already need not be found again.
        model.program.lower[-1] = value - TOLERANCE
    answer = model.program.solve(max(until - monotonic(), 0.0))
    if answer.status == "infeasible" and start is None:
        return _Best(None, -np.inf, CONFLICT)
    better, trouble = start, ""
    if answer.columns is not None:
        found = best_margin(Piece(deal, model.counted(answer)))
        better = found.package if _margin_at(deal, found.package) > value else start
    elif answer.status != "infeasible":
        trouble = answer.reason or answer.status
    if better is None:
        return _Best(None, np.inf, trouble or NOT_WHOLE)
    bound = value if answer.status == "infeasible" else min(top, -answer.bound)
    if not trouble and bound - _margin_at(deal, better) > 4 * INTEGER_DOUBT:
        trouble = answer.reason or NOT_WHOLE
    return _Best(better, bound, trouble)


NOT_WHOLE = "the solver's answer held within its tolerance only"
