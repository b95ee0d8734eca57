"""What is the best that one coalition can agree on? A convex piece of the zone, with the weights that prove it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.case.thresholds import Agreed
from detente.lenses.winset.deal import Array, Deal
from detente.lenses.winset.exact.box import SLACK, certified_bound, common_box
from detente.lenses.winset.exact.linear import SECONDS, Answer
from detente.lenses.winset.exact.program import DealProgram, deal_program

Goal = Callable[[DealProgram], None]
"""Adds what is to be minimised to a program."""


@dataclass(frozen=True, eq=False)
class Piece:
    """Part of a zone: what one coalition accepts.

    Attributes:
        deal: one draw; convex if each discrete issue is settled on one level.
        coalition: shape (V,): whose acceptance and red lines hold.
    """

    deal: Deal
    coalition: Agreed

    def within(self, weights: Array) -> float:
        """Return the most margin that weights prove possible, ``inf`` where they say nothing of this coalition."""
        if (weights[~self.coalition] > 0).any():
            return np.inf
        return certified_bound(self.deal, weights, self.coalition)


@dataclass(frozen=True, eq=False)
class Best:
    """The best of a goal over a piece.

    Attributes:
        piece: the piece.
        answer: the solver's answer.
        package: shape (d,), inside the common red lines; ``None`` where nothing was found.
        model: the program, for reading the goal's columns and rows.
    """

    piece: Piece
    answer: Answer
    package: Array | None
    model: DealProgram

    @property
    def weights(self) -> Array | None:
        """Shadow prices of the acceptance rows, shape (V,), brought to the sum 1; ``None`` where all are 0."""
        if self.answer.marginals is None:
            return None
        weights = np.zeros(len(self.piece.coalition))
        for v, row in self.model.accepts.items():
            weights[v] = max(-self.answer.marginals[row], 0.0)
        return weights / weights.sum() if weights.sum() > 0 else None


def solve(piece: Piece, goal: Goal, seconds: float = SECONDS, *, mixed: bool = False) -> Best:
    """Return the best of a goal over a piece.

    Args:
        piece: the piece.
        goal: adds columns, rows and costs.
        seconds: time allowed.
        mixed: let levels of discrete issues be mixed: an optimistic answer, with shadow prices that hold for all.
    """
    deal, coalition = piece.deal, piece.coalition
    model = deal_program(deal, coalition)
    box = common_box(deal, coalition)
    if box is None or (deal.radius[0][coalition] == -np.inf).any():
        return Best(piece, Answer("infeasible", bound=np.inf), None, model)
    for k, low, high in zip(model.package, *box, strict=True):
        model.program.lower[k], model.program.upper[k] = float(low), float(high)
    for levels, choices, low, high in zip(deal.levels, model.choices, *box, strict=True):
        for level, k in zip(() if levels is None else levels, choices or (), strict=False):
            model.program.upper[k] = float(low - SLACK <= level <= high + SLACK)
    goal(model)
    if mixed:
        model.program.integer = [0] * len(model.program.integer)
    answer = model.program.solve(seconds)
    package = model.read(answer)
    return Best(piece, answer, None if package is None else np.clip(package, *box), model)


def most_margin(top: float = np.inf) -> Goal:
    """Return the goal of the largest margin for all who are counted on, at most ``top``."""

    def goal(model: DealProgram) -> None:
        least = model.program.column(-np.inf, top, cost=-1.0)
        for row in model.accepts.values():
            model.program.term(row, least, 1.0)

    return goal


def best_margin(piece: Piece, seconds: float = SECONDS, *, mixed: bool = False) -> Best:
    """Return the package with the largest least margin of a coalition's members.

    Where no member has a stance, any package within the red lines: the goal is then 0.
    """
    has_stance = bool((piece.coalition & (piece.deal.radius[0] < np.inf)).any())
    return solve(piece, most_margin(np.inf if has_stance else 0.0), seconds, mixed=mixed)
