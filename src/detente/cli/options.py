"""What do several commands ask for? A case, a scenario, changes, draws, a lens: each said once, here."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial, reduce, wraps
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import click

from detente.cli.output import Output
from detente.errors import CaseError, NotFoundError, OptionError, offering

if TYPE_CHECKING:
    from detente.case import Case
    from detente.lenses import Lens

Command = TypeVar("Command", bound=Callable[..., Any])
AS_IS = "as-is"
MOST_WORKERS = 1_024


def pairs(
    *names: str, form: str, read: Callable[[str], Any], such: str, told: str
) -> Callable[[Command], Command]:
    """Return an option that holds pairs of a name and what is read from the text behind its equals sign.

    Args:
        names: of the option.
        form: as help writes it, such as ``PATH=VALUE``.
        read: of the text to the right; a ``ValueError`` where it is none.
        such: an example.
        told: what help says.
    """

    def pair(written: str) -> tuple[str, Any]:
        name, equals, text = (part.strip() for part in written.partition("="))
        try:
            if equals and name:
                return name, read(text)
        except CaseError as error:
            raise click.BadParameter(f"{text!r}: {error.problems[0].message}") from error
        except ValueError:
            pass
        raise click.BadParameter(f"{written!r} is not {form}; write for example {such}")

    return click.option(*names, type=pair, multiple=True, metavar=form, help=f"{told} Repeatable.")


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


class Real(click.FloatRange):
    """A finite number in a range; no range refuses ``nan``."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number."""
        found = float(super().convert(value, param, ctx))
        if not math.isfinite(found):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return found


def lens_named(text: str) -> str:
    """Return the name of a lens that is installed, or offer the nearest."""
    from detente.lenses import lens

    try:
        return lens(text).name
    except NotFoundError as error:
        raise click.BadParameter(str(error)) from error


def lenses_from(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return the names of lenses that begin so, for shells that complete them."""
    from detente.lenses import available

    return [name for name in available() if name.startswith(begun)]


def _workers(text: str) -> int | str:
    """Return a number of threads, or ``ray`` for the workers of a cluster."""
    if text != "ray" and not text.removeprefix("-").isdecimal():
        raise click.BadParameter(f"{text!r} is neither a number of threads nor 'ray'")
    return text if text == "ray" else int(click.IntRange(1, MOST_WORKERS)(text))


class Door(NamedTuple):
    """What help says of a lens: its name, its question, its methods, and (name, ending) of what it can write."""

    name: str
    question: str
    methods: Sequence[str] = ()
    writes: Sequence[Sequence[str]] = ()


def doors() -> Iterator[Door]:
    """Yield what help says of every lens; only those of other packages are opened for it."""
    table = tomllib.loads(files("detente").joinpath("lenses", "registry.toml").read_text(encoding="utf-8"))
    for name, told in table.items():
        yield Door(name, told["question"], told.get("methods", ()), told.get("writes", ()))
    for name in dict.fromkeys(one.name for one in entry_points(group="detente.lenses")):
        if name not in table:
            from detente.lenses import lens

            writes = [(one.name, one.suffixes[0]) for one in lens(name).formats()]
            yield Door(name, lens(name).question, tuple(lens(name).methods), writes)


def _lenses() -> Iterator[tuple[str, str]]:
    for one in doors():
        yield one.name, f"{one.question} Methods: {', '.join(one.methods)}." if one.methods else one.question


LENSES = "Lenses", _lenses  # what help lists of them


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


def number(
    name: str, kind: Any, default: Any, told: str, metavar: str | None = "N", into: str = ""
) -> Callable[[Command], Command]:
    """Return an option with its default in the help; the function gets it as ``into``, else by its own name."""
    names = [name, into] if into else [name]
    return click.option(*names, type=kind, default=default, show_default=True, metavar=metavar, help=told)


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
    if default is not None:  # a default of None would do where an option is required
        more |= {"default": default, "show_default": True}
    return click.option(*names, type=kind, metavar=metavar, help=told, **more)


def output_file(told: str, **more: Any) -> Callable[[Command], Command]:
    """Return the option ``-o``."""
    return file("-o", "--output", told=told, folder=None, metavar="FILE", **more)


case_argument = click.argument("reference", metavar="CASE")
force_option = click.option("--force", is_flag=True, help="Overwrite what is there, and allow any ending.")
scenario_option = click.option("--scenario", metavar="ID", help="Apply a scenario of the case.")


def change_option(told: str) -> Callable[[Command], Command]:
    """Return the option ``--set``."""
    such = "stances.tariffs.france.position='40 ± 10'"
    return pairs("--set", "changes", form="PATH=VALUE", read=_value, such=such, told=told)


version_options = together(
    scenario_option, change_option("Change a number, after the scenario; null removes.")
)
issue_option = click.option(
    "--issue", "issues", multiple=True, metavar="ID", help="Only this issue. Repeatable."
)
fix_option = pairs(
    *("--fix", "fixed"),
    form="NAME=VALUE",
    read=_name,
    such="relation=reset",
    told="Take a descriptor's variant as given (crossimpact).",
)
# For what the methods change in a case see `Lens.only`; `--lens` is for commands that can ask more than one.
method_option = click.option(
    *("--method", "methods"),
    multiple=True,
    metavar="NAME",
    help="Only this method of the lens. Repeatable; the first one leads.",
)


def lens_option(told: str) -> Callable[[Command], Command]:
    """Return the option ``--lens``."""
    asked: dict[str, Any] = {"type": lens_named, "shell_complete": lenses_from}
    return click.option("--lens", "lens_name", metavar="NAME", help=told, **asked)


one_lens = lens_option("What to ask; by default the first lens that can answer the case.")


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
        base = opened(reference, given["out"])
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
        click.option("--workers", type=_workers, metavar="N|ray", help=told),
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
            raise NotFoundError(offering(f"no issue is called {issue!r}", issue, case.issues))


def version_of(case: Case, scenario: str | None, changes: Mapping[str, Any] | None = None) -> Case:
    """Return the case under a scenario and with changes; ``as-is`` is the case itself where it names none such."""
    if scenario == AS_IS and AS_IS not in case.scenarios:
        scenario = None
    return case.with_(changes, scenario=scenario) if scenario is not None or changes else case
