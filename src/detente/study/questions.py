"""What can one ask, what would that do, whom should one ask first, and whose doubt is it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, Unpack

import numpy as np
from scipy.sparse.csgraph import connected_components

from detente.case import Case
from detente.case.text import sources_of
from detente.case.words import assertions
from detente.errors import OptionError, did_you_mean
from detente.lenses.summary import Array
from detente.study.chapter import Study
from detente.study.records import Asking, Kind, Outcome, Planned, Share
from detente.study.sampled import Asked, Sampled, drawn
from detente.study.sensitivity.group import Basis
from detente.study.sensitivity.news import by_beta, forward, news, reported, within
from detente.study.sensitivity.runs import Estimate, adding_up, closed

KINDS: tuple[Kind, ...] = ("actor", "issue", "source")
WORTH_TELLING = 0.01
"""Of an outcome's variance: what tells less is not named."""
PLANNED = 5
"""Questions of a plan."""
EXACT_ROWS = 2_048
REST = "all else"


class Question(NamedTuple):
    """Something that one can ask: an actor, an issue or a source, by its id and its name."""

    kind: Kind
    ask: str
    told: str


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms one asks; see `detente.study.inquiry.inquire`."""

    kinds: Sequence[Kind]
    costs: Mapping[str, float]
    budget: float | None
    reliability: float
    exact: bool
    seed: int


def of_case(case: Case, paths: Sequence[str], kinds: Sequence[Kind] = KINDS) -> dict[Question, list[int]]:
    """Return what one can ask about some inputs → places of those that one would then know."""
    found: dict[Question, list[int]] = {}
    for place, path in enumerate(paths):
        for step in dict.fromkeys(path.partition("#")[0].split(".")):
            if "actor" in kinds and step in case.actors:
                found.setdefault(Question("actor", step, case.actors[step].name), []).append(place)
            if "issue" in kinds and step in case.issues:
                found.setdefault(Question("issue", step, case.issues[step].name), []).append(place)
    for one in assertions(case) if "source" in kinds else ():
        under = [k for k, path in enumerate(paths) if path == one.path or path.startswith(f"{one.path}.")]
        for source in sources_of(one.because) if under else ():
            known = found.setdefault(Question("source", source, case.sources[source].title), [])
            known += [place for place in under if place not in known]
    return found


def costs_of(case: Case, given: Mapping[str, float] | None) -> dict[str, float]:
    """Return what asking costs: as the case states it under ``ask``, or as it is given.

    Raises:
        OptionError: a cost that is not above 0, or of what the case does not have; with all of them.
    """
    known, given = {*case.actors, *case.issues, *case.sources}, given or {}
    wrong = [f"{name} costs {cost:g}: a cost lies above 0" for name, cost in given.items() if not cost > 0]
    wrong += [
        f"nothing that one can ask is called {name!r}; {did_you_mean(name, known)}"
        for name in given
        if name not in known
    ]
    if wrong:
        raise OptionError("; ".join(wrong))
    return {**{name: one.cost for name, one in case.ask.items()}, **given}


def asking(one: Sampled, labels: Sequence[str], y: Array, basis: Basis, terms: Terms) -> list[dict[str, Any]]:
    """Return, of every outcome, what asking would do, the most per cost first, and a plan.

    None is always the same; ``y`` are the outcomes, shape (labels, draws), and the basis is theirs.
    """
    each, mean = reported(one.u, y, terms.reliability), y.mean(axis=1, keepdims=True)
    b = one.rows_after(min(EXACT_ROWS, len(one.u)), terms.seed) if terms.exact else None
    yb = {} if b is None else one.again(b, labels)
    asked = of_case(one.case, one.paths, terms.kinds)
    found: list[list[Asking]] = [[] for _ in labels]
    for (kind, ask, name), places in asked.items():
        if b is None and float(basis.share(places).max()) < WORTH_TELLING:
            continue
        share, told = basis.fit(places)
        errors: list[float | None] = [None] * len(labels)
        if b is not None:
            made = _exact(one, labels, places, b, yb)
            least, share = share, np.clip([of.share for of in made], 0.0, 1.0)
            told = np.stack([by_beta(y[k], s) if s > least[k] else told[k] for k, s in enumerate(share)])
            errors = [of.error for of in made]
        after = news(y, told, share)
        heard = np.minimum(share, each[:, places].sum(axis=1))
        kept = np.sqrt(heard / np.where(share > 0, share, 1.0))[:, None]
        report = news(y, mean + (told - mean) * kept, heard)
        right = np.minimum(report["right_after"], after["right_after"])
        for k in np.flatnonzero(share >= WORTH_TELLING).tolist():
            known: dict[str, Any] = {name: float(of[k]) for name, of in after.items()}
            known |= {"reported": float(heard[k]), "right_reported": float(right[k]), "error": errors[k]}
            cost = terms.costs.get(ask, 1.0)
            found[k].append(Asking(kind=kind, ask=ask, told=name, cost=cost, **known))
    actors = {of.ask: places for of, places in asked.items() if of.kind == "actor"}
    return [
        {
            "asking": tuple(sorted(rows, key=lambda row: (-row.share / row.cost, row.kind, row.told))),
            "plan": tuple(_plan(one.case, partial(basis.share, of=k), actors, terms)) if actors else (),
        }
        for k, rows in enumerate(found)
    ]


def _exact(
    one: Sampled, labels: Sequence[str], places: Sequence[int], b: Array, yb: Mapping[str, Array]
) -> list[Estimate]:
    """Return the share of the variance of outcomes that goes once a group is known, from a run of as many rows.

    Inputs correlated with the group's are taken along. Rows B have shape (rows, inputs), ``yb`` their outcomes.
    """
    rows = len(b)
    mixed, whole = one.u[:rows].copy(), one.root()[list(places)].any(axis=0)
    mixed[:, whole] = b[:, whole]
    found = one.again(mixed, labels)
    return [closed(one.outcomes[label][:rows], yb[label], found[label]) for label in labels]


def _plan(case: Case, share: Any, actors: Mapping[str, Sequence[int]], terms: Terms) -> list[Planned]:
    """Return whom to ask first, and then whom."""
    if terms.budget is None:
        made = forward(share, actors, terms.costs, PLANNED, WORTH_TELLING)
    else:
        made = within(terms.budget, share, actors, terms.costs)
    before, spent, kept = 0.0, 0.0, list[Planned]()
    for ask, reached in made:
        if reached - before < WORTH_TELLING:
            break
        before, spent = reached, spent + terms.costs.get(ask, 1.0)
        kept.append(Planned(ask=ask, told=case.actors[ask].name, reached=reached, spent=spent))
    return kept


def apart(one: Sampled, groups: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Return groups that are independent and hold every input once; what is in none is `REST`.

    Groups that share an input or a correlation become one, called by all their names.
    """
    tied = one.root() != 0
    for places in groups.values():
        tied[places[0], list(places)] = True
    _, owner = connected_components(tied, directed=False)
    named: dict[int, list[str]] = {}
    for name, places in groups.items():
        named.setdefault(owner[places[0]], []).append(name)
    found: dict[str, list[int]] = {}
    for k, of in enumerate(owner):
        found.setdefault(" and ".join(named.get(of, [REST])), []).append(k)
    return found


def shares(case: Case, *, rows: int = EXACT_ROWS, kind: Kind = "actor", **asked: Unpack[Asked]) -> Study:
    """Divide the doubt of each lens's first headline, or of one outcome, among actors, issues or sources.

    There is one run of so many rows per group; what else is asked is told in `detente.study.sampled.Asked`, and
    what is refused in `drawn` there.
    """
    asked["draws"] = rows
    made, found = drawn(case, **asked), list[Outcome]()
    for one in made.each(made.lenses):
        for label in [label for label in one.labels if not one.steady(label)][:1]:
            can = of_case(case, one.paths, (kind,))
            groups = apart(one, {of.told: places for of, places in can.items()})
            b = one.rows_after(len(one.u), made.seed)
            of = adding_up(partial(one.alone, label), one.u, b, list(groups.values()), made.seed)
            whole = sum(estimate.share for estimate in of) or 1.0
            divided = [
                Share(told=name, share=part.share / whole, error=part.error / whole)
                for name, part in zip(groups, of, strict=True)
            ]
            ordered = sorted(divided, key=lambda row: (-row.share, row.told))
            found.append(one.outcome(label, shares=tuple(ordered)))
    return made.study(found)
