"""How are the five forecasts made from the same numbers? One call per method; nothing here reads a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.case import ChallengeOptions
from detente.errors import NoWeightError
from detente.lenses.bargaining.mean import pull, unweighted_mean, weighted_mean
from detente.lenses.bargaining.median import weighted_median
from detente.lenses.bargaining.nash import nash_bargain
from detente.lenses.bargaining.trades import TradeSums
from detente.lenses.summary import Array

if TYPE_CHECKING:
    from detente.lenses.bargaining.challenge import ChallengeOutcome
    from detente.lenses.bargaining.exchange import ExchangeOutcome
    from detente.lenses.bargaining.view import BargainingView, Inputs


@dataclass(slots=True)
class Solved:
    """Everything that one block of draws gives.

    Attributes:
        forecasts: method → draws × issues.
        unweighted: plain mean of positions, draws × issues.
        no_deal: draws × issues.
        agreement: draws × issues, whether Nash bargaining beats no deal; ``None`` when it was not run.
        pulls: draws × issues × actors: by position, by salience, by influence.
        challenge: what the challenge model gave, or ``None``.
        exchange: what the exchange model gave, or ``None``.
        trades: its trades, summed over the block, or ``None``.
    """

    forecasts: dict[str, Array] = field(default_factory=dict)
    unweighted: Array = field(default_factory=lambda: np.empty(0))
    no_deal: Array = field(default_factory=lambda: np.empty(0))
    agreement: Array | None = None
    pulls: tuple[Array, Array, Array] | None = None
    challenge: ChallengeOutcome | None = None
    exchange: ExchangeOutcome | None = None
    trades: TradeSums | None = None


def forecasts(view: BargainingView, inputs: Inputs) -> dict[str, Array]:
    """Return method → forecasts (draws × issues), for the methods that the case's options name."""
    return solve(view, inputs, details=False).forecasts


def solve(view: BargainingView, inputs: Inputs, *, details: bool = True, keep_path: bool = False) -> Solved:
    """Run every method on a block of draws.

    Args:
        view: scales and options.
        inputs: the block.
        details: also pulls and the exchange model's trades.
        keep_path: also every actor's position after every round of the challenge model.

    Raises:
        NoWeightError: on some issue, in some draw, all weights are zero; the message names the issue.
    """
    try:
        return _solve(view, inputs, details, keep_path)
    except NoWeightError as error:
        raise NoWeightError(error.issue, view.issues[error.issue]) from None


def _solve(view: BargainingView, inputs: Inputs, details: bool, keep_path: bool) -> Solved:
    options, solved = view.options, Solved()
    weights = inputs.position, inputs.salience, inputs.influence
    if details:
        solved.unweighted = unweighted_mean(inputs.position)
        solved.no_deal = inputs.no_deal
        by = pull(*weights)
        solved.pulls = (by.position, by.weight * inputs.influence, by.weight * inputs.salience)
    for method in dict.fromkeys(options.methods):
        if method == "mean":
            solved.forecasts[method] = weighted_mean(*weights)
        elif method == "median":
            solved.forecasts[method] = weighted_median(*weights)
        elif method == "nash":
            bargain = nash_bargain(
                *weights,
                inputs.no_deal,
                inputs.failure_cost,
                view.scale_low,
                view.scale_high,
                exponent=options.nash.exponent,
            )
            solved.forecasts[method] = bargain.outcome
            solved.agreement = bargain.agreement.astype(np.float64)
        elif method == "challenge":
            solved.challenge = _challenge(view, inputs, keep_path)
            path = solved.challenge.median if options.challenge.outcome == "median" else solved.challenge.mean
            solved.forecasts[method] = np.ascontiguousarray(path[:, :, -1])
        else:
            solved.exchange = _exchange(view, inputs, keep_trades=details)
            solved.forecasts[method] = solved.exchange.outcome
            if solved.exchange.trades is not None:
                solved.trades = TradeSums.of(view, solved.exchange.trades)
    return solved


def _challenge(view: BargainingView, inputs: Inputs, keep_path: bool) -> ChallengeOutcome:
    from detente.lenses.bargaining.challenge import challenge

    chosen: ChallengeOptions = view.options.challenge
    return challenge(
        inputs.position,
        inputs.salience,
        inputs.influence,
        scale_low=view.scale_low,
        scale_high=view.scale_high,
        keep_path=keep_path,
        **chosen.model_dump(exclude={"outcome"}),
    )


def _exchange(view: BargainingView, inputs: Inputs, *, keep_trades: bool) -> ExchangeOutcome:
    from detente.lenses.bargaining.exchange import exchange

    return exchange(
        inputs.position,
        inputs.salience,
        inputs.influence,
        view.scale_low,
        view.scale_high,
        rounds=view.options.exchange.rounds,
        keep_trades=keep_trades,
    )
