"""What did every lens draw, what would it answer for other numbers, and which of its answers are told first?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple, TypedDict, TypeVar, Unpack

import numpy as np
from scipy.special import ndtr, ndtri

from detente.case import Case
from detente.errors import OptionError, offering
from detente.lenses import lens
from detente.lenses.asking import Heard
from detente.lenses.draws import Progress, Workers, over_blocks
from detente.lenses.join import answering, behind
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Lens, checked_draws
from detente.lenses.outcomes import OutcomeWords, View
from detente.lenses.summary import Array
from detente.study.chapter import Study
from detente.study.records import Outcome

MOST_TOLD = 8
"""Outcomes of one lens that are studied unasked, where it has many, one per subject; see `_headlines`."""
BLOCK, MOST_KEPT = 512, 64
"""Rows that are solved at a time, and how many such blocks of a lens's answers are kept."""
NO_RECORD = "no record tells yet how often such answers were right"
Step = TypeVar("Step")


class Asked(TypedDict, total=False):
    """What every study is asked: only of one lens, or of one outcome by its label, where these are given.

    ``every`` is for all outcomes that people are told of, and not the headlines of each lens alone; ``workers``
    are threads, all processors when ``None``; ``progress`` is called with (steps done, steps in all).
    """

    draws: int
    seed: int
    lens_name: str | None
    outcome: str | None
    every: bool
    workers: Workers
    progress: Progress | None


class Part(NamedTuple):
    """A lens whose answer is needed, its view, what it tells, its inputs in a `Sampled`, and what it answered."""

    lens: Lens
    view: View
    told: Mapping[str, OutcomeWords]
    columns: slice
    kept: dict[Any, Mapping[str, Array]]

    def values(self, u: Array) -> Array:
        """Return the numbers of its table for uniforms of a `Sampled`, shape (rows, columns of the table)."""
        return self.view.table.at(u[:, self.columns])


Parts = dict[str, Part]


@dataclass(slots=True)
class Sampled:
    """One lens's draws, with those of the lenses that it follows: the inputs of all are its inputs.

    The inputs in doubt at ``paths`` (one each for members of a body with minds of their own) were drawn from
    the uniforms ``u``, shape (draws, inputs); outcomes have the shape (draws,). Those with ``labels`` are studied.
    """

    lens: str
    case: Case
    parts: Mapping[str, Part]
    paths: tuple[str, ...]
    u: Array
    workers: Workers
    outcomes: Mapping[str, Array] = field(default_factory=dict)
    told: Mapping[str, OutcomeWords] = field(default_factory=dict)
    labels: Sequence[str] = ()

    def again(self, u: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Return outcomes for other uniforms, shape (rows, inputs) → label → shape (rows,)."""
        return self._over(u, lambda rows: self._asked(self.lens, rows, wanted).outcomes, wanted)

    def margins(self, u: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Return how far rows are from another answer, see `Lens.margins`; labels without one are not there."""
        own = self.parts[self.lens]

        def find(rows: Array) -> Mapping[str, Array]:
            return own.lens.margins(own.view, own.values(rows), wanted, lambda name: self._asked(name, rows))

        return self._over(u, find, wanted)

    def _asked(self, name: str, u: Array, wanted: Collection[str] | None = None) -> Heard:
        """Return what a lens answers for other uniforms: all that it tells unless little is ``wanted``."""
        part, wanted = self.parts[name], _plain(self.parts[name].told) if wanted is None else wanted
        read = np.hstack([u[:, self.parts[one].columns] for one in behind(self.case, name)])
        key, kept = (*wanted, len(u), sha256(read.tobytes()).digest()), part.kept
        if (asked := kept.get(key)) is None:
            asked = part.lens.outcomes(part.view, part.values(u), lambda other: self._asked(other, u), wanted)
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[key] = asked
        return Heard(asked, part.told)

    def _over(
        self, u: Array, solve: Callable[[Array], Mapping[str, Array]], wanted: Collection[str]
    ) -> dict[str, Array]:
        def block(at: int, count: int) -> Mapping[str, Array]:
            found = solve(u[at : at + count])
            return {label: found[label] for label in wanted if label in found}

        blocks = list(over_blocks(block, len(u), self.workers if len(u) > BLOCK else 1, size=BLOCK))
        common = [label for label in wanted if all(label in one for one in blocks)]
        return {label: np.concatenate([one[label] for one in blocks]) for label in common}

    def numbers(self, u: Array) -> Array:
        """Return the inputs themselves, in the order of `paths`, shape (rows, inputs)."""
        parts = [(part.values(u), part.view.table) for part in self.parts.values()]
        return np.hstack([found[:, [of.column(path) for path in of.uncertain]] for found, of in parts])

    def root(self) -> Array:
        """Return what couples the scores of the inputs, shape (inputs, inputs): 1 where nothing is correlated."""
        found = np.eye(len(self.paths))
        for part in self.parts.values():
            found[part.columns, part.columns] = part.view.table.root
        return found

    def knowing(self, b: Array, places: Sequence[int]) -> Array:
        """Return the first draws, at some places as in rows ``b``; what is correlated with these moves along.

        It moves as far as they tell of it: by S_rg S_gg⁻¹ (b_g - a_g), in scores. Shapes are (rows, inputs).
        """
        a, ties = self.u[: len(b)], self.root() @ self.root()
        along = np.linalg.pinv(ties[np.ix_(places, places)], rcond=1e-9, hermitian=True) @ ties[places]
        z, given = (ndtri(np.clip(of, 1e-12, 1 - 1e-12)) for of in (a, b))
        mixed = np.where(along.any(axis=0), ndtr(z + (given - z)[:, places] @ along), a)
        mixed[:, places] = b[:, places]  # to the last bit
        return mixed

    def steady(self, label: str) -> bool:
        """Whether an outcome is the same in every draw."""
        return float(np.ptp(self.outcomes[label])) == 0

    def outcome(self, label: str, **rows: Any) -> Outcome:
        """Return the record of an outcome, with what was found about it."""
        of, y = self.told[label], self.outcomes[label]
        spread = 0.0 if self.steady(label) else float(y.std())
        past = self.parts[self.lens].lens.past if of.issue and of.kind == "position" else ""
        named = {name: getattr(of, name) for name in ("subject", "by", "yes", "no")}
        named |= {"lens": self.lens, "outcome": label, "record": past or NO_RECORD, "spread": spread}
        numbers = {"mean": y.mean(), "error": spread / np.sqrt(len(y)), "share": of.kind == "share"}
        return Outcome.model_validate({**named, **numbers, **rows})


class Drawn(NamedTuple):
    """The draws of every lens that reads something in doubt, and how they were made."""

    case: Case
    draws: int
    seed: int
    lenses: Sequence[Sampled]
    progress: Progress | None

    def study(self, outcomes: Sequence[Outcome], **more: Any) -> Study:
        """Return the record of a study, with how it was made."""
        made = {"draws": self.draws, "seed": self.seed, "outcomes": tuple(outcomes), **more}
        return Study(title=self.case.title, fingerprint=self.case.fingerprint, **made)

    def each(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Yield steps, and tell when each is done."""
        listed, tell = list(steps), self.progress or (lambda *_: None)
        for number, step in enumerate(listed, start=1):
            yield step
            tell(number, len(listed))


def drawn(case: Case, *, margins: int | None = None, fewest: int = 30, **asked: Unpack[Asked]) -> Drawn:
    """Draw every lens that reads something in doubt; ``margins`` as in `sample`.

    Raises:
        MissingPartError: the case states nothing that a lens reads.
        OptionError: nothing that is read is in doubt, fewer draws than ``fewest`` or more than can be made, or no
            lens has that outcome.
    """
    draws, seed = asked.get("draws", DEFAULT_DRAWS), asked.get("seed", DEFAULT_SEED)
    if draws < fewest:
        raise OptionError(f"too few draws to tell anything from chance: {draws}; ask for {fewest} or more")
    checked_draws(draws, exact=False)
    name, outcome, workers = asked.get("lens_name"), asked.get("outcome"), asked.get("workers")
    names = answering(case)[0] if name is None else [name]
    parts = Parts()
    made = [sample(case, one, draws, seed, workers, parts, margins=margins) for one in names]
    if not (found := [one for one in made if one is not None]):
        raise OptionError("nothing that a lens reads is in doubt; give some number doubt, such as 40 ± 10")
    labels = {label: None for one in found for label in one.told}
    if outcome is not None and outcome not in labels:
        raise OptionError(offering(f"no lens has an outcome {outcome!r}", outcome, labels))
    for one in found:
        chosen = list(one.told) if asked.get("every") or outcome is not None else _headlines(one)
        one.labels = [label for label in chosen if outcome in (None, label)]
    return Drawn(case, draws, seed, found, asked.get("progress"))


def sample(
    case: Case, name: str, draws: int, seed: int, workers: Workers, opened: Parts, margins: int | None = None
) -> Sampled | None:
    """Return the draws of one lens, ``None`` where it reads nothing in doubt; lenses not yet ``opened`` are."""
    parts, paths = Parts(), list[str]()
    for one in behind(case, name):
        if one not in opened:
            view = lens(one).view(case.with_(changes) if (changes := lens(one).leanest(case)) else case)
            opened[one] = Part(lens(one), view, view.told(), slice(0), {})
        own = opened[one].view.table.uncertain
        parts[one] = opened[one]._replace(columns=slice(len(paths), len(paths) + len(own)))
        paths += own
    if not paths:
        return None
    found = Sampled(name, case, parts, tuple(paths), uniforms(parts, seed, 0, draws), workers)
    told = parts[name].told
    kept = found.again(found.u, _plain(told))
    flat = {of: one for one, has in told.items() if (of := has.stands_for) and not np.ptp(kept[of])}
    if margins is not None:
        first = [label for label in kept if told[label].first]
        flat = {label: flat[label] for label in first[:margins] if flat.keys() >= {*first}}
    beside = found.margins(found.u, tuple(flat)) if flat else {}
    kept |= {flat[share]: margin for share, margin in beside.items()}
    kept = {label: y for label, y in kept.items() if np.isfinite(y).all()}
    found.outcomes = {label: kept[label] for label in told if label in kept}
    found.told = {label: told[label] for label in found.outcomes}
    return found


def uniforms(parts: Mapping[str, Part], seed: int, start: int, rows: int) -> Array:
    """Return so many draws of the inputs of all parts, from a first one, shape (rows, inputs)."""
    tables = [part.view.table for part in parts.values()]
    return np.hstack([of.uniforms(seed, start, rows) for of in tables if not of.is_exact])


def _plain(told: Mapping[str, OutcomeWords]) -> list[str]:
    """Return the labels of outcomes that are no margin of another."""
    return [label for label, of in told.items() if not of.stands_for]


def _headlines(one: Sampled) -> list[str]:
    """Return what is asked about first, and then what is in most doubt: all, where a lens has few outcomes.

    Of several on one thing, by different standards, it is the one in most doubt; of two opposites the first.
    """
    doubt = {label: float(one.outcomes[label].std()) / (of.high - of.low) for label, of in one.told.items()}
    best: dict[tuple[str, str | None], str] = {}
    for label in sorted(doubt, key=lambda label: -round(doubt[label], 9)):
        best.setdefault((one.told[label].subject, one.told[label].stands_for), label)
    found, most = list[str](), len(best) if len(one.told) <= 3 * MOST_TOLD else MOST_TOLD
    for label in sorted(best.values(), key=lambda label: not one.told[label].first):
        y = one.outcomes[label]
        opposite = doubt[label] and any(np.ptp(y + one.outcomes[other]) < 1e-9 for other in found)
        found += [label] if len(found) < most and not opposite else []
    return found
