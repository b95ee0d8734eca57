"""How are the draws of a game made, and become one result with the analysis at the mean preferences?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass
from math import sqrt

import numpy as np

from detente.case import Case
from detente.errors import OptionError
from detente.lenses.draws import Progress, Workers, over_blocks
from detente.lenses.lens import DEFAULT_SEED, RunRecord, checked_draws
from detente.lenses.stability.coalitions import COALITION_CONCEPTS
from detente.lenses.stability.explain import jumps, move_graph, reached, told, why
from detente.lenses.stability.findings import findings
from detente.lenses.stability.horizon import non_myopic
from detente.lenses.stability.inverse import inverses
from detente.lenses.stability.pairs import packed
from detente.lenses.stability.records import FIRM, OFTEN, InScenario, Limit, Reading, Share, Sway
from detente.lenses.stability.relation import VARIANTS, Compared, Relation
from detente.lenses.stability.result import StabilityResult
from detente.lenses.stability.solve import MOST_LABELLED, MOST_TALLIED, STRONG, Held, Tally, equilibria, judge
from detente.lenses.stability.space import Mask
from detente.lenses.stability.stable import CONCEPTS
from detente.lenses.stability.view import StabilityView
from detente.lenses.summary import Array

BLOCK = 256  # draws that are made at a time, by nothing but the number of their block
MOST_LISTED = 20_000  # states of a concept that are listed one by one
MOST_SHARED = 2_000  # states of a concept whose shares are told
MOST_EXPLAINED = 64
MOST_WALKED = 1 << 12  # states up to which ways are looked for
MOST_LED_TO = 64
"""States of a large game to which the ways are told: those that hold by most concepts in most draws."""


def simulate(
    case: Case,
    draws: int,
    seed: int = DEFAULT_SEED,
    workers: Workers = None,
    progress: Progress | None = None,
    *,
    coalitions: bool = True,
) -> StabilitySimulation:
    """Find what holds in every draw of the uncertain weights, for coalitions too; see `StabilityLens.simulate`."""
    view = StabilityView(case, coalitions=coalitions)
    draws = checked_draws(draws, exact=view.table.is_exact)
    if not view.table.is_exact:
        # What is cached is made before the threads.
        equilibria(view.conflict, view.orders, view.table.means[None])

    few = view.count <= MOST_LABELLED

    def block(start: int, count: int) -> tuple[Held, Tally, Array]:
        values = view.table.sample(seed, start, count)
        return *equilibria(view.conflict, view.orders, values), values if few else values[:0]

    found = list(over_blocks(block, draws, workers, progress, size=BLOCK))
    held: Held = {concept: np.concatenate([one[0][concept] for one in found]) for concept in found[0][0]}
    tally: Tally = {concept: np.sum([one[1][concept] for one in found], axis=0) for concept in held}
    return StabilitySimulation(view, held, tally, np.concatenate([one[2] for one in found]), draws, seed)


@dataclass(frozen=True, slots=True)
class StabilitySimulation:
    """All draws of the stability lens on one case."""

    view: StabilityView
    held: Held  # concept → shape (draws, m) of what holds, or (draws,) of how many states do
    tally: (
        Tally  # concept → in how many draws each state holds, shape (m,); empty in games of very many states
    )
    values: (
        Array  # what was drawn, shape (draws, columns of the table), where states are followed draw by draw
    )
    draws: int
    seed: int

    def outcomes(self) -> dict[str, Array]:
        """Return ``<concept>.<state>`` → 1 where it is an equilibrium, shape (draws,)."""
        return self.view.labelled(self.held)

    def result(self) -> StabilityResult:
        """Summarise the draws; witnesses, paths and levers are those of the mean preferences."""
        view, case = self.view, self.view.case
        options, exact = view.options.model_dump(mode="json"), view.table.is_exact
        record = RunRecord.of(
            "stability", case, draws=self.draws, seed=self.seed, exact=exact, options=options
        )
        return summarise(view, self.held, self.tally, self.values, record)


def summarise(
    view: StabilityView, held: Held, tally: Tally, values: Array, record: RunRecord
) -> StabilityResult:
    """Return the result of the draws, with witnesses, paths and levers at the mean preferences."""
    relation, strongly = view.relations(view.table.means)
    central = judge(view.conflict, relation, view.concepts, workers=None)
    everybody = _everybody(central)
    often = _often(tally, everybody, record.draws)
    shares = _shares(view, often, record.draws)
    strong = {} if strongly is None else judge(view.conflict, strongly, view.strong_concepts)
    held_by, firm_by = _reading(view, central, strong), _everybody(strong)
    small, today, leaving = view.count <= MOST_LABELLED, view.status_quo, None
    if today is not None:  # exact in games of any size
        stay = central.get("nash", None)
        stay = judge(view.conflict, relation, ["nash"])["nash"] if stay is None else stay
        leaving = tuple(actor for actor, row in zip(view.actors, stay, strict=True) if not row[today])
    goals = np.flatnonzero(np.any([everybody[c] for c in view.concepts], axis=0)).tolist()
    listed = view.count <= MOST_LISTED
    holding, firm = _numbers(view, often)
    unsettled = readings(view, relation) if isinstance(relation, Compared) else {}
    members = () if view.states.classes is None else view.states.members
    merged = {view.text(s): of for s, of in enumerate(members) if len(of) > 1}
    result = StabilityResult(
        record=record,
        case=view.case,
        findings=(),
        actors=view.actors,
        options=view.names,
        states=view.texts if listed else None,
        state_count=view.count,
        status_quo=None if today is None else view.text(today),
        leaving=leaving,
        concepts=view.concepts,
        **held_by.model_dump(),
        counts={c: int(mask.sum()) for c, mask in everybody.items()},
        shares=shares,
        holding=holding,
        firm=firm,
        words=_words(view, shares, {*merged, *([] if today is None else [view.text(today)])}, unsettled),
        why=tuple(why(view, relation, _explained(view, everybody), goals)) if listed else None,
        reached=()
        if today is None
        else tuple(reached(view, relation, today, goals if small else _led_to(view, shares)))
        if view.count <= MOST_WALKED
        else None,
        jumps=tuple(jumps(view, relation.ranks, today))
        if "cnash" in view.concepts and today is not None
        else None,
        moves=move_graph(view, relation),
        sways=_sways(view, held, values, record),
        limit=_limit(view, relation),
        skipped=view.skipped,
        unknown=unsettled,
        merged=merged,
        wanted=None if view.states.wanted is None else view.text(view.states.wanted),
        inverse=inverses(view),
        weak_equilibria={c: _listed(view, everybody[c] & ~mask) for c, mask in firm_by.items()},
        strong_shares=_shares(
            view, _often({c: tally[STRONG + c] for c in firm_by}, firm_by, record.draws), record.draws
        ),
    )
    reasons = [one.model_copy(update={"sentence": told(result, one)}) for one in result.why or ()]
    result = result.model_copy(update={"why": tuple(reasons) if listed else None})
    return result.model_copy(update={"findings": tuple(findings(result))})


def with_scenarios(result: StabilityResult, scenarios: dict[str, InScenario]) -> StabilityResult:
    """Return the result with what holds in scenarios, and with what there is to say of that."""
    found = result.model_copy(update={"scenarios": scenarios})
    return found.model_copy(update={"findings": tuple(findings(found))})


def shares_of(
    view: StabilityView, tally: Tally, draws: int, told: Container[str]
) -> dict[str, dict[str, float]]:
    """Return concept → state → share of draws in which it holds; by the mean preferences in games too large.

    The tally says in how many draws each state holds; ``told`` are the states that are asked about.
    """
    central = judge(view.conflict, view.relations(view.table.means)[0], view.concepts, workers=None)
    everybody = _everybody(central)
    drawn = _shares(view, _often(tally, everybody, draws), draws)
    shares = {c: {s: one.share for s, one in states.items()} for c, states in drawn.items()}
    if not any(shares.values()):
        shares = {c: dict.fromkeys(_listed(view, mask) or (), 1.0) for c, mask in everybody.items()}
    return {c: {s: share for s, share in states.items() if s in told} for c, states in shares.items()}


def _everybody(held: dict[str, Mask]) -> dict[str, Mask]:
    return {concept: np.asarray(mask.all(axis=0)) for concept, mask in held.items()}


def readings(view: StabilityView, compared: Compared) -> dict[str, Reading]:
    """Return what holds by each of the four readings of unknown preferences."""
    basic = [concept for concept in view.concepts if concept in CONCEPTS]
    found: dict[str, Reading] = {}
    for variant in VARIANTS:
        held = judge(view.conflict, compared.read(variant), basic)
        strong = judge(view.conflict, compared.read(variant, strong=True), view.strong_concepts)
        found[variant] = _reading(view, held, strong)
    return found


def _reading(view: StabilityView, held: dict[str, Mask], strong: dict[str, Mask]) -> Reading:
    return Reading(
        stable=_stable(view, held),
        equilibria={c: _listed(view, mask) for c, mask in _everybody(held).items()},
        strong=_stable(view, strong),
        strong_equilibria={c: _listed(view, mask) for c, mask in _everybody(strong).items()},
    )


def _explained(view: StabilityView, everybody: dict[str, Mask]) -> list[int]:
    """Return the states that are explained; of many those that hold by most concepts, and the status quo."""
    if view.count <= MOST_EXPLAINED:
        return list(range(view.count))
    count = np.sum(list(everybody.values()), axis=0)
    some = sorted(np.flatnonzero(count).tolist(), key=lambda s: (-int(count[s]), view.text(s)))
    today = [] if view.status_quo is None else [view.status_quo]
    return list(dict.fromkeys([*today, *some[: MOST_EXPLAINED // 4]]))


def _often(tally: Tally, everybody: dict[str, Mask], draws: int) -> dict[str, Array | None]:
    """Return concept → share of draws in which each state holds, ``None`` where that is not counted."""
    return {
        c: tally[c] / draws if tally[c].size else mask.astype(np.float64) if draws == 1 else None
        for c, mask in everybody.items()
    }


def _numbers(view: StabilityView, often: dict[str, Array | None]) -> tuple[int | None, int | None]:
    """Return how many states hold at all, and how many in most draws by `FIRM`; ``None`` where not counted."""
    known = {concept: share for concept, share in often.items() if share is not None}
    if len(known) < len(view.concepts):
        return None, None
    firm = [known[concept] >= OFTEN for concept in FIRM if concept in known]
    some = np.any([share > 0 for share in known.values()], axis=0)
    return int(some.sum()), int(np.any(firm, axis=0).sum()) if firm else 0


def _shares(view: StabilityView, often: dict[str, Array | None], draws: int) -> dict[str, dict[str, Share]]:
    """Return the states that hold in some draw, of very many those that hold in most, with their shares."""
    found: dict[str, dict[str, Share]] = {}
    for concept, share in often.items():
        if share is None or (share.size > MOST_TALLIED and int(share.sum()) > MOST_LISTED):
            share = np.zeros(0)
        found[concept] = {
            view.text(s): Share(
                share=float(share[s]), mc_error=sqrt(float(share[s] * (1 - share[s])) / draws)
            )
            for s in _most(share)
        }
    return found


def _most(share: Array) -> list[int]:
    """Return the numbers of the states with a share, ascending; of too many, those with the largest."""
    some = np.flatnonzero(share)
    most = some[np.argsort(-share[some], kind="stable")[:MOST_SHARED]] if some.size > MOST_SHARED else some
    return [int(s) for s in np.sort(most)]


def _words(
    view: StabilityView,
    shares: dict[str, dict[str, Share]],
    named: set[str],
    unsettled: dict[str, Reading],
) -> dict[str, str]:
    named |= {state for states in shares.values() for state in states}
    named |= {state for one in unsettled.values() for of in one.equilibria.values() for state in of or ()}
    return {view.text(s): view.words(s) for s in sorted(map(view.states.number, named))}


def _led_to(view: StabilityView, shares: dict[str, dict[str, Share]]) -> list[int]:
    total = defaultdict[str, float](float)
    for state, one in (item for states in shares.values() for item in states.items()):
        total[state] += one.share
    most = sorted(total, key=total.__getitem__, reverse=True)[:MOST_LED_TO]
    return sorted(map(view.states.number, most))


def _listed(view: StabilityView, mask: Mask) -> tuple[str, ...] | None:
    """Return the states that a mask names; ``None`` of too many."""
    numbers = np.flatnonzero(mask)
    return tuple(view.text(s) for s in numbers.tolist()) if numbers.size <= MOST_LISTED else None


def _stable(view: StabilityView, central: dict[str, Mask]) -> dict[str, dict[str, tuple[str, ...] | None]]:
    found = {}
    for concept, mask in central.items():
        whose = view.actors
        if concept in COALITION_CONCEPTS:
            whose = tuple("+".join(view.actors[i] for i in group) for group in view.reach.coalitions)
        found[concept] = {who: _listed(view, row) for who, row in zip(whose, mask, strict=True)}
    return found


def _sways(view: StabilityView, held: Held, values: Array, record: RunRecord) -> dict[str, Sway]:
    """Return, for every uncertain weight, the state whose share differs most below and above its median."""
    if record.exact or record.draws < 2 or view.count > MOST_LABELLED:
        return {}
    drawn = np.ascontiguousarray(values.T)
    high = {path: drawn[view.table.column(path)] for path in view.table.uncertain}
    high = {path: column > np.median(column) for path, column in high.items()}
    high = {path: above for path, above in high.items() if 0 < above.sum() < above.size}
    if not high:
        return {}
    found = {}
    # In how many draws each state holds where a number is high: bits of words that count 64 draws at once.
    bits = {concept: packed(held[concept].T.astype(np.bool_)) for concept in view.concepts}
    total = {concept: held[concept].sum(axis=0) for concept in view.concepts}
    for path, above in high.items():
        many, side = int(above.sum()), packed(above)
        best = Sway(state=view.text(0), concept=view.concepts[0], below=0.0, above=0.0)
        for concept in view.concepts:
            count = np.bitwise_count(bits[concept] & side).sum(axis=1, dtype=np.int64)
            up, down = count / many, (total[concept] - count) / (record.draws - many)
            s = int(np.argmax(np.abs(up - down)))
            if abs(up[s] - down[s]) > abs(best.above - best.below):
                best = Sway(state=view.text(s), concept=concept, below=float(down[s]), above=float(up[s]))
        found[path] = best
    return dict(sorted(found.items(), key=lambda item: -abs(item[1].above - item[1].below)))


def _limit(view: StabilityView, relation: Relation) -> Limit | None:
    alone = len(view.actors) < 2 or view.states.teams
    if alone or view.orders.has_unknown or view.count > MOST_LISTED:
        return None
    try:
        found = non_myopic(view.graph, relation.ranks)
    except OptionError:  # it goes on and on without coming back
        return None
    states = None if found.stable is None else _listed(view, np.asarray(found.stable.all(axis=0)))
    return Limit(horizon=found.horizon, period=found.period, equilibria=states)
