"""How does a forecast get on the record? With its question, rule, deadline and source, before the fact."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from detente.cli.ledger import Heard, ledger_option, moment, told_appended
from detente.cli.options import Version, case_options, draw_options, scenario_option
from detente.cli.output import Output, answers

if TYPE_CHECKING:
    from detente.case import Case
    from detente.record.questions import Question

COUNTING = click.Choice(["first", "last", "average"])
OWN = "Your own: 0.3, quantiles 10:20,50:40, or both."


@answers("seal")
@partial(case_options, options=scenario_option)
@click.option("--question", "about", required=True, metavar="ISSUE|DEAL", help="What is forecast.")
@click.option("--id", "name", metavar="ID", help="Of the question in the ledger; by default ISSUE|DEAL.")
@click.option("--text", metavar="WORDS", help="The question in words.")
@click.option("--deadline", metavar="DATE", help="By which it comes true, or not.")
@click.option("--latest", metavar="DATE", help="By which it must be resolved; a year after the deadline.")
@click.option("--resolution", "criteria", metavar="WORDS", help="What counts as which outcome.")
@click.option("--source", metavar="WORDS", help="Where the outcome will stand: the source of record.")
@click.option("--fallback", default="", metavar="WORDS", help="Where, if that source is gone or silent.")
@click.option("--decides", default="whoever keeps the ledger", metavar="NAME", help="Who reads the outcome.")
@click.option("--condition", metavar="WORDS", help="By which the scenario is declared true.")
@click.option(
    "--counting", type=COUNTING, default="first", show_default=True, help="Which of several forecasts counts."
)
@click.option("--own", "own_text", metavar="FORECAST", help=OWN)
@click.option("--only-own", is_flag=True, help="Leave the program's forecast out.")
@click.option("--why", default="", metavar="WORDS", help="Your reasons; kept beside the ledger.")
@click.option("--author", default="", metavar="NAME", help="Who forecasts.")
@click.option("--update", is_flag=True, help="A further forecast of a question that stands in the ledger.")
@click.option("--retrospective", is_flag=True, help="After the deadline: shown, never counted.")
@ledger_option
@draw_options
def command(
    of: Version, about: str, name: str | None, ledger: Path, draws: int, seed: int, out: Output, **given: Any
) -> None:
    """Put a forecast of CASE on the record.

    The forecast, the naive ones beside it, the case and your reasons are
    hashed into the ledger; the words are kept in a file beside it. Keep the
    head that is printed somewhere else: it proves that nothing was changed.
    """
    from detente.record import forecasting
    from detente.record.ledger import Ledger
    from detente.study.outlook.foothold import PUBLISHED

    case, own_text = of.case, given["own_text"]
    if given["only_own"] and own_text is None:
        raise click.UsageError("--only-own leaves nothing to seal; give your forecast with --own")
    heard = Heard()
    position = heard.of(lambda: forecasting.is_issue(case, about))
    scale = forecasting.scale_of(case, about) if position else None
    said = None
    if own_text is not None and position is not None:
        said = heard.of(lambda: forecasting.own(own_text, scale))
    question = None if given["update"] else _question(case, about, heard, **given)
    heard.done()
    constants = Ledger(ledger).constants() if ledger.exists() else PUBLISHED
    made = forecasting.forecasts(case, about, draws, seed, constants=constants)
    files = {path.name: path for path in (Path(of.reference),) if path.is_file()}
    done = Ledger(ledger).seal(
        name or about,
        forecasting.with_own(made, said, only=given["only_own"]),
        question=question,
        provenance=forecasting.provenance(case, draws, seed, files, constants),
        inputs=forecasting.inputs_of(case),
        rationale=given["why"],
        author=given["author"],
        retrospective=given["retrospective"],
    )
    told_appended(done, out, "sealed", name or about)


def _question(case: Case, about: str, heard: Heard, **given: Any) -> Question | None:
    """Return the question that is put on the record; what is wrong with it is told to ``heard``."""
    from detente.record.chain import now
    from detente.record.forecasting import is_issue, scale_of
    from detente.record.questions import Question, of_body

    wanted = {"--deadline": "deadline", "--resolution": "criteria", "--source": "source"}
    wanted |= {"--condition": "condition"} if case.scenario is not None else {}
    if missing := [option for option, key in wanted.items() if not given[key]]:
        why = "a question without them cannot be scored years later"
        heard.problems.append(f"nothing is sealed without {', '.join(missing)}: {why}")
    deadline, latest = (
        heard.of(lambda key=key: moment(given[key], f"--{key}") if given[key] else None)  # type: ignore[misc]
        for key in ("deadline", "latest")
    )
    if deadline is not None and deadline < now() and not given["retrospective"]:
        told = "a forecast after its deadline is sealed with --retrospective, and never counts"
        heard.problems.append(f"--deadline is {deadline}, which has passed; {told}")
    if deadline is not None and latest is not None and latest < deadline:
        heard.problems.append(f"--latest is {latest}, before the deadline, {deadline}")
    if heard.problems or deadline is None:
        return None
    position = is_issue(case, about)
    called = case.issues[about].name if position else case.deals[about].name
    asked = f"{called}: where does it stand" if position else f"Is “{called}” agreed"
    under = f", if “{case.scenarios[case.scenario].name}” comes true" if case.scenario else ""
    stated = {
        "text": given["text"] or f"{asked} by {deadline[:10]}{under}?",
        "about": about,
        "outcome": "position" if position else "event",
        "scale": scale_of(case, about).model_dump() if position else None,
        "opened": min(now(), deadline),
        "deadline": deadline,
        "latest": latest or f"{int(deadline[:4]) + 1:04}{deadline[4:]}",
        "rule": {key: given[key] for key in ("criteria", "source", "fallback", "decides")},
        "condition": {"scenario": case.scenario, "criteria": given["condition"]} if case.scenario else None,
        "counting": given["counting"],
        "cluster": case.title,
    }
    made: Question = of_body(Question, stated, "the question")
    return made
