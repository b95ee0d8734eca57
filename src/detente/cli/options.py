"""What do several commands ask for? A case, a scenario, changes, draws: each said once, here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from detente.cli.output import Output

if TYPE_CHECKING:
    from detente.case import Case

Command = TypeVar("Command", bound=Callable[..., Any])
AS_IS = "as-is"
MOST_WORKERS = 1_024


class Change(click.ParamType):  # type: ignore[type-arg]  # generic in new versions of click only
    """``PATH=VALUE``, the value as a case file would have it."""

    name = "PATH=VALUE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        """Return the path and the value, read as YAML."""
        path, equals, text = str(value).partition("=")
        if not equals or not path.strip():
            self.fail(
                f"{value!r} is not PATH=VALUE; write for example stances.tariffs.france.position='40 ± 10'",
                param,
                ctx,
            )
        return path.strip(), self._read(text.strip(), param, ctx)

    def _read(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from detente.case.reading import read_yaml

        if text.startswith((">=", "<=")):  # a red line, which YAML would take for a folded text
            return text
        document = read_yaml(text)
        if document.problems:
            self.fail(f"{text!r}: {document.problems[0].message}", param, ctx)
        return document.data


def case_argument(command: Command) -> Command:
    """Give a command the argument CASE."""
    return click.argument("reference", metavar="CASE")(command)


def version_options(command: Command) -> Command:
    """Give a command ``--scenario`` and ``--set``."""
    command = click.option(
        "--set",
        "changes",
        type=Change(),
        multiple=True,
        help="Change a number, after the scenario; null removes. Repeatable.",
    )(command)
    return click.option("--scenario", metavar="ID", help="Apply a scenario of the case.")(command)


def draw_options(command: Command) -> Command:
    """Give a command ``--draws``, ``--seed`` and ``--workers``."""
    command = click.option(
        "--workers",
        type=click.IntRange(1, MOST_WORKERS),
        metavar="N",
        help="Threads; all processors by default. Never changes a result.",
    )(command)
    command = click.option(
        "--seed",
        type=click.IntRange(0),
        default=1,
        show_default=True,
        metavar="N",
        help="Seed of the draws; the same seed gives the same numbers.",
    )(command)
    return click.option(
        "--draws",
        type=click.IntRange(1, 10_000_000),
        default=10_000,
        show_default=True,
        metavar="N",
        help="Draws of everything that carries doubt.",
    )(command)


def method_option(command: Command) -> Command:
    """Give a command ``--method``, handed over as the changes to the case that it means."""
    return click.option(
        "--method",
        "methods",
        multiple=True,
        metavar="NAME",
        callback=_methods,
        help="Only this method of the bargaining lens: mean, median, nash, challenge, exchange. Repeatable; "
        "the first one leads.",
    )(command)


def lens_option(command: Command) -> Command:
    """Give a command ``--lens``, for those that can ask more than one."""
    return click.option(
        "--lens",
        "lens_name",
        type=click.Choice(["bargaining", "winset", "stability"]),
        metavar="NAME",
        help="What to ask: bargaining (where issues settle), winset (whether there is a deal) or stability (what "
        "holds); by default bargaining where the case has stances.",
    )(command)


def _methods(context: click.Context, parameter: click.Parameter, names: tuple[str, ...]) -> dict[str, Any]:
    if not names:
        return {}
    from detente.case.options import METHODS
    from detente.errors import did_you_mean

    for name in names:
        if name not in METHODS:
            hint = did_you_mean(name, METHODS)
            raise click.BadParameter(f"there is no method {name!r}; {hint}", context, parameter)
    return {
        "options.bargaining.methods": list(dict.fromkeys(names)),
        "options.bargaining.headline": names[0],
    }


def opened(reference: str, out: Output) -> Case:
    """Return the case that was named; tell beside the answer when checking it would show warnings."""
    from detente.catalog import check_reference

    checked = check_reference(reference)
    case = checked.require()
    if checked.warnings:
        count = len(checked.warnings)
        seen = f"{count} warning{'s' if count > 1 else ''}"
        out.note(f"note: {seen} about this case, told by: detente check {reference}")
    return case


def version_of(case: Case, scenario: str | None, changes: Mapping[str, Any] | None = None) -> Case:
    """Return the case under a scenario and with changes; ``as-is`` is the case itself where it names none such."""
    if scenario == AS_IS and AS_IS not in case.scenarios:
        scenario = None
    return case.with_(changes, scenario=scenario) if scenario is not None or changes else case
