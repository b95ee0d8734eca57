"""Which input matters, whom should one ask, and what would flip an answer? One study over all lenses of a case.

Everything but the flips comes from draws that are made anyway. Nothing is said of what does not stand out from
chance, and nothing of an outcome that never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from detente.case import Case
from detente.case.words import assertions, input_name
from detente.errors import MissingPartError, OptionError, did_you_mean
from detente.lenses import available, lens
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, checked_draws
from detente.lenses.outcomes import OutcomeWords, View
from detente.lenses.summary import Array
from detente.study.inquiry_records import Asking, FlipRecord, InputShare, Kind, Move, Planned, Study
from detente.study.sensitivity.flip import joint, single
from detente.study.sensitivity.group import Basis
from detente.study.sensitivity.news import Reports, forward, news, within
from detente.study.sensitivity.single import order_of, shares

KINDS: tuple[Kind, ...] = ("actor", "issue", "source")
HALF = 0.5
"""Reliability of a report that is told beside full knowledge."""
WORTH_TELLING = 0.01
"""Of an outcome's variance: what tells less is not named."""
FEWEST_DRAWS = 200
PLANNED = 5
"""Questions of a plan."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """One lens's draws.

    Attributes:
        lens: its name.
        view: of the case.
        u: the uniforms from which its inputs were drawn, shape (draws, inputs in doubt).
        outcomes: label → shape (draws,).
        told: label → words.
    """

    lens: str
    view: View
    u: Array
    outcomes: Mapping[str, Array]
    told: Mapping[str, OutcomeWords]


def study(
    case: Case,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    lens_name: str | None = None,
    outcome: str | None = None,
    kinds: Sequence[Kind] = KINDS,
    costs: Mapping[str, float] | None = None,
    budget: float | None = None,
    flips: bool = True,
) -> Study:
    """Study the outcomes of a case that people are told of.

    Args:
        case: the case.
        draws: of everything in doubt.
        seed: of the draws.
        lens_name: only this lens; all whose part the case states when ``None``.
        outcome: only this outcome, by its label.
        kinds: what one can ask: actors, issues, sources.
        costs: id of an actor, issue or source → cost of asking; 1 where left out.
        budget: most that a plan may cost.
        flips: whether flips are sought, which takes further runs.

    Raises:
        OptionError: nothing is in doubt, too few draws, an unknown outcome, or a cost that is not above 0.
        MissingPartError: the case states nothing that a lens reads.
    """
    wrong = [f"{name} costs {cost:g}" for name, cost in (costs or {}).items() if not cost > 0]
    if wrong:
        raise OptionError(f"{'; '.join(wrong)}: a cost lies above 0")
    if draws < FEWEST_DRAWS:
        raise OptionError(
            f"{draws} draws are too few to tell anything from chance; ask for {FEWEST_DRAWS} or more"
        )
    sampled = list(_sampled(case, draws, seed, lens_name))
    if not sampled:
        raise OptionError("nothing that a lens reads is in doubt, so nothing can be found out; write 40 ± 10")
    known = {name: one for one in sampled for name in one.told}
    if outcome is not None and outcome not in known:
        raise OptionError(f"no lens has an outcome {outcome!r}; {did_you_mean(outcome, known)}")
    inputs: list[InputShare] = []
    asking: list[Asking] = []
    plan: list[Planned] = []
    found_flips: list[FlipRecord] = []
    moves: list[Move] = []
    play: dict[str, float] = {}
    steady: list[str] = []
    for one in sampled:
        wanted = [name for name in one.told if outcome in (None, name)]
        order, basis, reports = order_of(one.u), Basis(one.u), Reports(one.u)
        asked = _groups(case, one.view.table.uncertain, kinds)
        for name in wanted:
            y = one.outcomes[name]
            if float(y.min()) == float(y.max()):
                steady.append(name)
            else:
                inputs += _inputs(case, one, name, order, y)
                asking += _asking(case, one, name, basis, reports, asked, costs or {})
                plan += _plan(case, name, y, basis, asked, costs or {}, budget)
                play[name] = basis.joint_play(y)
            if flips:
                found = _flip(case, one, name, y)
                if found is not None:
                    found_flips.append(found[0])
                    moves += found[1]
    return Study(
        title=case.title,
        fingerprint=case.fingerprint,
        draws=draws,
        seed=seed,
        inputs=tuple(inputs),
        asking=tuple(asking),
        plan=tuple(plan),
        flips=tuple(found_flips),
        moves=tuple(moves),
        joint_play=play,
        steady=tuple(steady),
    )


def _sampled(case: Case, draws: int, seed: int, name: str | None) -> Iterator[Sampled]:
    """Yield the draws of every lens that reads something in doubt."""
    asked = [one for one in available() if lens(one).reads(case)] if name is None else [name]
    if not asked:
        raise MissingPartError("the case states nothing that a lens reads")
    for one in asked:
        view = lens(one).view(case)
        if view.table.is_exact:
            continue
        count = checked_draws(draws, exact=False)
        outcomes = lens(one).simulate(case, draws=count, seed=seed).outcomes()
        told = {label: of for label, of in view.told().items() if label in outcomes}
        yield Sampled(one, view, view.table.uniforms(seed, 0, count), outcomes, told)


Groups = dict[tuple[Kind, str], list[int]]


def _groups(case: Case, paths: Sequence[str], kinds: Sequence[Kind]) -> Groups:
    """Return what one can ask → places of the inputs that one would then know."""
    parts: dict[Kind, Mapping[str, object]] = {"actor": case.actors, "issue": case.issues}
    found: Groups = {}
    for place, path in enumerate(paths):
        steps = path.partition("#")[0].split(".")
        for kind, entries in parts.items():
            for step in dict.fromkeys(steps):
                if kind in kinds and step in entries:
                    found.setdefault((kind, step), []).append(place)
    if "source" in kinds:
        for one in assertions(case):
            under = [k for k, path in enumerate(paths) if path == one.path or path.startswith(f"{one.path}.")]
            for source in one.because:
                known = found.setdefault(("source", source), [])
                known += [place for place in under if place not in known]
    return {group: places for group, places in found.items() if places}


def _called(case: Case, kind: Kind, name: str) -> str:
    if kind == "source":
        return case.sources[name].title
    return case.actors[name].name if kind == "actor" else case.issues[name].name


def _inputs(case: Case, one: Sampled, name: str, order: NDArray[np.intp], y: Array) -> list[InputShare]:
    """Return the inputs that matter for an outcome, the most first."""
    found = shares(order, y)
    chosen = [i for i in np.argsort(-found.share, kind="stable") if found.matters[i]]
    paths = one.view.table.uncertain
    return [
        InputShare(
            lens=one.lens,
            outcome=name,
            subject=one.told[name].subject,
            input=paths[i],
            told=input_name(case, paths[i]),
            share=float(found.share[i]),
            error=float(found.error[i]),
            low=float(found.means[i, 0]),
            high=float(found.means[i, -1]),
        )
        for i in chosen
    ]


def _asking(
    case: Case,
    one: Sampled,
    name: str,
    basis: Basis,
    reports: Reports,
    asked: Groups,
    costs: Mapping[str, float],
) -> list[Asking]:
    """Return what asking would do for an outcome, the most per cost first."""
    y = one.outcomes[name]
    halves, found = reports.shares(y, HALF), []
    for (kind, ask), places in asked.items():
        fit = basis.fit(places, y)
        if fit.share < WORTH_TELLING:
            continue
        after = news(y, fit.told, fit.share)
        found.append(
            Asking(
                lens=one.lens,
                outcome=name,
                subject=one.told[name].subject,
                kind=kind,
                ask=ask,
                told=_called(case, kind, ask),
                half=min(fit.share, float(halves[places].sum())),
                cost=costs.get(ask, 1.0),
                **after._asdict(),
            )
        )
    return sorted(found, key=lambda row: -row.share / row.cost)


def _plan(
    case: Case,
    name: str,
    y: Array,
    basis: Basis,
    asked: Groups,
    costs: Mapping[str, float],
    budget: float | None,
) -> list[Planned]:
    """Return whom to ask first, and then whom."""
    actors = {ask: places for (kind, ask), places in asked.items() if kind == "actor"}
    if not actors:
        return []
    made = forward(basis, y, actors, costs, PLANNED)
    made = made if budget is None else within(budget, made, costs)
    before, kept = 0.0, []
    for ask, reached in made:
        if reached - before < WORTH_TELLING:
            break
        before = reached
        kept.append((ask, reached))
    return [
        Planned(outcome=name, place=number, ask=ask, told=_called(case, "actor", ask), reached=reached)
        for number, (ask, reached) in enumerate(kept, start=1)
    ]


def _flip(case: Case, one: Sampled, name: str, y: Array) -> tuple[FlipRecord, list[Move]] | None:
    """Return the smallest change that flips an answer; ``None`` for an outcome that has no margin."""
    measure = getattr(one.view, "margins", None)
    if one.told[name].kind != "share" or measure is None:
        return None
    table = one.view.table
    count = len(table.uncertain)

    def margin(z: Array) -> Array:
        found: Array = measure(table.at(ndtr(z)), (name,))[name]
        return found

    answer = float(margin(np.zeros((1, count)))[0]) > 0
    flipped = (y > HALF) != answer
    starts = None
    if flipped.any():
        starts = ndtri(np.clip(one.u[flipped], 1e-9, 1 - 1e-9)).mean(axis=0)[None]
    best = joint(margin, count, starts)
    record = FlipRecord(
        lens=one.lens,
        outcome=name,
        subject=one.told[name].subject,
        answer=answer,
        length=None if best is None else best.length,
        chance=None if best is None else float(ndtr(-best.length)),
        share=float(flipped.mean()),
    )
    moves = (
        [] if best is None else _moves(case, table.uncertain, name, table.at, best.scores, best.named, False)
    )
    alone = single(margin, count)
    order = [int(i) for i in np.argsort(np.abs(alone), kind="stable") if not np.isnan(alone[i])]
    moves += _moves(case, table.uncertain, name, table.at, alone, order, True)
    return record, moves


def _moves(
    case: Case,
    paths: Sequence[str],
    name: str,
    at: Callable[[Array], Array],
    scores: Array,
    chosen: Sequence[int],
    alone: bool,
) -> list[Move]:
    """Return moves in the inputs' own numbers."""
    count = len(paths)
    found = []
    columns = _columns(at, count)
    for place in chosen:
        u = np.full((2, count), 0.5)
        u[1, place] = ndtr(scores[place])
        start, end = at(u)[:, columns[place]]
        found.append(
            Move(
                outcome=name,
                input=paths[place],
                told=input_name(case, paths[place]),
                start=float(start),
                end=float(end),
                score=float(scores[place]),
                alone=alone,
            )
        )
    return found


def _columns(at: Callable[[Array], Array], count: int) -> list[int]:
    """Return in which column of the table each input in doubt stands."""
    middle = at(np.full((1, count), 0.5))[0]
    moved = at(0.5 + 0.4 * np.eye(count))
    return [int(np.argmax(np.abs(moved[k] - middle))) for k in range(count)]
