"""Where each issue would settle, and how that was found: a frozen record that computes and plots nothing."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.electorate import has_rules
from detente.lenses.lens import LensResult
from detente.lenses.summary import Distribution
from detente.show.record import Cell, Record
from detente.show.table import Table, table_of

ISSUE = {"issue": "id of the issue"}
ACTOR = {"actor": "id of the actor"}
SAME = 1e-9  # shares of weight that differ by no more are the same
BLOCKED = 0.5  # share of draws without agreement from which no deal counts as better than any settlement
CROSSED = 0.05  # share of draws from which a red line counts as crossed by the forecast


class Standing(Record):
    """Where one actor stands on one issue, in expected numbers.

    Attributes:
        actor: id of the actor.
        position: expected position, on the issue's scale.
        low80: 10 % quantile of the position.
        high80: 90 % quantile of the position.
        salience: expected salience, 0 to 1.
        influence: expected influence.
        weight: share of all weight (influence × salience).
        accepts_from: red line: least that it accepts.
        accepts_to: red line: most that it accepts.
        influence_path: where the case states the influence: for this issue, or for all.
        because: sources of the stance.
        valued: whether it values each settlement by itself; the position is then the one that it values most.
        has_say: whether a rule of the case names it among those whose consent a deal on the issue may need;
            everybody where no rule does.
        crossed: share of draws in which the leading forecast lies beyond its red line; ``None`` without one.
    """

    actor: str
    position: float
    low80: float
    high80: float
    salience: float
    influence: float
    weight: float
    accepts_from: float | None
    accepts_to: float | None
    influence_path: str
    because: tuple[str, ...]
    valued: bool = False
    has_say: bool = True
    crossed: float | None = None

    @property
    def wants(self) -> str:
        """Under which key of the stance the case says what it wants."""
        return "values" if self.valued else "position"

    @property
    def bound(self) -> bool:
        """Whether it has a red line that counts: one of somebody with a say."""
        return self.has_say and self.crossed is not None


class Agreement(Record):
    """How far the methods agree on one issue, by their mean forecasts and draw by draw.

    Attributes:
        lowest: method with the lowest mean forecast.
        highest: method with the highest mean forecast.
        spread: difference of the two, on the issue's scale.
        within_tenth: share of draws in which all methods lie within a tenth of the scale of each other.
    """

    lowest: str
    highest: str
    spread: float
    within_tenth: float


class ActorPull(Record):
    """How far the weighted mean on one issue follows one actor; exact derivatives, averaged over draws.

    Attributes:
        position: change of the weighted mean per unit that the actor moves (0..1, its share of all weight).
        salience: change of the weighted mean per unit of salience.
        influence: change of the weighted mean per unit of influence.
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

    @classmethod
    def columns(cls) -> dict[str, str]:
        """Return what a table holds of it: also who is hurt, in one cell."""
        return {**super().columns(), "hurt": "actors hurt, and what each loses in the mean"}

    def cells(self) -> dict[str, Cell]:
        """Return name → value of every one of `columns`."""
        hurt = ", ".join(f"{actor} {loss:.3g}" for actor, loss in self.hurt.items())
        return {**{name: getattr(self, name) for name in self.columns()}, "hurt": hurt}


class Settlement(Record):
    """One issue at a glance: where it settles, how sure that is, and what stands in the way.

    Attributes:
        id: of the issue.
        issue: its name.
        method: method of the forecast.
        mean: forecast, on the issue's scale.
        low80: 10 % quantile of it over draws.
        high80: 90 % quantile.
        no_deal: where it ends without an agreement.
        plain_average: mean position, everybody counting alike.
        lowest: lowest forecast of any method.
        highest: highest forecast of any method.
        spread: difference of the two.
        methods: how many methods give a forecast.
        no_agreement: share of draws in which nothing is better than no deal for all.
        red_lines: how many actors with a say state a red line.
        crossed: how many of these the forecast crosses in a twentieth of the draws or more.
        crossed_by: ids of the actors whose red lines they are, the heaviest first.
        crossing: share of draws in which the forecast crosses a red line of somebody with a say, if any is stated.
        strongest: ids of the actors with the largest share of all weight: several where they have the same.
        strongest_share: share of all weight that this actor has, the largest.
        widest_input: path of the input in doubt that moves the forecast most, if any does.
        widest_from: lowest forecast that one input in doubt can make alone.
        widest_to: highest.
        width: of the scale.
        outcome: what really happened, where it is known.
        error: forecast less outcome.
        nearest_method: method whose mean forecast came nearest to that.
        nearest: forecast of the method that came nearest to the outcome.
    """

    id: str
    issue: str
    method: str
    mean: float
    low80: float
    high80: float
    no_deal: float | None
    plain_average: float
    lowest: float
    highest: float
    spread: float
    methods: int
    no_agreement: float | None
    red_lines: int
    crossed: int
    crossed_by: tuple[str, ...]
    crossing: float | None
    strongest: tuple[str, ...]
    strongest_share: float
    widest_input: str | None
    widest_from: float | None
    widest_to: float | None
    width: float
    outcome: float | None
    error: float | None
    nearest_method: str | None
    nearest: float | None

    @property
    def blocked(self) -> bool:
        """Say whether, in most draws, nothing is better than no deal for everyone."""
        return self.no_agreement is not None and self.no_agreement >= BLOCKED

    @property
    def swing(self) -> float:
        """Return how far the widest input moves the forecast, as a share of the scale."""
        return ((self.widest_to or 0.0) - (self.widest_from or 0.0)) / self.width


NOT_AT_A_GLANCE = ("id", "method", "methods", "strongest", "widest_input", "width", "nearest_method")


class BargainingResult(LensResult):
    """Answer of the bargaining lens; it suffices to tell and to draw everything that the lens shows.

    Attributes:
        issues: issue → method → distribution of where it settles. A method that cannot answer for an issue
            (``nash`` without a no-deal point) is absent there.
        headline: the method whose forecasts the findings quote, where it can answer.
        baselines: issue → ``unweighted_mean`` and, where stated, ``no_deal``.
        agreement: issue → how far the methods agree.
        pull: issue → actor → how far the weighted mean follows it.
        rounds: issue → the challenge model round by round; empty when it was not run.
        trades: of the exchange model, the largest gain over all draws first, 200 at most; ``None`` if not asked.
        trades_found: how many different ones it makes in all draws, those left out among them.
        trades_broken_off: share of draws in which a round was broken off, before trading ended by itself.
        skipped: issue → method → why there is no forecast.
        stances: issue → where everybody stands who has a stance on it, from the low end of the scale to the high.
        crossings: issue → share of draws in which the leading forecast crosses a red line of somebody with a say;
            missing where there is none.
    """

    issues: dict[str, dict[str, Distribution]]
    headline: str
    baselines: dict[str, dict[str, Distribution]]
    agreement: dict[str, Agreement]
    pull: dict[str, dict[str, ActorPull]]
    rounds: dict[str, Rounds]
    trades: tuple[Trade, ...] | None
    trades_found: int | None
    trades_broken_off: float | None
    skipped: dict[str, dict[str, str]]
    stances: dict[str, tuple[Standing, ...]]
    crossings: dict[str, float]

    @property
    def consented(self) -> bool:
        """Say whether rules of the case name somebody who must consent, which no method here asks."""
        return has_rules(self.case)

    @property
    def noun(self) -> str:
        """Return what a forecast is called: where somebody must consent it is only a pull."""
        return "pull" if self.consented else "forecast"

    def leading(self, issue: str) -> str:
        """Return the method that forecasts an issue: the headline method, else the first that can."""
        methods = self.issues[issue]
        return self.headline if self.headline in methods else next(iter(methods))

    def forecast(self, issue: str, method: str | None = None) -> Distribution:
        """Return where an issue settles by a method; by the leading method when none is named."""
        return self.issues[issue][method or self.leading(issue)]

    @property
    def settlements(self) -> tuple[Settlement, ...]:
        """Every issue at a glance, in the order of the case."""
        return tuple(self._settlement(issue) for issue in self.issues)

    def _settlement(self, issue: str) -> Settlement:
        of, methods, baselines = self.case.issues[issue], self.issues[issue], self.baselines[issue]
        method, agreement = self.leading(issue), self.agreement[issue]
        forecast, nash = methods[method], methods.get("nash")
        heaviest = sorted(self.stances[issue], key=lambda one: -one.weight)
        weight = {one.actor: one.weight for one in heaviest}
        most = max(weight[actor] for actor in self.pull[issue])
        strongest = tuple(actor for actor in self.pull[issue] if weight[actor] >= most - SAME)
        bound = [one for one in heaviest if one.bound]
        crossed = tuple(one.actor for one in bound if (one.crossed or 0.0) >= CROSSED)
        bar = next(iter(self.tornado.bars.get(f"{issue}.{method}", ())), None) if self.tornado else None
        known = of.outcome.value if of.outcome is not None else None
        nearest = None if known is None else min(methods, key=lambda name: abs(methods[name].mean - known))
        return Settlement(
            id=issue,
            issue=of.name,
            method=method,
            mean=forecast.mean,
            low80=forecast.intervals["80"][0],
            high80=forecast.intervals["80"][1],
            no_deal=baselines["no_deal"].mean if "no_deal" in baselines else None,
            plain_average=baselines["unweighted_mean"].mean,
            lowest=methods[agreement.lowest].mean,
            highest=methods[agreement.highest].mean,
            spread=agreement.spread,
            methods=len(methods),
            no_agreement=nash.no_agreement if nash is not None else None,
            red_lines=len(bound),
            crossed=len(crossed),
            crossed_by=crossed,
            crossing=self.crossings.get(issue),
            strongest=strongest,
            strongest_share=most,
            widest_input=bar.path if bar else None,
            widest_from=min(bar.at_low, bar.at_high) if bar else None,
            widest_to=max(bar.at_low, bar.at_high) if bar else None,
            width=of.high - of.low,
            outcome=known,
            error=None if known is None else forecast.mean - known,
            nearest_method=nearest,
            nearest=methods[nearest].mean if nearest is not None else None,
        )

    def tables(self) -> Mapping[str, Table]:
        """Return ``forecasts``, ``agreement``, ``pull``, ``rounds``, ``trades``, ``stances`` and ``issues``."""
        forecasts = [
            ((issue, name), one)
            for issue, methods in self.issues.items()
            for name, one in {
                **methods,
                **{f"baseline: {name}": one for name, one in self.baselines[issue].items()},
            }.items()
        ]
        agreement = [((issue,), one) for issue, one in self.agreement.items()]
        pull = [((issue, actor), one) for issue, by in self.pull.items() for actor, one in by.items()]
        stances = [((issue,), one) for issue, of in self.stances.items() for one in of]
        method = {"method": "method, or baseline: name"}
        tables = (
            table_of(forecasts, Distribution, "forecasts", {**ISSUE, **method}),
            table_of(agreement, Agreement, "agreement", ISSUE),
            table_of(pull, ActorPull, "pull", {**ISSUE, **ACTOR}),
            self._rounds(),
            table_of([((), one) for one in self.trades or ()], Trade, "trades", {}),
            table_of(stances, Standing, "stances", ISSUE, leave={"influence_path"}),
            table_of(
                [((), one) for one in self.settlements], Settlement, "issues", {}, leave=NOT_AT_A_GLANCE
            ),
        )
        return {table.name: table for table in tables}

    def _rounds(self) -> Table:
        columns = {
            **ISSUE,
            "round": "0 is the start",
            "actor": "id of the actor, or 'weighted median', 'weighted mean'",
            "position": "on the issue's scale, inputs at their means",
        }
        rows: list[tuple[Cell, ...]] = []
        for issue, rounds in self.rounds.items():
            paths = {"weighted median": rounds.median, "weighted mean": rounds.mean, **rounds.positions}
            rows += [(issue, r, who, x) for who, path in paths.items() for r, x in enumerate(path)]
        return Table("rounds", columns, tuple(rows))
