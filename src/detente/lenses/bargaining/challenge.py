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

import numpy as np
from numpy.typing import NDArray

from detente.case.options import ChallengeOptions
from detente.errors import OptionError
from detente.lenses.bargaining import challenge_kernels as kernels
from detente.lenses.bargaining.mean import weighted_mean
from detente.lenses.bargaining.weights import Array, effective_weight

PRINTED_ONLY = {"view": "own", "conflict": "none", "choice": "strongest", "stay": 1.0}


class Stop(IntEnum):
    """Why a game stopped.

    FIXED: the asked number of rounds was played. SETTLED: the median moved by less than the tolerance twice
    running, or nobody moved. CAP: the highest number of rounds was reached. CONVERGED: everybody stands in one
    place. CYCLE: everybody stands where they stood two or more rounds ago, so all would repeat for ever.
    """

    FIXED = kernels.FIXED
    SETTLED = kernels.SETTLED
    CAP = kernels.CAP
    CONVERGED = kernels.CONVERGED
    CYCLE = kernels.CYCLE


@dataclass(frozen=True, slots=True)
class ChallengeOutcome:
    """Every game round by round; round 0 is the start, and what follows the last round played repeats it.

    Attributes:
        median: draws × issues × (rounds + 1), weighted median on the issue's own scale.
        final: draws × issues × actors, positions when the game stops; NaN without a stance.
        exponent: the same shape, risk exponents of the first round: above 1 for those who avoid risk; NaN
            without a stance, 1 where no round was played.
        rounds_used: draws × issues, rounds played.
        stopped: draws × issues, codes of :class:`Stop`.
        path: draws × issues × (rounds + 1) × actors, all positions, or ``None``.
        mean: draws × issues × (rounds + 1), weighted mean of the path, or ``None``.
    """

    median: Array
    final: Array
    exponent: Array
    rounds_used: NDArray[np.int64]
    stopped: NDArray[np.int64]
    path: Array | None
    mean: Array | None


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
    rules = kernels.Rules(
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
    path = np.repeat(position[:, :, None], rounds + 1 if keep_path else 0, axis=2)
    games = kernels.Games(
        position=position.copy(order="C"),
        exponent=np.where(np.isnan(position), np.nan, 1.0),
        median=np.empty((*position.shape[:2], rounds + 1)),
        path=path,
        rounds_used=np.empty(position.shape[:2], np.int64),
        stopped=np.empty(position.shape[:2], np.int64),
    )
    stances = np.ascontiguousarray(salience), np.ascontiguousarray(weight)
    kernels.play(games, *stances, np.asarray(scale_high - scale_low), rules, published)
    means = [weighted_mean(path[:, :, r], salience, influence) for r in range(path.shape[2])]
    return ChallengeOutcome(
        games.median,
        games.position,
        games.exponent,
        games.rounds_used,
        games.stopped,
        path if keep_path else None,
        np.stack(means, axis=2) if keep_path else None,
    )
