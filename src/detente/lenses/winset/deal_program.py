"""Which linear program asks whether a deal exists? Packages, losses, red lines and the tree of consent as rows.

City-block losses are exact: |x - p| = (p - x) + 2 max(0, x - p). Quadratic ones need one square per issue, shared
by all voters: (x - p)² = x² - 2 p x + p², held by tangents. Who consents is either a coalition, or a rule whose
voters are counted on by a binary y: "y = 1 implies acceptance" is enough, because rules are monotone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Agreed, Node, Threshold, Voter, vetoers, voters
from detente.lenses.programs import Answer, Program
from detente.lenses.winset.deal import Array, Deal

Columns = NDArray[np.intp]
Line = tuple[int, int]
"""A red line: (voter, issue)."""


@dataclass(eq=False)
class DealProgram:
    """A deal as a linear program without a goal: the caller adds costs, slacks and columns of its own.

    Attributes:
        deal: the deal, one draw.
        program: the columns and rows.
        consenting: shape (V,): who is in the program: the coalition, or every voter of the rule.
        package: shape (d,): the columns of the package.
        choices: per issue the binary columns of its levels, ``None`` where any value, or one only, can be agreed.
        yes: voter → column of "is counted on"; only voters who are neither certain nor absent.
        accepts: voter → row "loss - big M (1 - yes) ≤ radius"; none for voters with an infinite radius. A column
            with coefficient +1 asks for more margin, one with -1 is a concession.
        floors: (voter, issue) → row "-x ≤ -floor" of each red line; a slack enters with coefficient -1.
        ceilings: (voter, issue) → row "x ≤ ceiling"; a slack enters with coefficient -1.
    """

    deal: Deal
    program: Program
    consenting: Agreed
    package: Columns
    choices: tuple[list[int] | None, ...]
    yes: dict[int, int] = field(default_factory=dict)
    accepts: dict[int, int] = field(default_factory=dict)
    floors: dict[Line, int] = field(default_factory=dict)
    ceilings: dict[Line, int] = field(default_factory=dict)
    _bends: dict[tuple[int, float], int] = field(default_factory=dict)
    _squares: dict[int, int] = field(default_factory=dict)

    def loss(self, v: int) -> tuple[list[tuple[int, float]], float]:
        """Return what a package costs a voter, as terms and a constant; an upper estimate, tight where it binds.

        Only for rows that hold a loss from above.
        """
        terms: list[tuple[int, float]] = []
        constant = 0.0
        for i in np.flatnonzero(self.deal.salience[0, v]):
            own, fixed = self._term(int(i), v)
            salience = float(self.deal.salience[0, v, i])
            terms += [(column, salience * value) for column, value in own]
            constant += salience * fixed
        return terms, constant

    def _term(self, i: int, v: int) -> tuple[list[tuple[int, float]], float]:
        """Return how far an issue is from what a voter wants, as terms and a constant."""
        quadratic, ideal = self.deal.loss == "quadratic", float(self.deal.ideal[0, v, i])
        levels, choices = self.deal.levels[i], self.choices[i]
        if levels is not None and choices is not None:
            apart = self.deal.one_issue(i).apart(levels[None, :, None])[0, :, v, 0]
            return [(c, float(a)) for c, a in zip(choices, apart, strict=True)], 0.0
        x = int(self.package[i])
        if quadratic:
            return [(self._square(i), 1.0), (x, -2 * ideal)], ideal * ideal
        if ideal <= 0:
            return [(x, 1.0)], -ideal
        if ideal >= 1:
            return [(x, -1.0)], ideal
        return [(x, -1.0), (self._beyond(i, ideal), 2.0)], ideal

    def _square(self, i: int) -> int:
        if i not in self._squares:
            self._squares[i] = self.program.square(int(self.package[i]), np.linspace(0, 1, 17).tolist())
        return self._squares[i]

    def _beyond(self, i: int, ideal: float) -> int:
        """Return the column that is at least max(0, x - ideal)."""
        if (i, ideal) not in self._bends:
            column = self.program.column(0.0)
            self.program.at_most([(int(self.package[i]), 1.0), (column, -1.0)], ideal)
            self._bends[i, ideal] = column
        return self._bends[i, ideal]

    def gain(self, v: int) -> int:
        """Add and return a free column that is at most the margin of a voter, whether it is counted on or not."""
        terms, constant = self.loss(v)
        column = self.program.column(-np.inf)
        self.program.at_most([*terms, (column, 1.0)], float(self.deal.radius[0, v]) - constant)
        return column

    def read(self, answer: Answer) -> Array | None:
        """Return the package of an answer, shape (d,): on the scale, and on its levels."""
        if answer.columns is None:
            return None
        package = np.clip(answer.columns[self.package], 0.0, 1.0)
        for i, choices in enumerate(self.choices):
            levels = self.deal.levels[i]
            if levels is not None:
                package[i] = levels[int(np.argmax(answer.columns[choices])) if choices else 0]
        return package

    def counted(self, answer: Answer) -> Agreed:
        """Return who is counted on in an answer: shape (V,)."""
        mask = self.consenting.copy()
        if answer.columns is not None:
            for v, column in self.yes.items():
                mask[v] = bool(answer.columns[column] > 0.5)
        return mask


def deal_program(deal: Deal, consent: Node | Agreed, *, top: float = 0.0) -> DealProgram:
    """Return the program of a deal of one draw.

    Args:
        deal: one draw, its numbers finite (see ``engine.kernel.healthy``).
        consent: a coalition, shape (V,), whose members all must accept; or a rule.
        top: the most that the caller may ask of every margin through a column of its own; widens the big M of
            voters who are not counted on.
    """
    program = Program()
    columns: list[int] = []
    choices: list[list[int] | None] = []
    for levels in deal.levels:
        if levels is not None and len(levels) == 1:
            columns.append(program.column(float(levels[0]), float(levels[0])))
            choices.append(None)
            continue
        columns.append(program.column(0.0, 1.0))
        choices.append(None if levels is None else _one_of(program, columns[-1], levels))
    consenting = np.zeros(deal.voters, dtype=np.bool_)
    model = DealProgram(deal, program, consenting, np.array(columns, dtype=np.intp), tuple(choices))
    if isinstance(consent, Voter | Threshold):
        consenting[list(voters(consent))] = True
        _consent(model, consent)
    else:
        consenting |= consent
    for v in np.flatnonzero(consenting).tolist():
        _acceptance(model, v, top)
        _red_lines(model, v)
    return model


def _one_of(program: Program, x: int, levels: Array) -> list[int]:
    """Add one binary per level, exactly one of them chosen, and tie the package to it."""
    choices = [program.column(0.0, 1.0, integer=True) for _ in levels]
    program.exactly([(c, 1.0) for c in choices], 1.0)
    program.exactly([(x, -1.0), *((c, float(a)) for c, a in zip(choices, levels, strict=True))], 0.0)
    return choices


def _acceptance(model: DealProgram, v: int, top: float) -> None:
    """Add the row that a voter who is counted on loses no more than its radius."""
    deal = model.deal
    radius = float(deal.radius[0, v])
    if radius == np.inf:
        return
    terms, constant = model.loss(v)
    right = radius - constant
    if v in model.yes and radius > -np.inf:
        big = max(worst_loss(deal, v) - radius + top, 0.0)
        terms, right = [*terms, (model.yes[v], big)], right + big
    if radius > -np.inf:
        model.accepts[v] = model.program.at_most(terms, right)
    elif v not in model.yes:
        model.program.at_most([], -1.0)


def worst_loss(deal: Deal, v: int) -> float:
    """Return the most that a package can cost a voter: at a corner of the scales."""
    apart = np.maximum(np.abs(deal.ideal[0, v]), np.abs(1.0 - deal.ideal[0, v]))
    own = deal.salience[0, v] > 0
    apart = apart ** (2 if deal.loss == "quadratic" else 1)
    for i, table in enumerate(deal.tables):
        if table is not None and not np.isnan(table[0, v, 0]):
            apart[i] = table[0, v].max()
    return float(deal.salience[0, v, own] @ apart[own])


def _red_lines(model: DealProgram, v: int) -> None:
    """Add a row for each red line of a voter; without its yes the line is the end of the scale."""
    deal = model.deal
    for i in range(deal.issues):
        x, floor, ceiling = int(model.package[i]), float(deal.floor[0, v, i]), float(deal.ceiling[0, v, i])
        yes = model.yes.get(v)
        if floor > 0:
            ease = [] if yes is None else [(yes, floor)]
            model.floors[v, i] = model.program.at_most([(x, -1.0), *ease], 0.0 if ease else -floor)
        if ceiling < 1:
            ease = [] if yes is None else [(yes, 1.0 - ceiling)]
            model.ceilings[v, i] = model.program.at_most([(x, 1.0), *ease], 1.0 if ease else ceiling)


def _consent(model: DealProgram, rule: Node) -> None:
    """Add the tree: a node that is counted on has parts counted on that meet its quota."""
    certain = vetoers(rule, model.deal.voters)
    for v in np.flatnonzero(model.consenting & ~certain).tolist():
        never = model.deal.radius[0, v] == -np.inf
        model.yes[v] = model.program.column(0.0, 0.0 if never else 1.0, integer=True)
    if isinstance(rule, Threshold):
        _threshold(model, rule, None)


def _threshold(model: DealProgram, node: Threshold, own: int | None) -> None:
    """Add the rows of one node; ``own`` is its column, ``None`` for the root, which must be met."""
    if node.quota <= 0:
        return
    parts = list(_parts(model, node))
    terms = [(column, -float(weight)) for weight, column in parts if column is not None]
    sure = sum(weight for weight, column in parts if column is None)
    short = node.quota - sure
    if short <= 0:
        return
    if own is None:
        model.program.at_most(terms, -float(short))
    else:
        model.program.at_most([*terms, (own, float(short))], 0.0)
    # A part without which the quota is out of reach is needed by itself: a tighter row than the sum.
    for weight, column in parts:
        if column is not None and node.total - weight < node.quota:
            model.program.at_most(
                [(column, -1.0), *([] if own is None else [(own, 1.0)])], -1.0 if own is None else 0.0
            )


def _parts(model: DealProgram, node: Threshold) -> Iterator[tuple[int, int | None]]:
    """Yield weight and column of each part; the column is ``None`` for a voter who is certain."""
    for weight, part in node.parts:
        if isinstance(part, Voter):
            yield weight * part.seats, model.yes.get(part.index)
        else:
            column = model.program.column(0.0, 1.0, integer=True)
            _threshold(model, part, column)
            yield weight, column
