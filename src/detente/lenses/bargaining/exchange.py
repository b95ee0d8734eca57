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

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from detente.lenses.bargaining import exchange_kernels as kernels
from detente.lenses.bargaining.averages import Array, effective_weight, weighted_mean

Indices = NDArray[np.int64]

MAX_TRADES = 10_000  # per draw and round; few states need more, some of them millions
FULL = 100.0
SHARE_OF_UNIMPORTANCE, SHARE_FIXED = 0.4, 0.1


@dataclass(frozen=True, slots=True)
class Trades:
    """Trades as columns, sorted by draw and round, in the order in which they are made.

    Gains and externalities are as on scales of 0..100; votes and shifts are on the issue's own scale.

    Attributes:
        draw, round: their numbers, from 0.
        demander: actor who demands issue ``demanded``, p, and pays by moving on issue ``returned``, q > p.
        supplier: actor who moves on issue ``demanded`` and gets issue ``returned``.
        gain: what each of the two wins.
        supplier_from, supplier_to: vote of the supplier on ``demanded`` before and after the trade.
        demander_from, demander_to: vote of the demander on ``returned`` before and after the trade.
        demanded_shift, returned_shift: by how much the outcomes move, with sign.
        externality: trades × actors; 0 for the two traders, whose part is ``gain``.
    """

    draw: Indices
    round: Indices
    demander: Indices
    supplier: Indices
    demanded: Indices
    returned: Indices
    gain: Array
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
    """What the exchange model gives.

    Attributes:
        outcome: draws × issues, weighted mean of the votes of the last round, on the issue's own scale.
        voting: draws × issues × actors, those votes; NaN without a stance.
        n_candidates: per draw, over all rounds.
        n_trades: per draw, over all rounds.
        broken_off: per draw, whether some round ended at ``max_trades`` with trades left to make.
        trades: every trade, or ``None`` if they were not kept.
    """

    outcome: Array
    voting: Array
    n_candidates: Indices
    n_trades: Indices
    broken_off: NDArray[np.bool_]
    trades: Trades | None


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

    Arrays are those of `weights`, positions within their scales. After ``max_trades`` in a draw a round is broken
    off.

    Raises:
        NoWeightError: on some issue, in some draw, all weights are zero.
    """
    weight, total = effective_weight(position, salience, influence)
    low, width = scale_low[:, None], (scale_high - scale_low)[:, None]
    opening = np.ascontiguousarray((position - low) * (FULL / width))
    salience, share = np.ascontiguousarray(salience), np.ascontiguousarray(weight / total[..., None])
    draws, start, made = len(opening), opening, []
    counts = np.zeros(draws, np.int64), np.zeros(draws, np.int64), np.zeros(draws, np.bool_)
    played = kernels.Played(opening.copy(), *counts)
    room = kernels.room(np.asarray(np.isfinite(opening).any(axis=0), np.int64))
    for number in range(rounds):
        if number:
            start = next_start(start, played.voting, salience)
            played.voting[...] = start
        log, effects, used = kernels.play_round(
            start, salience, share, max_trades, keep_trades, played, *room
        )
        made.append(_trades(log[:used], effects[: used // 2], number, scale_low, scale_high))
    moved = np.clip(low + played.voting * (width / FULL), low, low + width)
    voting = np.where(played.voting == opening, position, moved)
    outcome, trades = weighted_mean(voting, salience, influence), _in_order(made) if keep_trades else None
    return ExchangeOutcome(outcome, voting, played.n_candidates, played.n_trades, played.broken_off, trades)


def next_start(position: Array, voting: Array, salience: Array) -> Array:
    """Return where actors stand after a round: x + (0.4(1 − s) + 0.1)(y − x); any equal shapes and scale."""
    return position + (SHARE_OF_UNIMPORTANCE * (1.0 - salience) + SHARE_FIXED) * (voting - position)


def _trades(log: Array, externality: Array, number: int, scale_low: Array, scale_high: Array) -> Trades:
    """Turn the kernel's log of one round, two moves a trade, into columns on the issues' own scales."""
    # column × move (demanded, returned) × trade
    by_trade = log.reshape(-1, 2, kernels.MOVE).transpose(2, 1, 0)
    draw, issue, demander, supplier = by_trade[:4].astype(np.int64)
    gain, vote_from, vote_to, mean_from, mean_to = by_trade[4:]
    low, high = scale_low[issue], scale_high[issue]
    unit = (high - low) / FULL
    supplier_from, demander_from = np.clip(low + vote_from * unit, low, high)
    supplier_to, demander_to = np.clip(low + vote_to * unit, low, high)
    demanded_shift, returned_shift = (mean_to - mean_from) * unit
    votes = (supplier_from, supplier_to, demander_from, demander_to)
    sides, shifts = (demander[0], supplier[0], issue[0], issue[1]), (demanded_shift, returned_shift)
    return Trades(draw[0], np.full(len(gain[0]), number), *sides, gain[0], *votes, *shifts, externality)


def _in_order(made: list[Trades]) -> Trades:
    """Return the trades of all rounds as one, draw by draw."""
    by_draw = np.argsort(np.concatenate([trades.draw for trades in made]), kind="stable")
    return Trades(
        *(np.concatenate([getattr(one, column.name) for one in made])[by_draw] for column in fields(Trades))
    )
