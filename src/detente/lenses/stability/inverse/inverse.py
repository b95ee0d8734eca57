"""What would have to change for a wanted state to hold? Every kind of change, each with the cheapest of its kind.

The inverse of the graph model (Kinsara, Kilgour & Hipel 2015): not what holds under given preferences and options,
but which preferences and options a given state needs. Concepts are Nash, GMR, SMR and SEQ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from detente.errors import OptionError
from detente.lenses.stability.inverse.asked import Asked, skipped
from detente.lenses.stability.inverse.effort import GUARD, WORK, Effort
from detente.lenses.stability.inverse.levers import KINDS, Inverse, Kind, Lever, Undeterred
from detente.lenses.stability.inverse.move_levers import moves_lever
from detente.lenses.stability.inverse.order_levers import (
    demote_lever,
    orders_lever,
    promote_large,
    promote_lever,
)
from detente.lenses.stability.inverse.prices import Prices
from detente.lenses.stability.inverse.question import Question, check
from detente.lenses.stability.inverse.states import state_number, wanted
from detente.lenses.stability.inverse.wish_levers import reorder_lever, top_lever, weights_lever
from detente.lenses.stability.relation import Ordered
from detente.lenses.stability.solve import judge
from detente.lenses.stability.stable import CONCEPTS
from detente.lenses.stability.view import StabilityView

MOST_STATES = 4_096
"""States up to which kinds of change other than a rise of the state are looked at."""
MOST_AT_ONCE = 256
AT_ONCE: Mapping[Kind, int] = {"promote": 1 << 24, "orders": 12, "weights": 192}
AT_ONCE_BY_SEQ: Mapping[Kind, int] = {"demote": 64}
"""States up to which a kind of change is worked out along with every run of the lens."""
SHORT = 0.016
"""Share of the usual effort that each kind of change may take then."""
LATE = "(Here the clock stopped the search; a faster machine may say more.)"
LONGER = "in a game of so many states it takes longer; ask for it with: detente hold"
LEVERS: Mapping[Kind, Callable[[Asked], Lever]] = {
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
            is left out costs 1, what costs infinitely much is out of the question. See `prices`.
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
    number = state_number(view, state)
    prices = Prices(view, costs)
    wrong = [kind for kind in kinds if kind not in LEVERS]
    if wrong:
        raise OptionError(f"there is no kind of change {wrong[0]!r}; choose from {', '.join(KINDS)}")
    if view.orders.has_unknown:
        raise OptionError("what would have to change is worked out where every preference is known")
    ranks = view.ranks(view.table.means)
    if view.count > MOST_STATES:
        return _large(view, number, concept, prices, kinds)
    asked = Asked(view, ranks, Question(view.graph, number, concept), prices, Effort())
    against = asked.against(ranks)
    levers = tuple(_worked_out(asked, kind, effort) for kind in kinds)
    return _told(view, number, concept, against, levers, holds=not against)


def _worked_out(asked: Asked, kind: Kind, effort: float) -> Lever:
    spent = Effort(effort * WORK, GUARD * max(effort, 1.0))
    found = LEVERS[kind](replace(asked, effort=spent))
    if not spent.late:
        return found
    return found.model_copy(update={"late": True, "sentence": f"{found.sentence} {LATE}"})


def _large(view: StabilityView, state: int, concept: str, prices: Prices, kinds: Sequence[Kind]) -> Inverse:
    ranks = view.ranks(view.table.means)
    held = bool(judge(view.conflict, Ordered.of(ranks), [concept])[concept][:, state].all())
    why = f"the game has more than {MOST_STATES:,} states"
    weights = [prices.order(actor) for actor in view.actors]
    levers = tuple(
        promote_large(view, ranks, state, concept, weights)
        if kind == "promote" and view.space is not None
        else skipped(kind, why)
        for kind in kinds
    )
    return _told(view, state, concept, (), levers, holds=held)


def _told(
    view: StabilityView,
    state: int,
    concept: str,
    against: tuple[Undeterred, ...],
    levers: tuple[Lever, ...],
    *,
    holds: bool,
) -> Inverse:
    return Inverse(
        case=view.case.title,
        scenario=view.case.scenario,
        state=view.text(state),
        words=view.words(state),
        concept=concept,
        holds=holds,
        against=against,
        levers=levers,
        names={
            **{actor: view.case.actors[actor].name for actor in view.actors},
            **{name: option.name or name for name, option in view.game.options.items()},
        },
    )


def inverses(view: StabilityView) -> dict[str, Inverse]:
    """Return what would have to change for the state that the case wants to hold, by each concept judged.

    In large games only kinds of change that are found at once are looked at, and the others say so.
    """
    goal = wanted(view)
    if goal is None or view.orders.has_unknown:
        return {}
    found = {}
    for concept in (concept for concept in view.concepts if concept in CONCEPTS):
        limit = AT_ONCE if concept != "seq" else {**AT_ONCE, **AT_ONCE_BY_SEQ}
        small: list[Kind] = [kind for kind in KINDS if view.count <= limit.get(kind, MOST_AT_ONCE)]
        inverse = what_would_hold(view, view.text(goal), concept, kinds=small, effort=SHORT)
        told = {lever.kind: lever for lever in inverse.levers}
        levers = tuple(told.get(kind) or skipped(kind, LONGER) for kind in KINDS)
        found[concept] = inverse.model_copy(update={"levers": levers})
    return found
