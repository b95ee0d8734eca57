"""Which doubt decides, whom should one ask, and what would flip the answer?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from detente.cli import options
from detente.cli.output import Output, output_options

if TYPE_CHECKING:
    from detente.case import Case
    from detente.study.inquiry_records import Study

MOST = 6


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


def _asked(function: Any) -> Any:
    """Give a command the case, its versions, lens, outcome and draws."""
    for option in (
        output_options,
        options.draw_options,
        click.option("--outcome", metavar="LABEL", help="Only this outcome, such as ukraine.deal."),
        options.lens_option,
        options.version_options,
        options.case_argument,
    ):
        function = option(function)
    return function


@click.group("study")
def command() -> None:
    """Tell which doubt decides, whom to ask, what flips it."""


@command.command("inputs")
@_asked
def inputs(reference: str, out: Output, **given: Any) -> None:
    """List the inputs that decide each outcome of CASE, beyond chance."""
    made, _ = _made(reference, out, given, flips=False)
    if out.as_json:
        out.json(made.to_dict())
        return
    _by_outcome(
        made,
        out,
        [
            (one.outcome, one.subject, (one.told, f"{100 * one.share:.0f} %", _ends(one.low, one.high)))
            for one in made.inputs
        ],
        ("input", "share of doubt", "lowest to highest"),
    )


@command.command("ask")
@click.option(
    "--cost", "costs", type=Cost(), multiple=True, help="Of asking an actor, an issue, a source. Repeatable."
)
@click.option(
    "--budget", type=click.FloatRange(0, min_open=True), metavar="COST", help="Most that a plan may cost."
)
@_asked
def ask(
    reference: str,
    out: Output,
    costs: tuple[tuple[str, float], ...],
    budget: float | None,
    **given: Any,
) -> None:
    """Tell what asking each actor, issue or source of CASE would do."""
    made, _ = _made(reference, out, given, flips=False, costs=dict(costs), budget=budget)
    if out.as_json:
        out.json(made.to_dict())
        return
    rows: list[tuple[str, str, tuple[str, ...]]] = []
    for one in made.asking:
        if one.kind != "source":
            flips = f"{100 * one.flips:.0f} %" if one.right_before else ""
            right = (
                f"{100 * one.right_before:.0f} to {100 * one.right_after:.0f} %" if one.right_before else ""
            )
            rows.append(
                (
                    one.outcome,
                    one.subject,
                    (one.told, f"{100 * one.share:.0f} %", f"{100 * one.half:.0f} %", flips, right),
                )
            )
    _by_outcome(made, out, rows, ("ask", "doubt gone", "if half sure", "call turns", "calls right"))


@command.command("flip")
@_asked
def flip(reference: str, out: Output, **given: Any) -> None:
    """Find the smallest change of inputs that flips each answer of CASE."""
    from detente.show.columns import item, wrapped
    from detente.show.words import percent

    made, case = _made(reference, out, given, flips=True)
    if out.as_json:
        out.json(made.to_dict())
        return
    del case
    for one in made.flips:
        out.title(
            f"{one.subject}: {'yes' if one.answer else 'no'} with all inputs in the middle of their doubt"
        )
        if one.length is None:
            out.say("No flip is in reach.")
        else:
            told = f"The smallest joint move is {one.length:.1f} times the inputs' own doubt"
            out.lines(wrapped(f"{told}; the answer is another one in {percent(one.share)} of draws."))
        for alone, head in ((False, "together"), (True, "or alone")):
            moves = [move for move in made.moves if move.outcome == one.outcome and move.alone == alone][
                :MOST
            ]
            if moves:
                out.say(f"  {head}:")
                for move in moves:
                    out.lines(item(f"{move.told}: {move.start:.3g} to {move.end:.3g}"))
        out.say()


def _made(reference: str, out: Output, given: dict[str, Any], **more: Any) -> tuple[Study, Case]:
    from detente.study.inquiry import study

    case = options.version_of(options.opened(reference, out), given["scenario"], dict(given["changes"]))
    made = study(
        case,
        draws=given["draws"],
        seed=given["seed"],
        lens_name=given["lens_name"],
        outcome=given["outcome"],
        **more,
    )
    return made, case


def _ends(low: float, high: float) -> str:
    return f"{low:.3g} to {high:.3g}"


def _by_outcome(
    made: Study, out: Output, rows: list[tuple[str, str, tuple[str, ...]]], heads: tuple[str, ...]
) -> None:
    """Print the rows of each outcome under its name."""
    from detente.show.columns import Column

    seen: dict[str, tuple[str, list[tuple[str, ...]]]] = {}
    for outcome, subject, cells in rows:
        seen.setdefault(outcome, (subject, []))[1].append(cells)
    columns = (Column(heads[0], wraps=True), *(Column(head, right=True) for head in heads[1:]))
    for outcome, (subject, cells_of) in seen.items():
        out.title(f"{subject} ({outcome})")
        out.table(columns, cells_of[:MOST])
        play = made.joint_play.get(outcome, 0.0)
        if play > 0.2:
            out.say(f"  {100 * play:.0f} % of this doubt comes of inputs that work together.")
        out.say()
    if not seen:
        out.say("No input stands out from chance.")
    if made.steady:
        out.say(f"The same in every draw: {', '.join(made.steady)}.")
