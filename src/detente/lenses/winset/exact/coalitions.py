"""Which coalitions are enough? Minimal winning coalitions of a rule, and voters who are alike in everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from detente.lenses.winset.deal import Deal
from detente.lenses.winset.rule import Agreed, Node, Threshold, Voter

MOST = 64
"""Up to how many minimal winning coalitions are listed; above, a program with binaries decides."""


class _TooManyError(Exception):
    """The list is longer than anybody wants it."""


def alike(deal: Deal) -> NDArray[np.intp]:
    """Return the first voter with the same numbers as each, shape (V,): they agree or refuse together."""
    own = deal.salience[0] > 0
    ideal = np.where(own, deal.ideal[0], 0.0)
    table = np.hstack([ideal, deal.salience[0], deal.floor[0], deal.ceiling[0], deal.radius[0][:, None]])
    _, first, group = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return np.asarray(first[group.reshape(-1)], dtype=np.intp)


def merged(rule: Node, first: NDArray[np.intp]) -> Node:
    """Return a rule in which alike voters are one."""
    if isinstance(rule, Voter):
        return replace(rule, index=int(first[rule.index]))
    return replace(rule, parts=tuple((weight, merged(part, first)) for weight, part in rule.parts))


def minimal_winning(rule: Node, count: int, most: int = MOST) -> list[Agreed] | None:
    """Return the minimal winning coalitions of a rule, smallest first.

    Args:
        rule: the rule.
        count: number of voters, V.
        most: longest list wanted.

    Returns:
        Arrays of shape (V,); empty where nothing wins; ``None`` where there are more than wanted.
    """
    try:
        masks = _minimal(rule, 16 * most)
    except _TooManyError:
        return None
    if len(masks) > most:
        return None
    return [np.array([mask >> v & 1 for v in range(count)], dtype=np.bool_) for mask in masks]


def _minimal(node: Node, most: int) -> list[int]:
    """Return minimal winning coalitions as bit masks."""
    if isinstance(node, Voter):
        return [1 << node.index]
    found: set[int] = set()
    families = _families(node, most)
    for chosen in _subsets([weight for weight, _ in families], node.quota):
        for masks in product(*(families[k][1] for k in chosen)):
            joined = 0
            for mask in masks:
                joined |= mask
            found.add(joined)
            if len(found) > most:
                raise _TooManyError
    ordered = sorted(found, key=lambda mask: (mask.bit_count(), mask))
    kept: list[int] = []
    for mask in ordered:
        if not any(mask & smaller == smaller for smaller in kept):
            kept.append(mask)
    return kept


def _families(node: Threshold, most: int) -> list[tuple[int, list[int]]]:
    """Return weight and minimal coalitions of each part, heaviest first; a voter named twice counts once."""
    weights: dict[int, int] = {}
    families = []
    for weight, part in node.parts:
        if isinstance(part, Voter):
            weights[part.index] = weights.get(part.index, 0) + weight * part.seats
        else:
            families.append((weight, _minimal(part, most)))
    families += [(weight, [1 << v]) for v, weight in weights.items()]
    return sorted((f for f in families if f[0] > 0 and f[1]), key=lambda f: -f[0])


def _subsets(weights: list[int], quota: int) -> Iterator[tuple[int, ...]]:
    """Yield the minimal sets of positions whose weights (descending) reach a quota."""
    left = np.concatenate([np.cumsum(weights[::-1])[::-1], [0]]) if weights else [0]

    def walk(k: int, short: int, chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if short <= 0:
            yield chosen
        elif left[k] >= short:
            yield from walk(k + 1, short - weights[k], (*chosen, k))
            yield from walk(k + 1, short, chosen)

    return walk(0, quota, ())
