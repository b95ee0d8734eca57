"""Where do legal sequences lead? Nobody, and no set of actors that moves together, moves twice in a row."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

NOBODY = -1
Node = tuple[int, int]  # a state, and who moved there last, or `NOBODY`
Onward = Callable[[Node], Iterable[Node]]  # what may follow at a node: nobody's move after its own


class Step(NamedTuple):
    """One move on a path: who moves (a row of the graph's moves), and to which state."""

    actor: int
    to: int


def walked(start: int, onward: Onward) -> Iterator[tuple[Node, Node]]:
    """Yield every node that at least one move leads to from a state, the nearest first, and the node before it."""
    seen, waiting = set[Node](), deque([(start, NOBODY)])
    while waiting:
        before = waiting.popleft()
        for node in onward(before):
            if node not in seen:
                seen.add(node)
                waiting.append(node)
                yield node, before


def shortest(start: int, onward: Onward, is_goal: Callable[[int], bool]) -> tuple[Step, ...] | None:
    """Return a shortest sequence of at least one step from a state to a goal, or ``None``."""
    came, steps = dict[Node, Node](), list[Step]()
    for node, before in walked(start, onward):
        came[node] = before
        if is_goal(node[0]):
            while node in came:
                steps.append(Step(node[1], node[0]))
                node = came[node]
            return tuple(reversed(steps))
    return None
