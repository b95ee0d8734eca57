"""How are the draws of a cross-impact matrix made? In blocks that depend on nothing but their numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.lenses.crossimpact.result import CrossImpactResult
from detente.lenses.crossimpact.summarise import summarise
from detente.lenses.crossimpact.view import CrossImpactView, Found
from detente.lenses.draws import Progress, Workers, over_blocks
from detente.lenses.lens import Ask, Effort, Others, RunRecord, checked_draws
from detente.lenses.summary import Array

BLOCK = 256
Block = tuple[
    Found | None, NDArray[np.intp], NDArray[np.int64]
]  # found, in which draws of the block, who was asked


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
        asked = view.experts(values) if view.futures.experts else np.zeros(count, np.int64)
        which = np.flatnonzero(anew[start : start + count])
        told = view.open(count) if given is None else given[start : start + count]
        found = view.found(view.matrices(values[which]), told[which]) if len(which) else None
        return found, which, asked

    made = list(over_blocks(block, draws, workers, progress, size=BLOCK))
    found = _joined(made, like.found if like is not None and not anew.all() else None)
    experts = np.concatenate([asked for *_, asked in made])
    record = RunRecord.of(
        "crossimpact",
        case,
        draws=draws,
        seed=seed,
        exact=exact,
        options=view.options.model_dump(mode="json"),
    )
    return CrossImpactSimulation(view, found, given, experts, record)


def heard(view: CrossImpactView, others: Others) -> NDArray[np.int64]:
    """Return the variant of each follower in every row, shape (rows, followers); one row without doubt.

    Raises:
        CaseError: what is followed is not answered.
    """
    columns = []
    for j, follower in view.followers.items():
        answers = others(follower.question)
        place = f"futures.descriptors.{view.keys[j]}"
        columns.append(follower.variants(answers.outcomes, answers.told, place))
    longest = max(map(len, columns))
    return np.stack([one if len(one) == longest else np.repeat(one, longest) for one in columns], axis=1)


def _joined(blocks: list[Block], like: Found | None) -> Found:
    """Return what was found in all draws: in those that were not searched, what another version found."""
    sizes = [len(asked) for *_, asked in blocks]
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]]).tolist()
    new = [
        (one, which + start) for (one, which, _), start in zip(blocks, first, strict=True) if one is not None
    ]
    parts = [(one.scenarios, which[one.draw], one.free) for one, which in new]
    counts, complete = np.zeros(sum(sizes), np.int64), np.ones(sum(sizes), np.bool_)
    if like is not None:
        counts[:], complete[:] = like.counts, like.complete
    for one, which in new:
        counts[which], complete[which] = one.counts, one.complete
    if like is not None:
        searched = np.zeros(sum(sizes), np.bool_)
        for _, which in new:
            searched[which] = True
        kept = ~searched[like.draw]
        parts.append((like.scenarios[kept], like.draw[kept], like.free[kept]))
    scenarios, draw, free = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(draw, kind="stable")
    nodes = sum(one.nodes for one, _ in new)
    return Found(scenarios[order], draw[order], free[order], counts, nodes, complete)


@dataclass(frozen=True, slots=True)
class CrossImpactSimulation:
    """All draws of the cross-impact lens on one case.

    Attributes:
        view: the futures.
        found: consistent scenarios of every draw.
        given: variant of each follower in every draw; ``None`` where nobody told.
        experts: who was asked in every draw.
        record: of the run.
    """

    view: CrossImpactView
    found: Found
    given: NDArray[np.int64] | None
    experts: NDArray[np.int64]
    record: RunRecord

    def outcomes(self) -> dict[str, Array]:
        """Return ``<descriptor>.<variant>`` → share of the consistent futures with it, shape (draws,)."""
        return self.view.labelled(self.found)

    def result(self) -> CrossImpactResult:
        """Summarise the draws; arguments, margins and basins are those of the best guesses."""
        return summarise(self.view, self.found, self.given, self.experts, self.record)
