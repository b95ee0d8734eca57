"""The position exchange model written out longhand: slow, plain, and close to its description in prose.

Nothing is cached and nothing is rearranged: before every trade, every mean and every candidate is worked out
anew from the voting positions. Numbers are on the scale 0..100. This is the oracle of the compiled solver.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from math import isnan

SIDE_TOLERANCE = 1e-9
SMALLEST_GAIN = 1e-10
SMALLEST_MOVE = 1e-10
TIE_RELATIVE = 1e-9
TIE_ABSOLUTE = 1e-12

Table = list[list[float]]


@dataclass(frozen=True)
class LiteralTrade:
    """One trade: ``j`` supplies issue ``p`` to ``i`` and is paid on issue ``q``."""

    i: int
    j: int
    p: int
    q: int
    gain: float
    shift_p: float
    shift_q: float
    j_from: float
    j_to: float
    i_from: float
    i_to: float

    @property
    def key(self) -> tuple[int, int, int, int]:
        return self.i, self.j, self.p, self.q


@dataclass
class LiteralRound:
    """The start, the candidates, the trades and the voting positions of one round."""

    start: Table
    voting: Table
    candidates: list[tuple[int, int, int, int]]
    trades: list[LiteralTrade] = field(default_factory=list)
    ties: int = 0


def mean(position: list[float], weight: list[float]) -> float:
    """Weighted mean over the actors who have a position."""
    present = [k for k, x in enumerate(position) if not isnan(x)]
    return sum(weight[k] * position[k] for k in present) / total(position, weight)


def total(position: list[float], weight: list[float]) -> float:
    return sum(w for x, w in zip(position, weight, strict=True) if not isnan(x))


def is_left(x: float, m: float) -> bool:
    return x <= m + SIDE_TOLERANCE


def candidates_of(start: Table, weight: Table) -> list[tuple[int, int, int, int]]:
    """Pairs of actors who stand on opposite sides of the mean on both of a pair of issues."""
    means = [mean(start[p], weight[p]) for p in range(len(start))]
    found = []
    for p, q in combinations(range(len(start)), 2):
        for i, j in combinations(range(len(start[p])), 2):
            if any(isnan(start[r][k]) for r in (p, q) for k in (i, j)):
                continue
            if all(is_left(start[r][i], means[r]) != is_left(start[r][j], means[r]) for r in (p, q)):
                found.append((i, j, p, q))
    return found


def stands_between(m: float, x: float, y: float) -> bool:
    return min(x, y) - SIDE_TOLERANCE <= m <= max(x, y) + SIDE_TOLERANCE


def without_overshoot(
    mover: int, target: float, shift: float, voting: list[float], weight: list[float]
) -> float:
    """Shift of the mean, shortened so that the mean does not pass the target."""
    m, w_all = mean(voting, weight), total(voting, weight)
    direction = 1.0 if target > voting[mover] else -1.0
    if direction * (m + direction * shift - target) <= 0:
        return shift
    others = sum(weight[k] * x for k, x in enumerate(voting) if k != mover and not isnan(x))
    stop = (target * w_all - others) / weight[mover]
    return max(0.0, direction * (stop - voting[mover])) * weight[mover] / w_all


def evaluate(
    candidate: tuple[int, int, int, int], start: Table, voting: Table, salience: Table, weight: Table
) -> LiteralTrade | None:
    """The trade that a candidate stands for, or nothing if it is not valid now."""
    i, j, p, q = candidate
    s = salience
    if s[p][i] * s[q][j] < s[p][j] * s[q][i]:
        i, j = j, i
    if weight[p][j] <= 0 or weight[q][i] <= 0:
        return None
    for r in (p, q):
        if not stands_between(mean(voting[r], weight[r]), start[r][i], start[r][j]):
            return None
    target_p, target_q = start[p][i], start[q][j]
    w_p, w_q = total(voting[p], weight[p]), total(voting[q], weight[q])
    limit_p, limit_q = abs(target_p - voting[p][j]), abs(target_q - voting[q][i])
    price = (s[p][i] + s[p][j]) / (s[q][i] + s[q][j])

    shift_p = limit_p * weight[p][j] / w_p
    shift_q = shift_p * price
    if shift_q * w_q / weight[q][i] > limit_q:
        shift_q = limit_q * weight[q][i] / w_q
        shift_p = shift_q / price

    allowed = without_overshoot(j, target_p, shift_p, voting[p], weight[p])
    if allowed < shift_p:
        shift_p, shift_q = allowed, allowed * price
    allowed = without_overshoot(i, target_q, shift_q, voting[q], weight[q])
    if allowed < shift_q:
        shift_q, shift_p = allowed, allowed / price

    gain = s[p][i] * shift_p - s[q][i] * shift_q
    move_p = min(shift_p * w_p / weight[p][j], limit_p)
    move_q = min(shift_q * w_q / weight[q][i], limit_q)
    if gain < SMALLEST_GAIN or move_p <= SMALLEST_MOVE or move_q <= SMALLEST_MOVE:
        return None
    sign_p = 1.0 if target_p > voting[p][j] else -1.0
    sign_q = 1.0 if target_q > voting[q][i] else -1.0
    # Nobody turns round: a supplier may only go on in the direction in which it has gone before.
    if sign_p * (voting[p][j] - start[p][j]) < 0 or sign_q * (voting[q][i] - start[q][i]) < 0:
        return None
    j_to, i_to = voting[p][j] + sign_p * move_p, voting[q][i] + sign_q * move_q
    if not (-1e-9 <= j_to <= 100 + 1e-9 and -1e-9 <= i_to <= 100 + 1e-9):
        return None
    return LiteralTrade(
        i, j, p, q, gain, sign_p * shift_p, sign_q * shift_q, voting[p][j], j_to, voting[q][i], i_to
    )


def literal_round(start: Table, salience: Table, weight: Table) -> LiteralRound:
    """Realise the best candidate until none is left."""
    result = LiteralRound(start, [list(row) for row in start], candidates_of(start, weight))
    while True:
        offers = [evaluate(c, start, result.voting, salience, weight) for c in result.candidates]
        valid = [offer for offer in offers if offer is not None]
        if not valid:
            return result
        best = max(offer.gain for offer in valid)
        tied = [o for o in valid if o.gain >= best * (1 - TIE_RELATIVE) - TIE_ABSOLUTE]
        trade = min(tied, key=lambda offer: offer.key)
        result.ties += len(tied) > 1
        result.trades.append(trade)
        result.voting[trade.p][trade.j] = trade.j_to
        result.voting[trade.q][trade.i] = trade.i_to


def next_start(x: float, y: float, s: float) -> float:
    """Where an actor stands when the next round opens."""
    share = 0.4 * (1 - s) + 0.1
    return (1 - share) * x + share * y


def literal_exchange(start: Table, salience: Table, influence: Table, rounds: int = 1) -> list[LiteralRound]:
    """All rounds of the model for one draw."""
    weight = [[s * c for s, c in zip(*rows, strict=True)] for rows in zip(salience, influence, strict=True)]
    played: list[LiteralRound] = []
    for _ in range(rounds):
        played.append(literal_round(start, salience, weight))
        start = [
            [next_start(x, y, s) for x, y, s in zip(*rows, strict=True)]
            for rows in zip(start, played[-1].voting, salience, strict=True)
        ]
    return played


def externality(
    position: list[float], before: list[float], after: list[float], salience: list[float]
) -> float:
    """What an actor wins by the means going from ``before`` to ``after`` (one entry per issue)."""
    return sum(
        s * (abs(m0 - x) - abs(m1 - x))
        for x, m0, m1, s in zip(position, before, after, salience, strict=True)
        if not isnan(x)
    )
