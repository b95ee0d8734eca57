"""How does each actor order the states? Ranks, strong preferences and comparisons, for any draw of the numbers.

A rank is a whole number, larger is better, 0 for the worst feasible states and -1 where a state is infeasible;
equal ranks mean indifference. Only the order matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case import Case, Preference, Statement
from detente.lenses.stability.relation import (
    BETTER,
    MUCH_BETTER,
    MUCH_WORSE,
    NEVER,
    UNKNOWN,
    WORSE,
    Compared,
    Comparisons,
    Ordered,
    Relation,
    comparisons,
    from_gap,
    from_levels,
)
from detente.lenses.stability.space import Mask, Ranks
from detente.lenses.stability.states import States
from detente.lenses.summary import Array
from detente.lenses.worth import anchors, worth
from detente.quantity import QuantityTable

Columns = NDArray[np.intp]
Kinds = tuple[Columns, Columns]
"""States that an actor rates by the same numbers are of a kind: the first state of each, and the kind of each."""
STATEMENTS = 24  # that are appended to a rank at a time
TIE = 1e-9  # weighted scores closer than this share of the largest weight sum are equal
_STANCE = ("position", "values", "salience", "no_deal")


class Orders:
    """The preferences of the actors of a game over its states.

    Attributes:
        table: every number that a preference rests on.
        has_strength: whether somebody prefers some states strongly.
        has_unknown: whether of some states it is not known which somebody prefers.
    """

    def __init__(self, case: Case, states: States) -> None:
        """Read the preferences of a case with a game."""
        assert case.game is not None  # noqa: S101 - the view has seen to it
        self.case, self.game, self.states = case, case.game, states
        self.preferences = [case.game.preferences[actor] for actor in states.actors]
        self.has_strength = any(p.has_strength for p in self.preferences)
        self.has_unknown = any(p.has_unknown for p in self.preferences)
        paths = [path for path in case.quantities if self._counts(path)]
        pairs = [p for p in case.rank_correlations if p.first in paths and p.second in paths]
        self.table = QuantityTable({path: case.quantities[path] for path in paths}, pairs)

    @cached_property
    def _set(self) -> frozenset[str]:
        """Issues that options set, where somebody orders the states by its stances."""
        if not any(preference.stances for preference in self.preferences):
            return frozenset()
        return frozenset(issue for option in self.game.options.values() for issue in option.sets)

    def _counts(self, path: str) -> bool:
        part, *rest = path.split(".")
        if part == "game":
            return rest[0] == "preferences" or bool(self._set)
        if part == "issues":
            return rest[0] in self._set and rest[1] == "no_deal"
        if part != "stances" or rest[0] not in self._set or rest[2] not in _STANCE:
            return False
        return rest[1] in self.states.actors and self.game.preferences[rest[1]].stances

    @cached_property
    def deviations(self) -> dict[str, float]:
        """Path of every number → its standard deviation."""
        return {path: self.case.quantities[path].sd for path in self.table.paths}

    # --- ranks -----------------------------------------------------------------------------------

    @cached_property
    def _fixed(self) -> list[Ranks | None]:
        """Ranks by state, shape (m,), of each actor whose preference has no numbers."""
        return [self._rank(preference) for preference in self.preferences]

    def _rank(self, preference: Preference) -> Ranks | None:
        if preference.ranking:
            groups = [
                np.flatnonzero(np.any([self.states.like(state) for state in group], axis=0)).tolist()
                for group in preference.groups
            ]
            size = self.states.count if self.states.form is None else self.states.form.codes.size
            return self.states.gathered(ranked(size, groups))
        if preference.statements and self.states.form is not None:
            return self._prioritised(preference, len(preference.statements))
        return None

    def _prioritised(self, preference: Preference, first: int) -> Ranks:
        """Return the ranks that the first statements give."""
        form = self.states.form
        assert form is not None  # noqa: S101 - statements are about options
        names, wishes = self.states.names, preference.statements[:first]
        truths = (form.where(wish.statement.over(names), names) for wish in wishes)
        return self.states.gathered(prioritised(form.feasible, truths)[form.codes])

    @cached_property
    def _weighted(self) -> dict[int, tuple[Columns, Array, Kinds]]:
        """Actor → columns of its weights, truth of their statements, shape (h, kinds), and kinds of states."""
        found = {}
        for i, (actor, preference) in enumerate(zip(self.states.actors, self.preferences, strict=True)):
            if preference.weights:
                names = [f"game.preferences.{actor}.weights.{w}.weight" for w in preference.weights]
                rows = [self.states.where(wish.statement) for wish in preference.weights.values()]
                truths = self.states.gathered(np.array(rows, dtype=np.int32))
                columns = np.array([self.table.column(name) for name in names], dtype=np.intp)
                kinds = _kinds(truths, 2)
                found[i] = columns, truths[:, kinds[0]].astype(np.float64), kinds
        return found

    @cached_property
    def _values(self) -> dict[str, Columns]:
        """Issue that options set → column of its value in each state, shape (m,)."""
        found = {}
        for issue in self._set:
            no_deal = f"issues.{issue}.no_deal"
            unset = self.table.column(no_deal) if no_deal in self.table.paths else -1
            columns = np.full(self.states.count, unset, dtype=np.int32)
            for option, stated in self.game.options.items():
                if issue in stated.sets:
                    taken = self.states.of_statement(Statement(option, ("name", option, 0)))
                    columns[taken] = self.table.column(f"game.options.{option}.sets.{issue}")
            found[issue] = columns.astype(np.intp)
        return found

    @cached_property
    def _stanced(self) -> dict[int, tuple[list[tuple[str, int, Columns]], Kinds]]:
        """Actor → issue, column of its salience and columns of the value by kind of state; and the kinds."""
        found = {}
        for i, (actor, preference) in enumerate(zip(self.states.actors, self.preferences, strict=True)):
            if preference.stances:
                rated = {
                    n: c for n, c in sorted(self._values.items()) if actor in self.case.stances.get(n, {})
                }
                size, none = len(self.table.paths) + 1, np.empty((0, self.states.count), np.int32)
                kinds = _kinds(np.array([*rated.values()] or none) + 1, size)
                issues = [
                    (issue, self.table.column(f"stances.{issue}.{actor}.salience"), columns[kinds[0]])
                    for issue, columns in rated.items()
                ]
                found[i] = issues, kinds
        return found

    def _scores(self, values: Array) -> Iterator[tuple[int, Array, Array, Kinds]]:
        """Yield (actor, score of each kind of states, what counts as no difference, kinds) of who weighs numbers.

        Values have shape (..., columns), scores (..., kinds).
        """
        for i, (columns, truths, kinds) in self._weighted.items():
            weights = values[..., columns]
            yield i, weights @ truths, TIE * weights.sum(axis=-1), kinds
        for i, (issues, kinds) in self._stanced.items():
            score = np.zeros((*values.shape[:-1], kinds[0].size))
            total = np.zeros(values.shape[:-1])
            for issue, salience, columns in issues:
                apart = self._apart(issue, self.states.actors[i], values, columns)
                score -= values[..., [salience]] * apart
                total += values[..., salience]
            yield i, score, TIE * total, kinds

    def _apart(self, issue: str, actor: str, values: Array, columns: Columns) -> Array:
        """Return how far the values of an issue are from what an actor wants, in widths of the scale, (..., m)."""
        path, stance = f"stances.{issue}.{actor}", self.case.stances[issue][actor]
        if stance.position is not None:
            of = self.case.issues[issue]
            position = values[..., [self.table.column(f"{path}.position")]]
            return np.asarray(np.abs(values[..., columns] - position) / (of.high - of.low))
        stated = anchors(stance.values)
        valued = values[..., [self.table.column(f"{path}.values.{one}") for one in stated]]
        apart = 1 - worth(values[..., columns], np.array(stated, dtype=np.float64), valued)
        if stance.no_deal is not None and f"issues.{issue}.no_deal" in self.table.paths:
            unset = columns == self.table.column(f"issues.{issue}.no_deal")
            apart = np.where(unset, 1 - values[..., [self.table.column(f"{path}.no_deal")]], apart)
        return np.asarray(apart)

    def _filled(
        self, values: Array, kind: type, fixed: Callable[[Ranks], Any], scored: Callable[..., Any]
    ) -> Any:
        """Return a number of every state, shape (..., k, m): of fixed ranks, or of scores and what is no gap."""
        found = np.empty((*values.shape[:-1], len(self.preferences), self.states.count), dtype=kind)
        for i, ranks in enumerate(self._fixed):
            if ranks is not None:
                found[..., i, :] = fixed(ranks)
        for i, score, tie, (_, of) in self._scores(values):
            found[..., i, :] = scored(score, tie)[..., of]
        return found

    def ranks(self, values: Array) -> Ranks:
        """Return the ranks of all states, shape (..., k, m), for numbers of shape (..., columns of the table)."""
        found: Ranks = self._filled(values, np.int32, lambda ranks: ranks, score_ranks)
        return found

    def heights(self, values: Array, step: float) -> Array:
        """Return the scores of all states as shares of each actor's weights, shape (..., k, m).

        Args:
            values: shape (..., columns of the table).
            step: between neighbours of a ranking, which has no scores.
        """

        def shares(score: Array, tie: Array) -> Array:
            total = tie[..., None] / TIE
            return np.divide(score, total, out=np.zeros_like(score), where=total > 0)

        found: Array = self._filled(values, np.float64, lambda ranks: step * ranks, shares)
        return found

    def relations(self, values: Array) -> tuple[Relation, Relation | None]:
        """Return what everybody prefers, and the same where only what is strongly worse deters, if that is stated.

        Values have shape (..., columns of the table); one row only where something is unknown.
        """
        ranks = self.ranks(values)
        plain = Ordered.of(ranks)
        strong = Ordered(ranks, self._marks(values, ranks)) if self.has_strength else None
        if not self.has_unknown:
            return plain, strong
        compared = Compared(ranks, self._compared(strong or plain))
        return compared, compared.read(compared.variant, strong=True) if strong else None

    # --- strength --------------------------------------------------------------------------------

    @cached_property
    def _levels(self) -> list[Ranks | None]:
        """For each actor the level of strength of every state, shape (m,), or ``None`` where there is none."""
        return [self._level(preference) for preference in self.preferences]

    def _level(self, preference: Preference) -> Ranks | None:
        if preference.strong_gap is not None or not preference.has_strength:
            return None
        if preference.statements:
            last = max(n for n, wish in enumerate(preference.statements) if wish.strong)
            return self._prioritised(preference, last + 1)
        rank = self._rank(preference)
        assert rank is not None  # noqa: S101 - a ranking
        by_group = np.array([max(preference.levels) - level for level in preference.levels], dtype=np.int32)
        return np.asarray(by_group[len(by_group) - 1 - rank])

    def _marks(self, values: Array, ranks: Ranks) -> Ranks:
        """Return the largest rank that is strongly worse than each state, or ``NEVER``; shape (..., k, m)."""
        found = np.full(ranks.shape, NEVER, dtype=np.int32)
        for i, (rank, level) in enumerate(zip(self._fixed, self._levels, strict=True)):
            if rank is not None and level is not None:
                found[..., i, :] = from_levels(rank, level)
        for i, score, tie, (first, kind) in self._scores(values):
            if self.preferences[i].strong_gap is not None:
                column = self.table.column(f"game.preferences.{self.states.actors[i]}.strong_gap")
                for draw in np.ndindex(tie.shape):
                    gap, rank = float(values[draw][column]), ranks[draw][i, first]
                    found[draw][i] = from_gap(rank, score[draw], gap, float(tie[draw]))[kind]
        return found

    # --- the unknown -----------------------------------------------------------------------------

    def _compared(self, order: Ordered) -> Comparisons:
        """Return how each state compares with each other for everybody, shape (k, m, m)."""
        found = comparisons(order)
        for i, preference in enumerate(self.preferences):
            if any(wish.unknown for wish in preference.statements):
                found[i] = self._by_statements(preference)
            for one, other in preference.unknown:
                first, second = self.states.of_letters(one), self.states.of_letters(other)
                open_ = first[:, None] & second[None, :]
                open_ |= open_.T
                np.fill_diagonal(open_, val=False)
                found[i][open_] = UNKNOWN
        return found

    def _by_statements(self, preference: Preference) -> Comparisons:
        """Compare by the first statement on which two states differ, which it may not be known how it counts."""
        size = self.states.count
        found: Comparisons = np.zeros((size, size), dtype=np.int8)
        open_ = np.ones((size, size), dtype=np.bool_)
        last = max((n for n, wish in enumerate(preference.statements) if wish.strong), default=-1)
        for number, wish in enumerate(preference.statements):
            true = self.states.of_statement(wish.statement)
            gains = open_ & true[None, :] & ~true[:, None]
            much = number <= last
            found[gains] = UNKNOWN if wish.unknown else (MUCH_BETTER if much else BETTER)
            found[gains.T] = UNKNOWN if wish.unknown else (MUCH_WORSE if much else WORSE)
            open_ &= ~(gains | gains.T)
        return found


def _kinds(rows: Ranks, base: int) -> Kinds:
    """Return which states have the same column in every row of numbers below ``base``, shape (rows, m)."""
    code, most = np.zeros(rows.shape[1], dtype=np.int64), 1
    for row in rows:
        if most > 2**62 // base:
            code, most = np.unique(code, return_inverse=True)[1].reshape(-1), code.size
        code, most = code * base + row, most * base
    _, first, kind = np.unique(code, return_index=True, return_inverse=True)
    return first, kind.reshape(-1)


def prioritised(feasible: Mask, statements: Iterable[Mask]) -> Ranks:
    """Return the ranks that statements give, the most important first; shape (2^n,) as where each of them holds.

    States are ordered as their truth values are, lexicographically (Hipel, Kilgour, Fang & Peng 1997). That is
    the order of Ψ(s) = Σ 2^(h-j) [statement j holds at s]; Ψ is made of a few statements at a time, between which
    it is replaced by its rank, so that there can be any number of them.
    """
    score = np.zeros(feasible.size, dtype=np.int64)
    for number, statement in enumerate(statements):
        if number and number % STATEMENTS == 0:
            score = dense(score, feasible).astype(np.int64)
        score = 2 * score + statement
    return dense(score, feasible)


def score_ranks(scores: NDArray[np.float64], tie: float | NDArray[np.float64]) -> Ranks:
    """Return dense ranks of scores, a gap of at most ``tie`` between neighbours in the order counting as none.

    Scores have shape (..., m); ``tie`` is one number or has shape (...).
    """
    order = np.argsort(scores, axis=-1)
    steps = np.diff(np.take_along_axis(scores, order, axis=-1)) > np.asarray(tie)[..., None]
    found = np.zeros(scores.shape, dtype=np.int32)
    rank = np.cumsum(steps, axis=-1, dtype=np.int32)
    np.put_along_axis(found, order[..., 1:], rank, axis=-1)
    return found


def ranked(size: int, groups: Sequence[Sequence[int]]) -> Ranks:
    """Return the ranks of a list from best to worst, equally good states (or codes) together; -1 for the rest."""
    ranks = np.full(size, -1, dtype=np.int32)
    for place, group in enumerate(groups):
        ranks[list(group)] = len(groups) - 1 - place
    return ranks


def dense(score: NDArray[np.int64], feasible: Mask) -> Ranks:
    """Return 0, 1, 2, … for the different scores of feasible states in ascending order, -1 elsewhere."""
    top = int(score.max(initial=0, where=feasible)) + 1
    rank = np.full(score.size, -1, dtype=np.int32)
    if top <= max(4 * score.size, 1 << 16):  # by a table over all scores below the top
        there = np.zeros(top, dtype=np.bool_)
        there[score[feasible]] = True
        rank[feasible] = (np.cumsum(there, dtype=np.int32) - 1)[score[feasible]]
    else:
        rank[feasible] = np.unique(score[feasible], return_inverse=True)[1]
    return rank
