"""Which input matters, whom should one ask, and what would flip an answer? One study over all lenses of a case.

Everything but the flips, and what is asked for exactly, comes from draws alone. Nothing is said of what does not
stand out from chance, and nothing of an outcome that never changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Unpack

import numpy as np

from detente.case import Case
from detente.case.words import input_name
from detente.errors import OptionError
from detente.lenses.summary import Array
from detente.study.chapter import Study
from detente.study.flips import flip
from detente.study.inquiry_records import Asking, InputShare, Kind, Planned, Studied
from detente.study.questions import KINDS, Questions, costs_of, of_case
from detente.study.sampled import Asked, Sampled, drawn
from detente.study.sensitivity.group import Basis
from detente.study.sensitivity.news import by_beta, forward, news, reported, within
from detente.study.sensitivity.single import order_of, shares
from detente.study.sharing import exact_shares

HALF = 0.5
"""Reliability of a report that is told beside full knowledge."""
WORTH_TELLING = 0.01
"""Of an outcome's variance: what tells less is not named."""
FEWEST_DRAWS = 200
PLANNED = 5
"""Questions of a plan."""
EXACT_ROWS = 2_048
NO_RECORD = "no record tells yet how often such answers were right"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms one asks; see `inquire`."""

    kinds: Sequence[Kind]
    costs: Mapping[str, float]
    budget: float | None
    reliability: float
    exact: bool
    seed: int


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
    made = drawn(case, margins=margins, fewest=FEWEST_DRAWS, **asked)
    terms = Terms(kinds, stated, budget, reliability, exact, made.seed)
    told: dict[str, Any] = {name: [] for name in ("outcomes", "inputs", "asking", "plan", "flips", "moves")}
    none: list[str] = []
    for one, labels in made.each([lens for lens in made.lenses if lens[1]]):
        for name, rows in free(one, labels, terms).items():
            told[name] += rows
        for label in labels:
            if flips is not None and len(told["flips"]) >= flips:
                break
            if (flipped := flip(one, label, at)) is not None:
                told["flips"].append(flipped[0])
                told["moves"] += flipped[1]
            elif one.told[label].kind == "share":
                none.append(label)
    known, studied = (
        sum(map(len, of)) for of in zip(*((one.told, some) for one, some in made.lenses), strict=True)
    )
    return Study(
        **made.stamp,
        reliability=reliability,
        **told,
        no_margin=tuple(none),
        untold=0 if asked.get("outcome") else known - studied,
    )


def free(one: Sampled, labels: Sequence[str], terms: Terms) -> dict[str, list[Any]]:
    """Return what the draws of one lens tell of some outcomes: records by the names that they have in a study."""
    y = np.stack([one.outcomes[label] for label in labels])
    moving = [k for k, label in enumerate(labels) if not one.steady(label)]
    if not moving:
        return {"outcomes": [_studied(one, label, None) for label in labels]}
    told, moved = [labels[k] for k in moving], y[moving]
    basis = Basis(one.u, moved)
    play = dict(zip(told, basis.joint_play().tolist(), strict=True))
    asked = of_case(one.case, one.paths, terms.kinds)
    return {
        "outcomes": [_studied(one, label, play.get(label)) for label in labels],
        "inputs": _inputs(one, told, moved),
        "asking": _asking(one, told, moved, basis, asked, terms),
        "plan": [
            step
            for k, label in enumerate(told)
            for step in _plan(one, label, partial(basis.share, of=k), asked, terms)
        ],
    }


def _studied(one: Sampled, label: str, play: float | None) -> Studied:
    of, y = one.told[label], one.outcomes[label]
    spread = float(y.std())
    return Studied(
        **one.about(label),
        by=of.by,
        share=of.kind == "share",
        yes=of.yes,
        mean=float(y.mean()),
        error=spread / float(np.sqrt(len(y))),
        spread=spread,
        joint_play=play,
        record=(one.parts[0].lens.past if of.issue and of.kind == "position" else "") or NO_RECORD,
    )


def _inputs(one: Sampled, labels: Sequence[str], y: Array) -> list[InputShare]:
    """Return the inputs that matter for each outcome, the most first."""
    found = shares(order_of(one.u), y)
    return [
        InputShare(
            **one.about(label),
            input=one.paths[i],
            told=input_name(one.case, one.paths[i]),
            share=float(found.share[k, i]),
            error=float(found.error[k, i]),
            low=float(found.means[k, i, 0]),
            high=float(found.means[k, i, -1]),
        )
        for k, label in enumerate(labels)
        for i in np.argsort(-found.share[k], kind="stable")
        if found.matters[k, i]
    ]


def _asking(
    one: Sampled,
    labels: Sequence[str],
    y: Array,
    basis: Basis,
    asked: Questions,
    terms: Terms,
) -> list[Asking]:
    """Return what asking would do for each outcome, the most per cost first."""
    each, mean = reported(one.u, y, terms.reliability), y.mean(axis=1, keepdims=True)
    b = one.rows_after(min(EXACT_ROWS, len(one.u)), terms.seed) if terms.exact else None
    yb = {} if b is None else one.again(b, labels)
    found = []
    for (kind, ask, name), places in asked.items():
        if b is None and float(basis.share(places).max()) < WORTH_TELLING:
            continue
        share, told = basis.fit(places)
        errors: list[float | None] = [None] * len(labels)
        if b is not None:
            made = exact_shares(one, labels, places, b, yb)
            least, share = share, np.clip([of.share for of in made], 0.0, 1.0)
            told = np.stack([by_beta(y[k], s) if s > least[k] else told[k] for k, s in enumerate(share)])
            errors = [of.error for of in made]
        after = news(y, told, share)
        heard = np.minimum(share, each[:, places].sum(axis=1))
        kept = np.sqrt(heard / np.where(share > 0, share, 1.0))[:, None]
        report = news(y, mean + (told - mean) * kept, heard)
        known: dict[str, Any] = {name: of.tolist() for name, of in after._asdict().items()}
        right = np.minimum(report.right_after, after.right_after)
        found += [
            Asking(
                **one.about(labels[k]),
                kind=kind,
                ask=ask,
                told=name,
                error=errors[k],
                reported=float(heard[k]),
                right_reported=float(right[k]),
                cost=terms.costs.get(ask, 1.0),
                **{name: of[k] for name, of in known.items()},
            )
            for k in np.flatnonzero(share >= WORTH_TELLING).tolist()
        ]
    place = {label: k for k, label in enumerate(labels)}
    return sorted(found, key=lambda row: (place[row.outcome], -row.share / row.cost, row.kind, row.told))


def _plan(one: Sampled, label: str, share: Any, asked: Questions, terms: Terms) -> list[Planned]:
    """Return whom to ask first, and then whom."""
    actors = {of.ask: places for of, places in asked.items() if of.kind == "actor"}
    if not actors:
        return []
    if terms.budget is None:
        made = forward(share, actors, terms.costs, PLANNED, WORTH_TELLING)
    else:
        made = within(terms.budget, share, actors, terms.costs)
    before, spent, kept = 0.0, 0.0, list[Planned]()
    for number, (ask, reached) in enumerate(made, start=1):
        if reached - before < WORTH_TELLING:
            break
        before, spent = reached, spent + terms.costs.get(ask, 1.0)
        told = one.case.actors[ask].name
        kept.append(
            Planned(**one.about(label), place=number, ask=ask, told=told, reached=reached, spent=spent)
        )
    return kept
