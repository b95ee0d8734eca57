"""What does a rule look at? The tallies that its thresholds keep, and which voters are alike to all of them.

A coalition enters a rule only through sums of weights, one per threshold with voters of its own; thresholds that
weigh the same voters alike share one. Voters with the same weight in every sum are interchangeable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detente.case.thresholds import Node, Threshold, Voter, voters

Vector = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Voters that are interchangeable.

    Attributes:
        weights: of each of them, in every tally.
        members: their indexes, in the order of the rule.
    """

    weights: Vector
    members: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Step:
    """A threshold: the tally that it looks at, if any, and earlier steps that add to it when they are met."""

    quota: int
    tally: int | None
    below: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Compound:
    """A rule as steps over tallies.

    Attributes:
        kinds: voters by how they enter the tallies; k of them.
        steps: thresholds, each after those that it contains; the last decides.
        totals: of each tally, when everybody agrees; f of them.
        enough: of each tally, the most that any step asks for: what is more makes no difference.
    """

    kinds: tuple[Kind, ...]
    steps: tuple[Step, ...]
    totals: Vector
    enough: Vector

    @property
    def voters(self) -> int:
        """Number of voters, n."""
        return sum(kind.size for kind in self.kinds)

    def met(self, tallies: Sequence[Any]) -> Any:
        """Return whether the rule is met.

        Args:
            tallies: f numbers, or f arrays of shapes that go together.
        """
        done: list[Any] = []
        for step in self.steps:
            reached: Any = 0 if step.tally is None else tallies[step.tally]
            for weight, earlier in step.below:
                reached = reached + weight * done[earlier]
            done.append(reached >= step.quota)
        return done[-1]


def compound(rule: Node) -> Compound:
    """Return what a rule looks at."""
    builder = _Builder()
    builder.step(rule if isinstance(rule, Threshold) else Threshold(1, ((1, rule),)))
    columns = [dict(form) for form in builder.forms]
    alike: dict[Vector, list[int]] = defaultdict(list)
    for voter in voters(rule):
        alike[tuple(column.get(voter, 0) for column in columns)].append(voter)
    enough = [0] * len(columns)
    for step in builder.steps:
        if step.tally is not None:
            enough[step.tally] = max(enough[step.tally], step.quota)
    return Compound(
        tuple(Kind(weights, tuple(members)) for weights, members in alike.items()),
        tuple(builder.steps),
        tuple(sum(column.values()) for column in columns),
        tuple(enough),
    )


class _Builder:
    """Numbers thresholds and tallies, equal ones alike."""

    def __init__(self) -> None:
        self.forms: dict[frozenset[tuple[int, int]], int] = {}
        self.steps: list[Step] = []
        self.known: dict[tuple[Any, ...], int] = {}

    def step(self, node: Threshold) -> int:
        form: dict[int, int] = defaultdict(int)
        inner: dict[int, int] = defaultdict(int)
        for weight, part in node.parts:
            if isinstance(part, Voter):
                form[part.index] += weight * part.seats
            else:
                inner[self.step(part)] += weight
        tally = self.forms.setdefault(frozenset(form.items()), len(self.forms)) if form else None
        below = tuple((weight, earlier) for earlier, weight in sorted(inner.items()))
        key = node.quota, tally, below
        if key not in self.known:
            self.known[key] = len(self.steps)
            self.steps.append(Step(*key))
        return self.known[key]
