"""What does the cross-impact lens read in a case? Descriptors, and every judgement as a column of one table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from operator import mul

import numpy as np
from numpy.typing import NDArray

from detente.case import Case, CrossImpactOptions, Judgement
from detente.case.formats.scenariowizard import best_guess
from detente.case.parts.futures import nogoods
from detente.errors import CaseError, MissingPartError, Problem
from detente.lenses.asking import Others
from detente.lenses.crossimpact.balances import Scenarios, Shape, Whole, balances, margins
from detente.lenses.crossimpact.following import Follower
from detente.lenses.crossimpact.records import Points
from detente.lenses.crossimpact.result import FREE, WITH, WITHOUT
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
MOST_KEPT = 32
"""Blocks of rows of which the outcomes are kept."""
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

    def per_draw(self, which: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return how many of some scenarios each draw has, shape (b,)."""
        return np.bincount(self.draw[which], minlength=len(self.counts))


class CrossImpactView:
    """The futures of a case as arrays.

    Attributes:
        case: the case.
        futures: what may follow.
        options: what the lens is asked for.
        keys: ids of the descriptors, n of them.
        variants: ids of the variants of each.
        labels: ``<descriptor>.<variant>`` → their numbers, in the order of the matrix.
        shape: of the matrix.
        unit: by how much judgements are multiplied to be whole.
        table: every judgement; where experts judge, also which of them is asked.
        rows: row of the matrix and descriptor pushed → judgement.
        paths: row and column → path of a judgement that all share.
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
        self.labels = {
            f"{key}.{variant}": (j, k)
            for j, (key, variants) in enumerate(zip(self.keys, self.variants, strict=True))
            for k, variant in enumerate(variants)
        }
        self.shape = Shape.of([len(one) for one in self.variants])
        self.unit = 1 if futures.whole else THOUSANDTHS
        self.tolerance = self.options.tolerance * self.unit
        self.fixed = {self.keys.index(key): self._variant(key, one) for key, one in futures.fixed.items()}
        self._check_size()
        self.assumed = self._assumed()
        self.followers = {
            j: Follower.of(key, futures.descriptors[key], case.game)
            for j, key in enumerate(self.keys)
            if futures.descriptors[key].follows is not None and j not in self.fixed
        }
        self.bans = self._bans()
        self._read_judgements()
        self._asked: dict[tuple[int, bytes], tuple[NDArray[np.int64], dict[str, Array]]] = {}

    def _variant(self, key: str, variant: str) -> int:
        return self.variants[self.keys.index(key)].index(variant)

    def _check_size(self) -> None:
        if self.shape.states > MOST_STATES:
            fitting = sum(one <= MOST_STATES for one in accumulate(sorted(self.shape.sizes.tolist()), mul))
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
        return np.array([*map(self.pattern, stated)], np.int64).reshape(len(stated), self.shape.count)

    # --- judgements ------------------------------------------------------------------------------

    def _read_judgements(self) -> None:
        futures, limit, first = self.futures, self.futures.scale, self.shape.offsets.tolist()
        quantities: dict[str, Quantity] = {}
        cells: dict[str | None, list[tuple[int, int, int]]] = {e: [] for e in (None, *futures.experts)}
        self._own = {e: np.zeros((first[-1], first[-1]), np.bool_) for e in futures.experts}
        self.rows: dict[tuple[int, int], Judgement] = {}
        for source, variant, target, judgement in futures.rows():
            row = first[self.keys.index(source)] + self._variant(source, variant)
            on = self.keys.index(target)
            self.rows[row, on] = judgement
            said: dict[str | None, tuple[str, Mapping[str, Quantity]]] = {None: ("pushes", judgement.pushes)}
            said |= {e: (f"experts.{e}", pushes) for e, pushes in judgement.experts.items()}
            for expert, (place, pushes) in said.items():
                if expert is not None:
                    self._own[expert][row, self.shape.block(on)] = True
                for towards, push in pushes.items():
                    cells[expert].append((row, first[on] + self._variant(target, towards), len(quantities)))
                    path = f"futures.judgements.{source}.{variant}.{target}.{place}.{towards}"
                    quantities[path] = push.within(-limit, limit)
        if futures.experts:
            quantities[EXPERT] = parse("0..1")
        pairs = [pair for pair in self.case.rank_correlations if {pair.first, pair.second} <= set(quantities)]
        self.independent = not (pairs or futures.experts)
        self.table = QuantityTable(quantities, pairs)
        self.paths = {(row, column): self.table.paths[place] for row, column, place in cells[None]}
        self._cells = {e: np.array(found, np.intp).reshape(-1, 3).T for e, found in cells.items()}

    def matrices(self, values: Array) -> Whole:
        """Return the matrix of every row of numbers, shape (rows, N, N)."""
        return self._matrices(values, self.experts(values))

    def _matrices(self, values: Array, asked: NDArray[np.int64]) -> Whole:
        """Return the matrices as the experts of these numbers say them; -1 for what all say."""
        size = int(self.shape.offsets[-1])
        drawn = np.rint(values * self.unit).astype(np.int64)
        cells = np.zeros((len(values), size, size), np.int64)
        rows, columns, places = self._cells[None]
        cells[:, rows, columns] = drawn[:, places]
        for number, (expert, own) in enumerate(self._own.items()):
            where = asked == number
            rows, columns, places = self._cells[expert]
            theirs = np.where(own, 0, cells[where])
            theirs[:, rows, columns] = drawn[where][:, places]
            cells[where] = theirs
        return cells

    @property
    def weights(self) -> Array:
        """Weight of every expert, adding up to 1: equal where none has any."""
        weights = np.array([one.weight for one in self.futures.experts.values()])
        return weights / weights.sum() if weights.any() else np.full(len(weights), 1 / max(len(weights), 1))

    def experts(self, values: Array) -> NDArray[np.int64]:
        """Return which expert is asked in every row of numbers; 0 where there are none."""
        if not self.futures.experts:
            return np.zeros(len(values), np.int64)
        ends = np.cumsum(self.weights)
        found = np.searchsorted(ends, values[:, self.table.column(EXPERT)], side="right")
        return np.minimum(found, len(ends) - 1).astype(np.int64)

    def guessed(self, expert: str | None = None) -> Whole:
        """Return the matrix of best guesses, shape (N, N); of an expert, with what this one says otherwise."""
        asked = -1 if expert is None else list(self._own).index(expert)
        best = np.array([[best_guess(one) for one in self.table.quantities]])
        return np.asarray(self._matrices(best, np.array([asked]))[0])

    @cached_property
    def central(self) -> Whole:
        """The matrix of best guesses, shape (N, N): of experts the mean, rounded."""
        if not self.futures.experts:
            return self.guessed()
        told = np.stack([self.guessed(expert) for expert in self.futures.experts])
        return np.rint(np.average(told, axis=0, weights=self.weights)).astype(np.int64)

    @cached_property
    def doubt(self) -> Doubt | None:
        """The distribution of every judgement; ``None`` where they are not whole, or too many values."""
        size, limit = int(self.shape.offsets[-1]), int(self.futures.scale)
        if not self.futures.whole or size**2 * (2 * limit + 1) > MOST_MASS:
            return None
        none = np.eye(1, 2 * limit + 1, limit)[0]
        mass = np.tile(none, (size, size, 1))
        self._distribute(mass, None)
        if self.futures.experts:
            common, mass = mass, np.zeros_like(mass)
            for (expert, own), share in zip(self._own.items(), self.weights, strict=True):
                theirs = np.where(own[:, :, None], none, common)
                self._distribute(theirs, expert)
                mass += share * theirs
        return Doubt.of(mass, -limit)

    def _distribute(self, mass: Array, expert: str | None) -> None:
        """Write the probability of each whole value of what an expert, or all, say: shape (N, N, values)."""
        limit = mass.shape[2] // 2
        edges = np.arange(-limit, limit) + 0.5
        for row, column, place in self._cells[expert].T.tolist():
            told = np.diff(np.concatenate([[0.0], self.table.quantities[place].cdf(edges), [1.0]]))
            mass[row, column] = np.where(told > LEAST_MASS, told, 0.0)

    # --- scenarios -------------------------------------------------------------------------------

    def tested(self, given: NDArray[np.int64], *, assumption: bool = False) -> NDArray[np.bool_]:
        """Return whether each descriptor must be consistent: not what is fixed, assumed, or told what it follows.

        Args:
            given: variant of each follower, -1 where it is open; shape (rows, followers).
            assumption: whether what is assumed is tested too.
        """
        followed = zip(self.followers, given.T, strict=True)
        held = {*self.fixed, *(j for j, told in followed if (told >= 0).all())}
        held |= {self.assumed[0]} if self.assumed is not None and not assumption else set()
        return np.array([j not in held for j in range(self.shape.count)])

    def pattern(self, holds: Mapping[str, Collection[str]]) -> Whole:
        """Return variants as bits, shape (n,): those that are named of a descriptor, all of one that is not."""
        named = [holds.get(key, known) for key, known in zip(self.keys, self.variants, strict=True)]
        pairs = zip(self.keys, named, strict=True)
        return np.array(
            [sum(1 << self._variant(key, one) for one in found) for key, found in pairs], np.int64
        )

    def start(self, given: NDArray[np.int64]) -> Whole:
        """Return the open variants of every descriptor as bits, shape (rows, n); ``given`` as in `tested`."""
        fixed = self.pattern({key: [one] for key, one in self.futures.fixed.items()})
        opened, followed = np.repeat(fixed[None], len(given), axis=0), list(self.followers)
        opened[:, followed] = np.where(given >= 0, 1 << np.maximum(given, 0), opened[:, followed])
        return opened

    def open(self, rows: int) -> NDArray[np.int64]:
        """Return that no follower is told what it follows, shape (rows, followers)."""
        return np.full((rows, len(self.followers)), -1, np.int64)

    def heard(self, others: Others | None, rows: int = 0) -> NDArray[np.int64]:
        """Return the variant of each follower in so many rows, or as many as there are answers: (rows, followers).

        Raises:
            CaseError: what is followed is not answered.
        """
        if others is None or not self.followers:
            return self.open(rows)
        columns = [one.variants(others(one.question)) for one in self.followers.values()]
        return np.stack([np.broadcast_to(one, rows or max(map(len, columns))) for one in columns], axis=1)

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
            tested: whether each descriptor must be consistent; as the view says where it is not told.
        """
        tested = self.tested(given) if tested is None else tested
        nodes = int(MOST_NODES * self.options.effort)
        scenarios, counts, spent, complete = search(
            cells, self.shape.offsets, tested, self.start(given), self.bans, self.tolerance, nodes, most
        )
        draw = np.repeat(np.arange(len(cells)), counts)
        free = np.ones(len(scenarios), np.bool_)
        if self.assumed is not None:
            j, assumed = self.assumed
            balance = np.zeros((len(scenarios), int(self.shape.sizes[j])), np.int64)
            for rows in self.shape.rows(scenarios).T:
                balance += cells[draw, rows, self.shape.block(j)]
            short = balance - balance[np.arange(len(scenarios)), scenarios[:, j], None]
            free = short.max(axis=1) <= self.tolerance
            kept = np.isin(scenarios[:, j], assumed)
            kept |= np.all(np.delete(short, assumed, axis=1) <= self.tolerance, axis=1)
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
        cells, opened, tested = self.matrices(values), self.start(given), self.tested(given, assumption=True)
        nodes, found = int(MOST_NODES * self.options.effort), {}
        for label in (one for one in wanted if one in self.labels):
            j, k = self.labels[label]
            start = opened.copy()
            start[:, j] &= 1 << k
            firm = firmest(cells, self.shape.offsets, tested, start, self.bans, nodes)
            found[label] = np.where(firm == NEVER, -np.inf, (firm + self.tolerance + 0.5) / self.unit)
        return found

    def leads(self, cells: Whole, scenarios: Scenarios) -> Whole:
        """Return by how much each descriptor's variant beats the best other in one matrix, shape (s, n)."""
        return margins(balances(cells, scenarios, self.shape), scenarios, self.shape)

    # --- outcomes --------------------------------------------------------------------------------

    def outcomes(self, values: Array, given: NDArray[np.int64] | None = None) -> dict[str, Array]:
        """Return the share of consistent futures with each variant, shape (rows,); 0 where there are no futures.

        ``<descriptor>.<variant>`` is the share, ``futures.some`` whether there are any. Followers are judged
        as any other descriptor where nobody has told them what they follow, ``given`` as in `tested`. Of numbers
        that were asked about before only rows are searched that are told otherwise.
        """
        given = self.open(len(values)) if given is None else given
        key = len(values), sha256(values.tobytes()).digest()
        before, told = self._asked.get(key) or (given, {})
        anew = (given != before).any(axis=1) if told else np.ones(len(values), np.bool_)
        if not anew.any():
            return told
        found = self.labelled(self.found(self.matrices(values[anew]), given[anew]))
        if told:
            return {of: np.where(anew, found[of][np.cumsum(anew) - 1], one) for of, one in told.items()}
        if len(self._asked) >= MOST_KEPT:
            self._asked.clear()
        self._asked[key] = given, found
        return found

    def labelled(self, found: Found) -> dict[str, Array]:
        """Return the outcomes of what was found."""
        shares, counts = self.shares(found, found.free)
        return {"futures.some": (counts > 0) * 1.0, **dict(zip(self.labels, shares.T, strict=True))}

    def shares(self, found: Found, which: NDArray[np.bool_]) -> tuple[Array, NDArray[np.int64]]:
        """Return the share of some scenarios that has each variant, shape (b, N), and how many there are, (b,)."""
        draws, size, counts = len(found.counts), int(self.shape.offsets[-1]), found.per_draw(which)
        cells = found.draw[which][:, None] * size + self.shape.rows(found.scenarios[which])
        seen = np.bincount(cells.ravel(), minlength=draws * size).reshape(draws, size)
        return seen / np.maximum(counts, 1)[:, None], counts

    def told(self) -> Mapping[str, OutcomeWords]:
        """Return the words for the share of futures with each variant."""
        return {
            label: OutcomeWords(subject=f"{self.descriptor(j)}: {self.variant(j, k)}", kind="share")
            for label, (j, k) in self.labels.items()
        }

    def readings(self, found: Found) -> dict[str, NDArray[np.bool_]]:
        """Return reading → which scenarios it counts: what holds by itself, with what is assumed, without."""
        if self.assumed is None:
            return {FREE: found.free}
        has = np.isin(found.scenarios[:, self.assumed[0]], self.assumed[1])
        return {FREE: found.free, WITH: has, WITHOUT: ~has}

    # --- words -----------------------------------------------------------------------------------

    def descriptor(self, j: int) -> str:
        """Return the name of a descriptor."""
        return self.futures.descriptors[self.keys[j]].name

    def variant(self, j: int, k: int) -> str:
        """Return the name of a variant."""
        return self.futures.descriptors[self.keys[j]].variants[self.variants[j][k]].name

    def points(self, value: int) -> Points:
        """Return points of judgements in the unit of the case."""
        return int(value) if self.unit == 1 else int(value) / self.unit
