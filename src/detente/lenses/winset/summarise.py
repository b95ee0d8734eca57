"""What do all draws say about deals? From statuses and packages to probabilities, blockers, levers and terms."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import vetoers
from detente.lenses.lens import RunRecord
from detente.lenses.summary import Array, distribution
from detente.lenses.winset import centre as at_means
from detente.lenses.winset.agreeing import agreement
from detente.lenses.winset.answers import Blockers, Chance, DealAnswer, Lever
from detente.lenses.winset.answers import Terms as Distributions
from detente.lenses.winset.bands import bands
from detente.lenses.winset.blocking import found_blockers, found_levers, found_opening, softening
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import DEAL, TOUCHING, UNKNOWN, verdicts
from detente.lenses.winset.findings import findings
from detente.lenses.winset.limits import LEVERS, MARGINS, few
from detente.lenses.winset.mapping import plane
from detente.lenses.winset.margins import margins
from detente.lenses.winset.reliance import rests
from detente.lenses.winset.result import AS_IT_STANDS, WinsetResult
from detente.lenses.winset.sides import sides, together
from detente.lenses.winset.solve import Decided, Solved, Statuses, has_deal, parties
from detente.lenses.winset.view import Terms, WinsetView
from detente.quantity.shares import wilson
from detente.show.words import rule_words


def summarise(
    view: WinsetView,
    solved: Mapping[str, Solved],
    record: RunRecord,
    *,
    scenarios: Mapping[str, Decided],
) -> WinsetResult:
    """Turn the draws into a result.

    Args:
        view: the case as the lens reads it.
        solved: deal → its answers in all draws.
        record: of the run.
        scenarios: scenario → its deals in all draws.
    """
    acceptance = view.options.acceptance
    sampled, inside = min(record.draws, few(LEVERS, view.weight)), few(MARGINS, view.weight)
    drawn = view.table.sample(record.seed, 0, record.draws)
    used = drawn[:sampled]
    means = view.table.means[None, :]
    middle = {terms.id: view.deal(terms, means) for terms in view.deals}
    looked = {terms.id: view.deal(terms, used) for terms in view.deals}
    blockers: dict[str, Blockers] = {}
    levers: dict[str, tuple[Lever, ...]] = {}
    deals: dict[str, DealAnswer] = {}
    agreements, relied = {}, {}
    probabilities = _probabilities(view, solved, scenarios)
    here = probabilities[view.case.scenario or AS_IT_STANDS]
    for terms in view.deals:
        deal, status = looked[terms.id], solved[terms.id].status[:sampled]
        failed = ~has_deal(status, acceptance) & (status != UNKNOWN)
        if failed.any():
            blockers[terms.id] = found_blockers(view, terms, deal, failed)
        levers[terms.id] = found_levers(view, terms, deal)
        agreed = solved[terms.id].agreed
        margin = margins(deal.rows(slice(0, inside)), status[:inside], acceptance)
        signed, blocked = solved[terms.id].signed, blockers.get(terms.id)
        agreements[terms.id] = agreement(view, terms, signed, here[terms.id], blocked, margin)
        relied[terms.id] = rests(view, terms, drawn, solved[terms.id].status, margin, sampled=sampled)
        deals[terms.id] = _answer(view, terms, deal, middle, levers[terms.id], failed, agreed)
    headline = view.deals[0].id
    result = WinsetResult(
        record=record,
        case=view.case,
        findings=(),
        headline=headline,
        deal_probability=probabilities,
        solutions={t.id: _terms(view, t, solved[t.id]) for t in view.deals},
        blockers=blockers,
        levers=levers,
        agreements=agreements,
        rests=relied,
        deals=deals,
        bands={t.id: bands(view, t, middle[t.id]) for t in view.deals if t.single},
        plane=plane(view, blockers.get(headline), used),
        leading=view.options.solution,
        skipped=view.skipped,
    )
    return result.model_copy(update={"findings": tuple(findings(result))})


def _answer(
    view: WinsetView,
    terms: Terms,
    deal: Deal,
    middle: Mapping[str, Deal],
    levers: tuple[Lever, ...],
    failed: NDArray[np.bool_],
    agreed: Array,
) -> DealAnswer:
    """Answer everything about one deal that is sought at mean inputs, or in some draws only."""
    at = middle[terms.id]
    means = view.table.means[None, :]
    verdict = verdicts(at, acceptance=view.options.acceptance, greatest=True)
    actors = [member.actor for member in view.voters]
    names = {actor: of.name for actor, of in view.case.actors.items()}
    needed = vetoers(terms.rule, at.voters)
    singles = {issue: middle[issue] for issue in terms.issues if issue in middle}
    softened, curve = (None, None) if terms.single else softening(view, terms, deal, levers)
    open_already = bool(verdict.status[0] == DEAL)
    sought = open_already and not terms.single
    frontier, corners = at_means.pareto(view, terms, at) if sought else (None, None)
    return DealAnswer(
        name=terms.name,
        issues=terms.issues,
        single=terms.single,
        rule=rule_words(terms.rule, actors, names),
        required=tuple(dict.fromkeys(actors[v] for v in view.heard(terms) if needed[v])),
        parties=tuple(dict.fromkeys(actors[v] for v in parties(at))),
        centre=at_means.centre(view, terms, at, verdict),
        extents=at_means.extents(view, terms, at, agreed, verdict),
        opening=None if terms.single else found_opening(view, terms, at, deal, failed),
        payment=None if terms.single else at_means.side_payment(view, at, means),
        leverage=None if open_already or terms.single else at_means.worse_without(view, at),
        softening=curve,
        softened=softened,
        linking=None if terms.single else at_means.linked(view, terms, at, singles),
        sides=sides(view, terms, at, deal) if terms == view.deals[0] else None,
        together=together(view, terms, at) if terms == view.deals[0] else None,
        frontier=frontier,
        frontier_found=corners,
    )


def chance(status: Statuses, acceptance: str, *, exact: bool = False) -> Chance:
    """Return how likely a deal is, with the Wilson interval of the share of draws with one (Wilson 1927).

    Args:
        status: (D,) of the deal.
        acceptance: ``strict`` or ``weak``.
        exact: whether no input carries doubt; a share that was decided then has no interval.
    """
    n = len(status)
    undecided = status == UNKNOWN
    yes = has_deal(status, acceptance)
    known = int((~undecided).sum())
    p = float(yes.sum() / known) if known else 0.0
    low, high = (p, p) if exact and known else wilson(int(yes.sum()), known)
    return Chance(
        probability=p,
        low95=low,
        high95=high,
        touching=float((status == TOUCHING).mean()),
        unknown=float(undecided.mean()),
        least=float(yes.sum() / n),
        most=float((yes.sum() + undecided.sum()) / n),
        draws=n,
    )


def _probabilities(
    view: WinsetView, solved: Mapping[str, Solved], scenarios: Mapping[str, Decided]
) -> dict[str, dict[str, Chance]]:
    here = Decided(view.table.is_exact, {deal: of.status for deal, of in solved.items()})
    acceptance = view.options.acceptance
    return {
        scenario: {deal: chance(status, acceptance, exact=of.exact) for deal, status in of.statuses.items()}
        for scenario, of in {view.case.scenario or AS_IT_STANDS: here, **scenarios}.items()
    }


def _terms(view: WinsetView, terms: Terms, solved: Solved) -> dict[str, Distributions]:
    """Return solution → issue → distribution over the draws with a deal."""
    found = {}
    for name, packages in solved.packages.items():
        drawn = packages[~np.isnan(packages).any(axis=1)]
        if len(drawn):
            found[name] = {
                issue: distribution(_values(view, issue, drawn[:, i]), *_ends(view, issue))
                for i, issue in enumerate(terms.issues)
            }
    return found


def _values(view: WinsetView, issue: str, shares: Array) -> Array:
    low, high = _ends(view, issue)
    return np.clip(low + shares * (high - low), low, high)


def _ends(view: WinsetView, issue: str) -> tuple[float, float]:
    of = view.case.issues[issue]
    return of.low, of.high
