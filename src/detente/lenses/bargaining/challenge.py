"""Who can make whom move, and where does an issue end after rounds of challenges?

The expected-utility model of Bueno de Mesquita 1985, *American Political Science Review* 79:156–177, and 1994,
in *European Community Decision Making*, ch. 4, as rebuilt by Scholz, Calbert & Smith 2011,
doi:10.5220/0003121500180030. Two variants, since the formulas printed there do not yield the table printed there:
``printed`` follows the formulas, with a switch for each of the four things they leave open; ``published_table``
is the only variant known to yield the table (after the open port jmckib/bdm-scholz-expected-utility-model).

Notation, per issue: positions x, saliences s, weights w = influence × salience, R range of the positions,
μ weighted median, d_ij = |x_i − x_j|/R, m_i = |x_i − μ|/R, risk exponents r, Q probability that the challenged
stays put when nobody challenges it.

**A round as printed**

1. P_ij, the chance that i prevails over j: votes of all k for x_i against x_j are w_k(|x_k − x_j| − |x_k − x_i|);
   P_ij is the sum of the positive ones over the sum of all without their signs, ½ without votes.
2. With all exponents 1, security Sec_i = Σ_{j≠i} E(j→i). R_i = (2Sec_i − max Sec − min Sec)/(max Sec − min Sec),
   r_i = (1 − R_i/3)/(1 + R_i/3), from ½ to 2; 1 if all are equally secure.
3. E(i→j) = s_j[P_ij Us + (1 − P_ij)Uf] + (1 − s_j)Us − Q·Usq − (1 − Q)[Ub if |x_i − μ| < |x_i − x_j| else Uw],
   with Us = 2 − 4(½ − ½d)^r, Uf = 2 − 4(½ + ½d)^r, Usq = 2 − 4(½)^r, Ub = 2 − 4(½ − ¼(m_i + d))^r,
   Uw = 2 − 4(½ + ¼(m_i + d))^r.
4. For each pair in different places a = E(i→j), b = E(j→i). a > b > 0: conflict, j goes to x_i if losers move.
   a > 0 > b: j goes the part |b/a| of the way to x_i (compromise), all of it if |b| ≥ |a| (compulsion). Mirrored
   for i. All else: nothing. An actor with several offers takes the strongest or the least.

**A round for the published table** (R of round 0, Q = 1)

1. D_ka = d_ka^{r_k}; votes w_k(D_kb − D_ka); P_ab is the sum of the positive ones over the sum, without signs, of
   all votes over all ordered pairs; 0 if x_a = x_b.
2. Security and exponents as above, with all r_k = 1 in D; then D and P again with the exponents.
3. E as above. Every i counts both sides with its own exponent.
4. b > a > 0: i may give in to j. b > 0 > a and b > |a|: i may go the part |a|/b of the way. Of those it gives in
   to, i goes to the nearest; without one, it takes the compromise with the smallest (|a|x_i + |b|x_j)/(|a| + |b|).

All move at once; weights never change. Utilities that differ by less than 1e-12 are equal; in what is still a tie,
the actor that comes first counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from detente.errors import OptionError, did_you_mean
from detente.lenses.bargaining.mean import mean_by_weight
from detente.lenses.bargaining.median import median_by_weight
from detente.lenses.bargaining.weights import SAME_PLACE, Array, effective_weight

if TYPE_CHECKING:
    from detente.lenses.bargaining.challenge_round import Rules

Variant = Literal["printed", "published_table"]
View = Literal["own", "mover"]
Conflict = Literal["none", "loser"]
Choice = Literal["strongest", "least"]
Span = Literal["dynamic", "fixed"]

_SWITCHES = {"variant": Variant, "view": View, "conflict": Conflict, "choice": Choice, "span": Span}
_VALUES = {name: get_args(of) for name, of in _SWITCHES.items()}
_CALM_ROUNDS = 2
_GOING_ON = -1


class Stop(IntEnum):
    """Why a game stopped.

    FIXED: the asked number of rounds was played. SETTLED: the median moved by less than the tolerance twice
    running, or nobody moved. CAP: the highest number of rounds was reached. CONVERGED: everybody stands in one
    place. CYCLE: everybody stands where they stood two or more rounds ago, so all would repeat for ever.
    """

    FIXED = 0
    SETTLED = 1
    CAP = 2
    CONVERGED = 3
    CYCLE = 4


@dataclass(frozen=True, slots=True)
class ChallengeOutcome:
    """Every game round by round; round 0 is the start, and what follows the last round played repeats it.

    Attributes:
        median: draws × issues × (rounds + 1), weighted median on the issue's own scale.
        mean: the same shape, weighted mean.
        final: draws × issues × actors, positions when the game stops; NaN without a stance.
        exponent: the same shape, risk exponents of the first round: above 1 for those who avoid risk; NaN
            without a stance, 1 where no round was played.
        rounds_used: draws × issues, rounds played.
        stopped: draws × issues, codes of :class:`Stop`.
        path: draws × issues × (rounds + 1) × actors, all positions, or ``None``.
    """

    median: Array
    mean: Array
    final: Array
    exponent: Array
    rounds_used: NDArray[np.int64]
    stopped: NDArray[np.int64]
    path: Array | None


@dataclass(frozen=True, slots=True)
class _Length:
    """How long games last: rounds at most, whether all are played, and what change of the median is none."""

    rounds: int
    fixed: bool
    settled: float


def challenge(
    position: Array,
    salience: Array,
    influence: Array,
    *,
    scale_low: Array,
    scale_high: Array,
    variant: Variant = "printed",
    view: View = "own",
    conflict: Conflict = "none",
    choice: Choice = "strongest",
    span: Span = "dynamic",
    stay: float = 1.0,
    risk: bool = True,
    rounds: int | None = None,
    tolerance: float = 0.5,
    max_rounds: int = 20,
    keep_path: bool = False,
) -> ChallengeOutcome:
    """Play the challenge model in every draw and on every issue; the module's text gives the steps.

    Args:
        position: draws × issues × actors, on the issue's own scale; NaN where an actor has no stance.
        salience: the same shape, 0..1.
        influence: the same shape, ≥ 0; only ratios matter.
        scale_low: per issue, the lower bound of its scale.
        scale_high: per issue, the upper bound of its scale.
        variant: ``"printed"`` or ``"published_table"``.
        view: ``"own"``: both sides of a pair count with their own exponents; ``"mover"``: the one that may move
            counts both with its own.
        conflict: where both sides gain by challenging, ``"none"`` moves, or the ``"loser"`` does.
        choice: an actor takes the ``"strongest"`` offer (its proposer gains most; then the least move), or the
            one of the ``"least"`` move (then the strongest).
        span: R is the range of the round (``"dynamic"``) or of round 0 (``"fixed"``).
        stay: Q, 0..1.
        risk: exponents follow security; ``False``: all stay 1.
        rounds: play exactly so many; ``None``: until it settles.
        tolerance: per cent of the scale's width; the median settles when it moves by less twice running.
        max_rounds: how many rounds at most, when ``rounds`` is ``None``.
        keep_path: also return all positions of all rounds.

    Raises:
        NoWeightError: on some issue, in some draw, all weights are zero.
        OptionError: an option has a value that it does not take, or one that the variant has no use for.
    """
    switches = (variant, view, conflict, choice, span)
    chosen = dict[str, str](zip(_VALUES, switches, strict=True))
    _check(chosen, stay, rounds, tolerance, max_rounds)
    from detente.lenses.bargaining.challenge_round import Rules  # numba: only where it is needed

    published = True if variant == "published_table" else None
    rules = Rules(view == "own", conflict == "loser", choice == "strongest", bool(risk), float(stay))
    weight, _ = effective_weight(position, salience, influence)
    limit = max_rounds if rounds is None else rounds
    outcome = _blank(position, limit, keep_path)
    for issue in range(position.shape[1]):
        width = float(scale_high[issue] - scale_low[issue])
        length = _Length(limit, rounds is not None, 0.01 * tolerance * width)
        stances = salience[:, issue].copy(), weight[:, issue].copy()
        _play_issue(outcome, issue, *stances, width, rules, published, length, span == "fixed")
    return outcome


def _check(
    chosen: dict[str, str], stay: float, rounds: int | None, tolerance: float, max_rounds: int
) -> None:
    """Raise for values that an option does not take."""
    for name, value in chosen.items():
        if value not in _VALUES[name]:
            raise OptionError(f"challenge: {name} {value!r} is unknown; {did_you_mean(value, _VALUES[name])}")
    if not 0.0 <= stay <= 1.0:
        raise OptionError(f"challenge: stay {stay:g} is no probability; use 0..1")
    if not 0.0 <= tolerance < np.inf:
        raise OptionError(f"challenge: tolerance {tolerance:g} is not a per cent from 0 up")
    for name, count in (("rounds", rounds), ("max_rounds", max_rounds)):
        if count is not None and count < 1:
            raise OptionError(f"challenge: {name} {count} is too few; play at least 1 round")
    if chosen["variant"] == "published_table":
        switches = {**chosen, "stay": stay}
        for name, default in (("view", "own"), ("conflict", "none"), ("choice", "strongest"), ("stay", 1.0)):
            if switches[name] != default:
                raise OptionError(
                    f"challenge: {name} {switches[name]!r} has no meaning in variant 'published_table'; "
                    "leave it out, or use variant 'printed'"
                )


def _blank(position: Array, rounds: int, keep_path: bool) -> ChallengeOutcome:
    """Return the outcome before round 1: everybody at the start, nothing played."""
    draws, issues, _ = position.shape
    path = np.repeat(position[:, :, None, :], rounds + 1, axis=2) if keep_path else None
    return ChallengeOutcome(
        median=np.empty((draws, issues, rounds + 1)),
        mean=np.empty((draws, issues, rounds + 1)),
        final=position.copy(),
        exponent=np.where(np.isnan(position), np.nan, 1.0),
        rounds_used=np.zeros((draws, issues), dtype=np.int64),
        stopped=np.full((draws, issues), Stop.CAP, dtype=np.int64),
        path=path,
    )


def _play_issue(
    outcome: ChallengeOutcome,
    issue: int,
    salience: Array,
    weight: Array,
    width: float,
    rules: Rules,
    published: bool | None,
    length: _Length,
    fixed_span: bool,
) -> None:
    """Play one issue in all draws and fill its part of the outcome."""
    from detente.lenses.bargaining.challenge_round import play_round

    same, position = SAME_PLACE * width, outcome.final[:, issue].copy()
    median, mean = outcome.median[:, issue], outcome.mean[:, issue]
    exponent = outcome.exponent[:, issue].copy()
    history = np.repeat(position[:, None], length.rounds + 1, axis=1) if not length.fixed else None
    median[:, 0], mean[:, 0] = _averages(position, weight)
    spread = _spread(position)
    span = spread if fixed_span or published else np.zeros_like(spread)
    stopped = np.where(spread <= same, Stop.CONVERGED, Stop.FIXED if length.fixed else Stop.CAP)
    playing, calm = np.flatnonzero(spread > same), np.zeros(len(position), dtype=np.int64)
    for r in range(1, length.rounds + 1):
        if playing.size:
            play_round(playing, position, salience, weight, span, width, rules, published, exponent)
        if r == 1:
            outcome.exponent[:, issue] = exponent
        now = position[playing]
        median[:, r], mean[:, r] = median[:, r - 1], mean[:, r - 1]
        median[playing, r], mean[playing, r] = _averages(now, weight[playing])
        outcome.rounds_used[playing, issue] = r
        if outcome.path is not None:
            outcome.path[:, issue, r] = position
        why = np.full(len(playing), _GOING_ON)
        if history is not None:
            step = np.abs(median[playing, r] - median[playing, r - 1])
            calm[playing] = np.where(step < length.settled, calm[playing] + 1, 0)
            back = _rounds_since(history[playing, :r], now, same)
            why[back > 1] = Stop.CYCLE
            why[(calm[playing] == _CALM_ROUNDS) | (back == 1)] = Stop.SETTLED
            history[:, r] = position
        why[_spread(now) <= same] = Stop.CONVERGED
        stopped[playing] = np.where(why == _GOING_ON, stopped[playing], why)
        playing = playing[why == _GOING_ON]
    outcome.final[:, issue] = position
    outcome.stopped[:, issue] = stopped


def _averages(position: Array, weight: Array) -> tuple[Array, Array]:
    """Return weighted median and mean of every draw (draws × actors)."""
    place, power = position[:, None], weight[:, None]
    median = median_by_weight(place, power)
    return median[:, 0], mean_by_weight(place, power, power.sum(axis=-1))[:, 0]


def _spread(position: Array) -> Array:
    """Return the distance of the outermost positions of every draw."""
    spread: Array = np.fmax.reduce(position, axis=-1) - np.fmin.reduce(position, axis=-1)
    return spread


def _rounds_since(history: Array, now: Array, same: float) -> NDArray[np.int64]:
    """Return how many rounds ago everybody last stood where they stand now; 0 if never."""
    moved: NDArray[np.bool_] = (
        np.abs(history - now[:, None]) > same
    )  # False for NaN, an actor without a stance
    met = ~np.any(moved, axis=-1)
    back = np.argmax(met[:, ::-1], axis=1) + 1
    return np.where(np.any(met, axis=1), back, 0)
