"""Which outcomes hold, because nobody who can move away wants to?

The graph model for conflict resolution: states, moves of each actor, and an order of the states for each. A state
is stable for an actor that does not leave it, and an equilibrium when it is stable for everybody:

- ``nash``: there is nothing better to move to (Nash 1950);
- ``gmr``: whatever better it moves to, the others can answer so that it ends no better off (Howard 1971);
- ``smr``: and it cannot escape from their answer either (Howard 1971);
- ``seq``: and their answer is made of moves that pay for who makes them (Fraser & Hipel 1984);
- ``sim``: the same with everybody moving at once (Fraser & Hipel 1984);
- ``l2``, ``l3``, …: looking that many moves ahead (Zagare 1984; Kilgour 1984); among more than two actors each
  expects, of the others' best answers, the one that is worst for it;
- ``cnash``, ``cgmr``, ``csmr``, ``cseq``: for every coalition (Kilgour et al. 2001; Inohara & Hipel 2008).

Nash ⇒ SEQ ⇒ GMR and Nash ⇒ SMR ⇒ GMR. Answers of several others are legal sequences: nobody moves twice in a row,
but A-B-A is legal.

A preference may be strong, so that a state holds strongly when who leaves it can be brought to end much worse
(Hamouda, Kilgour & Hipel 2004), and of some states it may not be known who prefers which; then there are four
readings, of which *a*, the cautious one, is told where there is one answer (Li, Hipel, Kilgour & Xu 2004). Moves
may need several actors, states may be one, and an actor may not perceive some of them.

Assumptions: everybody knows the options and orders of all; only the order of the states matters; there is no
clock.
When *not* to use it: when outcomes are amounts rather than choices (use bargaining), when what an actor may do
depends on chance, or when who moves first decides the matter.
"""

from typing import TYPE_CHECKING, Any

from detente.lenses.stability.lens import LENS, StabilityLens
from detente.lenses.stability.result import StabilityResult

if TYPE_CHECKING:
    from detente.lenses.stability.view import StabilityView

__all__ = ["LENS", "StabilityLens", "StabilityResult", "StabilityView"]


def __getattr__(name: str) -> Any:
    """Import the view, and with it the solvers, only when it is asked for."""
    if name == "StabilityView":
        from detente.lenses.stability.view import StabilityView

        return StabilityView
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
