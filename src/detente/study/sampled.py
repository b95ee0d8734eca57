"""What did every lens draw, what would it answer for other numbers, and which of its answers are told first?

A lens that follows another is drawn together with it: the inputs of both are its inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.case import Case
from detente.errors import MissingPartError, OptionError, did_you_mean
from detente.lenses import available, lens
from detente.lenses.asking import Heard
from detente.lenses.draws import Progress, Workers, over_blocks
from detente.lenses.lens import Lens, checked_draws
from detente.lenses.outcomes import OutcomeWords, View
from detente.lenses.summary import Array

MOST_TOLD = 8
"""Outcomes of one lens that are studied unasked, where it has many: those in most doubt, one per subject."""
BLOCK = 512


@dataclass(frozen=True, slots=True)
class Part:
    """A lens whose answer is needed.

    Attributes:
        lens: opened.
        view: of the case.
        columns: its inputs among those of a `Sampled`.
    """

    lens: Lens
    view: View
    columns: slice

    def values(self, u: Array) -> Array:
        """Return the numbers of its table for uniforms of a `Sampled`, shape (rows, columns of the table)."""
        return self.view.table.at(u[:, self.columns])


@dataclass(frozen=True, slots=True)
class Sampled:
    """One lens's draws.

    Attributes:
        lens: its name.
        case: that was drawn.
        parts: its own, and those of the lenses that it follows.
        paths: of the inputs in doubt; of members of a body who make up their own minds one for each.
        u: the uniforms from which they were drawn, shape (draws, inputs).
        outcomes: label → shape (draws,), of those that people are told of.
        told: label → words.
        workers: threads of further runs.
    """

    lens: str
    case: Case
    parts: tuple[Part, ...]
    paths: tuple[str, ...]
    u: Array
    outcomes: Mapping[str, Array]
    told: Mapping[str, OutcomeWords]
    workers: Workers = None

    def again(self, u: Array, wanted: Collection[str] | None = None) -> dict[str, Array]:
        """Return the outcomes for other uniforms, shape (rows, inputs) → label → shape (rows,)."""

        def block(rows: Array) -> dict[str, Array]:
            found = self._asked(0, rows, wanted)
            return found if wanted is None else {label: found[label] for label in wanted if label in found}

        return self._over(u, block)

    def margins(self, u: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Return how far rows are from another answer, see `Lens.margins`; labels without one are not there."""
        own = self.parts[0]

        def block(rows: Array) -> dict[str, Array]:
            return own.lens.margins(own.view, own.values(rows), wanted, self._others(rows))

        return self._over(u, block)

    def numbers(self, u: Array) -> Array:
        """Return the inputs themselves, in the order of `paths`, shape (rows, inputs)."""
        found = [
            part.values(u)[:, [part.view.table.column(path) for path in part.view.table.uncertain]]
            for part in self.parts
        ]
        return np.concatenate(found, axis=1)

    def _asked(self, number: int, u: Array, wanted: Collection[str] | None) -> dict[str, Array]:
        part = self.parts[number]
        return part.lens.outcomes(part.view, part.values(u), self._others(u), wanted)

    def _others(self, u: Array) -> Callable[[str], Heard]:
        names = [part.lens.name for part in self.parts]

        def heard(name: str) -> Heard:
            number = names.index(name)
            told = self.parts[number].view.told()
            return Heard(
                self._asked(number, u, [label for label in told if not told[label].stands_for]), told
            )

        return heard

    def _over(self, u: Array, block: Callable[[Array], dict[str, Array]]) -> dict[str, Array]:
        if len(u) <= BLOCK:
            return block(u)
        blocks = list(
            over_blocks(
                lambda start, count: block(u[start : start + count]), len(u), self.workers, size=BLOCK
            )
        )
        common = [label for label in blocks[0] if all(label in one for one in blocks)]
        return {label: np.concatenate([one[label] for one in blocks]) for label in common}

    def steady(self, label: str) -> bool:
        """Whether an outcome is the same in every draw."""
        y = self.outcomes[label]
        return float(y.min()) == float(y.max())


def sampled(
    case: Case,
    draws: int,
    seed: int,
    lens_name: str | None = None,
    workers: Workers = None,
    progress: Progress | None = None,
    *,
    margins: bool = True,
) -> list[Sampled]:
    """Return the draws of every lens that reads something in doubt.

    Args:
        case: the case.
        draws: of everything in doubt.
        seed: of the draws.
        lens_name: only this lens.
        workers: threads; all processors when ``None``.
        progress: called with (lenses drawn, lenses in all).
        margins: whether margins stand in the place of answers that are always the same.

    Raises:
        MissingPartError: the case states nothing that a lens reads.
        OptionError: nothing that is read is in doubt, or draws that cannot be made.
    """
    names = [one for one in available() if lens(one).reads(case)] if lens_name is None else [lens_name]
    if not names:
        raise MissingPartError("the case states nothing that a lens reads")
    count = checked_draws(draws, exact=False)
    found = []
    for number, name in enumerate(names):
        made = sample(case, name, count, seed, workers, margins=margins)
        if made is not None:
            found.append(made)
        if progress is not None:
            progress(number + 1, len(names))
    if not found:
        raise OptionError("nothing that a lens reads is in doubt, so nothing can be found out; write 40 ± 10")
    return found


def sample(
    case: Case, name: str, draws: int, seed: int, workers: Workers = None, *, margins: bool = True
) -> Sampled | None:
    """Return the draws of one lens; ``None`` where it reads nothing in doubt."""
    parts, paths, columns = [], list[str](), list[Array]()
    for one in _with_followed(case, name):
        opened = lens(one)
        view = opened.view(case.with_(changes) if (changes := opened.leanest(case)) else case)
        uncertain = view.table.uncertain
        parts.append(Part(opened, view, slice(len(paths), len(paths) + len(uncertain))))
        paths += uncertain
        if uncertain:
            columns.append(view.table.uniforms(seed, 0, draws))
    if not paths:
        return None
    bare = Sampled(name, case, tuple(parts), tuple(paths), np.concatenate(columns, axis=1), {}, {}, workers)
    told = dict(parts[0].view.told())
    drawn = bare.again(bare.u, [label for label, of in told.items() if not of.stands_for])
    kept = {label: drawn[label] for label in told if label in drawn}
    for label, of in told.items() if margins else ():
        if of.stands_for and label not in kept and len(np.unique(drawn[of.stands_for])) == 1:
            found = bare.margins(bare.u, (of.stands_for,))
            if of.stands_for in found:
                kept[label] = found[of.stands_for]
    kept = {label: kept[label] for label in told if label in kept and np.isfinite(kept[label]).all()}
    words = {label: told[label] for label in kept}
    return Sampled(name, case, bare.parts, bare.paths, bare.u, kept, words, workers)


def _with_followed(case: Case, name: str) -> Iterator[str]:
    """Yield a lens and those that it follows, and so on."""
    found, waiting = list[str](), [name]
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found.append(one)
            yield one
            waiting += dict.fromkeys(lens(one).follows(case).values())


def headlines(
    drawn: Sequence[Sampled], outcome: str | None = None, *, every: bool = False
) -> list[list[str]]:
    """Return which outcomes of each lens are studied.

    Of a lens with few of them all, the others those in most doubt; of several that are about the same thing, by
    different standards, the one in most doubt.

    Args:
        drawn: the lenses.
        outcome: only this one.
        every: all that people are told of.

    Raises:
        OptionError: no lens has that outcome; the message offers the nearest.
    """
    if outcome is not None:
        known = {label: None for one in drawn for label in one.told}
        if outcome not in known:
            raise OptionError(f"no lens has an outcome {outcome!r}; {did_you_mean(outcome, known)}")
        return [[outcome] if outcome in one.told else [] for one in drawn]
    return [list(one.told) if every else _told_first(one) for one in drawn]


def _told_first(one: Sampled) -> list[str]:
    best: dict[str, str] = {}
    doubt = {label: float(y.std()) for label, y in one.outcomes.items()}
    for label, of in one.told.items():
        same = f"{of.subject}/{of.stands_for}"
        if same not in best or doubt[label] > doubt[best[same]]:
            best[same] = label
    if len(one.told) <= 3 * MOST_TOLD:
        return list(best.values())
    chosen = sorted(best.values(), key=lambda label: -doubt[label])[:MOST_TOLD]
    return [label for label in one.told if label in chosen]
