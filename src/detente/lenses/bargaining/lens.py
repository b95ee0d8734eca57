"""How does a case become a bargaining result? View, blocks of draws, and one summary of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from detente.case import BargainingOptions, Case
from detente.errors import MissingPartError
from detente.lenses.asking import DEFAULT_DRAWS, DEFAULT_SEED, Effort
from detente.lenses.bargaining.findings import findings
from detente.lenses.bargaining.forecasts import Solved, join
from detente.lenses.bargaining.methods import METHODS
from detente.lenses.bargaining.result import ActorPull, Agreement, BargainingResult, Rounds
from detente.lenses.bargaining.trades import trade_records
from detente.lenses.bargaining.view import LEAST, MOST_CELLS, MOST_STEPS, STEPS_AT_ONCE, BargainingView
from detente.lenses.compare import AS_IT_STANDS
from detente.lenses.draws import BLOCK, Progress, Workers, checked_draws, over_blocks
from detente.lenses.lens import Lens, LensResult, RunRecord, Simulation
from detente.lenses.summary import Array, Distribution, distribution
from detente.lenses.tornado import swings

if TYPE_CHECKING:
    from detente.show.blocks import Chapter

QUICK = ("mean", "median", "nash")
NO_POINT = "the issue does not say where it ends without a deal (no_deal)"


class BargainingLens(Lens):
    """Where would each issue settle?"""

    name: ClassVar[str] = "bargaining"
    question: ClassVar[str] = "Where would each issue settle?"
    part: ClassVar[str] = "stances"
    numbers: ClassVar[str] = "forecasts"
    result: ClassVar[type[LensResult]] = BargainingResult
    methods: ClassVar[Mapping[str, str]] = METHODS
    past: ClassVar[str] = (
        "on 245 decided issues of the European Union such forecasts missed by 23 points of 100 on average"
    )

    def view(self, case: Case) -> BargainingView:
        """Read the stances; a MissingPartError where nobody has one, or no method asked for can forecast."""
        return BargainingView(case)

    def simulate(
        self,
        case: Case,
        *,
        draws: int = DEFAULT_DRAWS,
        seed: int = DEFAULT_SEED,
        workers: Workers = None,
        progress: Progress | None = None,
    ) -> BargainingSimulation:
        """Forecast every issue by every method that the case's options name; also raises NoWeightError."""
        return _drawn(self.view(case), Effort(draws, seed, workers, progress))

    def answer(self, versions: Mapping[str, Case], effort: Effort) -> LensResult:
        """Return all that a brief tells; scenarios are forecast by the methods that take no time.

        The challenge and exchange models take nine tenths of a run, and the leading forecasts are compared. A
        scenario that no method can forecast is left out.
        """
        case, made = versions[AS_IT_STANDS], dict[str, Simulation]()
        effort = replace(effort, draws=self.affordable(case, effort.draws))
        for number, (label, one) in enumerate(versions.items()):
            part = effort.part(number, len(versions))
            if label == AS_IT_STANDS:
                made[label] = self.drawn(one, part)
            else:
                with suppress(MissingPartError):
                    view = BargainingView(one, _at_once(one.options.bargaining))
                    made[label] = _drawn(view, part, details=False)
        if self.affordable(case, rows := 2 * len((view := self.view(case)).table.uncertain)) < rows:
            view = BargainingView(case, _at_once(view.options))
        compared, moved = self.compared(made, versions, effort), swings(case, view, self.name)
        return made[AS_IT_STANDS].result().model_copy(update={"comparison": compared, "tornado": moved})

    def affordable(self, case: Case, draws: int) -> int:
        """Return fewer draws where each takes long: a crowd that plays games or trades, or very many issues."""
        return min(draws, max(LEAST, MOST_STEPS // self.view(case).steps))

    def chapter(self, result: BargainingResult) -> Chapter:
        """Tell a result, from its fields alone."""
        from detente.lenses.bargaining.chapter import chapter

        return chapter(result)


def _at_once(asked: BargainingOptions) -> BargainingOptions:
    """Return the options with the methods that take no time, and the one that leads."""
    leading = {asked.headline, asked.methods[0], *[m for m in asked.methods if m != "nash"][:1]}
    methods = tuple(method for method in asked.methods if method in QUICK or method in leading)
    return asked.model_copy(update={"methods": methods})


def _drawn(view: BargainingView, effort: Effort, *, details: bool = True) -> BargainingSimulation:
    """Forecast every issue in every draw."""
    draws, seed = checked_draws(effort.draws, exact=view.table.is_exact), effort.seed

    def block(start: int, count: int) -> Solved:  # a cluster gets no progress, so not all of the effort
        return view.solve(view.table.sample(seed, start, count), details=details)

    size = max(1, min(BLOCK, MOST_CELLS // view.present.size, STEPS_AT_ONCE // view.steps))
    made = over_blocks(block, draws, effort.workers, effort.progress, size)
    return BargainingSimulation(view, join(made), seed)


@dataclass(frozen=True, slots=True)
class BargainingSimulation:
    """All draws of the bargaining lens on one case."""

    view: BargainingView
    solved: Solved
    seed: int

    def outcomes(self) -> dict[str, Array]:
        """Return ``<issue>.<method>`` → shape (draws,)."""
        return self.view.labelled(self.solved)

    def result(self) -> BargainingResult:
        """Summarise the draws; the challenge's rounds and central trades are those of the mean inputs."""
        view, solved, case = self.view, self.solved, self.view.case
        methods, headline = view.options.methods, view.options.headline
        options, exact = view.options.model_dump(mode="json"), view.table.is_exact
        run: dict[str, Any] = {"draws": solved.draws, "seed": self.seed, "exact": exact}
        central = view.solve(view.table.means[None, :], keep_path=True)
        each, actors = dict(zip(view.issues, range(len(view.issues)), strict=True)), view.actors
        issues = {issue: _distributions(view, solved, i, methods) for issue, i in each.items()}
        leading = {label.rpartition(".")[0]: label for label in view.told()}
        drawn, plain = self.outcomes(), ("unweighted_mean", "no_deal")
        own, crossings = view.crossings({issue: drawn[leading[issue]] for issue in issues}, self.seed)
        made, always = solved.trades, central.trades or ()
        trades = None if made is None else trade_records(made, solved.draws, always, view.issues, actors)
        result = BargainingResult(
            record=RunRecord.of(BargainingLens.name, case, **run, options=options),
            case=case,
            findings=(),
            issues=issues,
            headline=headline if headline in methods else methods[0],
            baselines={issue: _distributions(view, solved, i, plain) for issue, i in each.items()},
            agreement={issue: _agreement(view, solved, issues[issue], i) for issue, i in each.items()},
            pull={issue: _pulls(view, solved, i) for issue, i in each.items()},
            rounds={i: _rounds(view, solved, central, k) for i, k in each.items() if central.challenge},
            trades=trades,
            trades_found=None if made is None else len(made),
            trades_broken_off=None if made is None else float(solved.drawn["broken_off"].mean()),
            skipped={
                issue: dict.fromkeys(missing, NO_POINT)
                for issue in (*view.issues, *view.unanswered)
                if (missing := [str(method) for method in methods if method not in issues.get(issue, {})])
            },
            stances=view.stances(own),
            crossings=crossings,
        )
        return result.model_copy(update={"findings": tuple(findings(result))})


LENS = BargainingLens()


def _distributions(
    view: BargainingView, solved: Solved, i: int, names: tuple[str, ...]
) -> dict[str, Distribution]:
    """Return name → distribution on one issue, of those that have a number there in every draw."""
    low, high, found = float(view.scale_low[i]), float(view.scale_high[i]), {}
    for name in names:
        values = solved.drawn[name][:, i]
        if not np.isnan(values).any():
            fails = float(solved.drawn["no_agreement"][:, i].mean()) if name == "nash" else None
            found[str(name)] = distribution(values, low, high, fails)
    return found


def _agreement(view: BargainingView, solved: Solved, methods: dict[str, Distribution], i: int) -> Agreement:
    lowest, highest = (pick(methods, key=lambda method: methods[method].mean) for pick in (min, max))
    values = np.array([solved.drawn[method][:, i] for method in methods])
    return Agreement(
        lowest=lowest,
        highest=highest,
        spread=methods[highest].mean - methods[lowest].mean,
        within_tenth=within_tenth(values, float(view.scale_high[i] - view.scale_low[i])),
    )


def within_tenth(values: Array, width: float) -> float:
    """Return the share of draws in which all methods (methods × draws) lie within a tenth of the scale's width."""
    return float((np.ptp(values, axis=0) <= width / 10).mean())


def _pulls(view: BargainingView, solved: Solved, i: int) -> dict[str, ActorPull]:
    """Return actor → derivatives of the weighted mean on one issue, averaged over draws."""
    if solved.pull is None:  # pragma: no cover - simulations are solved with details
        return {}
    mean = (solved.pull[:, i] / solved.draws).T.tolist()
    return {
        actor: ActorPull(position=x, salience=s, influence=c)
        for actor, present, (x, s, c) in zip(view.actors, view.present[i], mean, strict=True)
        if present
    }


def _rounds(view: BargainingView, solved: Solved, central: Solved, i: int) -> Rounds:
    """Return the challenge model's rounds on one issue with every input at its mean, and the mean over draws.

    Rounds after which nothing moved any more in the central run are cut off.
    """
    from detente.lenses.bargaining.challenge import Stop

    played, path, stopped = central.challenge, solved.median_path, solved.stopped
    if played is None or path is None or stopped is None:  # pragma: no cover
        raise ValueError("the challenge model was not run")
    rounds = int(played.rounds_used[0, i]) + 1
    often = [reason for reason in np.argsort(-stopped[i], kind="stable") if stopped[i, reason]]
    return Rounds(
        median=tuple(played.median[0, i, :rounds].tolist()),
        mean=tuple(played.mean[0, i, :rounds].tolist()),
        positions={
            actor: tuple(played.path[0, i, :rounds, a].tolist())
            for a, actor in enumerate(view.actors)
            if view.present[i, a]
        },
        median_over_draws=tuple((path[i, :rounds] / solved.draws).tolist()),
        stopped={Stop(reason).name.lower(): float(stopped[i, reason]) / solved.draws for reason in often},
    )
