"""Which input matters, whom should one ask, and what would flip an answer? One study over all lenses of a case.

Everything but the flips, and what is asked for exactly, comes from draws alone. Nothing is said of what does not
stand out from chance, and nothing of an outcome that never changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import numpy as np

from detente.case import Case
from detente.case.words import input_name
from detente.errors import OptionError
from detente.lenses.summary import Array
from detente.study.chapter import Study
from detente.study.flips import flip
from detente.study.questions import KINDS, Terms, asking, costs_of
from detente.study.records import InputShare, Kind, Outcome
from detente.study.sampled import Asked, Known, Sampled, drawn
from detente.study.sensitivity.group import Basis
from detente.study.sensitivity.single import order_of, shares

HALF = 0.5
"""Reliability of a report that is told beside full knowledge."""
FEWEST_DRAWS = 200


def inquire(
    case: Case,
    *,
    kinds: Sequence[Kind] = KINDS,
    costs: Mapping[str, float] | None = None,
    budget: float | None = None,
    reliability: float = HALF,
    exact: bool = False,
    flips: int | None = None,
    at: float | None = None,
    margins: bool = True,
    known: Known | None = None,
    **asked: Unpack[Asked],
) -> Study:
    """Study the outcomes of a case that people are told of: which inputs decide, whom to ask, what flips them.

    Args:
        case: the case.
        kinds: what one can ask: actors, issues, sources.
        costs: id of an actor, issue or source → cost of asking, before what the case states; 1 where left out.
        budget: most that a plan may cost.
        reliability: of what one hears, above 0 up to 1; told beside full knowledge.
        exact: whether further runs find what asking would do, instead of at least how much.
        flips: how many are sought, which takes further runs; all when ``None``.
        at: value that is asked about in a flip of an outcome on a scale: is it above?
        margins: whether what decides an answer that is always the same is sought by its margin.
        known: draws that somebody has made.
        asked: ``draws``, ``seed``, ``lens_name``, ``outcome``, ``every``, ``workers``, ``progress``; see
            `detente.study.sampled.Asked`.

    Raises:
        OptionError: nothing is in doubt, too few draws, an unknown outcome, a cost that is not above 0, a
            reliability outside 0..1.
        MissingPartError: the case states nothing that a lens reads.
    """
    stated = costs_of(case, costs)
    if not 0 < reliability <= 1:
        raise OptionError(f"a reliability of {reliability:g} is none; give a share above 0 and up to 1")
    if at is not None and not np.isfinite(at):
        raise OptionError(f"{at} is no value of a scale; give a number")
    made = drawn(case, margins=margins, fewest=FEWEST_DRAWS, known=known, **asked)
    terms = Terms(kinds, stated, budget, reliability, exact, made.seed)
    told, none, left = list[Outcome](), list[str](), np.inf if flips is None else flips
    for one in made.each([one for one in made.lenses if one.labels]):
        found = free(one, terms)
        for label, rows in found.items():
            more = flip(one, label, at) if left > 0 else None
            left -= more is not None
            none += [label] if left > 0 and more is None and one.told[label].kind == "share" else []
            told.append(one.outcome(label, **rows, **(more or {})))
    untold = 0 if asked.get("outcome") else sum(len(one.told) - len(one.labels) for one in made.lenses)
    return made.study(told, reliability=reliability, no_margin=tuple(none), untold=untold)


def free(one: Sampled, terms: Terms) -> dict[str, dict[str, Any]]:
    """Return what the draws of one lens tell of its outcomes: label → rows; none of one that never changes."""
    found: dict[str, dict[str, Any]] = {label: {} for label in one.labels}
    if not (moving := [label for label in one.labels if not one.steady(label)]):
        return found
    y = np.stack([one.outcomes[label] for label in moving])
    basis = Basis(one.u, y)
    for label, play, inputs, asked in zip(
        moving,
        basis.joint_play().tolist(),
        _inputs(one, y),
        asking(one, moving, y, basis, terms),
        strict=True,
    ):
        found[label] = {"joint_play": play, "inputs": inputs, **asked}
    return found


def _inputs(one: Sampled, y: Array) -> list[tuple[InputShare, ...]]:
    """Return the inputs that matter for each outcome, the most first."""
    found = shares(order_of(one.u), y)
    return [
        tuple(
            InputShare(
                input=one.paths[i],
                told=input_name(one.case, one.paths[i]),
                share=float(found.share[k, i]),
                error=float(found.error[k, i]),
                low=float(found.means[k, i, 0]),
                high=float(found.means[k, i, -1]),
            )
            for i in np.argsort(-found.share[k], kind="stable")
            if found.matters[k, i]
        )
        for k in range(len(y))
    ]
