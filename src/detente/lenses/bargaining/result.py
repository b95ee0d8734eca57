"""Where each issue would settle, and how that was found: a frozen record that computes and plots nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from detente.lenses.lens import LensResult
from detente.lenses.summary import LEVELS, Distribution
from detente.show.record import Record
from detente.show.table import Cell, Table


class Agreement(Record):
    """How far the methods agree on one issue, by their mean forecasts and draw by draw.

    Attributes:
        lowest: method with the lowest mean forecast.
        highest: method with the highest.
        spread: difference of the two, on the issue's scale.
        within_tenth: share of draws in which all methods lie within a tenth of the scale of each other.
    """

    lowest: str
    highest: str
    spread: float
    within_tenth: float


class ActorPull(Record):
    """How far the compromise on one issue follows one actor; exact derivatives, averaged over draws.

    Attributes:
        position: change of the forecast per unit that the actor moves (0..1, its share of all weight).
        salience: change per unit of salience.
        influence: change per unit of influence.
    """

    position: float
    salience: float
    influence: float


class Rounds(Record):
    """The challenge model round by round, on one issue. Round 0 is where everybody starts.

    Attributes:
        median: weighted median after each round, every input at its mean.
        mean: weighted mean after each round, every input at its mean.
        positions: actor → position after each round, every input at its mean.
        median_over_draws: mean over draws of the weighted median after each round.
        stopped: reason for stopping → share of draws.
    """

    median: tuple[float, ...]
    mean: tuple[float, ...]
    positions: dict[str, tuple[float, ...]]
    median_over_draws: tuple[float, ...]
    stopped: dict[str, float]


class Trade(Record):
    """An exchange of positions between two actors on two issues.

    Attributes:
        first: actor that moves on ``gives_first``, towards the other’s side.
        second: actor that moves on ``gives_second`` in return.
        gives_first: issue on which the first actor moves.
        gives_second: issue on which the second actor moves.
        share: share of draws in which the trade is made.
        gain: mean over those draws of what each of the two gains (salience × shift of the forecast, on scales
            of 0..100); the same for both.
        shift_first: mean shift of the forecast on ``gives_first``, on its own scale.
        shift_second: mean shift of the forecast on ``gives_second``, on its own scale.
        central: whether it is made when every input is at its mean.
        hurt: actor → what it loses in the mean, for those whom the trade hurts, the worst first.
        helped: actor → what a bystander gains in the mean, the best first.
    """

    first: str
    second: str
    gives_first: str
    gives_second: str
    share: float
    gain: float
    shift_first: float
    shift_second: float
    central: bool
    hurt: dict[str, float]
    helped: dict[str, float]


class BargainingResult(LensResult):
    """Answer of the bargaining lens.

    Attributes:
        issues: issue → method → distribution of where it settles. A method that cannot answer for an issue
            (``nash`` without a no-deal point) is absent there.
        headline: the method whose forecasts the findings quote.
        baselines: issue → ``unweighted_mean`` and, where stated, ``no_deal``.
        agreement: issue → how far the methods agree.
        pull: issue → actor → how far the compromise follows it.
        rounds: issue → the challenge model round by round; empty when it was not run.
        trades: the trades that the exchange model makes, the largest gain over all draws first.
        skipped: issue → method → why there is no forecast.
        names: id → name of every issue and actor in the result.
        units: issue → its unit, where it has one.
    """

    issues: dict[str, dict[str, Distribution]]
    headline: str
    baselines: dict[str, dict[str, Distribution]]
    agreement: dict[str, Agreement]
    pull: dict[str, dict[str, ActorPull]]
    rounds: dict[str, Rounds]
    trades: tuple[Trade, ...]
    skipped: dict[str, dict[str, str]]
    names: dict[str, str]
    units: dict[str, str]

    def forecast(self, issue: str, method: str | None = None) -> Distribution:
        """Return where an issue settles by a method; by the headline method when none is named."""
        return self.issues[issue][method or self.headline]

    def tables(self) -> Mapping[str, Table]:
        """Return ``forecasts``, ``agreement``, ``pull``, ``rounds`` and ``trades``."""
        return self._tables

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        tables = (self._forecasts(), self._agreement(), self._pull(), self._rounds(), self._trades())
        return {table.name: table for table in tables}

    def _forecasts(self) -> Table:
        columns = {
            "issue": "id of the issue",
            "method": "method, or baseline: name",
            "mean": "mean forecast, on the issue's scale",
            "median": "median over draws",
            "sd": "standard deviation over draws",
            "mc_error": "standard error of the mean from the finite number of draws",
            **{f"{end}{level}": f"{level} % interval" for level in LEVELS for end in ("low", "high")},
            "no_agreement": "share of draws without agreement",
        }
        rows: list[tuple[Cell, ...]] = []
        for issue, methods in self.issues.items():
            named = {**methods, **{f"baseline: {name}": d for name, d in self.baselines[issue].items()}}
            for name, d in named.items():
                ends = [end for level in LEVELS for end in d.intervals[str(level)]]
                rows.append((issue, name, d.mean, d.median, d.sd, d.mc_error, *ends, d.no_agreement))
        return Table("forecasts", columns, tuple(rows))

    def _agreement(self) -> Table:
        columns = {
            "issue": "id of the issue",
            "lowest": "method with the lowest mean",
            "highest": "method with the highest mean",
            "spread": "difference of the two, on the issue's scale",
            "within_tenth": "share of draws with all methods within a tenth of the scale",
        }
        rows = tuple((i, a.lowest, a.highest, a.spread, a.within_tenth) for i, a in self.agreement.items())
        return Table("agreement", columns, rows)

    def _pull(self) -> Table:
        columns = {
            "issue": "id of the issue",
            "actor": "id of the actor",
            "position": "change of the compromise per unit of position",
            "salience": "change per unit of salience",
            "influence": "change per unit of influence",
        }
        rows = tuple(
            (issue, actor, pull.position, pull.salience, pull.influence)
            for issue, actors in self.pull.items()
            for actor, pull in actors.items()
        )
        return Table("pull", columns, rows)

    def _rounds(self) -> Table:
        columns = {
            "issue": "id of the issue",
            "round": "0 is the start",
            "actor": "id of the actor, or 'weighted median', 'weighted mean'",
            "position": "on the issue's scale, inputs at their means",
        }
        rows: list[tuple[Cell, ...]] = []
        for issue, rounds in self.rounds.items():
            paths = {"weighted median": rounds.median, "weighted mean": rounds.mean, **rounds.positions}
            rows += [(issue, r, who, x) for who, path in paths.items() for r, x in enumerate(path)]
        return Table("rounds", columns, tuple(rows))

    def _trades(self) -> Table:
        columns = {
            "first": "actor that moves on gives_first",
            "gives_first": "issue",
            "shift_first": "shift of the forecast there, on its scale",
            "second": "actor that moves on gives_second",
            "gives_second": "issue",
            "shift_second": "shift of the forecast there, on its scale",
            "gain": "gain of each of the two (salience × shift on 0..100)",
            "share": "share of draws in which it is made",
            "central": "made with every input at its mean",
            "hurt": "actors hurt and their loss",
        }
        rows: list[tuple[Cell, ...]] = []
        for t in self.trades:
            hurt = ", ".join(f"{actor} {loss:.3g}" for actor, loss in t.hurt.items())
            row = (t.first, t.gives_first, t.shift_first, t.second, t.gives_second, t.shift_second)
            rows.append((*row, t.gain, t.share, t.central, hurt))
        return Table("trades", columns, tuple(rows))
