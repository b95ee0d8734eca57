"""What do all kinds of change share? The game as it is, the question, prices, and how a lever is told."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case.parts.game.statement import Statement
from detente.lenses.stability.inverse.effort import Effort
from detente.lenses.stability.inverse.levers import Change, Kind, Lever, Status, Undeterred
from detente.lenses.stability.inverse.prices import Prices
from detente.lenses.stability.inverse.question import Question
from detente.lenses.stability.space import Mask, Ranks
from detente.lenses.stability.view import StabilityView

NEAR = 1e-6
"""Costs closer than this are equal; the solver knows no better."""
MOST_EDITED = 512
"""States up to which a new ranking is written down."""


WORD = re.compile(r"[^\W_][\w-]*")


@dataclass(frozen=True, eq=False)
class Asked:
    """A question about a game.

    Attributes:
        view: the game.
        ranks: its orders, shape (k, m), every number at its mean.
        question: the chosen state and the concept.
        prices: of all changes.
        effort: for the kind of change that is looked at.
    """

    view: StabilityView
    ranks: Ranks
    question: Question
    prices: Prices
    effort: Effort

    def actor(self, i: int) -> str:
        """Return the name of an actor."""
        return self.view.case.actors[self.view.actors[i]].name

    def option(self, number: int) -> str:
        """Return the name of an option, in quotation marks."""
        key = self.view.names[number]
        return f"“{self.view.game.options[key].name or key}”"

    def wish(self, statement: Statement) -> str:
        """Return a statement with the names of the options in place of their ids."""
        told = {"iff": "if and only if", **{name: self.option(n) for n, name in enumerate(self.view.names)}}
        return WORD.sub(lambda word: told.get(word[0], word[0]), statement.text)

    def place(self, state: int) -> str:
        """Return a state in words: what is taken, or if shorter what sets it apart from the chosen one."""
        if state == self.question.state:
            return "this outcome"
        taken, dropped = self._apart(state)
        parts = [f"with {listed(taken)}"] * bool(taken) + [f"without {listed(dropped)}"] * bool(dropped)
        told = f"“{self.view.words(state)}”"
        return min(told, f"the same {' and '.join(parts)}", key=len) if parts else told

    def step(self, state: int) -> str:
        """Return in words what leads from the chosen state to another."""
        taken, dropped = self._apart(state)
        parts = [f"take up {listed(taken)}"] * bool(taken) + [f"give up {listed(dropped)}"] * bool(dropped)
        return " and ".join(parts) or f"move to “{self.view.words(state)}”"

    def _apart(self, state: int) -> tuple[list[str], list[str]]:
        """Return which options are taken and which dropped; none where states are listed or merged."""
        view = self.view
        if view.states.form is None or view.states.classes is not None:
            return [], []
        pairs = list(enumerate(zip(view.text(self.question.state), view.text(state), strict=True)))
        taken = [self.option(n) for n, (before, after) in pairs if before < after]
        return taken, [self.option(n) for n, (before, after) in pairs if before > after]

    def order_prices(self) -> list[float]:
        """Return the price of a change in each actor's order."""
        return [self.prices.order(actor) for actor in self.view.actors]

    def undeterred(self, ranks: Ranks, kept: Mask | None = None) -> Undeterred | None:
        """Return the first improvement that nothing deters under other orders or with fewer moves."""
        return next(iter(self.against(ranks, kept)), None)

    def against(self, ranks: Ranks, kept: Mask | None = None) -> tuple[Undeterred, ...]:
        """Return every improvement from the chosen state that nothing deters."""
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

    def without(self, after: Ranks, i: int) -> Undeterred | None:
        """Return what goes wrong when all actors but one take new orders."""
        partly = after.copy()
        partly[i] = np.unique(self.ranks[i], return_inverse=True)[1]
        return self.undeterred(partly)

    def groups(self, rank: Ranks) -> list[Any]:
        """Return an order as a case file has it: from best to worst, equally good states together."""
        states, found = self.view.states, []
        for level in np.unique(rank)[::-1].tolist():
            group: list[str] = []
            for s in np.flatnonzero(rank == level).tolist():
                group += [self.view.text(s)] if states.form is None else states.members[s]
            found.append(group[0] if len(group) == 1 else group)
        return found

    def ranking(self, after: Ranks, actors: Sequence[int]) -> dict[str, Any]:
        """Return the edits that give some actors new orders; none in very large games."""
        if self.view.count > MOST_EDITED:
            return {}
        return {f"game.preferences.{self.view.actors[i]}": {"ranking": self.groups(after[i])} for i in actors}


def listed(names: Sequence[str]) -> str:
    """Return names as a list in words.

    >>> listed(["“a”", "“b”", "“c”"])
    '“a”, “b” and “c”'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def lever(
    kind: Kind,
    cost: float,
    bound: float,
    clauses: int,
    changes: Sequence[Change],
    edits: Mapping[str, Any],
    holds: bool | None,
) -> Lever:
    """Return a lever; infinite cost or bound mean that nothing was found, or that nothing exists."""
    status: Status = "exact" if cost <= bound + NEAR * max(1.0, abs(bound)) else "gap"
    if math.isinf(bound):
        status, cost, bound = "none", math.inf, math.inf
    found = math.isfinite(cost)
    return Lever(
        kind=kind,
        status=status,
        cost=float(cost) if found else None,
        bound=float(min(cost, bound)) if math.isfinite(bound) else None,
        clauses=clauses,
        holds=holds if found else None,
        changes=tuple(changes) if found else (),
        edits=dict(edits) if found else {},
        sentence=_sentence(kind, status, cost, bound, changes),
    )


def skipped(kind: Kind, why: str) -> Lever:
    """Return the lever of a kind that was not looked at."""
    return Lever(
        kind=kind,
        status="skipped",
        cost=None,
        bound=None,
        clauses=0,
        holds=None,
        changes=(),
        edits={},
        sentence=f"{LABELS[kind]}: not looked at, because {why}.",
    )


LABELS: dict[Kind, str] = {
    "promote": "The state valued more",
    "demote": "Other states valued less",
    "orders": "Any change of orders",
    "reorder": "Priorities in another order",
    "top": "A new first priority",
    "weights": "Other weights",
    "moves": "Fewer moves",
}


def _sentence(kind: Kind, status: Status, cost: float, bound: float, changes: Sequence[Change]) -> str:
    if status == "none":
        return f"{LABELS[kind]}: no change of this kind suffices."
    if not math.isfinite(cost):
        return f"{LABELS[kind]}: none was found; it costs {bound:.4g} or more."
    if not changes:
        return f"{LABELS[kind]}: nothing has to change."
    told = " ".join(change.sentence for change in changes)
    proof = "nothing of this kind is cheaper" if status == "exact" else f"at least {bound:.4g} is needed"
    return f"{LABELS[kind]} (cost {cost:.4g}; {proof}): {told}"
