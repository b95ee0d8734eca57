"""How does a compiled loop read a consent rule? As a list of thresholds, every node after its parts.

The compiled half of ``rule.py``, which says what a rule and its margin are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Node, Threshold, Voter, all_of
from detente.compiled import inside
from detente.lenses.winset.deal import Array

Indices = NDArray[np.int64]


class Coded(NamedTuple):
    """A rule as tables.

    Attributes:
        node: a line per node: quota, first part, end of its parts; the last node is the root.
        part: a line per part: a node's number, or ``-1 - v`` for voter v; its weight, all seats together.
    """

    node: Indices
    part: Indices


@lru_cache(maxsize=64)
def coded(rule: Node) -> Coded:
    """Return a rule as arrays, which nobody may change."""
    quotas: list[int] = []
    parts: list[list[tuple[int, int]]] = []

    def add(node: Threshold) -> int:
        own = []
        for weight, part in node.parts:
            if isinstance(part, Voter):
                own.append((-1 - part.index, weight * part.seats))
            else:
                own.append((add(part), weight))
        quotas.append(node.quota)
        parts.append(own)
        return len(quotas) - 1

    add(all_of(rule) if isinstance(rule, Voter) else rule)
    flat = np.array([pair for own in parts for pair in own], dtype=np.int64).reshape(-1, 2)
    ends = np.cumsum([0, *(len(own) for own in parts)])
    return Coded(np.column_stack([quotas, ends[:-1], ends[1:]]).astype(np.int64), flat)


@inside
def wins(rule: Coded, agreed: Indices, met: Indices) -> bool:
    """Return whether a coalition wins (1: agrees); ``met`` is filled with the answer of every node."""
    last = rule.node.shape[0] - 1
    for node in range(last + 1):
        tally = 0
        for k in range(rule.node[node, 1], rule.node[node, 2]):
            part = rule.part[k, 0]
            if (met[part] if part >= 0 else agreed[-1 - part]) == 1:
                tally += rule.part[k, 1]
        met[node] = 1 if tally >= rule.node[node, 0] else 0
    return bool(met[last] == 1)


@inside
def margin_of(rule: Coded, margins: Array, level: Array, room: Any) -> float:
    """Return the margin of a rule; the last two are room to work in: nodes, and parts of the widest node."""
    last = rule.node.shape[0] - 1
    for node in range(last + 1):
        quota = rule.node[node, 0]
        level[node] = np.inf if quota <= 0 else -np.inf
        count = 0
        for k in range(rule.node[node, 1], rule.node[node, 2]):  # sorted in, the greatest first
            part = rule.part[k, 0]
            value = level[part] if part >= 0 else margins[-1 - part]
            at = count
            while at > 0 and room[at - 1].ordered < value:
                room[at].ordered, room[at].carried = room[at - 1].ordered, room[at - 1].carried
                at -= 1
            room[at].ordered, room[at].carried = value, k
            count += 1
        tally = 0
        for at in range(count):
            tally += rule.part[room[at].carried, 1]
            if quota > 0 and tally >= quota:
                level[node] = room[at].ordered
                break
    return float(level[last])


@inside
def mark_pivotal(rule: Coded, sure: Indices, possible: Indices, pivotal: Indices) -> None:
    """Mark the voters (1) who can still matter.

    Nodes in ``sure`` are met whatever they do, only those in ``possible`` can be; both hold one entry per node,
    and ``sure`` is overwritten.
    """
    for v in range(pivotal.size):
        pivotal[v] = 0
    last = rule.node.shape[0] - 1
    if possible[last] == 0:
        sure[last] = 1
    for node in range(last, -1, -1):  # ``sure`` turns into: nothing hangs on this node
        for k in range(rule.node[node, 1], rule.node[node, 2]):
            part = rule.part[k, 0]
            if part >= 0:
                if sure[node] == 1 or possible[part] == 0:
                    sure[part] = 1
            elif sure[node] == 0 and rule.part[k, 1] > 0:
                pivotal[-1 - part] = 1
