"""What do all kinds of change share? The game as it is, the question, the prices, and the words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from detente.case.parts.game.statement import Statement
from detente.errors import OptionError, offering
from detente.lenses.programs import Array
from detente.lenses.stability.inverse.best_first import Combination
from detente.lenses.stability.inverse.question import Question
from detente.lenses.stability.inverse.search import Effort, OrderTheory, Remedy, cheapest_change
from detente.lenses.stability.levers import Change, Kind, Lever, Undeterred
from detente.lenses.stability.records import apart
from detente.lenses.stability.space import Mask, Ranks
from detente.lenses.stability.view import StabilityView
from detente.show import words

Told = tuple[list[Change], dict[str, Any]]  # changes one by one, and the edits of the case that make them
T = TypeVar("T", bound=OrderTheory)
MOST_EDITED = 512  # states up to which a new ranking is written down
PATHS = {
    "preferences": ("actor",),
    "demote": ("actor", "state"),
    "weights": ("actor", "weight"),
    "remove": ("option",),
    "one_way": ("option",),
    "ban": ("state",),
    "bar": ("mover",),
}
"""First part of the path of a price → what the others name; any of them may be left out."""


class Prices:
    """What each change costs: one, unless a price is given for it or for its kind; some may be impossible.

    Prices stand by path: ``remove.court``, ``demote.moscow.YN``, ``preferences.kyiv``, ``ban`` for every state.
    """

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


def _faults(view: StabilityView, path: str, price: float) -> Iterator[str]:
    if math.isnan(price) or price <= 0:
        yield f"{path}: a cost is above 0, or 'never'"
    head, *names = path.split(".")
    if head not in PATHS:
        yield offering(f"{path}: there is no kind of change {head!r}", head, PATHS)
        return
    if len(names) > len(PATHS[head]):
        yield f"{path}: has too many parts; write {'.'.join([head, *map(str.upper, PATHS[head])])}"
    actor = ""
    for what, name in zip(PATHS[head], names, strict=False):
        known = _known(view, what, actor)
        if name not in known:
            yield offering(f"{path}: no {what} is called {name!r}", name, known)
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


@dataclass(frozen=True, eq=False)
class Task:
    """A state of a game that is to hold by a concept."""

    view: StabilityView  # the game
    ranks: Ranks  # its orders, shape (k, m), every number at its mean
    state: int  # the chosen state
    concept: str  # ``nash``, ``gmr``, ``smr`` or ``seq``
    prices: Prices  # of all changes
    effort: Effort  # for the kind of change that is looked at
    large: bool = False  # whether the game has too many states for a list of its moves

    @cached_property
    def question(self) -> Question:
        """The state and the concept, on the graph of the game; not in large games."""
        return Question(self.view.graph, self.state, self.concept)

    @property
    def order_prices(self) -> list[float]:
        """The price of a change in each actor's order."""
        return [self.prices.order(actor) for actor in self.view.actors]

    @cached_property
    def truths(self) -> dict[int, Mask]:
        """Where the statements of each actor with priorities hold, shape (h, m)."""
        return {
            i: np.array([self.view.states.of_statement(wish.statement) for wish in preference.statements])
            for i, preference in enumerate(self.view.orders.preferences)
            if preference.statements
        }

    # --- one kind of change ----------------------------------------------------------------------

    def lever(
        self, kind: Kind, theory_of: Callable[[Question], T], told: Callable[[T, Array], Told]
    ) -> Lever:
        """Return the cheapest change of a kind; ``told`` says what values of its variables mean."""
        return self.told(kind, *cheapest_change(self.question, theory_of, self.effort), told)

    def told(self, kind: Kind, remedy: Remedy, theory: T, told: Callable[[T, Array], Told]) -> Lever:
        """Return a remedy as a lever, judged anew by the engine of the lens."""
        changes, edits, stable = list[Change](), dict[str, Any](), None
        if remedy.values is not None:
            changes, edits = told(theory, remedy.values)
            stable = self.question.holds(theory.ranks(remedy.values))
        return Lever.found(kind, remedy.cost, remedy.bound, remedy.clauses, changes, edits, holds=stable)

    def combined(self, kind: Kind, found: Combination, told: Callable[[Combination], Told]) -> Lever:
        """Return a combination of the actors' changes as a lever, judged anew by the engine of the lens."""
        changes, edits, stable = list[Change](), dict[str, Any](), None
        if found.chosen:
            changes, edits = told(found)
            stable = self.question.holds(found.ranks)
        return Lever.found(kind, found.cost, found.bound, found.tried, changes, edits, holds=stable)

    # --- words -----------------------------------------------------------------------------------

    def actor(self, i: int) -> str:
        """Return the name of an actor."""
        return self.view.case.actors[self.view.actors[i]].name

    def option(self, number: int) -> str:
        """Return the name of an option, in quotation marks."""
        return f"“{self.view.states.option_names[self.view.names[number]]}”"

    def wish(self, statement: Statement) -> str:
        """Return a statement with the names of the options in place of their ids."""
        return statement.told({name: self.view.states.option_names[name] for name in self.view.names})

    def place(self, state: int) -> str:
        """Return a state in words: what is taken, or if shorter what sets it apart from the chosen one."""
        if state == self.state:
            return "this outcome"
        told, apart_ = f"“{self.view.words(state)}”", self._apart(state, "with", "without")
        return min(told, f"the same {apart_}", key=len) if apart_ else told

    def step(self, state: int) -> str:
        """Return in words what leads from the chosen state to another."""
        return self._apart(state, "take up", "give up") or f"move to “{self.view.words(state)}”"

    def _apart(self, state: int, taken: str, dropped: str) -> str:
        """Return in words what is taken and what dropped; nothing where states are listed or merged."""
        view = self.view
        if view.states.form is None or view.states.classes is not None:
            return ""
        called = [self.option(n) for n in range(len(view.names))]
        sides = zip((taken, dropped), apart(called, view.text(self.state), view.text(state)), strict=True)
        return " and ".join(f"{verb} {words.listed(names, len(names))}" for verb, names in sides if names)

    # --- what goes wrong -------------------------------------------------------------------------

    def against(self, ranks: Ranks, kept: Mask | None = None) -> tuple[Undeterred, ...]:
        """Return the improvements from the chosen state that nothing deters, with the moves that are kept."""
        view = self.view
        return tuple(
            Undeterred(
                actor=view.actors[one.actor],
                to=view.text(one.to),
                words=view.words(one.to),
                step=self.step(one.to),
            )
            for one in self.question.failures(ranks, kept)
        )

    def undeterred(self, ranks: Ranks, kept: Mask | None = None) -> Undeterred | None:
        """Return the first of them."""
        return next(iter(self.against(ranks, kept)), None)

    def without(self, after: Ranks, i: int) -> Undeterred | None:
        """Return what goes wrong when all actors but one take new orders; not told in large games."""
        partly = after.copy()
        partly[i] = np.unique(self.ranks[i], return_inverse=True)[1]
        return None if self.large else self.undeterred(partly)

    def change(
        self,
        i: int,
        what: str,
        before: str,
        after: str,
        cost: float,
        sentence: str,
        without: Undeterred | None,
    ) -> Change:
        """Return a change that concerns one actor, whose name begins the sentence; see `Change`."""
        told = f"{self.actor(i)} would have to {sentence}"
        actor = self.view.actors[i]
        return Change(
            actor=actor, what=what, before=before, after=after, cost=cost, sentence=told, without=without
        )

    # --- edits -----------------------------------------------------------------------------------

    def ranking(self, after: Ranks, actors: Sequence[int]) -> dict[str, Any]:
        """Return the edits that give some actors new orders; none in very large games."""
        if self.view.count > MOST_EDITED:
            return {}
        return {
            f"game.preferences.{self.view.actors[i]}": {"ranking": self._groups(after[i])} for i in actors
        }

    def statements(self, i: int) -> list[Any]:
        """Return an actor's priorities as a case file has them."""
        preference = self.view.orders.preferences[i]
        return list(preference.model_dump(mode="json", exclude_defaults=True)["statements"])

    def _groups(self, rank: Ranks) -> list[Any]:
        """Return an order as a case file has it: from best to worst, equally good states together."""
        states, found = self.view.states, []
        for level in np.unique(rank)[::-1].tolist():
            group: list[str] = []
            for s in np.flatnonzero(rank == level).tolist():
                group += [self.view.text(s)] if states.form is None else states.members[s]
            found.append(group[0] if len(group) == 1 else group)
        return found
