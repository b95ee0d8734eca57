"""Where would issues settle if actors could trade what matters less to them for what matters more?

The position exchange model with equal gain: Stokman & Van Oosten 1994, "The exchange of voting positions", in
*European Community Decision Making*, ed. Bueno de Mesquita & Stokman, ch. 5. Two actors who oppose each other
on two issues both win if each votes closer to the other on the issue that it cares less about.

One round, on positions scaled to 0..100; s_ip salience of issue p to actor i, w_ip = s_ip × influence, W_p
their sum over actors, x_ip where i stands when the round begins, y_ip where it votes, M_p = Σ w_ip y_ip / W_p:

1. Votes start at the positions. An actor is left on an issue if x ≤ M, else right.
2. A *candidate* is two actors with stances on p and q who stand on opposite sides on both. The one with
   s_ip/s_iq > s_jp/s_jq, i, demands p and supplies q; the other, j, supplies p and demands q.
3. It is open while M_p and M_q still lie between the two positions. (Candidates stay those of step 1 for the
   whole round. But once other trades have carried a mean past one of the two, both want it to go the same way
   there, and the formulas of steps 4 and 5 would no longer tell what either wins.)
4. Amounts are shifts of the means. j's vote on p goes towards x_ip, i's vote on q towards x_jq, never beyond,
   and neither mean may pass the one who demands it, so δ_p ≤ min(|x_ip − y_jp| w_jp/W_p, |x_ip − M_p|), and δ_q
   likewise. Equal gain, s_ip δ_p − s_iq δ_q = s_jq δ_q − s_jp δ_p, fixes δ_q/δ_p = (s_ip+s_jp)/(s_iq+s_jq).
   Of all such pairs of amounts take the largest.
5. The trade is valid if its gain is at least 1e-10. The votes of one actor on one issue never turn back.
6. Make the valid trade with the highest gain, move the two votes and the two means, and repeat from 3 until
   no valid trade is left. Ties (gains within 1e-9 of the best, relatively) go to the lowest demander, then
   supplier, then p, then q; of the two issues the one with the lower index is called p.

The outcome is M after the last round. Before a further round actors revise their positions, the less the
issue matters to them the more: x ← x + (0.4(1 − s) + 0.1)(y − x).

A trade also shifts the outcome for everybody else. That *externality* on actor k is Σ s_k(|M − x_k| before −
|M − x_k| after) over both issues, negative if the trade hurts k; an actor without a stance on one of them
counts the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.lenses.bargaining import exchange_kernels as kernels
from detente.lenses.bargaining.mean import weighted_mean
from detente.lenses.bargaining.weights import Array, effective_weight

Indices = NDArray[np.int64]

MAX_TRADES = 10_000
FULL = 100.0
SHARE_OF_UNIMPORTANCE, SHARE_FIXED = 0.4, 0.1


@dataclass(frozen=True, slots=True)
class Trades:
    """Trades as columns, sorted by draw, round and order. Gains and externalities as on scales of 0..100.

    Attributes:
        draw: number of the draw.
        round: number of the round, from 0.
        order: number of the trade in its draw and round, from 0.
        demander: actor who demands issue ``demanded`` and pays by moving on issue ``returned``.
        supplier: actor who moves on issue ``demanded`` and gets issue ``returned``.
        demanded: index of the issue p.
        returned: index of the issue q, higher than p.
        gain: what each of the two wins.
        demander_maximum: what the demander would win if the supplier won nothing.
        supplier_maximum: what the supplier would win if the demander won nothing.
        supplier_from: vote of the supplier on ``demanded`` before the trade, on the issue's own scale.
        supplier_to: the same after the trade.
        demander_from: vote of the demander on ``returned`` before the trade, on the issue's own scale.
        demander_to: the same after the trade.
        demanded_shift: by how much the outcome on ``demanded`` moves, with sign, on its own scale.
        returned_shift: by how much the outcome on ``returned`` moves, with sign, on its own scale.
        externality: trades × actors; 0 for the two traders, whose part is ``gain``.
    """

    draw: Indices
    round: Indices
    order: Indices
    demander: Indices
    supplier: Indices
    demanded: Indices
    returned: Indices
    gain: Array
    demander_maximum: Array
    supplier_maximum: Array
    supplier_from: Array
    supplier_to: Array
    demander_from: Array
    demander_to: Array
    demanded_shift: Array
    returned_shift: Array
    externality: Array

    def __len__(self) -> int:
        return len(self.draw)


@dataclass(frozen=True, slots=True)
class ExchangeOutcome:
    """What the exchange model gives. Gains and externalities as on scales of 0..100.

    Attributes:
        outcome: draws × issues, weighted mean of the votes of the last round, on the issue's own scale.
        voting: draws × issues × actors, those votes; NaN without a stance.
        n_candidates: per draw, over all rounds.
        n_trades: per draw, over all rounds.
        total_gain: per draw, sum over trades of what each of the two traders wins.
        own_gain: draws × actors, sum over the trades that the actor took part in.
        externality: draws × actors, sum over the trades of others; negative where they hurt the actor.
        broken_off: per draw, whether some round ended at ``max_trades`` with trades left to make.
        trades: every trade, or ``None`` if they were not kept.
    """

    outcome: Array
    voting: Array
    n_candidates: Indices
    n_trades: Indices
    total_gain: Array
    own_gain: Array
    externality: Array
    broken_off: NDArray[np.bool_]
    trades: Trades | None


@dataclass(frozen=True, slots=True)
class MaximumGain:
    """The ends of the range of a trade's gains; equal shapes.

    Attributes:
        demander: what the demander wins when the supplier wins nothing.
        supplier: what the supplier wins when the demander wins nothing.
        equal: what both win when they win the same.
    """

    demander: Array
    supplier: Array
    equal: Array


def exchange(
    position: Array,
    salience: Array,
    influence: Array,
    scale_low: Array,
    scale_high: Array,
    *,
    rounds: int = 1,
    max_trades: int = MAX_TRADES,
    keep_trades: bool = True,
) -> ExchangeOutcome:
    """Play the exchange model of this module's first lines in every draw.

    Args:
        position: draws × issues × actors, on the issue's own scale and within it; NaN without a stance.
        salience: the same shape, 0..1.
        influence: the same shape, ≥ 0; only ratios within an issue matter.
        scale_low: lower bound of every issue's scale.
        scale_high: upper bound of every issue's scale, above the lower.
        rounds: number of rounds, at least 1.
        max_trades: trades per draw and round after which a round is broken off, at least 0.
        keep_trades: whether to return every trade, or only the sums per draw.

    Raises:
        OptionError: ``rounds`` or ``max_trades`` is too low.
        NoWeightError: on some issue, in some draw, all weights are zero.
        ValueError: the shapes do not agree, or a scale has no width.
    """
    _check(position, salience, influence, scale_low, scale_high, rounds, max_trades)
    weight, total = effective_weight(position, salience, influence)
    low, width = scale_low[:, None], (scale_high - scale_low)[:, None]
    opening = np.ascontiguousarray((position - low) * (FULL / width))
    salience, share = np.ascontiguousarray(salience), np.ascontiguousarray(weight / total[..., None])
    start = opening
    played = _nothing_played(opening)
    logs = []
    for number in range(rounds):
        if number:
            start = next_start(start, played.voting, salience)
            played.voting[...] = start
        log, used = kernels.play_round(start, salience, share, max_trades, keep_trades, played)
        logs.append((number, log[:used]))
    moved = np.clip(low + played.voting * (width / FULL), low, low + width)
    voting = np.where(played.voting == opening, position, moved)
    return ExchangeOutcome(
        outcome=weighted_mean(voting, salience, influence),
        voting=voting,
        n_candidates=played.n_candidates,
        n_trades=played.n_trades,
        total_gain=played.gain,
        own_gain=played.own_gain,
        externality=played.effect - played.own_gain,
        broken_off=played.broken_off,
        trades=_trades(logs, salience, scale_low, scale_high) if keep_trades else None,
    )


def next_start(position: Array, voting: Array, salience: Array) -> Array:
    """Return where actors stand after a round: x + (0.4(1 − s) + 0.1)(y − x); any equal shapes and scale.

    Args:
        position: x, where they stood when the round began.
        voting: y, where they voted.
        salience: s, 0..1.
    """
    return position + (SHARE_OF_UNIMPORTANCE * (1.0 - salience) + SHARE_FIXED) * (voting - position)


def maximum_gain(demander: Array, supplier: Array, reach: Array) -> MaximumGain:
    """Return how much a trade could bring to either side if the gain were not shared equally.

    With shifts 0 ≤ δ_p ≤ P, 0 ≤ δ_q ≤ Q, gains U_i = s_ip δ_p − s_iq δ_q and U_j = s_jq δ_q − s_jp δ_p, and
    Δ = s_ip s_jq − s_iq s_jp > 0, the two-variable linear programmes have their optima where U_j = 0, U_i = 0 and
    U_i = U_j meet the nearer bound:

    1. max U_i subject to U_j ≥ 0 is Δ min(P/s_jq, Q/s_jp).
    2. max U_j subject to U_i ≥ 0 is Δ min(P/s_iq, Q/s_ip).
    3. max U_i subject to U_i = U_j is Δ min(P/(s_iq + s_jq), Q/(s_ip + s_jp)).

    All are 0 if Δ ≤ 0: then there is nothing to trade, or the roles are the wrong way round.

    Args:
        demander: … × 2, saliences s_ip, s_iq of the actor who demands p.
        supplier: … × 2, saliences s_jp, s_jq of the actor who supplies p.
        reach: … × 2, the largest shifts P and Q of the two outcomes, ≥ 0.

    Returns:
        Arrays of the shape that the arguments have without their last axis, in units of salience × shift.
    """
    unlike = np.maximum(demander[..., 0] * supplier[..., 1] - demander[..., 1] * supplier[..., 0], 0.0)

    def best(rates: Array) -> Array:
        # A rate of 0 means that this bound cannot bind; where both are 0, so is Δ.
        limit = np.divide(reach[..., ::-1], rates, out=np.full(rates.shape, np.inf), where=rates > 0.0)
        nearer = limit.min(axis=-1)
        return np.where(unlike > 0.0, unlike * np.where(np.isfinite(nearer), nearer, 0.0), 0.0)

    return MaximumGain(best(supplier), best(demander), best(demander + supplier))


def _check(
    position: Array,
    salience: Array,
    influence: Array,
    scale_low: Array,
    scale_high: Array,
    rounds: int,
    max_trades: int,
) -> None:
    """Refuse what cannot be played."""
    if position.ndim != 3 or not position.shape == salience.shape == influence.shape:
        raise ValueError(
            "position, salience and influence must be draws × issues × actors, all of the same shape; "
            f"they are {position.shape}, {salience.shape} and {influence.shape}"
        )
    if not scale_low.shape == scale_high.shape == position.shape[1:2]:
        raise ValueError(
            f"scale_low and scale_high must hold one bound for each of {position.shape[1]} issues; "
            f"their shapes are {scale_low.shape} and {scale_high.shape}"
        )
    if not (scale_high > scale_low).all():
        issue = int(np.flatnonzero(~(scale_high > scale_low))[0])
        raise ValueError(
            f"issue number {issue + 1}: the scale runs from {scale_low[issue]:g} to {scale_high[issue]:g}; "
            "its upper bound must be above its lower"
        )
    if rounds < 1:
        raise OptionError(f"exchange.rounds: {rounds} is below 1; play at least one round")
    if max_trades < 0:
        raise OptionError(f"exchange.max_trades: {max_trades} is negative; use 0 or more")


def _nothing_played(start: Array) -> kernels.Played:
    """Return the record that the kernel fills: votes at the positions, everything else zero."""
    draws, _, actors = start.shape
    return kernels.Played(
        voting=start.copy(),
        n_candidates=np.zeros(draws, np.int64),
        n_trades=np.zeros(draws, np.int64),
        gain=np.zeros(draws),
        broken_off=np.zeros(draws, np.bool_),
        own_gain=np.zeros((draws, actors)),
        effect=np.zeros((draws, actors)),
    )


def _trades(logs: list[tuple[int, Array]], salience: Array, scale_low: Array, scale_high: Array) -> Trades:
    """Turn the kernel's logs, one per round, into columns on the issues' own scales."""
    number = np.concatenate([np.full(len(log), number) for number, log in logs])
    log = np.concatenate([log for _, log in logs])
    by_draw = np.argsort(log[:, kernels.DRAW], kind="stable")
    number, log = number[by_draw], log[by_draw]
    whole = log[:, : kernels.GAIN].astype(np.int64)
    draw, order, demander, supplier, demanded, returned = whole.T
    each = np.arange(len(log))
    externality = log[:, kernels.EFFECT :]
    externality[each, demander] = externality[each, supplier] = 0.0

    def own(column: int, issue: Indices) -> Array:
        low, high = scale_low[issue], scale_high[issue]
        return np.clip(low + log[:, column] * ((high - low) / FULL), low, high)

    def shift(column: int, issue: Indices) -> Array:
        return log[:, column] * ((scale_high[issue] - scale_low[issue]) / FULL)

    issues = np.stack([demanded, returned])
    maximum = maximum_gain(
        salience[draw, issues, demander].T,
        salience[draw, issues, supplier].T,
        log[:, [kernels.DEMANDED_REACH, kernels.RETURNED_REACH]],
    )
    return Trades(
        draw=draw,
        round=number,
        order=order,
        demander=demander,
        supplier=supplier,
        demanded=demanded,
        returned=returned,
        gain=log[:, kernels.GAIN],
        demander_maximum=maximum.demander,
        supplier_maximum=maximum.supplier,
        supplier_from=own(kernels.SUPPLIER_FROM, demanded),
        supplier_to=own(kernels.SUPPLIER_TO, demanded),
        demander_from=own(kernels.DEMANDER_FROM, returned),
        demander_to=own(kernels.DEMANDER_TO, returned),
        demanded_shift=shift(kernels.DEMANDED_SHIFT, demanded),
        returned_shift=shift(kernels.RETURNED_SHIFT, returned),
        externality=externality,
    )
