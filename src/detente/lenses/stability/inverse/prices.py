"""What does each change cost? One, unless a price is given for it or for its kind; some may be impossible."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from detente.errors import OptionError, did_you_mean

if TYPE_CHECKING:
    from detente.lenses.stability.view import StabilityView

NEVER = math.inf
HEADS = {
    "preferences": ("actor",),
    "demote": ("actor", "state"),
    "weights": ("actor", "weight"),
    "remove": ("option",),
    "one_way": ("option",),
    "ban": ("state",),
    "bar": ("mover",),
}
"""First part of a path → what the others name; any of them may be left out."""


class Prices:
    """Prices by path: ``remove.court``, ``demote.moscow.YN``, ``preferences.kyiv``, ``ban`` for every state."""

    def __init__(self, view: StabilityView, given: Mapping[str, float] | None = None) -> None:
        """Check what is given.

        Raises:
            OptionError: paths that name nothing, or prices that are not above 0, all told at once.
        """
        self.given = dict(given or {})
        faults = [fault for path, price in self.given.items() for fault in _faults(view, path, price)]
        if faults:
            raise OptionError("; ".join(faults))

    def of(self, *parts: str, otherwise: float = 1.0) -> float:
        """Return the price that is given for a path, or for the longest beginning of it."""
        for length in range(len(parts), 0, -1):
            if (path := ".".join(parts[:length])) in self.given:
                return self.given[path]
        return otherwise

    def order(self, actor: str) -> float:
        """Return the price of a change in an actor's order."""
        return self.of("preferences", actor)

    def down(self, actor: str, state: str) -> float:
        """Return the price of putting a state level with the chosen one in an actor's order."""
        return self.of("demote", actor, state, otherwise=self.order(actor))

    def weight(self, actor: str, name: str) -> float:
        """Return the price of a change of a weight."""
        return self.of("weights", actor, name, otherwise=self.order(actor))


def _faults(view: StabilityView, path: str, price: float) -> Iterator[str]:
    if math.isnan(price) or price <= 0:
        yield f"{path}: a cost is above 0, or 'never'"
    head, *names = path.split(".")
    if head not in HEADS:
        yield f"{path}: there is no kind of change {head!r}; {did_you_mean(head, HEADS)}"
        return
    if len(names) > len(HEADS[head]):
        yield f"{path}: has too many parts; write {'.'.join([head, *map(str.upper, HEADS[head])])}"
    actor = ""
    for what, name in zip(HEADS[head], names, strict=False):
        known = _known(view, what, actor)
        if name not in known:
            yield f"{path}: no {what} is called {name!r}; {did_you_mean(name, known)}"
            return
        actor = name


def _known(view: StabilityView, what: str, actor: str) -> Sequence[str]:
    if what == "actor":
        return view.actors
    if what == "mover":
        return [view.mover(row) for row in range(len(view.graph.starts))]
    if what == "option":
        return view.names
    return view.texts if what == "state" else tuple(view.game.preferences[actor].weights)
