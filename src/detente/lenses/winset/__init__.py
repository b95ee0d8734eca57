"""Is there a deal that everybody who must consent would accept, which one, and who stands in the way?

Two-level games: leaders bargain abroad and must carry allies, legislatures and rivals at home (Putnam 1988). An
actor accepts a package that costs it no more than the lack of a deal, failure's own cost included, and that keeps
to its red lines; a deal exists when those who accept some package satisfy the consent rule.

Assumptions: losses are separable over issues and weighted by salience, along the distance (city-block) or its
square; red lines are never traded off; all know what all accept; voters are sincere, and abstaining is refusing.
When *not* to use it: when who moves first or who sets the agenda decides the matter, when threats and not consent
hold an outcome (use stability), or when issues cannot be put on scales.
"""

from detente.lenses.winset.agreements import Plane, Region
from detente.lenses.winset.answers import (
    Band,
    Blockers,
    Chance,
    Conflict,
    DealAnswer,
    Demand,
    Extent,
    Lever,
    Package,
    Side,
)
from detente.lenses.winset.result import WinsetResult

__all__ = [
    "Band",
    "Blockers",
    "Chance",
    "Conflict",
    "DealAnswer",
    "Demand",
    "Extent",
    "Lever",
    "Package",
    "Plane",
    "Region",
    "Side",
    "WinsetResult",
]
