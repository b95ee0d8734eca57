"""How are the five forecasts made from the same numbers? One call per method, and sums over blocks of draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from detente.case import BargainingOptions
from detente.lenses.bargaining.averages import pull, unweighted_mean, weighted_mean, weighted_median
from detente.lenses.bargaining.nash import Valued, nash_bargain, nash_table
from detente.lenses.bargaining.trades import TradeSums, add_trades, sum_trades
from detente.lenses.summary import Array
from detente.lenses.worth import as_loss

if TYPE_CHECKING:
    from detente.lenses.bargaining.challenge import ChallengeOutcome


@dataclass(frozen=True, slots=True)
class Inputs:
    """The numbers of some draws; NaN where an actor has no stance or an issue lacks the number.

    Attributes:
        position: draws × issues × actors, on the issue's own scale.
        salience: the same shape, 0..1.
        influence: the same shape, ≥ 0.
        no_deal: draws × issues, on the issue's own scale.
        failure_cost: draws × issues, ≥ 0: failing costs as much as an outcome that share of the scale away from
            what one wants; 0 where none is stated.
        scale_low: per issue, the lowest value of its scale.
        scale_high: per issue, the highest.
        valued: number of an issue → its settlements, where somebody values each by itself.
    """

    position: Array
    salience: Array
    influence: Array
    no_deal: Array
    failure_cost: Array
    scale_low: Array
    scale_high: Array
    valued: Mapping[int, Valued] = field(default_factory=dict)

    @property
    def stances(self) -> tuple[Array, Array, Array]:
        """Positions, saliences and influences."""
        return self.position, self.salience, self.influence


@dataclass(slots=True)
class Solved:
    """What the methods give for some draws: every forecast; of inputs, rounds and trades only sums over draws.

    Attributes:
        draws: how many.
        drawn: name → draws × issues: a method's forecast and, with details, ``unweighted_mean``, ``no_deal`` and
            ``no_agreement`` (1 where Nash bargaining finds nothing better than no deal); ``broken_off`` by draw.
        pull: 3 × issues × actors, sums of the derivatives of the weighted mean by position, salience, influence.
        median_path: issues × (rounds + 1), sum of the challenge model's medians; ``None`` when it was not run.
        stopped: issues × reasons (:class:`~.challenge.Stop`), number of draws, or ``None``.
        trades: sums over the exchange model's trades, or ``None``.
        challenge: every position after every round, where it was asked for.
    """

    draws: int
    drawn: dict[str, Array] = field(default_factory=dict)
    pull: Array | None = None
    median_path: Array | None = None
    stopped: Array | None = None
    trades: TradeSums | None = None
    challenge: ChallengeOutcome | None = None

    def add(self, other: Solved) -> None:
        """Take in the sums over other draws, solved in the same way."""
        self.draws += other.draws
        for name in ("pull", "median_path", "stopped"):
            total = getattr(self, name)
            if total is not None:
                total += getattr(other, name)
        if self.trades is not None:
            add_trades(self.trades, other.trades or {})


def join(blocks: Iterable[Solved]) -> Solved:
    """Return all draws as one: forecasts in the order of the blocks (at least one), sums added up."""
    others = iter(blocks)
    whole = next(others)
    parts = [whole.drawn]
    for block in others:
        parts.append(block.drawn)
        whole.add(block)
    drawn = {name: np.concatenate([part[name] for part in parts]) for name in whole.drawn}
    return replace(whole, drawn=drawn)


def solve(
    inputs: Inputs, options: BargainingOptions, *, details: bool = True, keep_path: bool = False
) -> Solved:
    """Run every method that the options name on a block of draws.

    Details are baselines, pulls, rounds and trades; ``keep_path`` asks for every round of the challenge model
    too.

    Raises:
        NoWeightError: on some issue, in some draw, all weights are zero.
    """
    solved = Solved(len(inputs.position))
    for method in dict.fromkeys(options.methods):
        if method == "mean":
            solved.drawn[method] = weighted_mean(*inputs.stances)
        elif method == "median":
            solved.drawn[method] = weighted_median(*inputs.stances)
        elif method == "nash":
            solved.drawn[method] = _nash(solved, inputs, options, details)
        elif method == "challenge":
            solved.drawn[method] = _challenge(solved, inputs, options, keep_path)
        else:
            solved.drawn[method] = _exchange(solved, inputs, options, details)
    if details:
        solved.drawn |= {"unweighted_mean": unweighted_mean(inputs.position), "no_deal": inputs.no_deal}
        by_position, by_weight = pull(*inputs.stances)
        derivatives = by_position, by_weight * inputs.influence, by_weight * inputs.salience
        solved.pull = np.stack([one.sum(axis=0) for one in derivatives])
    return solved


def _nash(solved: Solved, inputs: Inputs, options: BargainingOptions, details: bool) -> Array:
    exponent, no_deal, scale = options.nash.exponent, inputs.no_deal, (inputs.scale_low, inputs.scale_high)
    cost = as_loss(inputs.failure_cost, exponent)
    outcome, agreement = nash_bargain(*inputs.stances, no_deal, cost, *scale, exponent=exponent)
    for i, valued in inputs.valued.items():
        if not np.isnan(no_deal[:, i]).any():
            x, s, c = (one[:, i] for one in inputs.stances)
            point, fails = no_deal[:, i], inputs.failure_cost[:, i]
            width = float(inputs.scale_high[i] - inputs.scale_low[i])
            found = nash_table(valued, x, s, c, point, fails, width, exponent=exponent)
            outcome[:, i], agreement[:, i] = found
    if details:
        solved.drawn["no_agreement"] = (~agreement).astype(np.float64)
    return outcome


def _challenge(solved: Solved, inputs: Inputs, options: BargainingOptions, keep_path: bool) -> Array:
    from detente.lenses.bargaining.challenge import Stop, challenge

    scale = {"scale_low": inputs.scale_low, "scale_high": inputs.scale_high}
    played = challenge(*inputs.stances, **scale, options=options.challenge, keep_path=keep_path)
    solved.challenge = played if keep_path else None
    solved.median_path = played.median.sum(axis=0)
    solved.stopped = np.stack([(played.stopped == one).sum(axis=0, dtype=float) for one in Stop], axis=1)
    if options.challenge.outcome == "mean":
        return weighted_mean(played.final, *inputs.stances[1:])
    return np.ascontiguousarray(played.median[:, :, -1])


def _exchange(solved: Solved, inputs: Inputs, options: BargainingOptions, details: bool) -> Array:
    from detente.lenses.bargaining.exchange import exchange

    scale, rounds = (inputs.scale_low, inputs.scale_high), options.exchange.rounds
    played = exchange(*inputs.stances, *scale, rounds=rounds, keep_trades=details)
    if played.trades is not None:
        solved.drawn["broken_off"] = played.broken_off.astype(np.float64)
        solved.trades = sum_trades(played.trades, *inputs.position.shape[1:])
    return played.outcome
