"""How much power does each vote have where members come in blocs that vote together? The values of Owen, exactly.

Blocs join in an order, and within each its members do: Owen (1977) takes all orders in which every bloc stays
together as alike; the Banzhaf-Owen value (Owen 1981) lets every other bloc, and every other member of the own,
join with probability one half. With m blocs, of which r others have joined, and b members in the own, of whom s
others have, a swing weighs 1 / (m C(m-1, r) b C(b-1, s)) in the one and 1 / 2^(m-1+b-1) in the other. Who is in no
bloc is one alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb

from detente.case.thresholds import Node, renumbered
from detente.case.voting.compound import Compound, Vector, compound
from detente.errors import OptionError, offering
from detente.lenses.power.result import BlocPower, Share

MOST_STATES = 200_000
State = tuple[Vector, int, int]


def of_blocs(rule: Node, labels: Sequence[str], blocs: Sequence[Sequence[str]]) -> tuple[BlocPower, ...]:
    """Return the power of every voter where some vote as blocs, by the labels of voters 0 to n - 1.

    Raises:
        OptionError: a name is nobody's or in two blocs, or there are too many ways for the blocs to join.
    """
    unions = _unions(labels, blocs)
    found: dict[int, BlocPower] = {}
    for own in unions:
        others = [union for union in unions if union is not own]
        row = {v: k for k, union in enumerate(others) for v in union}
        row |= {v: len(others) + k for k, v in enumerate(own)}
        game = compound(renumbered(rule, row))
        weights = {player: kind.weights for kind in game.kinds for player in kind.members}
        for voter in own:
            owen, banzhaf = _value(game, weights, row[voter], len(others), len(own))
            found[voter] = BlocPower(
                member=labels[voter],
                bloc=tuple(labels[v] for v in own) if len(own) > 1 else (),
                owen=Share.of(owen),
                banzhaf_owen=Share.of(banzhaf),
            )
    return tuple(found[voter] for voter in sorted(found))


def _unions(labels: Sequence[str], blocs: Sequence[Sequence[str]]) -> list[list[int]]:
    row = {label: voter for voter, label in enumerate(labels)}
    taken: set[str] = set()
    unions = []
    for bloc in blocs:
        for name in bloc:
            if name not in row:
                raise OptionError(offering(f"no member is called {name[:60]!r}", name, row))
            if name in taken:
                raise OptionError(f"{name[:60]!r} stands in a bloc already; each member is in one")
            taken.add(name)
        unions.append([row[name] for name in bloc])
    return [*(one for one in unions if one), *([v] for label, v in row.items() if label not in taken)]


def _value(
    game: Compound, weights: dict[int, Vector], voter: int, others: int, own: int
) -> tuple[Fraction, Fraction]:
    """Return the two values of one member of a bloc of ``own`` members.

    The players of the game are the other blocs, 0 to ``others`` - 1, and the members of the own.
    """
    states: dict[State, int] = {(tuple(0 for _ in game.totals), 0, 0): 1}
    for player, weight in weights.items():
        if player == voter:
            continue
        joined = dict(states)
        for (tally, r, s), ways in states.items():
            there = _added(game, tally, weight), r + (player < others), s + (player >= others)
            joined[there] = joined.get(there, 0) + ways
        if len(joined) > MOST_STATES:
            raise OptionError(
                f"with {others + 1} blocs there are too many ways to join; put more members into blocs"
            )
        states = joined
    owen, swings = Fraction(0), 0
    for (tally, r, s), ways in states.items():
        if game.met(_added(game, tally, weights[voter])) and not game.met(tally):
            owen += Fraction(ways, (others + 1) * comb(others, r) * own * comb(own - 1, s))
            swings += ways
    return owen, Fraction(swings, 2 ** (others + own - 1))


def _added(game: Compound, tally: Vector, weight: Vector) -> Vector:
    return tuple(min(most, one + more) for one, more, most in zip(tally, weight, game.enough, strict=True))
