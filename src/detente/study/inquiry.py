"""Which input matters, whom should one ask, and what would flip an answer? One study over all lenses of a case.

Everything but the flips, and what is asked for exactly, comes from draws alone. Nothing is said of what does not
stand out from chance, and nothing of an outcome that never changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.case.words import input_name
from detente.errors import OptionError
from detente.lenses.draws import Progress, Workers
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED
from detente.lenses.outcomes import OutcomeWords
from detente.lenses.summary import Array
from detente.study.chapter import Study
from detente.study.flips import flip
from detente.study.inquiry_records import Asking, FlipRecord, InputShare, Kind, Move, Planned, Studied
from detente.study.questions import KINDS, Questions, costs_of, of_case
from detente.study.sampled import Sampled, headlines, sampled
from detente.study.sensitivity.group import Basis, Fit
from detente.study.sensitivity.news import Reports, by_beta, forward, news, within
from detente.study.sensitivity.single import order_of, shares
from detente.study.sharing import exact_share, second_rows

HALF = 0.5
"""Reliability of a report that is told beside full knowledge."""
WORTH_TELLING = 0.01
"""Of an outcome's variance: what tells less is not named."""
FEWEST_DRAWS = 200
PLANNED = 5
"""Questions of a plan."""
EXACT_ROWS = 2_048
ON_ISSUES = (
    "on 245 decided issues of the European Union such forecasts were off by 16 of 100 points on average"
)
ON_REST = "no record tells yet how often such answers were right"


def inquire(
    case: Case,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    lens_name: str | None = None,
    outcome: str | None = None,
    every: bool = False,
    kinds: Sequence[Kind] = KINDS,
    costs: Mapping[str, float] | None = None,
    budget: float | None = None,
    reliability: float = HALF,
    exact: bool = False,
    flips: int | None = None,
    at: float | None = None,
    margins: bool = True,
    workers: Workers = None,
    progress: Progress | None = None,
) -> Study:
    """Study the outcomes of a case that people are told of: which inputs decide, whom to ask, what flips them.

    Args:
        case: the case.
        draws: of everything in doubt.
        seed: of the draws.
        lens_name: only this lens; all whose part the case states when ``None``.
        outcome: only this outcome, by its label.
        every: all outcomes, and not the headlines of each lens alone.
        kinds: what one can ask: actors, issues, sources.
        costs: id of an actor, issue or source → cost of asking, before what the case states; 1 where left out.
        budget: most that a plan may cost.
        reliability: of what one hears, above 0 up to 1; told beside full knowledge.
        exact: whether further runs find what asking would do, instead of at least how much.
        flips: how many are sought, which takes further runs; all when ``None``.
        at: value that is asked about in a flip of an outcome on a scale: is it above?
        margins: whether what decides an answer that is always the same is sought by its margin.
        workers: threads; all processors when ``None``.
        progress: called with (lenses studied, lenses in all).

    Raises:
        OptionError: nothing is in doubt, too few draws, an unknown outcome, a cost that is not above 0, a
            reliability outside 0..1.
        MissingPartError: the case states nothing that a lens reads.
    """
    stated = costs_of(case, costs)
    if draws < FEWEST_DRAWS:
        raise OptionError(
            f"{draws} draws are too few to tell anything from chance; ask for {FEWEST_DRAWS} or more"
        )
    if not 0 < reliability <= 1:
        raise OptionError(f"a reliability of {reliability:g} is none; give a share above 0 and up to 1")
    drawn = sampled(case, draws, seed, lens_name, workers, margins=margins)
    wanted = headlines(drawn, outcome, every=every)
    parts = [
        _OneLens(case, one, stated, reliability, budget)
        for one, labels in zip(drawn, wanted, strict=True)
        if labels
    ]
    found: list[tuple[FlipRecord, list[Move]]] = []
    none: list[str] = []
    for number, (part, labels) in enumerate(zip(parts, filter(None, wanted), strict=True)):
        part.look(labels, kinds, seed if exact else None)
        for label in labels:
            if flips is not None and len(found) >= flips:
                break
            flipped = flip(part.one, label, at)
            if flipped is not None:
                found.append(flipped)
            elif part.one.told[label].kind == "share":
                none.append(label)
        if progress is not None:
            progress(number + 1, len(parts))
    return Study(
        title=case.title,
        fingerprint=case.fingerprint,
        draws=draws,
        seed=seed,
        reliability=reliability,
        outcomes=tuple(row for part in parts for row in part.outcomes),
        inputs=tuple(row for part in parts for row in part.inputs),
        asking=tuple(row for part in parts for row in part.asking),
        plan=tuple(row for part in parts for row in part.plan),
        flips=tuple(record for record, _ in found),
        moves=tuple(move for _, moves in found for move in moves),
        no_margin=tuple(none),
        untold=0 if outcome else sum(len(one.told) for one in drawn) - sum(map(len, wanted)),
    )


class _OneLens:
    """What the draws of one lens tell."""

    def __init__(
        self, case: Case, one: Sampled, costs: Mapping[str, float], reliability: float, budget: float | None
    ) -> None:
        self.case, self.one, self.costs, self.reliability, self.budget = case, one, costs, reliability, budget
        self.outcomes: list[Studied] = []
        self.inputs: list[InputShare] = []
        self.asking: list[Asking] = []
        self.plan: list[Planned] = []

    def look(self, labels: Sequence[str], kinds: Sequence[Kind], seed: int | None) -> None:
        """Study some outcomes; by further runs where a seed is given."""
        one = self.one
        moving = [label for label in labels if not one.steady(label)]
        order, basis, reports = order_of(one.u), Basis(one.u), Reports(one.u)
        asked = of_case(self.case, one.paths, kinds)
        b = second_rows(one, min(EXACT_ROWS, len(one.u)), seed) if seed is not None else None
        again = one.again(b, moving) if b is not None else {}
        for label in labels:
            y = one.outcomes[label]
            pull = basis.pull(y)
            play = basis.joint_play(y, pull) if label in moving else None
            self.outcomes.append(_studied(one, label, y, play))
            if label in moving:
                self.inputs += self._inputs(label, order, y)
                runs = (b, again[label]) if b is not None else None
                self.asking += self._asking(label, y, pull, basis, reports, asked, runs)
                self.plan += self._plan(label, y, pull, basis, asked)

    def _inputs(self, label: str, order: NDArray[np.intp], y: Array) -> list[InputShare]:
        """Return the inputs that matter for an outcome, the most first."""
        found = shares(order, y)
        paths = self.one.paths
        return [
            InputShare(
                lens=self.one.lens,
                outcome=label,
                subject=self.one.told[label].subject,
                input=paths[i],
                told=input_name(self.case, paths[i]),
                share=float(found.share[i]),
                error=float(found.error[i]),
                low=float(found.means[i, 0]),
                high=float(found.means[i, -1]),
            )
            for i in np.argsort(-found.share, kind="stable")
            if found.matters[i]
        ]

    def _asking(
        self,
        label: str,
        y: Array,
        pull: Array,
        basis: Basis,
        reports: Reports,
        asked: Questions,
        runs: tuple[Array, Array] | None,
    ) -> list[Asking]:
        """Return what asking would do for an outcome, the most per cost first."""
        each, found = reports.shares(y, self.reliability), []
        for (kind, ask, told), places in asked.items():
            if runs is None and basis.share(places, y, pull) < WORTH_TELLING:
                continue
            fit, error = basis.fit(places, y, pull), None
            if runs is not None:
                made = exact_share(self.one, label, places, *runs)
                share, error = min(1.0, max(0.0, made.share)), made.error
                fit = Fit(share, by_beta(y, share) if share > fit.share else fit.told)
            if fit.share < WORTH_TELLING:
                continue
            after = news(y, fit.told, fit.share)
            heard = min(fit.share, float(each[places].sum()))
            mean = float(y.mean())
            report = news(y, mean + (fit.told - mean) * np.sqrt(heard / fit.share), heard)
            found.append(
                Asking(
                    lens=self.one.lens,
                    outcome=label,
                    subject=self.one.told[label].subject,
                    kind=kind,
                    ask=ask,
                    told=told,
                    error=error,
                    reported=heard,
                    right_reported=min(report.right_after, after.right_after),
                    cost=self.costs.get(ask, 1.0),
                    **after._asdict(),
                )
            )
        return sorted(found, key=lambda row: (-row.share / row.cost, row.kind, row.told))

    def _plan(self, label: str, y: Array, pull: Array, basis: Basis, asked: Questions) -> list[Planned]:
        """Return whom to ask first, and then whom."""
        actors = {ask: places for (kind, ask, _), places in asked.items() if kind == "actor"}
        if not actors:
            return []
        if self.budget is None:
            made = forward(basis, y, actors, self.costs, PLANNED, WORTH_TELLING, pull)
        else:
            made = within(self.budget, basis, y, actors, self.costs)
        names = {ask: told for _, ask, told in asked}
        before, spent, kept = 0.0, 0.0, list[Planned]()
        for number, (ask, reached) in enumerate(made, start=1):
            if reached - before < WORTH_TELLING:
                break
            before, spent = reached, spent + self.costs.get(ask, 1.0)
            kept.append(
                Planned(outcome=label, place=number, ask=ask, told=names[ask], reached=reached, spent=spent)
            )
        return kept


def _studied(one: Sampled, label: str, y: Array, play: float | None) -> Studied:
    of: OutcomeWords = one.told[label]
    spread = float(y.std())
    return Studied(
        lens=one.lens,
        outcome=label,
        subject=of.subject,
        by=of.by,
        share=of.kind == "share",
        yes=of.yes,
        mean=float(y.mean()),
        error=spread / float(np.sqrt(len(y))),
        spread=spread,
        joint_play=play,
        record=ON_ISSUES if of.issue is not None and of.kind == "position" else ON_REST,
    )
