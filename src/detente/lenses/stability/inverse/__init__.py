"""What would have to change for a wanted state to hold?

The inverse of the graph model (Kinsara, Kilgour & Hipel 2015): not what holds under given preferences and options,
but which preferences and options a given state needs. For each kind of change the least one that makes a chosen
state an equilibrium by Nash, GMR, SMR or SEQ, and the proof that nothing of that kind is cheaper: the state raised
in the actors' orders, other states put down, the nearest orders, priorities rearranged or a new one on top, other
weights, options taken away or made one-way, states ruled out. In this folder ranks have shape (k, m), the price of
an actor that changes nothing is infinite, and an effort that is left out has no end.

    >>> from detente.catalog import open_case
    >>> from detente.lenses.stability import LENS
    >>> found = what_would_hold(LENS.view(open_case("prisoners-dilemma")), "YY", "nash")
    >>> {lever.kind: lever.cost for lever in found.levers}["moves"]
    2.0
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from detente.errors import OptionError
from detente.lenses.stability.inverse.moves import moves_lever
from detente.lenses.stability.inverse.priorities import reorder_lever, top_lever
from detente.lenses.stability.inverse.question import check
from detente.lenses.stability.inverse.rankings import demote_lever, orders_lever, promote_lever
from detente.lenses.stability.inverse.search import GUARD, WORK, Effort
from detente.lenses.stability.inverse.task import Prices, Task
from detente.lenses.stability.inverse.weights import weights_lever
from detente.lenses.stability.levers import KINDS, Inverse, Kind, Lever
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.solve import judge
from detente.lenses.stability.stable import CONCEPTS
from detente.lenses.stability.view import StabilityView

__all__ = ["KINDS", "Inverse", "inverses", "what_would_hold"]

MOST_STATES = 4_096  # states up to which kinds of change other than a rise of the state are looked at
MOST_AT_ONCE = 256
AT_ONCE: Mapping[Kind, int] = {"promote": 1 << 24, "orders": 12, "weights": 192}
AT_ONCE_BY_SEQ: Mapping[Kind, int] = {"demote": 64}
"""States up to which a kind of change is worked out along with every run of the lens."""
SHORT = 0.016  # share of the usual effort that each kind of change may take then
LATE = "(Here the clock stopped the search; a faster machine may say more.)"
LONGER = "in a game of so many states it takes longer; ask for it with: detente hold"
LEVERS: Mapping[Kind, Callable[[Task], Lever]] = {
    "promote": promote_lever,
    "demote": demote_lever,
    "orders": orders_lever,
    "reorder": reorder_lever,
    "top": top_lever,
    "weights": weights_lever,
    "moves": moves_lever,
}


def what_would_hold(
    view: StabilityView,
    state: str | Sequence[str],
    concept: str,
    costs: Mapping[str, float] | None = None,
    *,
    kinds: Sequence[Kind] = KINDS,
    effort: float = 1.0,
) -> Inverse:
    """Return, for every kind of change, the cheapest by which a state holds, and the proof that it is.

    Args:
        view: the game; every number is taken at its mean.
        state: letters, id, or the options that are taken, as a list or joined by ``+``.
        concept: ``nash``, ``gmr``, ``smr`` or ``seq``.
        costs: path → cost, such as ``remove.court``, ``ban``, ``demote.moscow.YN`` or ``preferences.kyiv``; what
            is left out costs 1, what costs infinitely much is out of the question. See `task.Prices`.
        kinds: of change to look at.
        effort: how much work may go into each kind, 1 for some seconds; what is not settled by then is told with
            the best change found and the bound that is proven. Work is counted, not timed, and the answer is the
            same on every machine; only what takes minutes is stopped by a clock, and then says so.

    Returns:
        One lever per kind.

    Raises:
        OptionError: no such state, concept, kind or path of a cost; preferences that are partly unknown.
    """
    check(concept)
    number = view.states.find(state)
    prices = Prices(view, costs)
    wrong = [kind for kind in kinds if kind not in LEVERS]
    if wrong:
        raise OptionError(f"there is no kind of change {wrong[0]!r}; choose from {', '.join(KINDS)}")
    if view.orders.has_unknown:
        raise OptionError("what would have to change is worked out where every preference is known")
    ranks, large = view.ranks(view.table.means), view.count > MOST_STATES
    task = Task(view, ranks, number, concept, prices, Effort(), large)
    stable = judge(view.conflict, Ordered.of(ranks), [concept])[concept][:, number]
    return Inverse(
        case=view.case.title,
        scenario=view.case.scenario,
        state=view.text(number),
        words=view.words(number),
        concept=concept,
        holds=bool(np.all(stable)),
        against=() if large else task.against(ranks),
        levers=tuple(_worked_out(task, kind, effort) for kind in kinds),
        names={
            **{actor: view.case.actors[actor].name for actor in view.actors},
            **view.states.option_names,
        },
    )


def _worked_out(task: Task, kind: Kind, effort: float) -> Lever:
    if task.large and (kind != "promote" or task.view.space is None):
        return Lever.skipped(kind, f"the game has more than {MOST_STATES:,} states")
    spent = Effort(effort * WORK, GUARD * max(effort, 1.0))
    found = LEVERS[kind](replace(task, effort=spent))
    if not spent.late:
        return found
    return found.model_copy(update={"late": True, "sentence": f"{found.sentence} {LATE}"})


def inverses(view: StabilityView) -> dict[str, Inverse]:
    """Return what would have to change for the state that the case wants to hold, by each concept judged.

    In large games only kinds of change that are found at once are looked at, and the others say so.
    """
    goal = view.states.wanted
    if goal is None or view.orders.has_unknown:
        return {}
    found = {}
    for concept in (concept for concept in view.concepts if concept in CONCEPTS):
        limit = AT_ONCE if concept != "seq" else {**AT_ONCE, **AT_ONCE_BY_SEQ}
        small: list[Kind] = [kind for kind in KINDS if view.count <= limit.get(kind, MOST_AT_ONCE)]
        inverse = what_would_hold(view, view.text(goal), concept, kinds=small, effort=SHORT)
        told = {lever.kind: lever for lever in inverse.levers}
        levers = tuple(told.get(kind) or Lever.skipped(kind, LONGER) for kind in KINDS)
        found[concept] = inverse.model_copy(update={"levers": levers})
    return found
