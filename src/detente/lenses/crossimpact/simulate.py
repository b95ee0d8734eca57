"""How are the draws of a cross-impact matrix made? In blocks that depend on nothing but their numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.lenses.crossimpact.summarise import CrossImpactSimulation
from detente.lenses.crossimpact.view import CrossImpactView, Found
from detente.lenses.draws import Progress, Workers, over_blocks
from detente.lenses.lens import Ask, Effort, Others, RunRecord, checked_draws

BLOCK = 256
Block = tuple[Found | None, NDArray[np.intp], NDArray[np.int64]]
"""What was found, in which draws, and who was asked in every draw of the block."""


def simulate(
    case: Case,
    draws: int,
    seed: int,
    workers: Workers = None,
    progress: Progress | None = None,
    ask: Ask | None = None,
    like: CrossImpactSimulation | None = None,
) -> CrossImpactSimulation:
    """Find what holds together in every draw; see `CrossImpactLens.simulate`.

    Draws in which a version of a case with the same futures, ``like``, is told the same are not searched again.
    """
    view = CrossImpactView(case)
    exact = view.table.is_exact
    given: NDArray[np.int64] | None = None
    if view.followers and ask is not None:
        effort = Effort(checked_draws(draws, exact=False), seed, workers)
        asking = ask
        given = heard(view, lambda name: asking(name, case, effort))
        exact = exact and len(given) == 1
    draws = checked_draws(draws, exact=exact)
    if given is not None and len(given) == 1:
        given = np.repeat(given, draws, axis=0)

    anew = np.ones(draws, np.bool_)
    if like is not None and like.given is not None and given is not None and like.given.shape == given.shape:
        anew = (given != like.given).any(axis=1)

    def block(start: int, count: int) -> Block:
        values = view.table.sample(seed, start, count)
        which = np.flatnonzero(anew[start : start + count])
        told = view.open(count) if given is None else given[start : start + count]
        found = view.found(view.matrices(values[which]), told[which]) if len(which) else None
        return found, which + start, view.experts(values)

    made = list(over_blocks(block, draws, workers, progress, size=BLOCK))
    found = _joined(made, like.found if like is not None and not anew.all() else None, view, draws)
    experts = np.concatenate([asked for *_, asked in made])
    options = view.options.model_dump(mode="json")
    record = RunRecord.of("crossimpact", case, draws=draws, seed=seed, exact=exact, options=options)
    return CrossImpactSimulation(view, found, given, experts, record)


def heard(view: CrossImpactView, others: Others) -> NDArray[np.int64]:
    """Return the variant of each follower in every row, shape (rows, followers); one row without doubt.

    Raises:
        CaseError: what is followed is not answered.
    """
    columns = [one.variants(others(one.question)) for one in view.followers.values()]
    longest = max(map(len, columns))
    return np.stack([one if len(one) == longest else np.repeat(one, longest) for one in columns], axis=1)


def _joined(blocks: list[Block], like: Found | None, view: CrossImpactView, draws: int) -> Found:
    """Return what was found in all draws: in those that were not searched, what another version found."""
    none = np.zeros(draws, np.int64)
    old = like or Found(view.shape.spelt(none[:0]), none[:0], none[:0] > 0, none, 0, none == 0)
    counts, complete, kept = old.counts.copy(), old.complete.copy(), np.ones(draws, np.bool_)
    new = [(one, which) for one, which, _ in blocks if one is not None]
    for one, which in new:
        counts[which], complete[which], kept[which] = one.counts, one.complete, False
    here = kept[old.draw]
    parts = [(old.scenarios[here], old.draw[here], old.free[here])]
    parts += [(one.scenarios, which[one.draw], one.free) for one, which in new]
    scenarios, draw, free = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(draw, kind="stable")
    return Found(
        scenarios[order], draw[order], free[order], counts, sum(one.nodes for one, _ in new), complete
    )
