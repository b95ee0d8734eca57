"""Which of the many convex pieces of a zone holds the best package? Best first, most of them never looked at.

The zone is a union over minimal winning coalitions and levels of discrete issues. A node of the search keeps some
of both and is solved as if only those had to agree who are in all its coalitions, and levels could be mixed: no
package of the node is better. If that package satisfies one of its coalitions, on levels, it is the best of all;
otherwise the node is split by a voter who refuses it, or by a level (Land & Doig 1960).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Agreed
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.exact.piece import Best, Piece

Levels = tuple[Array | None, ...]
Key = tuple[float, ...]
Rate = Callable[[Piece], tuple[Key, Best]]
"""Solves a relaxed piece: how good its best is, greater being better, and the best itself."""
WITHIN = 1e-8
"""How far a margin may fall short where a package still counts as accepted."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a search ended with.

    Attributes:
        best: of the whole zone, or ``None``.
        key: what nothing in the zone is better than; ``None`` where the zone is empty.
        reason: why the search gave up, ``""`` where it did not.
    """

    best: Best | None
    key: Key | None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class _Node:
    coalitions: NDArray[np.bool_]
    levels: Levels


def search(
    deal: Deal, coalitions: Sequence[Agreed], rate: Rate, until: float, *, needs_key: bool = False
) -> Found:
    """Return the best package of a zone.

    Args:
        deal: one draw.
        coalitions: minimal winning ones.
        rate: solves relaxed pieces.
        until: when to give up, as told by ``monotonic``.
        needs_key: whether members must have the margin that the key says, not only 0.
    """
    order, heap = count(), list[tuple[Key, int, _Node, Best]]()
    trouble = ""

    def add(node: _Node) -> None:
        nonlocal trouble
        piece = Piece(replace(deal, levels=node.levels), np.asarray(node.coalitions.all(axis=0)))
        key, best = rate(piece)
        if best.package is not None:
            heappush(heap, (tuple(-x for x in key), next(order), node, best))
        elif best.answer.status != "infeasible":
            trouble = best.answer.reason or best.answer.status

    if len(coalitions):
        add(_Node(np.array(coalitions), deal.levels))
    while heap and not trouble:
        negative, _, node, best = heappop(heap)
        key = tuple(-x for x in negative)
        children = _split(deal, node, best, (key[0] if needs_key else 0.0) - WITHIN)
        if not children:
            reason = "" if best.answer.status == "optimal" else best.answer.reason or best.answer.status
            return Found(best, key, reason)
        if monotonic() > until:
            return Found(None, key, "out of time")
        for child in children:
            add(child)
    return Found(None, (np.inf,) if trouble else None, trouble)


def _split(deal: Deal, node: _Node, best: Best, least: float) -> list[_Node]:
    """Return the two halves of a node, none where its best package is on levels and accepted by a coalition."""
    for i, choices in enumerate(best.model.choices):
        own = node.levels[i]
        if choices is None or own is None or best.answer.columns is None:
            continue
        shares = best.answer.columns[choices]
        if shares.max() < 1 - 1e-7:
            low = own <= np.clip(float(shares @ own), own[0], own[-2])
            return [
                _Node(node.coalitions, (*node.levels[:i], own[k], *node.levels[i + 1 :])) for k in (low, ~low)
            ]
    package = best.package
    margins = deal.margins(np.asarray(package)[None, None])[0, 0]
    refuses = margins < least
    if not (node.coalitions & refuses).any(axis=1).all():
        return []
    in_some = (node.coalitions & refuses).sum(axis=0) * ~node.coalitions.all(axis=0)
    if not in_some.any():
        return []
    has = node.coalitions[:, int(np.argmax(in_some))]
    return [_Node(node.coalitions[k], node.levels) for k in (has, ~has)]
