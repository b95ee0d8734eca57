"""What does the bargaining lens read in a case? Arrays of who stands where, how much they care and weigh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.case import BargainingOptions, Case
from detente.case.electorate import Electorate, has_rules
from detente.errors import MissingPartError, NoWeightError, OptionError
from detente.lenses.bargaining.forecasts import Inputs, Solved, solve
from detente.lenses.bargaining.methods import METHODS
from detente.lenses.bargaining.nash import Valued
from detente.lenses.bargaining.result import Standing
from detente.lenses.lens import DEFAULT_DRAWS
from detente.lenses.outcomes import OutcomeWords
from detente.lenses.summary import Array
from detente.lenses.worth import anchors, best
from detente.quantity import QuantityTable, RankCorrelation

Columns = NDArray[np.intp]
ABSENT = -1
MOST_CELLS = 4_000_000
"""Numbers in one array over draws, issues and actors, beyond which fewer draws are made at a time."""
MOST_STEPS, STEPS_AT_ONCE, LEAST = 8_000_000_000, 50_000_000, 20
"""Steps of all draws, beyond which fewer are made; of those made at a time; and draws that are made at least."""
PULL = "Pull of the parties, ignoring who must consent: "
_ROWS = 4096  # draws whose red lines are looked at together


class BargainingView:
    """The stances of a case as columns of one table of quantities, and where each column belongs.

    Attributes:
        issues: ids of the issues that have stances and that one of the methods can forecast, m of them.
        unanswered: ids of those that have stances and that none can forecast.
        actors: ids of the actors that have a stance on one of them, n of them.
        scale_low: lowest value of each issue's scale, shape (m,).
        scale_high: highest value, shape (m,).
        table: every quantity that the lens reads.
        options: how the methods are to be run.
        steps: about how many, of 10 ns, a draw takes.
    """

    def __init__(self, case: Case, options: BargainingOptions | None = None) -> None:
        """Read the case; with its own options where no others are given.

        Raises:
            MissingPartError: nobody has a stance on anything, or only Nash bargaining is asked for and no issue
                says what happens without a deal.
            NoWeightError: on some issue nobody can have any weight.
            OptionError: the exchange model is asked for, and there are too many who could trade.
        """
        self.case = case
        self.options = options or case.options.bargaining
        stated = tuple(issue for issue in case.issues if case.stances.get(issue))
        if not stated:
            raise MissingPartError(
                "the bargaining lens reads 'stances' and the case has none; add who wants what"
            )
        self.issues = tuple(issue for issue in stated if self._methods(issue))
        self.unanswered = tuple(issue for issue in stated if issue not in self.issues)
        if not self.issues:
            raise MissingPartError(
                "Nash bargaining alone is asked for, and no issue says where it ends without a deal; "
                "add no_deal to an issue, or ask for another method"
            )
        heard = {actor for issue in self.issues for actor in case.stances[issue]}
        self.actors = tuple(actor for actor in case.actors if actor in heard)
        self.scale_low = np.array([case.issues[issue].low for issue in self.issues])
        self.scale_high = np.array([case.issues[issue].high for issue in self.issues])
        self._read_columns()
        self._refuse_crowd()
        self._refuse_weightless()

    def _methods(self, issue: str) -> list[str]:
        """Return the methods that can forecast an issue, the leading one first."""
        ordered = dict.fromkeys([self.options.headline, *self.options.methods])
        point = self.case.issues[issue].no_deal is not None
        return [one for one in ordered if one in self.options.methods and (point or one != "nash")]

    def _read_columns(self) -> None:
        paths: dict[str, int] = {}

        def column(path: str) -> int:
            return paths.setdefault(path, len(paths)) if path in self.case.quantities else ABSENT

        def of_issues(key: str) -> Columns:
            return np.array([column(f"issues.{issue}.{key}") for issue in self.issues])

        shape = (len(self.issues), len(self.actors))
        self._valued: dict[int, tuple[Array, dict[int, Columns]]] = {}  # issue → settlements, actor → columns
        self.position_columns, self.salience_columns, self.influence_columns = (
            np.full(shape, ABSENT) for _ in range(3)
        )
        for i, issue in enumerate(self.issues):
            for a, actor in enumerate(self.actors):
                if actor in self.case.stances[issue]:
                    stance = f"stances.{issue}.{actor}"
                    self.position_columns[i, a] = column(f"{stance}.position")
                    if values := self.case.stances[issue][actor].values:
                        settlements = anchors(values)
                        paths_of = [*(f"{stance}.values.{one}" for one in settlements), f"{stance}.no_deal"]
                        of = self._valued.setdefault(i, (np.array(settlements, dtype=np.float64), {}))
                        of[1][a] = np.array([column(path) for path in paths_of])
                    self.salience_columns[i, a] = column(f"{stance}.salience")
                    self.influence_columns[i, a] = column(self.case.influence_path(issue, actor))
        self.no_deal_columns, self.cost_columns = of_issues("no_deal"), of_issues("failure_cost")
        quantities = {path: self.case.quantities[path] for path in paths}
        self.table = QuantityTable(quantities, self._correlations(paths))

    def _correlations(self, paths: dict[str, int]) -> list[RankCorrelation]:
        pairs = self.case.rank_correlations
        return [pair for pair in pairs if pair.first in paths and pair.second in paths]

    def _refuse_crowd(self) -> None:
        """Estimate how many steps of 10 ns a draw takes; refuse what leaves too few draws to tell anything."""
        present, asked = self.present.astype(np.int64), self.options.methods
        (issues, actors), most = present.shape, MOST_STEPS // (5 if self.table.is_exact else LEAST)
        trades = int(np.triu((present @ present.T) ** 2 // 4, 1).sum())  # two actors, opposed, on two issues
        trade = 4 * trades // issues + issues**2 // 4 + actors**2 // 2  # about one is made for every stance
        played = 10 * int((present.sum(axis=1) ** 2).sum()) * ("challenge" in asked)
        self.steps: int = 50 * present.size + played + int(present.sum()) * trade * ("exchange" in asked)
        if "exchange" in asked and self.steps > most:
            others = ", ".join(one for one in asked if one != "exchange") or "mean"
            raise OptionError(
                f"the exchange model would weigh up to {trades:,} trades in every draw, which takes too long; "
                f"leave it out (options: {{bargaining: {{methods: [{others}]}}}}), or leave out the issues and "
                "actors that matter least"
            )

    def _refuse_weightless(self) -> None:
        """Refuse an issue on which every weight is 0 however the draws fall."""
        upper = self.inputs(self.table.quantiles(1.0)[None, :])
        weight = np.nan_to_num(upper.salience * upper.influence, nan=0.0, posinf=1.0)
        for i, issue in enumerate(self.issues):
            if not weight[0, i].any():
                raise NoWeightError(i, issue)

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """Whether each actor has a stance on each issue, shape (m, n)."""
        return np.asarray(self.salience_columns != ABSENT)

    def inputs(self, values: Array) -> Inputs:
        """Arrange rows of numbers, shape (rows, columns of the table), as the arrays of the methods."""
        padded = np.concatenate([values, np.full((len(values), 1), np.nan)], axis=1)  # column ABSENT is NaN
        cost = padded[:, self.cost_columns]
        position, valued = np.ascontiguousarray(padded[:, self.position_columns]), {}
        for i, (settlements, rows) in self._valued.items():
            table = np.full((len(values), len(self.actors), len(settlements) + 1), np.nan)
            for a, columns in rows.items():
                table[:, a] = padded[:, columns]
                position[:, i, a] = best(settlements, table[:, a, :-1])
            valued[i] = Valued(settlements, table[..., :-1], table[..., -1])
        return Inputs(
            position,
            np.ascontiguousarray(padded[:, self.salience_columns]),
            np.ascontiguousarray(padded[:, self.influence_columns]),
            np.ascontiguousarray(padded[:, self.no_deal_columns]),
            np.where(np.isnan(cost), 0.0, cost),
            self.scale_low,
            self.scale_high,
            valued,
        )

    def solve(self, values: Array, *, details: bool = True, keep_path: bool = False) -> Solved:
        """Run every method on rows of numbers; see :func:`~.forecasts.solve`.

        Raises:
            NoWeightError: on some issue, in some row, all weights are zero; the message names the issue.
        """
        try:
            return solve(self.inputs(values), self.options, details=details, keep_path=keep_path)
        except NoWeightError as error:
            raise NoWeightError(error.issue, self.issues[error.issue]) from None

    def outcomes(self, values: Array) -> dict[str, Array]:
        """Turn numbers into forecasts: ``<issue>.<method>`` → shape (rows,)."""
        return self.labelled(self.solve(values, details=False))

    def labelled(self, solved: Solved) -> dict[str, Array]:
        """Return ``<issue>.<method>`` → shape (draws,), without issues for which a method has no forecast."""
        return {
            f"{issue}.{method}": solved.drawn[method][:, i]
            for method in dict.fromkeys(self.options.methods)
            for i, issue in enumerate(self.issues)
            if not np.isnan(solved.drawn[method][:, i]).any()
        }

    def stances(self, crossed: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[Standing, ...]]:
        """Return, per issue, everybody who has a stance on it, from the low end of the scale to the high end.

        ``crossed`` tells in what share of the draws whose red line is crossed, as `crossings` does.
        """

        def place(one: Standing) -> tuple[float, str, str]:
            return one.position, self.case.actors[one.actor].name, one.actor

        return {i: tuple(sorted(self._standings(i, crossed[i]), key=place)) for i in self.issues}

    def _standings(self, issue: str, crossed: Mapping[str, float]) -> list[Standing]:
        case, found = self.case, []
        of = case.stances[issue]
        heard = {member.actor for member in Electorate(case).members((issue,))}
        weights = {actor: one.salience.mean * case.influence(issue, actor).mean for actor, one in of.items()}
        total = sum(weights.values())
        for actor, stance in of.items():
            low, high = self._spread(issue, actor)
            accepts = [
                case.quantities.get(f"stances.{issue}.{actor}.accepts.{side}") for side in ("lower", "upper")
            ]
            bounds = [None if bound is None else bound.mean for bound in accepts]
            standing = Standing(
                actor=actor,
                position=stance.aim.mean,
                low80=low,
                high80=high,
                salience=stance.salience.mean,
                influence=case.influence(issue, actor).mean,
                weight=weights[actor] / total if total > 0 else 0.0,
                accepts_from=bounds[0],
                accepts_to=bounds[1],
                influence_path=case.influence_path(issue, actor),
                because=stance.because,
                valued=stance.position is None,
                has_say=actor in heard or not heard,
                crossed=crossed.get(actor),
            )
            found.append(standing)
        return found

    def _spread(self, issue: str, actor: str) -> tuple[float, float]:
        """Return between which positions 80 % of the doubt lies; of values, between which best settlements."""
        position = self.case.stances[issue][actor].position
        if position is not None:
            low, high = position.quantile([0.1, 0.9])
            return float(low), float(high)
        settlements, rows = self._valued[self.issues.index(issue)]
        drawn = self._sample[:, rows[self.actors.index(actor)][:-1]]
        low, high = np.quantile(best(settlements, drawn), [0.1, 0.9], method="inverted_cdf")
        return float(low), float(high)

    @cached_property
    def _sample(self) -> Array:
        """Some draws, to see how doubt in values spreads over settlements."""
        return self.table.sample(0, 0, _ROWS)

    def crossings(
        self, forecasts: Mapping[str, Array], seed: int
    ) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
        """Return in what share of the draws a forecast crosses red lines.

        Args:
            forecasts: issue → (draws,); one number where the lens reads no input in doubt. Red lines in doubt are
                then drawn all the same.
            seed: of the draws.

        Returns:
            Issue → actor → share of draws in which its own red line is crossed; and issue → share in which any is
            of somebody with a say.
        """
        lines = {(issue, actor): paths for issue in forecasts for actor, paths in self._red_lines(issue)}
        stated = (path for paths in lines.values() for path in paths if path)
        column = {path: k for k, path in enumerate(dict.fromkeys([*self.table.paths, *stated]))}
        quantities = {path: self.case.quantities[path] for path in column}
        table = QuantityTable(quantities, self._correlations(column))
        decisive = {(i, one.actor) for i in forecasts for one in self._standings(i, {}) if one.has_say}
        draws = max(map(len, forecasts.values()))
        draws = DEFAULT_DRAWS if draws == 1 and not table.is_exact else draws
        own = dict.fromkeys(lines, 0)
        some = {issue: 0 for issue, actor in lines if (issue, actor) in decisive}
        for start in range(0, draws if lines else 0, _ROWS):
            values = table.sample(seed, start, min(_ROWS, draws - start))
            crossed = {issue: np.zeros(len(values), dtype=np.bool_) for issue in some}
            for (issue, actor), (lower, upper) in lines.items():
                of = forecasts[issue]
                at = of if len(of) == 1 else of[start : start + len(values)]
                beyond = np.zeros(len(values), dtype=np.bool_)
                beyond |= (at < values[:, column[lower]]) if lower else False
                beyond |= (at > values[:, column[upper]]) if upper else False
                own[issue, actor] += int(beyond.sum())
                if (issue, actor) in decisive:
                    crossed[issue] |= beyond
            some = {issue: count + int(crossed[issue].sum()) for issue, count in some.items()}
        shares: dict[str, dict[str, float]] = {issue: {} for issue in forecasts}
        for (issue, actor), count in own.items():
            shares[issue][actor] = count / draws
        return shares, {issue: count / draws for issue, count in some.items()}

    def _red_lines(self, issue: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield actor → paths of the ends of its red line on an issue, empty where it has none."""
        for actor in self.case.stances[issue]:
            paths = [f"stances.{issue}.{actor}.accepts.{side}" for side in ("lower", "upper")]
            lower, upper = (path if path in self.case.quantities else "" for path in paths)
            if lower or upper:
                yield actor, (lower, upper)

    def told(self) -> Mapping[str, OutcomeWords]:
        """Return the forecast of every issue by the leading method, or by the first that has one there."""
        told, pull = {}, PULL if has_rules(self.case) else ""
        for issue in self.issues:
            of, by = self.case.issues[issue], self._methods(issue)[0]
            words = OutcomeWords(
                subject=of.name, by=pull + METHODS[by], low=of.low, high=of.high, issue=issue
            )
            told[f"{issue}.{by}"] = words
        return told
