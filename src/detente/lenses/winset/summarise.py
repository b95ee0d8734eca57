"""What do all draws say about deals? From statuses and packages to probabilities, blockers, levers and terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import vetoers
from detente.lenses.lens import RunRecord
from detente.lenses.summary import Array, distribution
from detente.lenses.winset import centre as at_means
from detente.lenses.winset.agreeing import agreement, stops
from detente.lenses.winset.answers import Blockers, Chance, DealAnswer, Lever
from detente.lenses.winset.answers import Terms as Distributions
from detente.lenses.winset.bands import bands
from detente.lenses.winset.blocking import found_blockers, found_levers, found_opening, softening
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import TOUCHING, UNKNOWN, has_deal, verdicts
from detente.lenses.winset.findings import findings
from detente.lenses.winset.limits import LEVERS, MARGINS, few
from detente.lenses.winset.mapping import plane
from detente.lenses.winset.margins import margins
from detente.lenses.winset.reliance import rests
from detente.lenses.winset.result import AS_IT_STANDS, WinsetResult
from detente.lenses.winset.sides import sides, together
from detente.lenses.winset.solve import Decided, Solved, Statuses, parties
from detente.lenses.winset.view import Terms, WinsetView
from detente.quantity.shares import wilson
from detente.show.words import rule_words


@dataclass(frozen=True, eq=False)
class Summary:
    """What the draws say of a case: which deals there are first, what stands in the way when somebody asks.

    Attributes:
        view: the case as the lens reads it.
        solved: deal → its answers in all draws.
        record: of the run.
        scenarios: scenario → its deals in all draws.
    """

    view: WinsetView
    solved: Mapping[str, Solved]
    record: RunRecord
    scenarios: Mapping[str, Decided]

    @cached_property
    def _middle(self) -> dict[str, Deal]:
        """Deal → its arrays at mean inputs."""
        return {terms.id: self.view.deal(terms, self.view.table.means[None, :]) for terms in self.view.deals}

    @cached_property
    def _drawn(self) -> Array:
        return self.view.table.sample(self.record.seed, 0, self.record.draws)

    @cached_property
    def _looked(self) -> dict[str, Deal]:
        """Deal → its arrays in the draws in which levers and blockers are sought."""
        used = self._drawn[: few(LEVERS, self.view.weight)]
        return {terms.id: self.view.deal(terms, used) for terms in self.view.deals}

    @cached_property
    def _margins(self) -> dict[str, Array]:
        """Deal → how far inside or outside agreement it is, in some draws."""
        inside, acceptance = slice(few(MARGINS, self.view.weight)), self.view.options.acceptance
        return {
            deal: margins(at.rows(inside), self.solved[deal].status[inside], acceptance)
            for deal, at in self._looked.items()
        }

    @cached_property
    def deals(self) -> WinsetResult:
        """How likely every deal is, on what terms, and who signs; nothing yet of what is in the way."""
        view, chances = self.view, _probabilities(self.view, self.solved, self.scenarios)
        here = chances[view.case.scenario or AS_IT_STANDS]
        return WinsetResult(
            record=self.record,
            case=view.case,
            findings=(),
            headline=view.deals[0].id,
            deal_probability=chances,
            solutions={t.id: _terms(view, t, self.solved[t.id]) for t in view.deals},
            blockers={},
            levers={},
            agreements={
                t.id: agreement(view, t, self.solved[t.id].signed, here[t.id], self._margins[t.id])
                for t in view.deals
            },
            rests={},
            deals={t.id: self._deal(t) for t in view.deals},
            bands={t.id: bands(view, t, self._middle[t.id]) for t in view.deals if t.single},
            plane=None,
            leading=view.options.solution,
            skipped=view.skipped,
        )

    def _deal(self, terms: Terms) -> DealAnswer:
        """Answer what is told of one deal with whether there is one."""
        view, at = self.view, self._middle[terms.id]
        verdict = verdicts(at, acceptance=view.options.acceptance, greatest=True)
        actors = [member.actor for member in view.voters]
        names = {actor: of.name for actor, of in view.case.actors.items()}
        needed = vetoers(terms.rule, at.voters)
        return DealAnswer(
            name=terms.name,
            issues=terms.issues,
            single=terms.single,
            rule=rule_words(terms.rule, actors, names),
            required=tuple(dict.fromkeys(actors[v] for v in view.heard(terms) if needed[v])),
            parties=tuple(dict.fromkeys(actors[v] for v in parties(at))),
            centre=at_means.centre(view, terms, at, verdict),
            extents=at_means.extents(view, terms, at, self.solved[terms.id].agreed, verdict),
        )

    def result(self) -> WinsetResult:
        """Everything: what stands in the way of every deal too, what would change that, and what it rests on."""
        view, first, acceptance = self.view, self.deals, self.view.options.acceptance
        blockers: dict[str, Blockers] = {}
        levers: dict[str, tuple[Lever, ...]] = {}
        deals, relied = {}, {}
        for terms in view.deals:
            deal, whole = self._looked[terms.id], self.solved[terms.id].status
            status = whole[: deal.draws]
            failed = ~has_deal(status, acceptance) & (status != UNKNOWN)
            if failed.any():
                blockers[terms.id] = found_blockers(view, terms, deal, failed)
            levers[terms.id] = found_levers(view, terms, deal, status)
            margin = self._margins[terms.id]
            relied[terms.id] = rests(view, terms, self._drawn, whole, margin, sampled=deal.draws)
            more = self._more(terms, levers[terms.id], failed)
            deals[terms.id] = first.deals[terms.id].model_copy(update=more)
        agreements = {
            deal: one.model_copy(update={"stops": stops(first.chance(deal), blockers[deal])})
            if deal in blockers
            else one
            for deal, one in first.agreements.items()
        }
        used = self._drawn[: few(LEVERS, view.weight)]
        update = {
            "blockers": blockers,
            "levers": levers,
            "agreements": agreements,
            "rests": relied,
            "deals": deals,
            "plane": plane(view, blockers.get(first.headline), used),
        }
        whole_result = first.model_copy(update=update)
        return whole_result.model_copy(update={"findings": tuple(findings(whole_result))})

    def _more(self, terms: Terms, levers: tuple[Lever, ...], failed: NDArray[np.bool_]) -> dict[str, Any]:
        """Answer what it takes to have a package and, of the leading deal, what its sides would do."""
        view, at, deal = self.view, self._middle[terms.id], self._looked[terms.id]
        found: dict[str, Any] = {}
        if terms == view.deals[0]:
            found |= {"sides": sides(view, terms, at, deal), "together": together(view, terms, at)}
        if terms.single:
            return found
        softened, curve = softening(view, terms, deal, levers)
        found |= {
            "opening": found_opening(view, terms, at, deal, failed),
            "payment": at_means.side_payment(view, at, view.table.means[None, :]),
            "softening": curve,
            "softened": softened,
            "linking": at_means.linked(view, terms, at, self._middle),
        }
        if self.deals.deals[terms.id].centre.status != "deal":
            return {**found, "leverage": at_means.worse_without(view, at)}
        frontier, corners = at_means.pareto(view, terms, at)
        return {**found, "frontier": frontier, "frontier_found": corners}


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
