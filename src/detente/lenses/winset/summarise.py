"""What do all draws say about deals? From statuses and packages to probabilities, blockers, levers and terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.case.thresholds import vetoers
from detente.lenses.lens import RunRecord
from detente.lenses.summary import Array, distribution
from detente.lenses.winset import centre as at_means
from detente.lenses.winset.agreement import agreement, gained, leading, placed, stops
from detente.lenses.winset.agreements import CLEAR
from detente.lenses.winset.answers import Blockers, Chance, DealAnswer, Lever, Obstacle, interval
from detente.lenses.winset.answers import Terms as Distributions
from detente.lenses.winset.deal import Deal
from detente.lenses.winset.engine import DEAL, TOUCHING, UNKNOWN, Statuses, verdicts
from detente.lenses.winset.findings import findings
from detente.lenses.winset.limits import (
    CONCESSIONS,
    CONFLICTS,
    ELSEWHERE,
    LEVERS,
    MARGINS,
    OBSTACLES,
    TIED_HANDS,
    few,
)
from detente.lenses.winset.linking import linking
from detente.lenses.winset.margins import margins
from detente.lenses.winset.phrases import best
from detente.lenses.winset.plane import plane
from detente.lenses.winset.reliance import rests
from detente.lenses.winset.result import AS_IT_STANDS, WinsetResult
from detente.lenses.winset.solve import Decided, Solved, named, parties
from detente.lenses.winset.unblock.cheapest_change import Money
from detente.lenses.winset.unblock.concessions import opening
from detente.lenses.winset.unblock.conflicts import blockers
from detente.lenses.winset.unblock.levers import levers, softening
from detente.lenses.winset.unblock.two_level import sides, win_set
from detente.lenses.winset.view import Terms, WinsetView
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
    def _used(self) -> Array:
        return self._drawn[: few(LEVERS, self.view.weight)]

    @cached_property
    def _looked(self) -> dict[str, Deal]:
        """Deal → its arrays in the draws in which levers and blockers are sought."""
        return {terms.id: self.view.deal(terms, self._used) for terms in self.view.deals}

    @cached_property
    def _margins(self) -> dict[str, Array]:
        """Deal → how far inside or outside agreement it is, in some draws."""
        inside = slice(few(MARGINS, self.view.weight))
        return {
            deal: margins(at.rows(inside), self.solved[deal].status[inside])
            for deal, at in self._looked.items()
        }

    @cached_property
    def deals(self) -> WinsetResult:
        """How likely every deal is, on what terms, and who signs; nothing yet of what is in the way."""
        view, chances = self.view, _probabilities(self.view, self.solved, self.scenarios)
        here, leading = chances[view.case.scenario or AS_IT_STANDS], view.options.solution
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
                t.id: agreement(
                    view,
                    view.deal(t, self._drawn),
                    self.solved[t.id].packages.get(leading),
                    here[t.id],
                    self._margins[t.id],
                )
                for t in view.deals
            },
            rests={},
            deals={t.id: self._deal(t) for t in view.deals},
            bands={t.id: at_means.bands(self._middle[t.id]) for t in view.deals if t.single},
            plane=None,
            leading=leading,
            skipped=view.skipped,
        )

    def _deal(self, terms: Terms) -> DealAnswer:
        """Answer what is told of one deal with whether there is one."""
        at = self._middle[terms.id]
        verdict, needed = verdicts(at, greatest=True), vetoers(terms.rule, at.voters)
        return DealAnswer(
            name=terms.name,
            issues=terms.issues,
            single=terms.single,
            rule=rule_words(terms.rule, at.names.actors, self.view.names),
            required=tuple(dict.fromkeys(at.actor(v) for v in at.consenting if needed[v])),
            parties=tuple(dict.fromkeys(at.actor(v) for v in parties(at))),
            centre=at_means.centre(at, verdict),
            extents=at_means.extents(at, self.solved[terms.id].agreed, verdict),
        )

    def result(self) -> WinsetResult:
        """Everything: what stands in the way of every deal too, what would change that, and what it rests on."""
        view, first = self.view, self.deals
        blocked: dict[str, Blockers] = {}
        found: dict[str, tuple[Lever, ...]] = {}
        deals, relied = {}, {}
        for terms in view.deals:
            deal, whole = self._looked[terms.id], self.solved[terms.id].status
            status = whole[: deal.draws]
            failed = (status != DEAL) & (status != UNKNOWN)
            if failed.any():
                examined = few(CONFLICTS, view.weight)
                blocked[terms.id] = blockers(deal, failed, examined=examined, exact=self.record.exact)
            found[terms.id] = levers(
                deal, by=view.options.soften, status=status, middle=self._middle[terms.id]
            )
            relied[terms.id] = rests(view, terms, self._drawn, whole, sampled=deal.draws)
            more = self._more(terms, found[terms.id], failed)
            deals[terms.id] = first.deals[terms.id].model_copy(update=more)
        stopped = {
            deal: first.agreements[deal].model_copy(update={"stops": stops(first.chance(deal), own)})
            for deal, own in blocked.items()
        }
        update = {
            "blockers": blocked,
            "levers": found,
            "agreements": first.agreements | stopped,
            "rests": relied,
            "deals": deals,
            "plane": plane(view, blocked.get(first.headline), self._used),
        }
        whole_result = first.model_copy(update=update)
        return whole_result.model_copy(update={"findings": tuple(findings(whole_result))})

    def _more(self, terms: Terms, strongest: tuple[Lever, ...], failed: NDArray[np.bool_]) -> dict[str, Any]:
        """Answer what it takes to have a package and, of the leading deal, what its sides would do."""
        view, at, deal = self.view, self._middle[terms.id], self._looked[terms.id]
        means, solution, who = view.table.means[None, :], view.options.solution, parties(at)
        more: dict[str, Any] = {}
        if terms == view.deals[0]:
            tied = deal.rows(slice(few(TIED_HANDS, view.weight)))
            more |= {"sides": sides(at, tied, who, solution, view.names), "together": win_set(at, at.rule)}
        if terms.single:
            return more
        money = view.money(means)
        singles = [self._middle[issue] for issue in terms.issues if issue in self._middle]
        alone = singles if len(singles) == len(terms.issues) else None
        more["softened"], more["softening"] = softening(deal, strongest)
        more |= {
            "opening": opening(
                at,
                deal,
                failed,
                view.costs(terms, means),
                examined=few(CONCESSIONS, view.weight),
                exact=self.record.exact,
            ),
            "payment": None if money is None else at_means.side_payment(at, Money(*money), view.unit),
            "linking": linking(at, alone, who, solution),
        }
        if self.deals.deals[terms.id].centre.status != "deal":
            return {**more, "leverage": at_means.worse_without(at)}
        more["frontier"], more["frontier_found"] = at_means.pareto(at)
        return more


def obstacles(case: Case, *, draws: int, seed: int, chances: Mapping[str, Chance]) -> dict[str, Obstacle]:
    """Return deal → what stands in its way where there is seldom one, what would change that, and its terms.

    Args:
        case: a scenario of a case.
        draws: of which the first are examined.
        seed: of the draws.
        chances: deal → how likely it is.

    Raises:
        MissingPartError: the case lacks consent rules, stances or no-deal points.
    """
    view = WinsetView(case)
    exact, solution, means = view.table.is_exact, view.options.solution, view.table.means[None, :]
    values = view.table.sample(seed, 0, 1 if exact else min(draws, few(OBSTACLES, view.weight)))
    found = {}
    for terms in view.deals:
        deal = view.deal(terms, values)
        decided = verdicts(deal)
        own = leading(deal, named(deal, decided, [solution]).get(solution))
        failed = (decided.status != DEAL) & (decided.status != UNKNOWN)
        told: dict[str, Any] = {"conflict": None, "levers": ()}
        if chances[terms.id].probability <= CLEAR:
            told["levers"] = best(
                levers(deal, by=view.options.soften, status=decided.status, middle=view.deal(terms, means))
            )
            if failed.any():
                blocked = blockers(deal, failed, examined=few(ELSEWHERE, view.weight), exact=exact)
                told["conflict"] = next(iter(blocked.conflicts), None)
        found[terms.id] = Obstacle(**told, terms=placed(*own), gains=gained(*own))
    return found


def chance(status: Statuses, *, exact: bool = False) -> Chance:
    """Return how likely a deal is, with the Wilson interval of the share of draws with one (Wilson 1927).

    Args:
        status: (D,) of the deal.
        exact: whether no input carries doubt; a share that was decided then has no interval.
    """
    n, undecided, yes = len(status), status == UNKNOWN, status == DEAL
    known = int((~undecided).sum())
    p = float(yes.sum() / known) if known else 0.0
    low, high = interval(p, known, exact=exact and bool(known))
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
    return {
        scenario: {deal: chance(status, exact=of.exact) for deal, status in of.statuses.items()}
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
