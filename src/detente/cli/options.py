"""What do several commands ask for? A case, a scenario, changes, draws, a lens: each said once, here."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import entry_points
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from detente.cli.output import Output
from detente.errors import NotFoundError, OptionError, did_you_mean

if TYPE_CHECKING:
    from detente.case import Case
    from detente.lenses import Lens

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


class Fixed(click.ParamType):  # type: ignore[type-arg]
    """``NAME=VALUE``, two names."""

    name = "NAME=VALUE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return both names."""
        name, equals, text = (part.strip() for part in str(value).partition("="))
        if not (name and equals and text):
            self.fail(f"{value!r} is not NAME=VALUE; write for example relation=reset", param, ctx)
        return name, text


class LensName(click.ParamType):  # type: ignore[type-arg]
    """The name of a lens that is installed."""

    name = "LENS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name, or offer the nearest."""
        from detente.lenses import lens

        try:
            return lens(value).name
        except NotFoundError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """Return the names that begin so."""
        from click.shell_completion import CompletionItem

        from detente.lenses import available

        del ctx, param
        return [CompletionItem(name) for name in available() if name.startswith(incomplete)]


class WorkersOf(click.ParamType):  # type: ignore[type-arg]
    """A number of threads, or ``ray`` for the workers of a cluster."""

    name = "N|ray"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        """Return it."""
        if value == "ray":
            return "ray"
        return int(click.IntRange(1, MOST_WORKERS).convert(value, param, ctx))


class Told(click.Option):
    """An option whose help is written when it is asked for."""

    def __init__(self, *names: Any, telling: Callable[[], str], **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.telling = telling

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return how the option is written, and what it does."""
        self.help = self.telling()
        return super().get_help_record(ctx)


class Door(NamedTuple):
    """What help says of a lens: its name, its question, its methods, and (name, ending) of what it can write."""

    name: str
    question: str
    methods: Sequence[str] = ()
    writes: Sequence[Sequence[str]] = ()


def doors() -> list[Door]:
    """Return what help says of every lens; only those of other packages are opened for it."""
    table = tomllib.loads(files("detente").joinpath("lenses", "registry.toml").read_text(encoding="utf-8"))
    known = [
        Door(name, of["question"], of.get("methods", ()), of.get("writes", ())) for name, of in table.items()
    ]
    outside = dict.fromkeys(one.name for one in entry_points(group="detente.lenses") if one.name not in table)
    return known + [_opened_door(name) for name in outside]


def _opened_door(name: str) -> Door:
    from detente.lenses import lens

    of = lens(name)
    return Door(name, of.question, tuple(of.methods), [(one.name, one.suffixes[0]) for one in of.formats()])


class NamingLenses(click.Command):
    """A command whose help names every lens that is installed, with its question."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the lenses, then the options."""
        with formatter.section("Lenses"):
            formatter.write_dl([(one.name, one.question) for one in doors()])
        super().format_options(ctx, formatter)


def case_argument(command: Command) -> Command:
    """Give a command the argument CASE."""
    return click.argument("reference", metavar="CASE")(command)


def force_option(command: Command) -> Command:
    """Give a command ``--force``."""
    return click.option("--force", is_flag=True, help="Overwrite what is there, whatever it is.")(command)


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


def draw_options(command: Command, *, draws: int = 10_000) -> Command:
    """Give a command ``--draws``, ``--seed`` and ``--workers``."""
    command = click.option(
        "--workers",
        type=WorkersOf(),
        metavar="N|ray",
        help="Threads, all processors by default, or a cluster of Ray. Never changes a result.",
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
        default=draws,
        show_default=True,
        metavar="N",
        help="Draws of everything that carries doubt.",
    )(command)


def method_option(command: Command) -> Command:
    """Give a command ``--method``; `Lens.only` says what to change in a case for it."""
    return click.option("--method", "methods", cls=Told, telling=_methods, multiple=True, metavar="NAME")(
        command
    )


def fix_option(command: Command) -> Command:
    """Give a command ``--fix``; `Lens.fixing` says what to change in a case for it."""
    return click.option(
        "--fix",
        "fixed",
        type=Fixed(),
        multiple=True,
        help="Take a descriptor's variant as given (crossimpact). Repeatable.",
    )(command)


def singled_out(lens: Lens, methods: Sequence[str]) -> dict[str, Any]:
    """Return the changes to a case that single out some methods of a lens.

    Raises:
        click.BadParameter: the lens has no such method.
    """
    try:
        return lens.only(methods)
    except OptionError as error:
        raise click.BadParameter(str(error), param_hint="'--method'") from error


def _methods() -> str:
    told = "; ".join(f"{', '.join(one.methods)} ({one.name})" for one in doors() if one.methods)
    return f"Only this method of the lens: {told}. Repeatable; the first one leads."


def lens_option(command: Command) -> Command:
    """Give a command ``--lens``, for those that can ask more than one."""
    return click.option("--lens", "lens_name", cls=Told, telling=_lenses, type=LensName(), metavar="NAME")(
        command
    )


def _lenses() -> str:
    *others, last = (one.name for one in doors())
    return f"What to ask: {', '.join(others)} or {last}; by default the first whose part the case states."


def opened(reference: str, out: Output) -> Case:
    """Return the case that was named; tell beside the answer what decides it, and that there are warnings."""
    from detente.case.guidance import one_size
    from detente.catalog import check_reference

    checked = check_reference(reference)
    case = checked.require()
    deciding = one_size(case) if case.consent is not None else ()
    for one in deciding:
        out.note(f"note: {one.sentence}; {one.way}")
    count = len(checked.warnings) - len(deciding)
    if count > 0:
        seen = f"{count} warning{'s' if count > 1 else ''}"
        out.note(f"note: {seen} about this case, told by: detente check {reference}")
    return case


def known_issues(case: Case, issues: Sequence[str]) -> None:
    """Refuse an issue that the case does not have.

    Raises:
        NotFoundError: the message offers the nearest id.
    """
    for issue in issues:
        if issue not in case.issues:
            raise NotFoundError(f"no issue is called {issue!r}; {did_you_mean(issue, case.issues)}")


def version_of(case: Case, scenario: str | None, changes: Mapping[str, Any] | None = None) -> Case:
    """Return the case under a scenario and with changes; ``as-is`` is the case itself where it names none such."""
    if scenario == AS_IS and AS_IS not in case.scenarios:
        scenario = None
    return case.with_(changes, scenario=scenario) if scenario is not None or changes else case
