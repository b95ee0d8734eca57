"""What would have to change for a wanted outcome to hold? The cheapest change of each kind, with its proof."""

from __future__ import annotations

import math
from typing import Any

import click

from detente.cli.options import Real, Version, case_options, number, pairs
from detente.cli.output import Output, answers

NEVER, MOST_EFFORT = "never", 10_000
COSTS = (
    "Cost of a change, 1 where left out: preferences.ACTOR, demote.ACTOR.STATE, weights.ACTOR.WEIGHT, "
    "remove.OPTION, one_way.OPTION, ban.STATE, bar.ACTOR, or a beginning of these."
)
EFFORT = (
    "Times the usual work, at most 10,000: some seconds for each kind of change; what that does not settle is "
    "told with the best change found and a bound."
)


def _cost(text: str) -> float:
    """Return a cost; ``never`` is one too."""
    cost = math.inf if text == NEVER else float(text)
    if math.isnan(cost):
        raise ValueError
    return cost


@answers("hold")
@case_options
@click.argument("state", required=False)
@number("--by", click.STRING, "seq", "By which it is to hold: nash, gmr, smr or seq.", "CONCEPT")
@pairs(*("--cost", "costs"), form="PATH=COST", read=_cost, such="remove.court=3 or ban=never", told=COSTS)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind of change. Repeatable.")
@number("--effort", Real(0, MOST_EFFORT), 1.0, EFFORT)
def command(
    of: Version, state: str | None, by: str, costs: Any, kinds: Any, effort: float, out: Output
) -> None:
    """Tell what would have to change for a state to hold.

    STATE in the game of CASE is letters (YNN), an id, or the options that are taken, joined by '+';
    left out, it is the state that the case names as 'wanted'. For every kind of
    change the cheapest one is told, and that nothing of its kind is cheaper:
    the state valued more (promote), others valued less (demote), any change of
    orders (orders), priorities rearranged (reorder) or a new one on top (top),
    other weights (weights), options taken away or made one-way and states ruled
    out (moves).
    """
    from detente.lenses.stability import LENS
    from detente.lenses.stability.chapter import lever_blocks
    from detente.lenses.stability.inverse import KINDS, what_would_hold

    view = LENS.view(of.case)
    goal = state if state is not None else view.game.wanted
    if goal is None:
        raise click.UsageError("the case names no 'game.wanted'; say which STATE is to hold")
    found = what_would_hold(view, goal, by, dict(costs), kinds=kinds or KINDS, effort=effort)
    if not out.as_json:
        out.head(of.case)
    out.give(found, lambda: lever_blocks(found))
