"""What does the cross-impact lens read in a case? Descriptors, and every judgement as a column of one table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.case import Case, CrossImpactOptions, Judgement
from detente.case.formats.scenariowizard import best_guess
from detente.case.parts.futures.checks import nogoods
from detente.errors import CaseError, MissingPartError, Problem
from detente.lenses.crossimpact.balances import Scenarios, Shape, Whole, balances, margins
from detente.lenses.crossimpact.following import Follower
from detente.lenses.crossimpact.search import NEVER, firmest, search
from detente.lenses.crossimpact.survival import MOST_MASS, Doubt
from detente.lenses.outcomes import OutcomeWords
from detente.lenses.summary import Array
from detente.quantity import Quantity, QuantityTable, parse

EXPERT = "futures.experts"
THOUSANDTHS = 1_000
"""Judgements that are not whole are kept to a thousandth, so that ties are ties."""
MOST_STATES = 1 << 62
"""Scenarios beyond which they cannot be numbered."""
MOST_NODES = 20_000_000
MOST_FOUND = 20_000
"""Scenarios of one matrix that are written down."""
MOST_PER_DRAW = 2_000
LEAST_MASS = 1e-12


@dataclass(frozen=True, slots=True)
class Found:
    """Consistent scenarios of many matrices.

    What is assumed is held and not tested. Without it, its descriptor has the best of its other variants.

    Attributes:
        scenarios: shape (s, n).
        draw: to which matrix each belongs, shape (s,).
        free: whether the assumption that was made sustains itself, shape (s,).
        counts: how many each matrix has, shape (b,).
        nodes: of all searches.
        complete: whether each search found all, shape (b,).
    """

    scenarios: Scenarios
    draw: NDArray[np.int64]
    free: NDArray[np.bool_]
    counts: NDArray[np.int64]
    nodes: int
    complete: NDArray[np.bool_]


class CrossImpactView:
    """The futures of a case as arrays.

    Attributes:
        case: the case.
        futures: what may follow.
        options: what the lens is asked for.
        keys: ids of the descriptors, n of them.
        variants: ids of the variants of each.
        shape: of the matrix.
        unit: by how much judgements are multiplied to be whole.
        table: every judgement; where experts judge, also which of them is asked.
        fixed: descriptor → variant that is given, by their numbers.
        assumed: descriptor that an assumption is about, and the variants that it is; ``None`` without one.
        followers: descriptors that follow another answer.
        bans: shape (c, n), variants as bits of which no scenario may have one of every descriptor.
    """

    def __init__(self, case: Case) -> None:
        """Read the case.

        Raises:
            MissingPartError: the case has no futures.
            CaseError: there are more scenarios than can be numbered.
        """
        if case.futures is None:
            raise MissingPartError(
                "the crossimpact lens reads 'futures' and the case has none; add what may follow, and what pushes "
                "towards what"
            )
        self.case, self.futures = case, case.futures
        self.options: CrossImpactOptions = case.options.crossimpact
        futures = case.futures
        self.keys = tuple(futures.descriptors)
        self.variants = tuple(tuple(one.variants) for one in futures.descriptors.values())
        self.shape = Shape.of([len(one) for one in self.variants])
        self.unit = 1 if futures.whole else THOUSANDTHS
        self.tolerance = self.options.tolerance * self.unit
        self.fixed = {self.keys.index(key): self._variant(key, one) for key, one in futures.fixed.items()}
        self._check_size()
        self.assumed = self._assumed()
        self.followers = {
            j: Follower.of(futures.descriptors[key], case.game)
            for j, key in enumerate(self.keys)
            if futures.descriptors[key].follows is not None and j not in self.fixed
        }
        self.bans = self._bans()
        self._read_judgements()

    def _variant(self, key: str, variant: str) -> int:
        return self.variants[self.keys.index(key)].index(variant)

    def _check_size(self) -> None:
        if self.shape.states <= MOST_STATES:
            return
        fitting, states = 0, 1
        for size in sorted(self.shape.sizes.tolist()):
            if states * size > MOST_STATES:
                break
            states, fitting = states * size, fitting + 1
        hint = f"{fitting} of the descriptors can be searched together; leave some out, or merge variants"
        message = f"at most {MOST_STATES:.1e} scenarios can be told apart"
        raise CaseError([Problem(message, "futures.descriptors", f"{self.shape.states:.1e}", hint)])

    def _assumed(self) -> tuple[int, tuple[int, ...]] | None:
        assume = self.futures.assume
        if assume is None:
            return None
        ((key, variants),) = assume.holds.items()
        j = self.keys.index(key)
        return None if j in self.fixed else (j, tuple(self._variant(key, one) for one in variants))

    def _bans(self) -> Whole:
        known = dict(zip(self.keys, self.variants, strict=True))
        stated = [
            ban for one in self.futures.constraints for ban in nogoods(one.never, one.when, one.then, known)
        ]
        bans = np.zeros((len(stated), self.shape.count), np.int64)
        for row, ban in zip(bans, stated, strict=True):
            for j, key in enumerate(self.keys):
                meant = ban.get(key, set(self.variants[j]))
                row[j] = sum(1 << k for k, one in enumerate(self.variants[j]) if one in meant)
        return bans

    # --- judgements ------------------------------------------------------------------------------

    def _read_judgements(self) -> None:
        futures, limit = self.futures, self.futures.scale
        quantities: dict[str, Quantity] = {}
        self._cells: dict[str | None, list[tuple[int, int, int]]] = {None: []}
        self._own: dict[str, list[tuple[int, slice]]] = {expert: [] for expert in futures.experts}
        self.rows: dict[tuple[int, int], tuple[str, Judgement]] = {}  # row, target → path, judgement
        for source, variant, target, judgement in futures.rows():
            row = int(self.shape.offsets[self.keys.index(source)]) + self._variant(source, variant)
            on = self.keys.index(target)
            path = f"futures.judgements.{source}.{variant}.{target}"
            self.rows[row, on] = path, judgement
            said: Iterator[tuple[str | None, str, Mapping[str, Quantity]]] = iter(
                [
                    (None, f"{path}.pushes", judgement.pushes),
                    *((e, f"{path}.experts.{e}", pushes) for e, pushes in judgement.experts.items()),
                ]
            )
            for expert, place, pushes in said:
                if expert is not None:
                    self._own[expert].append((row, self.shape.block(on)))
                for towards, push in pushes.items():
                    column = int(self.shape.offsets[on]) + self._variant(target, towards)
                    self._cells.setdefault(expert, []).append((row, column, len(quantities)))
                    quantities[f"{place}.{towards}"] = push.within(-limit, limit)
        if futures.experts:
            quantities[EXPERT] = parse("0..1")
        pairs = [pair for pair in self.case.rank_correlations if {pair.first, pair.second} <= set(quantities)]
        self.independent = not (pairs or futures.experts)
        self.table = QuantityTable(quantities, pairs)
        self.paths = {(row, column): self.table.paths[place] for row, column, place in self._cells[None]}

    def matrices(self, values: Array) -> Whole:
        """Return the matrix of every row of numbers, shape (rows, N, N)."""
        size = int(self.shape.offsets[-1])
        drawn = np.rint(values * self.unit).astype(np.int64)
        cells = np.zeros((len(values), size, size), np.int64)
        rows, columns, places = (np.array(one, np.intp) for one in _columns(self._cells[None]))
        cells[:, rows, columns] = drawn[:, places]
        if self.futures.experts:
            asked = self.experts(values)
            for number, expert in enumerate(self.futures.experts):
                self._replace(cells, drawn, expert, np.flatnonzero(asked == number))
        return cells

    def _replace(self, cells: Whole, drawn: Whole, expert: str, where: NDArray[np.intp]) -> None:
        """Put what an expert says into some of the matrices, in the place of what all say."""
        for row, block in self._own[expert]:
            cells[where, row, block] = 0
        for row, column, place in self._cells.get(expert, ()):
            cells[where, row, column] = drawn[where, place]

    def experts(self, values: Array) -> NDArray[np.int64]:
        """Return which expert is asked in every row of numbers."""
        weights = np.array([one.weight for one in self.futures.experts.values()])
        ends = np.cumsum(weights if weights.any() else weights + 1)
        asked = values[:, self.table.column(EXPERT)] * ends[-1]
        found: NDArray[np.intp] = np.minimum(np.searchsorted(ends, asked, side="right"), len(ends) - 1)
        return found.astype(np.int64)

    def guessed(self, expert: str | None = None) -> Whole:
        """Return the matrix of best guesses, shape (N, N); of an expert, with what this one says otherwise."""
        best = np.array([best_guess(one) for one in self.table.quantities])
        size = int(self.shape.offsets[-1])
        cells = np.zeros((1, size, size), np.int64)
        drawn = np.rint(best * self.unit).astype(np.int64)[None]
        for row, column, place in self._cells[None]:
            cells[0, row, column] = drawn[0, place]
        if expert is not None:
            self._replace(cells, drawn, expert, np.zeros(1, np.intp))
        return np.asarray(cells[0])

    @cached_property
    def central(self) -> Whole:
        """The matrix of best guesses, shape (N, N): of experts the mean, rounded."""
        if not self.futures.experts:
            return self.guessed()
        told = np.stack([self.guessed(expert) for expert in self.futures.experts])
        weights = np.array([one.weight for one in self.futures.experts.values()])
        return np.rint(np.average(told, axis=0, weights=weights if weights.any() else None)).astype(np.int64)

    @cached_property
    def doubt(self) -> Doubt | None:
        """The distribution of every judgement; ``None`` where they are not whole, or too many values."""
        size = int(self.shape.offsets[-1])
        if not self.futures.whole or size**2 * (2 * self.futures.scale + 1) > MOST_MASS:
            return None
        weights = [one.weight for one in self.futures.experts.values()]
        shares = dict(zip(self.futures.experts, np.array(weights) / (sum(weights) or 1.0), strict=True))
        own = {
            e: {(row, c) for row, b in blocks for c in range(b.start, b.stop)}
            for e, blocks in self._own.items()
        }
        places = {e: {(row, c): place for row, c, place in cells} for e, cells in self._cells.items()}
        found: dict[tuple[int, int], dict[int, float]] = {}
        for cell in {cell for known in places.values() for cell in known}:
            mixed: dict[int, float] = {}
            for expert, share in (shares or {"": 1.0}).items():
                known = places.get(expert if cell in own.get(expert, ()) else None, {})
                for value, mass in self._mass(known.get(cell)).items():
                    mixed[value] = mixed.get(value, 0.0) + share * mass
            found[cell] = mixed
        return Doubt.of(np.zeros((size, size), np.int64), found)

    def _mass(self, place: int | None) -> dict[int, float]:
        """Return whole value → probability of a judgement; 0 where there is none."""
        if place is None:
            return {0: 1.0}
        push = self.table.quantities[place]
        if push.is_exact:
            return {round(push.mean): 1.0}
        limit = int(self.futures.scale)
        edges = np.arange(-limit, limit) + 0.5
        mass = np.diff(np.concatenate([[0.0], push.cdf(edges), [1.0]]))
        return {v: m for v, m in zip(range(-limit, limit + 1), mass.tolist(), strict=True) if m > LEAST_MASS}

    # --- scenarios -------------------------------------------------------------------------------

    @cached_property
    def tested(self) -> NDArray[np.bool_]:
        """Whether each descriptor must be consistent: not what is fixed, follows, or is assumed."""
        untested = {*self.fixed, *([self.assumed[0]] if self.assumed else [])}
        return np.array([j not in untested for j in range(self.shape.count)])

    def start(self, given: NDArray[np.int64]) -> Whole:
        """Return the open variants of every descriptor as bits.

        Args:
            given: variant of each follower, -1 where it is open; shape (rows, followers).
        """
        whole = (1 << self.shape.sizes) - 1
        for j, k in self.fixed.items():
            whole[j] = 1 << k
        opened = np.repeat(whole[None], len(given), axis=0)
        for column, j in enumerate(self.followers):
            told = given[:, column]
            opened[told >= 0, j] = 1 << told[told >= 0]
        return opened

    def open(self, rows: int) -> NDArray[np.int64]:
        """Return that no follower is told what it follows, shape (rows, followers)."""
        return np.full((rows, len(self.followers)), -1, np.int64)

    def found(
        self,
        cells: Whole,
        given: NDArray[np.int64],
        most: int = MOST_PER_DRAW,
        tested: NDArray[np.bool_] | None = None,
    ) -> Found:
        """Return the consistent scenarios of every matrix.

        Args:
            cells: shape (b, N, N).
            given: variant of each follower, -1 where it is open; shape (b, followers).
            most: scenarios of one matrix.
            tested: whether each descriptor must be consistent, where that is told.
        """
        if tested is None:
            tested = self.tested.copy()
            for column, j in enumerate(self.followers):
                tested[j] &= not (given[:, column] >= 0).all()
        nodes = int(MOST_NODES * self.options.effort)
        scenarios, counts, spent, complete = search(
            cells, self.shape.offsets, tested, self.start(given), self.bans, self.tolerance, nodes, most
        )
        draw = np.repeat(np.arange(len(cells)), counts)
        free = np.ones(len(scenarios), np.bool_)
        if self.assumed is not None:
            j, assumed = self.assumed
            others = [k for k in range(int(self.shape.sizes[j])) if k not in assumed]
            free = self.shortfall(cells, scenarios, draw, j) <= self.tolerance
            kept = np.isin(scenarios[:, j], assumed)
            if others:
                kept |= self.shortfall(cells, scenarios, draw, j, others) <= self.tolerance
            scenarios, draw, free = scenarios[kept], draw[kept], free[kept]
            counts = np.bincount(draw, minlength=len(cells))
        return Found(scenarios, draw, free, counts, int(spent.sum()), complete)

    def margins(self, values: Array, wanted: Collection[str], given: NDArray[np.int64]) -> dict[str, Array]:
        """Return how firm the firmest future with a variant is, in points of judgements; below 0 what it lacks.

        Its sign says whether some consistent future has the variant. Points are whole where judgements are.

        Args:
            values: shape (rows, columns of the table).
            wanted: labels ``<descriptor>.<variant>``.
            given: variant of each follower, -1 where it is open; shape (rows, followers).
        """
        named = {
            f"{key}.{k}": (j, n) for j, key in enumerate(self.keys) for n, k in enumerate(self.variants[j])
        }
        cells, opened = self.matrices(values), self.start(given)
        tested = np.array([j not in self.fixed for j in range(self.shape.count)])
        for column, j in enumerate(self.followers):
            tested[j] &= not (given[:, column] >= 0).all()
        nodes, found = int(MOST_NODES * self.options.effort), {}
        for label in (one for one in wanted if one in named):
            j, k = named[label]
            start = opened.copy()
            start[:, j] &= 1 << k
            firm = firmest(cells, self.shape.offsets, tested, start, self.bans, nodes)
            found[label] = np.where(firm == NEVER, -np.inf, (firm + self.tolerance + 0.5) / self.unit)
        return found

    def shortfall(
        self,
        cells: Whole,
        scenarios: Scenarios,
        draw: NDArray[np.int64],
        j: int,
        among: Sequence[int] | None = None,
    ) -> Whole:
        """Return by how much a descriptor falls short of its best variant, or of the best of some, shape (s,)."""
        block = cells[:, :, self.shape.block(j)]
        balance = np.zeros((len(scenarios), int(self.shape.sizes[j])), np.int64)
        for rows in self.shape.rows(scenarios).T:
            balance += block[draw, rows]
        own = balance[np.arange(len(scenarios)), scenarios[:, j]]
        best = balance if among is None else balance[:, list(among)]
        return np.asarray(best.max(axis=1) - own)

    def leads(self, cells: Whole, scenarios: Scenarios) -> Whole:
        """Return by how much each descriptor's variant beats the best other in one matrix, shape (s, n)."""
        return margins(balances(cells, scenarios, self.shape), scenarios, self.shape)

    # --- outcomes --------------------------------------------------------------------------------

    def outcomes(self, values: Array) -> dict[str, Array]:
        """Return the share of consistent futures with each variant, shape (rows,); 0 where there are no futures.

        ``<descriptor>.<variant>`` is the share, ``futures.some`` whether there are any. Followers are judged
        as any other descriptor, since nobody has told them what they follow.
        """
        return self.labelled(self.found(self.matrices(values), self.open(len(values))))

    def labelled(self, found: Found) -> dict[str, Array]:
        """Return the outcomes of what was found."""
        shares, counts = self.shares(found, found.free)
        named: dict[str, Array] = {"futures.some": (counts > 0).astype(np.float64)}
        for j, key in enumerate(self.keys):
            for k, variant in enumerate(self.variants[j]):
                named[f"{key}.{variant}"] = shares[:, int(self.shape.offsets[j]) + k]
        return named

    def shares(self, found: Found, which: NDArray[np.bool_]) -> tuple[Array, NDArray[np.int64]]:
        """Return the share of some scenarios that has each variant, shape (b, N), and how many there are, (b,)."""
        draws, size = len(found.counts), int(self.shape.offsets[-1])
        rows = self.shape.rows(found.scenarios[which])
        draw = found.draw[which]
        counts = np.bincount(draw, minlength=draws)
        cells = (draw[:, None] * size + rows).ravel()
        seen = np.bincount(cells, minlength=draws * size).reshape(draws, size)
        return seen / np.maximum(counts, 1)[:, None], counts

    def told(self) -> Mapping[str, OutcomeWords]:
        """Return the words for the share of futures with each variant."""
        told = {}
        for key, descriptor in self.futures.descriptors.items():
            for variant, one in descriptor.variants.items():
                subject = f"{descriptor.name}: {one.name}"
                told[f"{key}.{variant}"] = OutcomeWords(subject=subject, kind="share")
        return told

    # --- words -----------------------------------------------------------------------------------

    def descriptor(self, j: int) -> str:
        """Return the name of a descriptor."""
        return self.futures.descriptors[self.keys[j]].name

    def variant(self, j: int, k: int) -> str:
        """Return the name of a variant."""
        return self.futures.descriptors[self.keys[j]].variants[self.variants[j][k]].name


def _columns(cells: list[tuple[int, int, int]]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    return tuple(zip(*cells, strict=True)) if cells else ((), (), ())  # type: ignore[return-value]
