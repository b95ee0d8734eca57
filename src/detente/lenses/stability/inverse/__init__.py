"""What would have to change for a wanted state to hold?

The least change of each kind that makes a chosen state an equilibrium by Nash, GMR, SMR or SEQ, and the proof that
nothing of that kind is cheaper: the state raised in the actors' orders, other states put down, the nearest orders,
priorities rearranged or a new one on top, other weights, options taken away or made one-way, states ruled out.

    >>> from detente.case import Case
    >>> from detente.lenses.stability import LENS
    >>> from detente.lenses.stability.inverse import what_would_hold
    >>> case = Case.from_dict({
    ...     "title": "Two prisoners",
    ...     "actors": {"a": {"name": "A"}, "b": {"name": "B"}},
    ...     "game": {
    ...         "options": {"a-talks": {"actor": "a"}, "b-talks": {"actor": "b"}},
    ...         "preferences": {"a": ["not b-talks", "a-talks"], "b": ["not a-talks", "b-talks"]},
    ...     },
    ... })
    >>> found = what_would_hold(LENS.view(case), "NN", "nash")
    >>> {lever.kind: lever.cost for lever in found.levers}["moves"]
    2.0
"""

from detente.lenses.stability.inverse.inverse import inverses, what_would_hold
from detente.lenses.stability.inverse.levers import KINDS, Change, Inverse, Lever, Undeterred, levers_table
from detente.lenses.stability.inverse.states import state_number, wanted

__all__ = [
    "KINDS",
    "Change",
    "Inverse",
    "Lever",
    "Undeterred",
    "inverses",
    "levers_table",
    "state_number",
    "wanted",
    "what_would_hold",
]
