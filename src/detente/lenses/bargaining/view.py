"""What does the bargaining lens read in a case? Arrays of who stands where, how much they care and weigh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.case import BargainingOptions, Case
from detente.errors import MissingPartError, NoWeightError
from detente.lenses.bargaining.methods import METHODS
from detente.lenses.outcomes import OutcomeWords
from detente.lenses.summary import Array
from detente.quantity import QuantityTable, RankCorrelation

Columns = NDArray[np.intp]
ABSENT = -1


@dataclass(frozen=True, slots=True)
class Inputs:
    """The numbers of some draws; NaN where an actor has no stance or an issue lacks the number.

    Attributes:
        position: draws × issues × actors, on the issue's own scale.
        salience: the same shape, 0..1.
        influence: the same shape, ≥ 0.
        no_deal: draws × issues, on the issue's own scale.
        failure_cost: draws × issues, ≥ 0, utility units with positions scaled to 0..1; 0 where none is stated.
    """

    position: Array
    salience: Array
    influence: Array
    no_deal: Array
    failure_cost: Array


class BargainingView:
    """The stances of a case as columns of one table of quantities, and where each column belongs.

    Attributes:
        issues: ids of the issues that have stances, m of them.
        actors: ids of the actors that have a stance on one of them, n of them.
        scale_low: lowest value of each issue's scale, shape (m,).
        scale_high: highest value, shape (m,).
        table: every quantity that the lens reads.
        options: how the methods are to be run.
    """

    def __init__(self, case: Case) -> None:
        """Read the case.

        Raises:
            MissingPartError: nobody has a stance on anything.
            NoWeightError: on some issue nobody can have any weight.
        """
        self.case = case
        self.options: BargainingOptions = case.options.bargaining
        self.issues = tuple(issue for issue in case.issues if case.stances.get(issue))
        if not self.issues:
            raise MissingPartError(
                "the bargaining lens reads 'stances' and the case has none; add who wants what"
            )
        heard = {actor for issue in self.issues for actor in case.stances[issue]}
        self.actors = tuple(actor for actor in case.actors if actor in heard)
        self.scale_low = np.array([case.issues[issue].low for issue in self.issues])
        self.scale_high = np.array([case.issues[issue].high for issue in self.issues])
        self._read_columns()
        self._refuse_weightless()

    def _read_columns(self) -> None:
        paths: dict[str, int] = {}

        def column(path: str) -> int:
            return paths.setdefault(path, len(paths)) if path in self.case.quantities else ABSENT

        shape = (len(self.issues), len(self.actors))
        self.position_columns: Columns = np.full(shape, ABSENT)
        self.salience_columns: Columns = np.full(shape, ABSENT)
        self.influence_columns: Columns = np.full(shape, ABSENT)
        for i, issue in enumerate(self.issues):
            for a, actor in enumerate(self.actors):
                if actor in self.case.stances[issue]:
                    stance = f"stances.{issue}.{actor}"
                    self.position_columns[i, a] = column(f"{stance}.position")
                    self.salience_columns[i, a] = column(f"{stance}.salience")
                    self.influence_columns[i, a] = column(self.case.influence_path(issue, actor))
        self.no_deal_columns: Columns = np.array([column(f"issues.{issue}.no_deal") for issue in self.issues])
        self.cost_columns: Columns = np.array(
            [column(f"issues.{issue}.failure_cost") for issue in self.issues]
        )
        quantities = {path: self.case.quantities[path] for path in paths}
        self.table = QuantityTable(quantities, self._correlations(paths))

    def _correlations(self, paths: dict[str, int]) -> list[RankCorrelation]:
        pairs = self.case.rank_correlations
        return [pair for pair in pairs if pair.first in paths and pair.second in paths]

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
        return np.asarray(self.position_columns != ABSENT)

    def inputs(self, values: Array) -> Inputs:
        """Arrange rows of numbers, shape (rows, columns of the table), as the arrays of the methods."""
        padded = np.concatenate([values, np.full((len(values), 1), np.nan)], axis=1)  # column ABSENT is NaN
        cost = padded[:, self.cost_columns]
        return Inputs(
            np.ascontiguousarray(padded[:, self.position_columns]),
            np.ascontiguousarray(padded[:, self.salience_columns]),
            np.ascontiguousarray(padded[:, self.influence_columns]),
            np.ascontiguousarray(padded[:, self.no_deal_columns]),
            np.where(np.isnan(cost), 0.0, cost),
        )

    def outcomes(self, values: Array) -> dict[str, Array]:
        """Turn numbers into forecasts: ``<issue>.<method>`` → shape (rows,)."""
        from detente.lenses.bargaining.solve import forecasts

        return self.labelled(forecasts(self, self.inputs(values)))

    def labelled(self, forecasts: dict[str, Array]) -> dict[str, Array]:
        """Return ``<issue>.<method>`` → shape (rows,), without issues for which a method has no forecast."""
        return {
            f"{issue}.{method}": outcome[:, i]
            for method, outcome in forecasts.items()
            for i, issue in enumerate(self.issues)
            if not np.isnan(outcome[:, i]).any()
        }

    def told(self) -> Mapping[str, OutcomeWords]:
        """Return the forecast of every issue by the leading method, or by the first that has one there."""
        ordered = dict.fromkeys([self.options.headline, *self.options.methods])
        methods = [method for method in ordered if method in self.options.methods]
        told = {}
        for issue in self.issues:
            of = self.case.issues[issue]
            by = next((m for m in methods if m != "nash" or of.no_deal is not None), None)
            if by is not None:
                words = OutcomeWords(subject=of.name, by=METHODS[by], low=of.low, high=of.high, issue=issue)
                told[f"{issue}.{by}"] = words
        return told
