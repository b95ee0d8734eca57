"""Of which convex pieces does a zone consist, and which package is the best in any of them?

The zone is the union, over minimal winning coalitions and settlements of the discrete issues, of what the members
accept. Where the coalitions can be listed a search goes through them; otherwise a program with binaries decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from time import monotonic

import numpy as np

from detente.case.thresholds import Agreed, Node, Voter, all_of, minimal_winning, renumbered
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.exact.box import SLACK, common_box
from detente.lenses.winset.exact.coalitions import alike
from detente.lenses.winset.exact.linear import SECONDS
from detente.lenses.winset.exact.piece import Best, Goal, Piece, best_margin, solve
from detente.lenses.winset.exact.program import deal_program
from detente.lenses.winset.exact.search import Key, Rate, search


@dataclass(frozen=True, eq=False)
class Zone:
    """The packages that win consent and that every party accepts.

    Attributes:
        deal: one draw, its rule with the parties' consent added.
        parties: rows of the parties that have a stance: whose gains count.
        coalitions: minimal winning ones; ``None`` where they are too many to list.
    """

    deal: Deal
    parties: tuple[int, ...]
    coalitions: tuple[Agreed, ...] | None

    def best(self, goal: Goal, seconds: float = SECONDS) -> Best | None:
        """Return the package with the least cost of a goal, ``None`` where there is none, or none was found."""
        if self.coalitions is not None:
            return search(self.deal, self.coalitions, rated(goal), monotonic() + seconds).best
        piece = self.piece_of(goal, seconds)
        if piece is None:
            return None
        best = solve(piece, goal, seconds)
        return best if best.package is not None else None

    def piece_of(self, goal: Goal, seconds: float = SECONDS) -> Piece | None:
        """Return the piece in which the program with binaries finds its best."""
        model = deal_program(self.deal, self.deal.rule)
        goal(model)
        answer = model.program.solve(seconds)
        package = model.read(answer)
        return None if package is None else Piece(settled(self.deal, package), model.counted(answer))


def rated(goal: Goal) -> Rate:
    """Return how the search rates pieces by a goal: by the least cost that is possible there."""

    def rate(piece: Piece) -> tuple[Key, Best]:
        best = solve(piece, goal, mixed=True)
        return (-best.answer.bound,), best

    return rate


def zone_of(deal: Deal, parties: Sequence[int] = ()) -> Zone:
    """Return the zone of a deal whose parties must agree as well.

    Args:
        deal: one draw, finite (see ``fault``).
        parties: rows of the parties.
    """
    consent: Node = all_of(deal.rule, *(Voter(k) for k in dict.fromkeys(parties)))
    together = replace(deal, rule=renumbered(consent, alike(deal)))
    own = tuple(k for k in parties if deal.radius[0, k] < np.inf)
    coalitions = minimal_winning(together.rule, deal.voters)
    return Zone(together, own, None if coalitions is None else tuple(coalitions))


def settled(deal: Deal, package: Array) -> Deal:
    """Return a deal whose discrete issues are settled as in a package."""
    levels = tuple(
        None if own is None else np.array([x]) for own, x in zip(deal.levels, package, strict=True)
    )
    return replace(deal, levels=levels)


def convex_pieces(zone: Zone, most: int) -> list[Piece] | None:
    """Return the convex pieces of a zone that are not empty; ``None`` where there may be more than wanted."""
    kinds = prod(len(own) for own in zone.deal.levels if own is not None)
    if zone.coalitions is None or len(zone.coalitions) * kinds > most:
        return None
    return [piece for piece in _all_pieces(zone.deal, zone.coalitions) if not _empty(piece)]


def _all_pieces(deal: Deal, coalitions: Sequence[Agreed]) -> Iterable[Piece]:
    for coalition in coalitions:
        box = common_box(deal, coalition)
        if box is not None:
            levels = [
                (np.nan,) if own is None else own[(own >= low - SLACK) & (own <= high + SLACK)]
                for own, low, high in zip(deal.levels, *box, strict=True)
            ]
            yield from (Piece(settled(deal, np.array(x)), coalition) for x in product(*levels))


def _empty(piece: Piece) -> bool:
    return best_margin(piece).answer.bound > TOLERANCE
