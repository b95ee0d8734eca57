"""What do several commands ask for? A case, a scenario, changes, draws, a lens: each said once, here."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce, wraps
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import click

from detente.cli.output import Output
from detente.errors import CaseError, NotFoundError, OptionError, did_you_mean

if TYPE_CHECKING:
    from detente.case import Case
    from detente.lenses import Lens

Command = TypeVar("Command", bound=Callable[..., Any])
AS_IS = "as-is"
MOST_WORKERS = 1_024


class Pair(click.ParamType):  # type: ignore[type-arg]  # generic in new versions of click only
    """``LEFT=RIGHT``: a name, and what is read from the rest.

    Args:
        name: as help writes it, such as ``PATH=VALUE``.
        read: of the text to the right; a ``ValueError`` where it is none.
        such: an example.
    """

    def __init__(self, name: str, read: Callable[[str], Any], such: str) -> None:
        self.name, self.read, self.such = name, read, such

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        """Return the name and what was read."""
        name, equals, text = (part.strip() for part in str(value).partition("="))
        try:
            if equals and name:
                return name, self.read(text)
        except CaseError as error:
            self.fail(f"{text!r}: {error.problems[0].message}", param, ctx)
        except ValueError:
            pass
        return self.fail(f"{value!r} is not {self.name}; write for example {self.such}", param, ctx)


def _value(text: str) -> Any:
    """Return a value as a case file would have it."""
    from detente.case.reading import read_yaml

    if text.startswith((">=", "<=")):  # a red line, which YAML would take for a folded text
        return text
    document = read_yaml(text)
    if document.problems:
        raise CaseError(document.problems)
    return document.data


def _name(text: str) -> str:
    if not text:
        raise ValueError
    return text


CHANGE = Pair("PATH=VALUE", _value, "stances.tariffs.france.position='40 ± 10'")


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


class Version(NamedTuple):
    """The case that a command is about: as it was named, as it stands, and the version that was asked for."""

    reference: str
    base: Case
    case: Case

    def changed(self, *changes: Mapping[str, Any]) -> Case:
        """Return the case with further changes."""
        return version_of(self.case, None, {path: to for one in changes for path, to in one.items()})


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return what gives a command several options, in their order."""
    return partial(reduce, lambda command, option: option(command), options[::-1])


def number(name: str, kind: Any, default: Any, told: str, metavar: str = "N") -> Callable[[Command], Command]:
    """Return an option that holds a number, with its default in the help."""
    return click.option(name, type=kind, default=default, show_default=True, metavar=metavar, help=told)


def file(
    *names: str,
    told: str,
    default: Path | None = None,
    there: bool = False,
    folder: bool | None = False,
    **more: Any,
) -> Callable[[Command], Command]:
    """Return an option that holds a path: of a file, of a folder, or with ``None`` of either."""
    kind = click.Path(path_type=Path, exists=there, dir_okay=folder is not False, file_okay=not folder)
    metavar = more.pop("metavar", {False: "FILE", True: "DIR", None: "PATH"}[folder])
    shown = default is not None
    return click.option(
        *names, type=kind, default=default, show_default=shown, metavar=metavar, help=told, **more
    )


def output_file(told: str, **more: Any) -> Callable[[Command], Command]:
    """Return the option ``-o``."""
    return file("-o", "--output", told=told, folder=None, metavar="FILE", **more)


case_argument = click.argument("reference", metavar="CASE")
force_option = click.option("--force", is_flag=True, help="Overwrite what is there, whatever it is.")
scenario_option = click.option("--scenario", metavar="ID", help="Apply a scenario of the case.")
version_options = together(
    scenario_option,
    click.option(
        *("--set", "changes"),
        type=CHANGE,
        multiple=True,
        help="Change a number, after the scenario; null removes. Repeatable.",
    ),
)
issue_option = click.option(
    "--issue", "issues", multiple=True, metavar="ID", help="Only this issue. Repeatable."
)
fix_option = click.option(
    *("--fix", "fixed"),
    type=Pair("NAME=VALUE", _name, "relation=reset"),
    multiple=True,
    help="Take a descriptor's variant as given (crossimpact). Repeatable.",
)


def case_options(function: Command, *, options: Callable[[Any], Any] = version_options) -> Command:
    """Give a command CASE, ``--scenario`` and ``--set``, and hand it the `Version` that they mean as ``of``."""

    @case_argument
    @options
    @wraps(function)
    def command(
        *arguments: Any,
        reference: str,
        scenario: str | None,
        changes: Sequence[tuple[str, Any]] = (),
        **given: Any,
    ) -> Any:
        base = opened(reference, Output(given["as_json"], given["quiet"]))
        return function(
            *arguments, of=Version(reference, base, version_of(base, scenario, dict(changes))), **given
        )

    return cast("Command", command)


def draw_options(command: Command, *, draws: int = 10_000) -> Command:
    """Give a command ``--draws``, ``--seed`` and ``--workers``."""
    seeds, many = click.IntRange(0), click.IntRange(1, 10_000_000)
    told = "Threads, all processors by default, or a cluster of Ray. Never changes a result."
    given: Callable[[Command], Command] = together(
        number("--draws", many, draws, "Draws of everything that carries doubt."),
        number("--seed", seeds, 1, "Seed of the draws; the same seed gives the same numbers."),
        click.option("--workers", type=WorkersOf(), metavar="N|ray", help=told),
    )
    return given(command)


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


def _lenses() -> str:
    *others, last = (one.name for one in doors())
    return f"What to ask: {', '.join(others)} or {last}; by default the first whose part the case states."


# For what the methods change in a case see `Lens.only`; `--lens` is for commands that can ask more than one.
method_option = click.option("--method", "methods", cls=Told, telling=_methods, multiple=True, metavar="NAME")
lens_option = click.option("--lens", "lens_name", cls=Told, telling=_lenses, type=LensName(), metavar="NAME")


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
