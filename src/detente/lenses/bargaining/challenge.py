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

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from detente.case.options import ChallengeOptions
from detente.compiled import inside, kept
from detente.errors import OptionError
from detente.lenses.bargaining.challenge_round import TIE, Indices, Rules, play_round, snap, sort
from detente.lenses.bargaining.mean import weighted_mean
from detente.lenses.bargaining.weights import HALF, SAME_PLACE, Array, effective_weight

FIXED, SETTLED, CAP, CONVERGED, CYCLE = range(5)  # see `Stop`
CALM_ROUNDS = 2
PRINTED_ONLY = {"view": "own", "conflict": "none", "choice": "strongest", "stay": 1.0}


class Stop(IntEnum):
    """Why a game stopped.

    FIXED: the asked number of rounds was played. SETTLED: the median moved by less than the tolerance twice
    running, or nobody moved. CAP: the highest number of rounds was reached. CONVERGED: everybody stands in one
    place. CYCLE: everybody stands where they stood two or more rounds ago, so all would repeat for ever.
    """

    FIXED = FIXED
    SETTLED = SETTLED
    CAP = CAP
    CONVERGED = CONVERGED
    CYCLE = CYCLE


class ChallengeOutcome(NamedTuple):
    """Every game round by round; round 0 is the start, and what follows the last round played repeats it.

    Attributes:
        median: draws × issues × (rounds + 1), weighted median on the issue's own scale.
        final: draws × issues × actors, positions when the game stops; NaN without a stance.
        exponent: the same shape, risk exponents of the first round: above 1 for those who avoid risk; NaN
            without a stance, 1 where no round was played.
        rounds_used: draws × issues, rounds played.
        stopped: draws × issues, codes of :class:`Stop`.
        path: draws × issues × (rounds + 1) × actors, all positions; of no rounds where it was not asked for.
        mean: draws × issues × (rounds + 1), weighted mean of the path; of no rounds without it.
    """

    median: Array
    final: Array
    exponent: Array
    rounds_used: Indices
    stopped: Indices
    path: Array
    mean: Array


def challenge(
    position: Array,
    salience: Array,
    influence: Array,
    *,
    scale_low: Array,
    scale_high: Array,
    options: ChallengeOptions,
    keep_path: bool = False,
) -> ChallengeOutcome:
    """Play the challenge model in every draw and on every issue; the module's text gives the steps.

    The arrays are those of `effective_weight`, and the bounds of every issue's scale.

    Options: ``view``: both sides of a pair count with their ``own`` exponents, or the ``mover``, the one that may
    move, counts both with its own. ``conflict``: where both sides gain by challenging, ``none`` moves, or the
    ``loser`` does. ``choice``: an actor takes the ``strongest`` offer (its proposer gains most; then the least
    move), or the one of the ``least`` move (then the strongest). ``span``: R is the range of the round
    (``dynamic``) or of round 0 (``fixed``). ``stay``: Q. ``risk``: exponents follow security, or all stay 1.
    ``rounds``: play so many; without, at most ``max_rounds``, until the median moves by less than ``tolerance``
    per cent of the scale's width twice running.

    Raises:
        NoWeightError: on some issue, in some draw, all weights are zero.
        OptionError: the variant has no use for the value of an option.
    """
    published = True if options.variant == "published_table" else None
    for name, default in PRINTED_ONLY.items() if published else ():
        value = getattr(options, name)
        if value != default:
            raise OptionError(
                f"challenge: {name} {value!r} has no meaning in variant 'published_table'; "
                "leave it out, or use variant 'printed'"
            )
    rules = Rules(
        own_view=options.view == "own",
        loser_moves=options.conflict == "loser",
        strongest=options.choice == "strongest",
        risk=options.risk,
        stay=float(options.stay),
        first_range=options.span == "fixed" or bool(published),
        all_rounds=options.rounds is not None,
        settled=0.01 * options.tolerance,
    )
    weight, _ = effective_weight(position, salience, influence)
    rounds = options.max_rounds if options.rounds is None else options.rounds
    games, path = position.shape[:2], np.repeat(position[:, :, None], rounds + 1 if keep_path else 0, axis=2)
    played = ChallengeOutcome(
        median=np.empty((*games, rounds + 1)),
        final=position.copy(order="C"),
        exponent=np.where(np.isnan(position), np.nan, 1.0),
        rounds_used=np.empty(games, np.int64),
        stopped=np.empty(games, np.int64),
        path=path,
        mean=np.empty(path.shape[:3]),
    )
    stances = np.ascontiguousarray(salience), np.ascontiguousarray(weight)
    play(played, *stances, np.asarray(scale_high - scale_low), rules, published)
    for r in range(path.shape[2]):
        played.mean[:, :, r] = weighted_mean(path[:, :, r], salience, influence)
    return played


@kept
def play(
    games: ChallengeOutcome,
    salience: Array,
    weight: Array,
    width: Array,
    rules: Rules,
    published: bool | None,
) -> None:
    """Play all games, given as they start, to their ends; fill in all but the means.

    Saliences and weights are draws × issues × actors, the widths of the scales one per issue. ``published`` is
    ``True`` for the variant of the published table, ``None`` for the printed one: each is compiled when it is
    first played, without the steps of the other.
    """
    draws, issues, actors = games.final.shape
    rounds = games.median.shape[2] - 1
    present = np.empty(actors, dtype=np.int64)
    for d in range(draws):
        for p in range(issues):
            position, median, n = games.final[d, p], games.median[d, p], 0
            for i in range(actors):
                present[n] = i
                n += not np.isnan(position[i])
            history, attention, power = np.empty((rounds + 1, n)), np.empty(n), np.empty(n)
            for k in range(n):
                history[0, k] = position[present[k]]
                attention[k], power[k] = salience[d, p, present[k]], weight[d, p, present[k]]
            risk = np.ones(n)
            last, why = play_game(history, attention, power, width[p], rules, published, median, risk)
            games.rounds_used[d, p], games.stopped[d, p] = last, why
            for r in range(last + 1, rounds + 1):
                median[r] = median[last]
            for k in range(n):
                position[present[k]], games.exponent[d, p, present[k]] = history[last, k], risk[k]
                for r in range(games.path.shape[2]):
                    games.path[d, p, r, present[k]] = history[min(r, last), k]


@inside
def play_game(
    history: Array,
    salience: Array,
    weight: Array,
    width: float,
    rules: Rules,
    published: bool | None,
    median: Array,
    exponent: Array,
) -> tuple[int, int]:
    """Play one game; return how many rounds it took and why it stopped.

    ``history`` (rounds + 1, n) has the first positions in its first row and takes those after each round,
    ``median`` their medians, ``exponent``, given as 1, the risk exponents of the first round.
    """
    rounds, n, same, calm = history.shape[0] - 1, history.shape[1], SAME_PLACE * width, 0
    order, place = np.empty(n, dtype=np.int64), np.empty(n)
    sort(history[0], order)
    median[0] = lower_median(history[0], order, weight)
    spread = history[0, order[n - 1]] - history[0, order[0]]
    first = spread if rules.first_range else 0.0
    for r in range(rounds + 1):
        if spread <= same:
            return r, CONVERGED
        if not rules.all_rounds and r > 0:
            calm = calm + 1 if abs(median[r] - median[r - 1]) < rules.settled * width else 0
            back = rounds_since(history, r, same)
            if calm == CALM_ROUNDS or back == 1:
                return r, SETTLED
            if back > 1:
                return r, CYCLE
        if r == rounds:
            break
        here = history[r + 1]
        for k in range(n):
            here[k] = history[r, k]
        snap(here, same, order)
        low = here[order[0]]
        unit = first if first > 0.0 else here[order[n - 1]] - low
        for k in range(n):
            place[k] = (here[k] - low) / unit
        risk = exponent if r == 0 else np.ones(n)
        tie = TIE * max(1.0, width / unit)
        target = play_round(here, place, order, salience, weight, rules, published, tie, risk)
        for k in range(n):
            here[k] = target[k]
        sort(here, order)
        median[r + 1] = lower_median(here, order, weight)
        spread = here[order[n - 1]] - here[order[0]]
    return rounds, FIXED if rules.all_rounds else CAP


@inside
def lower_median(position: Array, order: Indices, weight: Array) -> float:
    """Return the lower weighted median."""
    total = 0.0
    for actor in order:
        total += weight[actor]
    running, rank = weight[order[0]], 0
    while running < HALF * total:
        rank += 1
        running += weight[order[rank]]
    return float(position[order[rank]])


@inside
def rounds_since(history: Array, now: int, same: float) -> int:
    """Return how many rounds ago everybody last stood where they stand after round ``now``; 0 if never."""
    for back in range(1, now + 1):
        met = True
        for k in range(history.shape[1]):
            met &= abs(history[now - back, k] - history[now, k]) <= same
        if met:
            return back
    return 0
