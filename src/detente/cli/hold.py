"""What would have to change for a wanted outcome to hold? The cheapest change of each kind, with its proof."""

from __future__ import annotations

import math
from typing import Any

import click

from detente.cli.options import case_argument, opened, version_of, version_options
from detente.cli.output import Output, output_options

NEVER = "never"


class Cost(click.ParamType):  # type: ignore[type-arg]  # generic in new versions of click only
    """``PATH=COST``, a number above 0 or the word ``never``."""

    name = "PATH=COST"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """Return the path and the cost."""
        path, equals, text = (part.strip() for part in str(value).partition("="))
        try:
            cost = math.inf if text == NEVER else float(text)
        except ValueError:
            cost = math.nan
        if not (path and equals) or math.isnan(cost):
            self.fail(
                f"{value!r} is not PATH=COST; write for example remove.court=3 or ban=never", param, ctx
            )
        return path, cost


MOST_EFFORT = 10_000


class Finite(click.FloatRange):
    """A number that is one: neither ``nan``, which no range refuses, nor infinite."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        number = super().convert(value, param, ctx)
        return number if math.isfinite(number) else self.fail(f"{value} is not a finite number.", param, ctx)


@click.command("hold")
@case_argument
@click.argument("state", required=False)
@click.option(
    "--by",
    "concept",
    default="seq",
    show_default=True,
    metavar="CONCEPT",
    help="By which it is to hold: nash, gmr, smr or seq.",
)
@click.option(
    "--cost",
    "costs",
    type=Cost(),
    multiple=True,
    help="Cost of a change, 1 where left out: preferences.ACTOR, demote.ACTOR.STATE, weights.ACTOR.WEIGHT, "
    "remove.OPTION, one_way.OPTION, ban.STATE, bar.ACTOR, or a beginning of these. Repeatable.",
)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind of change. Repeatable.")
@click.option(
    "--effort",
    type=Finite(0, MOST_EFFORT),
    default=1.0,
    show_default=True,
    metavar="N",
    help="Times the usual work, some seconds for each kind of change; what that does not settle is told with the "
    "best change found and a bound.",
)
@version_options
@output_options
def command(
    reference: str,
    state: str | None,
    concept: str,
    costs: tuple[tuple[str, float], ...],
    kinds: tuple[str, ...],
    effort: float,
    scenario: str | None,
    changes: tuple[tuple[str, Any], ...],
    out: Output,
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
    from detente.cli.show import titles
    from detente.lenses.stability import LENS
    from detente.lenses.stability.chapter import lever_blocks
    from detente.lenses.stability.inverse import KINDS, what_would_hold
    from detente.show.screen import block_lines

    case = version_of(opened(reference, out), scenario, dict(changes))
    view = LENS.view(case)
    goal = state if state is not None else view.game.wanted
    if goal is None:
        raise click.UsageError("the case names no 'game.wanted'; say which STATE is to hold")
    asked: Any = kinds or KINDS
    found = what_would_hold(view, goal, concept, dict(costs), kinds=asked, effort=effort)
    if out.as_json:
        out.json(found.to_dict())
    else:
        titles(case, out)
        out.styled(block_lines(lever_blocks(found)))
