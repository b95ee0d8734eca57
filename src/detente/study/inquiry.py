"""Which input matters, whom should one ask, and what would flip an answer? One study over all lenses of a case.

Nothing is said of what does not stand out from chance, and nothing of an outcome that never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple, Unpack

import numpy as np
from scipy.sparse.csgraph import connected_components

from detente.case import Case
from detente.case.text import sources_of
from detente.case.words import assertions, input_name
from detente.errors import OptionError, offering
from detente.lenses.summary import Array
from detente.study import estimates
from detente.study.chapter import Study
from detente.study.estimates import Basis, Told, by_beta, closed, news, planned, reported
from detente.study.flips import flip
from detente.study.records import Asking, InputShare, Kind, Outcome, Planned, Share
from detente.study.sampled import Asked, Sampled, drawn, uniforms

FEWEST_DRAWS = 200
KINDS: tuple[Kind, ...] = ("actor", "issue", "source")
WORTH_TELLING = 0.01
"""Of an outcome's variance: what tells less is not named."""
EXACT_ROWS = 2_048
REST = "all else"


class Question(NamedTuple):
    """Something that one can ask: an actor, an issue or a source, by its id and its name."""

    kind: Kind
    ask: str
    told: str


class Terms(NamedTuple):
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
    reliability: float = 0.5,
    exact: bool = False,
    flips: int | None = None,
    at: float | None = None,
    margins: int | None = None,
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
        margins: of how many answers that never change, if all asked first are such; of every one if ``None``.
        asked: draws, seed, lens and the like, by the names of `detente.study.sampled.Asked`.

    Raises:
        OptionError: nothing is in doubt, too few draws, no such outcome, cost or reliability.
        MissingPartError: the case states nothing that a lens reads.
    """
    stated = costs_of(case, costs)
    if not 0 < reliability <= 1:
        raise OptionError(f"a reliability of {reliability:g} is none; give a share above 0 and up to 1")
    if at is not None and not np.isfinite(at):
        raise OptionError(f"{at} is no value of a scale; give a number")
    made = drawn(case, margins=margins, fewest=FEWEST_DRAWS, **asked)
    terms = Terms(kinds, stated, budget, reliability, exact, made.seed)
    told, none, left = list[Outcome](), list[str](), np.inf if flips is None else flips
    for one in made.each([one for one in made.lenses if one.labels]):
        for label, rows in _free(one, terms).items():
            more = flip(one, label, at) if left > 0 else None
            none += [label] if left > 0 and more is None and one.told[label].kind == "share" else []
            left -= more is not None
            told.append(one.outcome(label, **rows, **(more or {})))
    untold = 0 if asked.get("outcome") else sum(len(one.told) - len(one.labels) for one in made.lenses)
    return made.study(told, reliability=reliability, no_margin=tuple(none), untold=untold)


def _free(one: Sampled, terms: Terms) -> dict[str, dict[str, Any]]:
    """Return what the draws of one lens tell of its outcomes: label → rows; none of one that never changes."""
    found: dict[str, dict[str, Any]] = {label: {} for label in one.labels}
    if not (moving := [label for label in one.labels if not one.steady(label)]):
        return found
    y = np.stack([one.outcomes[label] for label in moving])
    basis, single = Basis(one.u, y), estimates.shares(one.u, y)
    play, asked = basis.joint_play(), _asking(one, moving, y, basis, terms)
    for k, label in enumerate(moving):
        inputs = list[InputShare]()
        for i in np.argsort(-single.share[k], kind="stable"):
            if single.matters[k, i]:
                low, *_, high = np.clip(single.means[k, i], y[k].min(), y[k].max()).tolist()
                known = {"share": float(single.share[k, i]), "error": float(single.error[k, i])}
                path, told = one.paths[i], input_name(one.case, one.paths[i])
                inputs.append(InputShare(input=path, told=told, low=low, high=high, **known))
        sums = {"enough": basis.enough} if play is None else {"joint_play": float(play[k])}
        found[label] = {**sums, "inputs": tuple(inputs), **asked[k]}
    return found


# --- whom to ask ----------------------------------------------------------------------------------


def of_case(case: Case, paths: Sequence[str], kinds: Sequence[Kind] = KINDS) -> dict[Question, list[int]]:
    """Return what one can ask about some inputs → places of those that one would then know."""
    found = defaultdict[Question, dict[int, None]](dict)
    cited = {one.path: sources_of(one.because) for one in (assertions(case) if "source" in kinds else ())}
    for place, path in enumerate(paths):
        steps = path.partition("#")[0].split(".")
        for step in steps:
            if "actor" in kinds and step in case.actors:
                found[Question("actor", step, case.actors[step].name)][place] = None
            if "issue" in kinds and step in case.issues:
                found[Question("issue", step, case.issues[step].name)][place] = None
        for at in accumulate(steps, "{}.{}".format):
            for source in cited.get(at, ()):
                found[Question("source", source, case.sources[source].title)][place] = None
    return {question: list(places) for question, places in found.items()}


def costs_of(case: Case, given: Mapping[str, float] | None) -> dict[str, float]:
    """Return what asking costs: as the case states it under ``ask``, or as it is given.

    Raises:
        OptionError: a cost that is not above 0, or of what the case does not have; with all of them.
    """
    known, given = {*case.actors, *case.issues, *case.sources}, given or {}
    wrong = [f"{name} costs {cost:g}: a cost lies above 0" for name, cost in given.items() if not cost > 0]
    what = "nothing that one can ask is called"
    wrong += [offering(f"{what} {name!r}", name, known) for name in given if name not in known]
    if wrong:
        raise OptionError("; ".join(wrong))
    return {name: one.cost for name, one in case.ask.items()} | dict(given)


def _asking(
    one: Sampled, labels: Sequence[str], y: Array, basis: Basis, terms: Terms
) -> list[dict[str, Any]]:
    """Return, per outcome of ``y``, (labels, draws), what asking would do, most per cost first, and a plan."""
    each, mean = reported(one.u, y, terms.reliability), y.mean(axis=1, keepdims=True)
    rows = min(EXACT_ROWS, len(one.u))
    b = uniforms(one.parts, terms.seed, rows, rows) if terms.exact else None
    yb = {} if b is None else one.again(b, labels)
    asked = of_case(one.case, one.paths, terms.kinds)
    found: list[list[Asking]] = [[] for _ in labels]
    for question, places in asked.items():
        share = least = basis.share(places)
        errors: list[float | None] = [None] * len(labels)
        if b is not None:
            after = one.again(one.knowing(b, places), labels)
            runs = [closed(one.outcomes[of][: len(b)], yb[of], after[of]) for of in labels]
            share, errors = np.clip([of.share for of in runs], 0.0, 1.0), [of.error for of in runs]
        if not len(which := np.flatnonzero(share >= WORTH_TELLING)):
            continue
        now, middle, told = y[which], mean[which], basis.fit(places, which)
        for row in np.flatnonzero(share[which] > least[which]).tolist():
            told[row] = by_beta(now[row], share[which[row]])
        share = share[which]
        known = news(now, told, share)
        heard = np.minimum(share, each[which][:, places].sum(axis=1))
        reached = middle + (told - middle) * np.sqrt(heard / share)[:, None]
        right = np.minimum(news(now, reached, heard)["right_after"], known["right_after"])
        known |= {"reported": heard, "right_reported": right}
        for row, k in enumerate(which.tolist()):
            numbers: dict[str, Any] = {name: float(of[row]) for name, of in known.items()}
            cost = terms.costs.get(question.ask, 1.0)
            found[k].append(Asking(**question._asdict(), cost=cost, error=errors[k], **numbers))
    actors = {of.ask: places for of, places in asked.items() if of.kind == "actor"}
    order = [sorted(rows, key=lambda row: (-row.share / row.cost, row.kind, row.told)) for rows in found]
    plans = [_plan(one.case, partial(basis.share, of=k), actors, terms) for k in range(len(labels))]
    return [{"asking": tuple(rows), "plan": tuple(plan)} for rows, plan in zip(order, plans, strict=True)]


def _plan(case: Case, share: Told, actors: Mapping[str, Sequence[int]], terms: Terms) -> Iterator[Planned]:
    """Yield whom to ask first, and then whom."""
    spent = 0.0
    for ask, reached in planned(share, actors, terms.costs, terms.budget, WORTH_TELLING):
        spent += terms.costs.get(ask, 1.0)
        yield Planned(ask=ask, told=case.actors[ask].name, reached=reached, spent=spent)


# --- whose doubt it is ----------------------------------------------------------------------------


def apart(one: Sampled, groups: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Return groups that are independent and hold every input once; what is in none is `REST`.

    Groups that share an input or a correlation become one, called by all their names.
    """
    tied = one.root() != 0
    for places in groups.values():
        tied[places[0], list(places)] = True
    _, owner = connected_components(tied, directed=False)
    named, found = dict[int, list[str]](), dict[str, list[int]]()
    for name, places in groups.items():
        named.setdefault(owner[places[0]], []).append(name)
    for k, of in enumerate(owner):
        found.setdefault(" and ".join(named.get(of, [REST])), []).append(k)
    return found


def shares(case: Case, *, rows: int = EXACT_ROWS, kind: Kind = "actor", **asked: Unpack[Asked]) -> Study:
    """Divide the doubt of each lens's first headline, of one outcome, or of all, among actors, issues or sources.

    There is one run of so many rows per group and outcome; for what is asked and refused see `drawn`.
    """
    made, found = drawn(case, **asked | {"draws": rows}), list[Outcome]()
    for one in made.each(made.lenses):
        moving = [label for label in one.labels if not one.steady(label)]
        can, b = of_case(case, one.paths, (kind,)), uniforms(one.parts, made.seed, rows, rows)
        groups = apart(one, {of.told: places for of, places in can.items()})
        for label in moving if asked.get("every") else moving[:1]:
            parts = estimates.adding_up(partial(_alone, one, label), one.u, b, [*groups.values()], made.seed)
            whole = sum(part.share for part in parts) or 1.0
            named = sorted(zip(parts, groups, strict=True), key=lambda pair: (-pair[0].share, pair[1]))
            divided = (Share(told=n, share=of.share / whole, error=of.error / whole) for of, n in named)
            found.append(one.outcome(label, shares=tuple(divided)))
    return made.study(found)


def _alone(one: Sampled, label: str, u: Array) -> Array:
    return one.again(u, (label,))[label]
