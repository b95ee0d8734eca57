"""Who or what makes an outcome doubtful? Shares of its variance, from further runs, that add to 100 % or not.

Groups that share correlated inputs are one. Rows B are the draws after the first ones of the same seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

from scipy.sparse.csgraph import connected_components

from detente.case import Case
from detente.lenses.summary import Array
from detente.study.inquiry_records import GroupShare, Kind, Shares
from detente.study.questions import of_case
from detente.study.sampled import Asked, Sampled, drawn
from detente.study.sensitivity.runs import Estimate, adding_up, closed

SHARE_ROWS = 2_048
REST = "all else"


def exact_shares(
    one: Sampled, labels: Sequence[str], places: Sequence[int], b: Array, yb: Mapping[str, Array]
) -> list[Estimate]:
    """Return the share of the variance of outcomes that goes once a group is known, from a run of as many rows.

    Args:
        one: the draws of a lens.
        labels: of the outcomes.
        places: of the group's inputs; those correlated with them are taken along.
        b: the rows B.
        yb: the outcomes on them.
    """
    rows = len(b)
    mixed, whole = one.u[:rows].copy(), one.root()[list(places)].any(axis=0)
    mixed[:, whole] = b[:, whole]
    found = one.again(mixed, labels)
    return [closed(one.outcomes[label][:rows], yb[label], found[label]) for label in labels]


def apart(one: Sampled, groups: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Return groups that are independent and hold every input once; what is in none is `REST`.

    Groups that share an input or a correlation become one, called by all their names.
    """
    tied = one.root() != 0
    for places in groups.values():
        tied[places[0], list(places)] = True
    _, owner = connected_components(tied, directed=False)
    named: dict[int, list[str]] = {}
    for name, places in groups.items():
        named.setdefault(owner[places[0]], []).append(name)
    found: dict[str, list[int]] = {}
    for k, of in enumerate(owner):
        found.setdefault(" and ".join(named.get(of, [REST])), []).append(k)
    return found


def shares(case: Case, *, rows: int = SHARE_ROWS, kind: Kind = "actor", **asked: Unpack[Asked]) -> Shares:
    """Divide the doubt of each lens's first headline, or of one outcome, among actors, issues or sources.

    Args:
        case: the case.
        rows: draws of every run; there is one per group.
        kind: among what.
        asked: the rest of `Asked`.

    Raises:
        OptionError: nothing is in doubt, or no lens has that outcome.
        MissingPartError: the case states nothing that a lens reads.
    """
    asked["draws"] = rows
    made = drawn(case, **asked)
    found: list[GroupShare] = []
    for one, labels in made.each(made.lenses):
        for label in [label for label in labels if not one.steady(label)][:1]:
            found += _divided(case, one, label, kind, made.seed)
    return Shares(**made.stamp, kind=kind, shares=tuple(found))


def _divided(case: Case, one: Sampled, label: str, kind: Kind, seed: int) -> list[GroupShare]:
    asked = of_case(case, one.paths, (kind,))
    groups = apart(one, {called: places for (_, _, called), places in asked.items()})
    b = one.rows_after(len(one.u), seed)
    made = adding_up(lambda u: one.again(u, (label,))[label], one.u, b, list(groups.values()), seed)
    whole = sum(estimate.share for estimate in made) or 1.0
    rows = [
        GroupShare(**one.about(label), told=name, share=of.share / whole, error=of.error / whole)
        for name, of in zip(groups, made, strict=True)
    ]
    return sorted(rows, key=lambda row: (-row.share, row.told))
