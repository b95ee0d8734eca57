"""Who or what makes an outcome doubtful? Shares of its variance that add to 100 %, from further runs.

Groups that share correlated inputs are one. Rows B are the draws after the first ones of the same seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from detente.case import Case
from detente.lenses.draws import Progress, Workers
from detente.lenses.summary import Array
from detente.study.inquiry_records import GroupShare, Kind, Shares
from detente.study.questions import of_case
from detente.study.sampled import Sampled, headlines, sampled
from detente.study.sensitivity.runs import Estimate, adding_up, closed

SHARE_ROWS = 2_048
REST = "all else"


def second_rows(one: Sampled, rows: int, seed: int) -> Array:
    """Return the uniforms of the draws after the first ones, shape (rows, inputs)."""
    found = [part.view.table.uniforms(seed, rows, rows) for part in one.parts if not part.view.table.is_exact]
    return np.concatenate(found, axis=1)


def exact_share(one: Sampled, label: str, places: Sequence[int], b: Array, yb: Array) -> Estimate:
    """Return the share of an outcome's variance that goes once a group is known, from a run of as many rows.

    Args:
        one: the draws of a lens.
        label: of the outcome.
        places: of the group's inputs; those correlated with them are taken along.
        b: see `second_rows`.
        yb: the outcome on them.
    """
    rows = len(b)
    mixed = one.u[:rows].copy()
    whole = sorted({other for place in places for other in _tied(one, place)})
    mixed[:, whole] = b[:, whole]
    return closed(one.outcomes[label][:rows], yb, one.again(mixed, (label,))[label])


def _tied(one: Sampled, place: int) -> tuple[int, ...]:
    """Return the inputs that are correlated with one, itself among them."""
    for part in one.parts:
        for block in part.view.table.coupled:
            block = tuple(part.columns.start + k for k in block)
            if place in block:
                return block
    return (place,)


def apart(one: Sampled, groups: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Return groups that are independent and hold every input once; what is in none is `REST`.

    Groups that share an input or a correlation become one, called by all their names.
    """
    owner = list(range(len(one.paths)))

    def root(k: int) -> int:
        while owner[k] != k:
            k = owner[k]
        return k

    tied = [_tied(one, k) for k in range(len(one.paths))]
    for block in (*groups.values(), *tied):
        for k in block:
            owner[root(k)] = root(block[0])
    named: dict[int, list[str]] = {}
    for name, places in groups.items():
        named.setdefault(root(places[0]), []).append(name)
    found: dict[str, list[int]] = {}
    for k in range(len(one.paths)):
        found.setdefault(" and ".join(named.get(root(k), [REST])), []).append(k)
    return found


def shares(
    case: Case,
    *,
    rows: int = SHARE_ROWS,
    seed: int = 1,
    lens_name: str | None = None,
    outcome: str | None = None,
    kind: Kind = "actor",
    workers: Workers = None,
    progress: Progress | None = None,
) -> Shares:
    """Divide the doubt of each lens's first headline, or of one outcome, among actors, issues or sources.

    Args:
        case: the case.
        rows: of every run; there is one per group.
        seed: of the draws.
        lens_name: only this lens.
        outcome: only this outcome.
        kind: among what.
        workers: threads; all processors when ``None``.
        progress: called with (outcomes divided, outcomes in all).

    Raises:
        OptionError: nothing is in doubt, or no lens has that outcome.
        MissingPartError: the case states nothing that a lens reads.
    """
    drawn = sampled(case, rows, seed, lens_name, workers)
    found: list[GroupShare] = []
    for number, (one, labels) in enumerate(zip(drawn, headlines(drawn, outcome), strict=True)):
        moving = [label for label in labels if not one.steady(label)]
        for label in moving[:1]:
            found += _divided(case, one, label, kind, seed)
        if progress is not None:
            progress(number + 1, len(drawn))
    return Shares(
        title=case.title, fingerprint=case.fingerprint, draws=rows, seed=seed, kind=kind, shares=tuple(found)
    )


def _divided(case: Case, one: Sampled, label: str, kind: Kind, seed: int) -> list[GroupShare]:
    asked = of_case(case, one.paths, (kind,))
    groups = apart(one, {called: places for (_, _, called), places in asked.items()})
    b = second_rows(one, len(one.u), seed)
    made = adding_up(lambda u: one.again(u, (label,))[label], one.u, b, list(groups.values()), seed)
    whole = sum(estimate.share for estimate in made) or 1.0
    rows = [
        GroupShare(
            lens=one.lens,
            outcome=label,
            subject=one.told[label].subject,
            told=name,
            share=estimate.share / whole,
            error=estimate.error / whole,
        )
        for name, estimate in zip(groups, made, strict=True)
    ]
    return sorted(rows, key=lambda row: (-row.share, row.told))
