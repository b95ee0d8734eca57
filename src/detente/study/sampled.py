"""What did every lens draw, what would it answer for other numbers, and which of its answers are told first?

A lens that follows another is drawn together with it: the inputs of both are its inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict, TypeVar

import numpy as np

from detente.case import Case
from detente.errors import MissingPartError, OptionError, did_you_mean
from detente.lenses import available, lens
from detente.lenses.asking import Heard
from detente.lenses.draws import Progress, Workers, over_blocks
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Lens, checked_draws
from detente.lenses.outcomes import OutcomeWords, View
from detente.lenses.summary import Array

MOST_TOLD = 8
"""Outcomes of one lens that are studied unasked, where it has many: those in most doubt, one per subject."""
BLOCK = 512
Step = TypeVar("Step")


class Asked(TypedDict, total=False):
    """What every study is asked.

    Attributes:
        draws: of everything in doubt.
        seed: of the draws.
        lens_name: only this lens; all whose part the case states when ``None``.
        outcome: only this outcome, by its label.
        every: all outcomes that people are told of, and not the headlines of each lens alone.
        workers: threads; all processors when ``None``.
        progress: called with (steps done, steps in all).
    """

    draws: int
    seed: int
    lens_name: str | None
    outcome: str | None
    every: bool
    workers: Workers
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class Part:
    """A lens whose answer is needed: opened, its view of the case, and its inputs among those of a `Sampled`."""

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

    def again(self, u: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Return outcomes for other uniforms, shape (rows, inputs) → label → shape (rows,)."""

        def block(rows: Array) -> dict[str, Array]:
            found = self._asked(0, rows, wanted)
            return {label: found[label] for label in wanted if label in found}

        return self._over(u, block)

    def margins(self, u: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Return how far rows are from another answer, see `Lens.margins`; labels without one are not there."""
        own = self.parts[0]
        return self._over(
            u, lambda rows: own.lens.margins(own.view, own.values(rows), wanted, self._others(rows))
        )

    def numbers(self, u: Array) -> Array:
        """Return the inputs themselves, in the order of `paths`, shape (rows, inputs)."""
        found = [
            part.values(u)[:, [part.view.table.column(path) for path in part.view.table.uncertain]]
            for part in self.parts
        ]
        return np.concatenate(found, axis=1)

    def root(self) -> Array:
        """Return what couples the scores of the inputs, shape (inputs, inputs): 1 where nothing is correlated."""
        found = np.eye(len(self.paths))
        for part in self.parts:
            found[part.columns, part.columns] = part.view.table.root
        return found

    def rows_after(self, rows: int, seed: int) -> Array:
        """Return the uniforms of as many draws after the first ones, shape (rows, inputs)."""
        tables = [part.view.table for part in self.parts]
        return np.concatenate([one.uniforms(seed, rows, rows) for one in tables if not one.is_exact], axis=1)

    def about(self, label: str) -> dict[str, Any]:
        """Return what every record says of an outcome."""
        return {"lens": self.lens, "outcome": label, "subject": self.told[label].subject}

    def steady(self, label: str) -> bool:
        """Whether an outcome is the same in every draw."""
        return float(np.ptp(self.outcomes[label])) == 0

    def _asked(self, number: int, u: Array, wanted: Collection[str]) -> dict[str, Array]:
        part = self.parts[number]
        return part.lens.outcomes(part.view, part.values(u), self._others(u), wanted)

    def _others(self, u: Array) -> Callable[[str], Heard]:
        names = [part.lens.name for part in self.parts]

        def heard(name: str) -> Heard:
            number = names.index(name)
            told = self.parts[number].view.told()
            return Heard(self._asked(number, u, _plain(told)), told)

        return heard

    def _over(self, u: Array, block: Callable[[Array], dict[str, Array]]) -> dict[str, Array]:
        if len(u) <= BLOCK:
            return block(u)
        blocks = list(
            over_blocks(lambda at, count: block(u[at : at + count]), len(u), self.workers, size=BLOCK)
        )
        common = [label for label in blocks[0] if all(label in one for one in blocks)]
        return {label: np.concatenate([one[label] for one in blocks]) for label in common}


@dataclass(frozen=True, slots=True)
class Drawn:
    """The draws of every lens that reads something in doubt.

    Attributes:
        case: that was drawn.
        draws: of everything in doubt.
        seed: of the draws.
        lenses: each with the outcomes that are studied.
        progress: called with (steps done, steps in all).
    """

    case: Case
    draws: int
    seed: int
    lenses: list[tuple[Sampled, list[str]]]
    progress: Progress | None

    @property
    def stamp(self) -> dict[str, Any]:
        """Return what every study says of how it was made."""
        of = self.case
        return {"title": of.title, "fingerprint": of.fingerprint, "draws": self.draws, "seed": self.seed}

    def each(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Yield steps, and tell when each is done."""
        listed = list(steps)
        for number, step in enumerate(listed, start=1):
            yield step
            if self.progress is not None:
                self.progress(number, len(listed))


def drawn(
    case: Case,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    lens_name: str | None = None,
    outcome: str | None = None,
    every: bool = False,
    workers: Workers = None,
    progress: Progress | None = None,
    margins: bool = True,
    fewest: int = 30,
) -> Drawn:
    """Draw every lens that reads something in doubt; what is asked is told in `Asked`.

    With ``margins``, these stand in the place of answers that are always the same.

    Raises:
        MissingPartError: the case states nothing that a lens reads.
        OptionError: nothing that is read is in doubt, fewer draws than ``fewest`` or more than can be made, or no
            lens has that outcome.
    """
    if draws < fewest:
        raise OptionError(f"{draws} draws are too few to tell anything from chance; ask for {fewest} or more")
    names = [one for one in available() if lens(one).reads(case)] if lens_name is None else [lens_name]
    if not names:
        raise MissingPartError("the case states nothing that a lens reads")
    count = checked_draws(draws, exact=False)
    made = [sample(case, name, count, seed, workers, margins=margins) for name in names]
    found = [one for one in made if one is not None]
    if not found:
        raise OptionError("nothing that a lens reads is in doubt, so nothing can be found out; write 40 ± 10")
    return Drawn(case, draws, seed, list(zip(found, _studied(found, outcome, every), strict=True)), progress)


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
        columns += [view.table.uniforms(seed, 0, draws)] if uncertain else []
    if not paths:
        return None
    bare = Sampled(name, case, tuple(parts), tuple(paths), np.concatenate(columns, axis=1), {}, {}, workers)
    told = dict(parts[0].view.told())
    kept = bare.again(bare.u, _plain(told))
    flat = {
        of.stands_for: label
        for label, of in told.items()
        if margins and of.stands_for and label not in kept and np.ptp(kept[of.stands_for]) == 0
    }
    if flat:
        kept |= {
            flat[share]: margin
            for share, margin in bare.margins(bare.u, tuple(flat)).items()
            if share in flat
        }
    kept = {label: kept[label] for label in told if label in kept and np.isfinite(kept[label]).all()}
    return replace(bare, outcomes=kept, told={label: told[label] for label in kept})


def _plain(told: Mapping[str, OutcomeWords]) -> list[str]:
    """Return the labels of outcomes that are no margin of another."""
    return [label for label, of in told.items() if not of.stands_for]


def _with_followed(case: Case, name: str) -> list[str]:
    """Return a lens, those that it follows, and so on."""
    found = {name: None}
    for one in (waiting := [name]):
        more = [other for other in lens(one).follows(case).values() if other not in found]
        found |= dict.fromkeys(more)
        waiting += more
    return list(found)


def _studied(found: Sequence[Sampled], outcome: str | None, every: bool) -> list[list[str]]:
    """Return which outcomes of each lens are studied: one, all, or its headlines.

    Headlines are, of a lens with few outcomes all, else those in most doubt; of several that are about the same
    thing, by different standards, the one in most doubt.
    """
    if outcome is not None:
        known = {label: None for one in found for label in one.told}
        if outcome not in known:
            raise OptionError(f"no lens has an outcome {outcome!r}; {did_you_mean(outcome, known)}")
        return [[outcome] if outcome in one.told else [] for one in found]
    return [list(one.told) if every else _headlines(one) for one in found]


def _headlines(one: Sampled) -> list[str]:
    doubt = {label: float(y.std()) for label, y in one.outcomes.items()}
    best: dict[str, str] = {}
    for label, of in one.told.items():
        same = best.setdefault(f"{of.subject}/{of.stands_for}", label)
        if doubt[label] > doubt[same]:
            best[f"{of.subject}/{of.stands_for}"] = label
    if len(one.told) <= 3 * MOST_TOLD:
        return list(best.values())
    chosen = sorted(best.values(), key=lambda label: -doubt[label])[:MOST_TOLD]
    return [label for label in one.told if label in chosen]
