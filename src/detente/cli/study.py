"""Which doubt decides, whom should one ask, what would flip the answer, and what would change it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from math import floor, log10
from typing import TYPE_CHECKING, Any

import click

from detente.cli import options
from detente.cli.output import Output, group
from detente.cli.progress import working
from detente.show.columns import TOGETHER, Column, item

if TYPE_CHECKING:
    from detente.study.chapter import Study
    from detente.study.records import Asking, Effect, Kind, Outcome

    Rows = Callable[[Outcome], Sequence[tuple[str, ...]]]

KINDS = ("actor", "issue", "source")
MOST = 6
WIDE_PLAY = 0.2  # share of the doubt that comes of inputs together, from which it is told
RELIABLE = "How far what one hears can be relied on: the share of its spread that is no noise."


def _cost(text: str) -> float:
    if not 0 < (cost := float(text)) < 1e12:
        raise ValueError
    return cost


def _asked(draws: int) -> Callable[[Any], Any]:
    """Return what gives a command the case and its version, lens, outcome and draws."""
    return options.together(
        options.case_options,
        options.lens_option("Only this lens; by default all are asked."),
        click.option("--outcome", metavar="LABEL", help="Only this outcome, such as ukraine.deal."),
        click.option("--all", "every", is_flag=True, help="All outcomes, not only each lens's headlines."),
        partial(options.draw_options, draws=draws),
    )


_kind = options.number(
    "--by", click.Choice(KINDS), "actor", "Group by actors, issues or sources.", None, "kind"
)


@group("study")
def command() -> None:
    """Tell which doubt decides, whom to ask, what flips it."""


@command.command("inputs")
@_asked(10_000)
def inputs(out: Output, **given: Any) -> None:
    """List the inputs that decide each outcome of CASE, beyond chance."""
    made = _made(out, "inquiry:inquire", "lenses", given, flips=0)
    _by_outcome(
        made,
        out,
        lambda of: [
            (one.told, _share(one.share, one.error), f"{_value(of, one.low)} to {_value(of, one.high)}")
            for one in of.inputs
        ],
        ("input", "share of doubt", "from its low to its high end"),
    )


@command.command("ask")
@options.pairs(
    *("--cost", "costs"),
    form="ID=COST",
    read=_cost,
    such="kremlin=5, a cost above 0",
    told="Of asking an actor, an issue, a source.",
)
@options.number("--budget", options.Real(0, min_open=True), None, "Most that a plan may cost.", "COST")
@options.number("--reliability", options.Real(0, 1, min_open=True), 0.5, RELIABLE, "SHARE")
@click.option("--exact", is_flag=True, help="Find by further runs what else is told as 'at least'.")
@_kind
@_asked(10_000)
def ask(out: Output, kind: str, costs: tuple[tuple[str, float], ...], exact: bool, **given: Any) -> None:
    """Tell what asking each actor, issue or source of CASE would do."""
    given |= {"costs": dict(costs), "exact": exact, **({"kinds": ("actor", kind)} if exact else {})}
    made = _made(out, "inquiry:inquire", "lenses", given, flips=0)
    heard = f"if {_share(made.reliability)} reliable"
    gone = "doubt gone" if exact else "gone, at least"
    heads = (kind, gone, heard, "call turns", f"right, {heard}", "right")

    def cells(one: Asking) -> tuple[str, ...]:
        told = map(_share, (one.flips, one.right_reported, one.right_after)) if one.right_before else [""] * 3
        return one.told, _share(one.share, one.error), _share(one.reported), *told

    _by_outcome(
        made, out, lambda of: [cells(one) for one in of.asking if one.kind == kind], heads, plans=True
    )


@command.command("flip")
@options.number("--at", click.FLOAT, None, "Ask of an outcome on a scale whether it is above VALUE.", "VALUE")
@_asked(10_000)
def flip(out: Output, at: float | None, **given: Any) -> None:
    """Find the smallest change of inputs that flips each answer of CASE."""
    if at is not None and given["outcome"] is None:
        raise click.UsageError("--at needs --outcome: a value is asked about on one scale")
    made = _made(out, "inquiry:inquire", "lenses", given, at=at, kinds=())
    for of in made.outcomes:
        for one in of.flips:
            told = of.yes if one.answer else of.no
            out.title(f"{one.asked}: {told}, with all inputs in the middle of their doubt ({of.outcome})")
            far = "No flip is in reach"
            if one.length is not None:
                far = f"It flips at {one.length:.1f} times the inputs' own doubt"
            out.text(f"  {far}; the answer is another one in {_share(one.share)} of draws.")
            for alone, head in ((False, "if these move together"), (True, "or one of these alone")):
                if moves := [move for move in of.moves if move.alone == alone]:
                    out.say(f"  {head}:")
                    for move in moves[:MOST]:
                        out.lines(item(f"{move.told}: {move.moved} ({abs(move.score):.1f} times its doubt)"))
            out.say()
    if made.no_margin:
        out.text(f"No margin, so no flip is sought: {_several(made.no_margin)}.")
    elif not any(of.flips for of in made.outcomes):
        out.text("No answer of yes or no is asked about; give --at VALUE for an outcome on a scale.")
    _rest(made, out)


@command.command("levers")
@_asked(1_000)
def levers(out: Output, **given: Any) -> None:
    """Move every input, consent, red line, and what follows without a deal, of CASE.

    Each is moved alone, on the same draws, against the headlines of every lens:
    an input is set to the low or the high end of its doubt, a consent is no
    longer needed, a red line is given up.
    """
    made = _made(out, "levers:levers", "levers", given)
    effects, moved = list[Any](), dict[str, dict[Any, Any]]()
    for of in made.outcomes:
        rows = [one for one in of.effects if one.rank]
        if of.effects:
            out.title(f"{of.subject} ({of.outcome}): {_value(of, of.mean)} as it stands")
            _levers(out, [(of, one, str(one.rank)) for one in rows[:MOST]], "rank")
            if len(rows) > MOST:
                out.text(f"  and {len(rows) - MOST} more levers that move it")
            out.say()
        effects += ((of, one, of.subject) for one in rows)
    for row in sorted(effects, key=lambda row: row[1].rank):
        apart = (row[0].outcome, row[1].change) if given["every"] else None
        moved.setdefault(row[1].lever, {}).setdefault((row[0].lens, apart), row)
    across = [some for some in moved.values() if len({lens for lens, _ in some}) > 1]
    if across:
        out.title("Levers that move what several lenses tell")
        shown = across if given["every"] else across[:MOST]
        _levers(out, [row for some in shown for row in some.values()], "what it moves")
        if len(across) > len(shown):
            out.text(f"  and {len(across) - MOST} more: --all")
        out.say()
    for lens, kinds in made.unread.items():
        out.text(f"Not read by {lens}: {', '.join(f'{kind} ({len(of)})' for kind, of in kinds.items())}.")
    draws = f"{made.levers} levers moved, {made.draws:,} common draws"
    out.text(f"{draws}; ± is twice the Monte-Carlo error, equal ranks are ties.")
    _rest(made, out)


def _levers(out: Output, rows: Sequence[tuple[Outcome, Effect, str]], head: str) -> None:
    sure = partial(_sure, signed=True)
    cells = [
        (one.told, one.change, beside, _value(of, one.after), sure(of, one.difference, one.error))
        for of, one, beside in rows
    ]
    _table(out, ("lever", "change", head, "then", "difference"), cells, texts=3)


@command.command("shares")
@_kind
@_asked(2_048)
def shares(out: Output, kind: Kind, **given: Any) -> None:
    """Divide the doubt of CASE among actors, issues or sources: 100 % in all.

    Of each lens's first headline, of the outcome that is named, or of all. There
    is one run of so many draws per group and outcome.
    """
    made = _made(out, "inquiry:shares", "outcomes", given, rows=given.pop("draws"), kind=kind)
    for of in made.outcomes:
        out.title(f"{of.subject} ({of.outcome})")
        cells = [(one.told, _share(one.share, one.error)) for one in of.shares if one.share > one.error]
        _table(out, (kind, "share of doubt"), cells)
        out.say()
    _rest(made, out)


@command.command("choose")
@options.case_options
@click.option("--prefer", type=click.Choice(["high", "low"]), default="high", help="Which end is better.")
@click.option("--outcome", metavar="LABEL", required=True, help="The criterion, such as ukraine.deal.")
@options.draw_options
def choose(of: options.Version, out: Output, prefer: str, outcome: str, **given: Any) -> None:
    """Tell in which scenario of CASE one would rather be, by one criterion."""
    given |= {"of": of, "criterion": outcome, "high": prefer == "high"}
    made = _made(out, "levers:choose", "scenarios", given)
    (found,) = made.outcomes
    out.title(f"{found.subject} ({found.outcome}): {'more' if prefer == 'high' else 'less'} of it is better")
    told, sure = partial(_value, found), partial(_sure, found)
    cells = [
        (one.told, sure(one.value, one.error), _share(one.best), told(one.regret), told(one.worst_regret))
        for one in found.scenarios
    ]
    _table(out, ("scenario", "value", "best in", "regret", "regret at most"), cells)
    out.text(f"Knowing everything before choosing would be worth {told(made.perfect)}.")
    for actor, worth in list(made.worth.items())[:3]:
        out.text(f"Knowing what is in doubt about {of.case.actors[actor].name}: {told(worth)}.")
    _rest(made, out)


def _made(out: Output, place: str, doing: str, given: dict[str, Any], **more: Any) -> Study:
    """Ask a function of `detente.study`; with ``--json`` what it found is printed, and that is all."""
    module, _, name = place.partition(":")
    function = getattr(import_module(f"detente.study.{module}"), name)
    made: Study = working(out, doing, function, given.pop("of").case, **given, **more)
    if out.as_json:
        out.give(made)
        click.get_current_context().exit()
    return made


def _share(share: float, error: float | None = None) -> str:
    from detente.show.words import percent

    return percent(share) if error is None else f"{percent(share)} ± {200 * error:.0f}"


def _value(of: Outcome, value: float, *, signed: bool = False) -> str:
    """Return a value with as many decimals as the doubt in the outcome has in its first two digits."""
    from detente.show.words import figures, signed_minus

    places = min(6, max(0, 1 - floor(log10(of.spread or abs(value) or 1.0))))
    number = round(100 * value, 1) if of.share else round(value, places)
    text = f"{figures(number)}{TOGETHER}%" if of.share else signed_minus(f"{number + 0.0:,.{places}f}")
    return f"+{text}" if signed and number > 0 else text


def _sure(of: Outcome, value: float, error: float, *, signed: bool = False) -> str:
    return f"{_value(of, value, signed=signed)} ± {_value(of, 2 * error)}"


def _several(labels: Sequence[str]) -> str:
    more = len(labels) - MOST
    return ", ".join(labels[:MOST]) + (f" and {more} more" if more > 0 else "")


def _table(out: Output, heads: Sequence[str], cells: Sequence[tuple[str, ...]], texts: int = 1) -> None:
    """Print rows: texts, then numbers; or that there are none."""
    columns = [Column(head, wraps=k < texts, right=k >= texts) for k, head in enumerate(heads)]
    if cells:
        out.table(columns, cells)
    else:
        out.say("  Nothing stands out from chance.")


def _by_outcome(made: Study, out: Output, rows: Rows, heads: Sequence[str], *, plans: bool = False) -> None:
    """Print the rows of each outcome under its name, with how sure it is."""
    shown = [of for of in made.outcomes if of.spread]
    for of in shown:
        spread = "" if of.share else f" ±{TOGETHER}{_value(of, of.spread)}"
        out.title(f"{of.subject} ({of.outcome}): {_value(of, of.mean)}{spread}")
        _table(out, heads, rows(of)[:MOST])
        if of.joint_play and of.joint_play > WIDE_PLAY:
            out.text(f"  {_share(of.joint_play)} of this doubt comes of inputs that work together.")
        if plans and len(of.plan) > 1:
            steps = ", then ".join(f"{step.told} ({_share(step.reached)})" for step in of.plan)
            out.text(f"  In this order: {steps} of the doubt gone.")
        out.say()
    told = "what they do together, and asking somebody about very many of them, is not told"
    draws = f"{made.draws:,} draws are too few for so many inputs"
    for enough in sorted({of.enough for of in shown if of.enough}):
        few = _several([of.outcome for of in shown if of.enough == enough])
        out.text(f"{draws}: {told}; {enough:,} draws would do ({few}).")
    _rest(made, out)


def _rest(made: Study, out: Output) -> None:
    """Print the past error of such answers, which of them never change, and how many more there are."""
    from detente.study.chapter import past

    for told in past(made.outcomes):
        out.text(told)
    if steady := [of.outcome for of in made.outcomes if not of.spread]:
        out.text(f"The same in every draw: {_several(steady)}.")
    if made.untold:
        out.text(f"{made.untold} more outcomes with --all.")
