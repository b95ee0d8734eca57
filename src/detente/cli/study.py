"""Which doubt decides, whom should one ask, what would flip the answer, and what would change it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from detente.cli import options
from detente.cli.output import Output, output_options

if TYPE_CHECKING:
    from detente.case import Case
    from detente.study.chapter import Study
    from detente.study.inquiry_records import Effect, FlipRecord, Kind, Studied

MOST = 6
MOST_ACROSS = 12
WIDE_PLAY = 0.2
"""Share of the doubt that comes of inputs together, from which it is told."""


class Cost(click.ParamType):  # type: ignore[type-arg]  # generic in new versions of click only
    """``ID=COST``."""

    name = "ID=COST"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """Return the id and the cost."""
        name, equals, text = str(value).partition("=")
        try:
            cost = float(text)
        except ValueError:
            cost = -1.0
        if not equals or not 0 < cost < 1e12:
            self.fail(
                f"{value!r} is not ID=COST with a cost above 0; write for example kremlin=5", param, ctx
            )
        return name.strip(), cost


def _asked(function: Any, *, draws: int | None = None) -> Any:
    """Give a command the case, its versions, lens, outcome and draws."""
    for option in (
        output_options,
        options.draw_options if draws is None else partial(options.draw_options, draws=draws),
        click.option("--all", "every", is_flag=True, help="All outcomes, not only each lens's headlines."),
        click.option("--outcome", metavar="LABEL", help="Only this outcome, such as ukraine.deal."),
        options.lens_option,
        options.version_options,
        options.case_argument,
    ):
        function = option(function)
    return function


_kind = click.option(
    "--by",
    "kind",
    type=click.Choice(["actor", "issue", "source"]),
    default="actor",
    show_default=True,
    help="Group by actors, issues or sources.",
)


@click.group("study")
def command() -> None:
    """Tell which doubt decides, whom to ask, what flips it."""


@command.command("inputs")
@_asked
def inputs(reference: str, out: Output, **given: Any) -> None:
    """List the inputs that decide each outcome of CASE, beyond chance."""
    made = _made(reference, out, given, flips=0)
    if out.as_json:
        out.json(made.to_dict())
        return
    rows = [
        (one.outcome, (one.told, _share(one.share, one.error), _ends(made, one.outcome, one.low, one.high)))
        for one in made.inputs
    ]
    _by_outcome(made, out, rows, ("input", "share of doubt", "from its low to its high end"))


@command.command("ask")
@click.option(
    "--cost", "costs", type=Cost(), multiple=True, help="Of asking an actor, an issue, a source. Repeatable."
)
@click.option(
    "--budget", type=click.FloatRange(0, min_open=True), metavar="COST", help="Most that a plan may cost."
)
@click.option(
    "--reliability",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.5,
    show_default=True,
    metavar="SHARE",
    help="How far what one hears can be relied on: the share of its spread that is no noise.",
)
@click.option("--exact", is_flag=True, help="Find by further runs what else is told as 'at least'.")
@_kind
@_asked
def ask(reference: str, out: Output, kind: str, costs: tuple[tuple[str, float], ...], **given: Any) -> None:
    """Tell what asking each actor, issue or source of CASE would do."""
    exact = given["exact"]
    kinds = {"kinds": ("actor", kind)} if exact else {}
    made = _made(reference, out, given, flips=0, costs=dict(costs), **kinds)
    if out.as_json:
        out.json(made.to_dict())
        return
    rows = []
    for one in made.asking:
        if one.kind == kind:
            right = (
                tuple(f"{100 * x:.0f} %" for x in (one.flips, one.right_reported, one.right_after))
                if one.right_before
                else ("", "", "")
            )
            rows.append((one.outcome, (one.told, _share(one.share, one.error), _share(one.reported), *right)))
    sure = f"if {100 * made.reliability:.0f} % sure"
    heads = (kind, "doubt gone" if exact else "gone, at least", sure, "call turns", f"right, {sure}", "right")
    _by_outcome(made, out, rows, heads, plans=True)


@command.command("flip")
@click.option(
    "--at", type=float, metavar="VALUE", help="Ask of an outcome on a scale whether it is above VALUE."
)
@_asked
def flip(reference: str, out: Output, at: float | None, **given: Any) -> None:
    """Find the smallest change of inputs that flips each answer of CASE."""
    if at is not None and given["outcome"] is None:
        raise click.UsageError("--at needs --outcome: a value is asked about on one scale")
    made = _made(reference, out, given, at=at, kinds=())
    if out.as_json:
        out.json(made.to_dict())
        return
    for one in made.flips:
        _flip(made, one, out)
    if made.no_margin:
        out.say(f"No margin, so no flip is sought: {_several(made.no_margin)}.")
    elif not made.flips:
        out.say("No answer of yes or no is asked about; give --at VALUE for an outcome on a scale.")
    _rest(made, out)


def _flip(made: Study, one: FlipRecord, out: Output) -> None:
    from detente.show.columns import item, wrapped
    from detente.show.words import percent

    told = one.yes if one.answer else one.no
    out.title(f"{one.subject}: {told}, with all inputs in the middle of their doubt ({one.outcome})")
    other = f"the answer is another one in {percent(one.share)} of draws"
    if one.length is None:
        out.lines(wrapped(f"  No flip is in reach; {other}."))
    else:
        out.lines(wrapped(f"  It flips at {one.length:.1f} times the inputs' own doubt; {other}."))
    for alone, head in ((False, "if these move together"), (True, "or one of these alone")):
        moves = [move for move in made.moves if move.outcome == one.outcome and move.alone == alone]
        if moves:
            out.say(f"  {head}:")
            for move in moves[:MOST]:
                far = f"{abs(move.score):.1f} times its doubt"
                out.lines(item(f"{move.told}: {move.moved} ({far})"))
    out.say()


@command.command("levers")
@partial(_asked, draws=1_000)
def levers(reference: str, out: Output, **given: Any) -> None:
    """Move every input, consent, red line, and what follows without a deal, of CASE.

    Each is moved alone, on the same draws, against the headlines of every lens:
    an input is set to the low or the high end of its doubt, a consent is no
    longer needed, a red line is given up.
    """
    from detente.study.levers import levers as move

    case, given = _version(reference, out, given)
    made = _with_progress(out, partial(move, case, **given), "levers")
    if out.as_json:
        out.json(made.to_dict())
        return
    effects = [one for one in made.effects if one.rank]
    for outcome in dict.fromkeys(one.outcome for one in made.effects):
        rows = [one for one in effects if one.outcome == outcome]
        first = next(one for one in made.effects if one.outcome == outcome)
        out.title(f"{first.subject} ({outcome}): {_value(first, first.before)} as it stands")
        _lever_table(out, rows[:MOST], lambda one: str(one.rank), "rank")
        if len(rows) > MOST:
            out.say(f"  and {len(rows) - MOST} more levers that move it")
        out.say()
    if across := made.across():
        out.title("Levers that move what several lenses tell")
        shown = [one for of in list(across.values())[:MOST_ACROSS] for one in of]
        _lever_table(out, shown, lambda one: one.subject, "what it moves")
    out.say()
    for lens in dict.fromkeys(one.lens for one in made.unread):
        kinds = Counter(one.kind for one in made.unread if one.lens == lens)
        out.say(f"Not read by {lens}: {', '.join(f'{kind} ({count})' for kind, count in kinds.items())}.")
    draws = f"{made.levers} levers moved, {made.draws:,} common draws"
    out.say(f"{draws}; ± is twice the Monte-Carlo error, equal ranks are ties.")


def _lever_table(out: Output, rows: Sequence[Effect], beside: Callable[[Effect], str], head: str) -> None:
    from detente.show.columns import Column

    if not rows:
        out.say("  No lever moves it by more than chance.")
        return
    columns = (
        Column("lever", wraps=True),
        Column("change", wraps=True),
        Column(head, wraps=True),
        Column("then", right=True),
        Column("difference", right=True),
    )
    cells = [
        (
            one.told,
            one.change,
            beside(one),
            _value(one, one.after),
            f"{_value(one, one.difference, signed=True)} ± {_value(one, 2 * one.error)}",
        )
        for one in rows
    ]
    out.table(columns, cells)


@command.command("shares")
@_kind
@partial(_asked, draws=2_048)
def shares(reference: str, out: Output, kind: Kind, **given: Any) -> None:
    """Divide the doubt of CASE among actors, issues or sources: 100 % in all.

    Of each lens's first headline, or of the outcome that is named. There is one
    run of so many draws per group.
    """
    from detente.show.columns import Column
    from detente.study.sharing import shares as divide

    case, given = _version(reference, out, given)
    given.pop("every")
    made = _with_progress(out, partial(divide, case, rows=given.pop("draws"), kind=kind, **given), "outcomes")
    if out.as_json:
        out.json(made.to_dict())
        return
    for outcome in dict.fromkeys(one.outcome for one in made.shares):
        of = [one for one in made.shares if one.outcome == outcome]
        out.title(f"{of[0].subject} ({outcome})")
        cells = [(one.told, _share(one.share, one.error)) for one in of if one.share > one.error]
        out.table((Column(kind, wraps=True), Column("share of doubt", right=True)), cells)
        out.say()


@command.command("choose")
@click.option("--prefer", type=click.Choice(["high", "low"]), default="high", help="Which end is better.")
@click.option("--outcome", metavar="LABEL", required=True, help="The criterion, such as ukraine.deal.")
@options.version_options
@options.draw_options
@output_options
@options.case_argument
def choose(reference: str, out: Output, prefer: str, outcome: str, **given: Any) -> None:
    """Tell in which scenario of CASE one would rather be, by one criterion."""
    from detente.show.columns import Column
    from detente.study.choice import choose as choosing

    case, given = _version(reference, out, given)
    made = _with_progress(out, partial(choosing, case, outcome, high=prefer == "high", **given), "scenarios")
    if out.as_json:
        out.json(made.to_dict())
        return
    better = "more" if made.high else "less"
    out.title(f"{made.subject} ({made.outcome}): {better} of it is better")
    heads = ("value", "best in", "regret", "regret at most")
    cells = [
        (
            one.told,
            f"{one.value:.3g} ± {2 * one.error:.2g}",
            _share(one.best),
            f"{one.regret:.3g}",
            f"{one.worst_regret:.3g}",
        )
        for one in made.scenarios
    ]
    out.table((Column("scenario", wraps=True), *(Column(head, right=True) for head in heads)), cells)
    out.say(f"Knowing everything before choosing would be worth {made.perfect:.3g}.")
    for actor, worth in list(made.asking.items())[:3]:
        out.say(f"Knowing what is in doubt about {case.actors[actor].name}: {worth:.3g}.")


def _with_progress(out: Output, ask: Any, doing: str) -> Any:
    from detente.cli.progress import progress

    with progress(out, doing) as tell:
        return ask(progress=tell)


def _made(reference: str, out: Output, given: dict[str, Any], **more: Any) -> Study:
    from detente.study.inquiry import inquire

    case, given = _version(reference, out, given)
    made: Study = _with_progress(out, partial(inquire, case, **given, **more), "lenses")
    return made


def _version(reference: str, out: Output, given: dict[str, Any]) -> tuple[Case, dict[str, Any]]:
    given = dict(given)
    scenario, changes = given.pop("scenario"), dict(given.pop("changes"))
    return options.version_of(options.opened(reference, out), scenario, changes), given


def _share(share: float, error: float | None = None) -> str:
    from detente.show.words import percent

    return percent(share) if error is None else f"{percent(share)} ± {200 * error:.0f}"


def _value(one: Effect | Studied, value: float, *, signed: bool = False) -> str:
    sign = "+" if signed else ""
    return f"{100 * value:{sign}.1f} %" if one.share else f"{value:{sign}.3g}"


def _ends(made: Study, outcome: str, low: float, high: float) -> str:
    of = next(one for one in made.outcomes if one.outcome == outcome)
    return f"{_value(of, low)} to {_value(of, high)}"


def _several(labels: Sequence[str]) -> str:
    more = len(labels) - MOST
    return ", ".join(labels[:MOST]) + (f" and {more} more" if more > 0 else "")


def _by_outcome(
    made: Study,
    out: Output,
    rows: Sequence[tuple[str, tuple[str, ...]]],
    heads: tuple[str, ...],
    *,
    plans: bool = False,
) -> None:
    """Print the rows of each outcome under its name, with how sure it is, and how such answers did in the past."""
    from detente.show.columns import Column

    cells_of: dict[str, list[tuple[str, ...]]] = {}
    for outcome, cells in rows:
        cells_of.setdefault(outcome, []).append(cells)
    columns = (Column(heads[0], wraps=True), *(Column(head, right=True) for head in heads[1:]))
    for one in made.outcomes:
        if one.joint_play is None:
            continue
        spread = "" if one.share else f" ± {one.spread:.2g}"
        out.title(f"{one.subject} ({one.outcome}): {_value(one, one.mean)}{spread}")
        if one.outcome in cells_of:
            out.table(columns, cells_of[one.outcome][:MOST])
        else:
            out.say("  Nothing stands out from chance.")
        if one.joint_play > WIDE_PLAY:
            out.say(f"  {100 * one.joint_play:.0f} % of this doubt comes of inputs that work together.")
        plan = [step for step in made.plan if plans and step.outcome == one.outcome]
        if len(plan) > 1:
            steps = ", then ".join(f"{step.told} ({100 * step.reached:.0f} %)" for step in plan)
            out.say(f"  In this order: {steps} of the doubt gone.")
        out.say()
    for record in dict.fromkeys(one.record for one in made.outcomes if one.joint_play is not None):
        of = [one.outcome for one in made.outcomes if one.record == record and one.joint_play is not None]
        out.say(f"Past error: {record} ({_several(of)}).")
    _rest(made, out)


def _rest(made: Study, out: Output) -> None:
    if made.steady:
        out.say(f"The same in every draw: {_several([one.outcome for one in made.steady])}.")
    if made.untold:
        out.say(f"{made.untold} more outcomes with --all.")
