"""How does a command speak? Answers on stdout, all else on stderr, nothing that breaks a pipe or a terminal."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, TextIO

import click

from detente.errors import CaseError, DetenteError, Problem, did_you_mean
from detente.show.columns import Column, clean, head_and_body, paragraph, width, wrapped

if TYPE_CHECKING:
    from detente.case import Case
    from detente.show.blocks import Block
    from detente.show.record import Published
    from detente.show.screen import Style, Styled

MOST_NOTES = 5
WIDEST_HELP, NARROW = 78, 60
Listed = tuple[str, Callable[[], Iterable[tuple[str, str]]]]


@dataclass(slots=True)
class Output:
    """Where a command's words go.

    Attributes:
        as_json: print one JSON object instead of text for people.
        quiet: keep notes and progress to oneself.
        begun: whether anything of the answer was printed.
    """

    as_json: bool = False
    quiet: bool = False
    begun: bool = False

    def give(
        self, answer: Published | Callable[[], Published], told: Callable[[], Iterable[Block]] | None = None
    ) -> None:
        """Print an answer: as one JSON object, or told in blocks; what is not asked for is not made."""
        if self.as_json:
            self.json((answer() if callable(answer) else answer).to_dict())
        elif told is not None:
            self.blocks(told())

    def blocks(self, blocks: Iterable[Block]) -> None:
        """Print blocks; no answer begins with an empty line."""
        from detente.show.screen import block_lines

        for line, style in block_lines(blocks):
            if line or self.begun:
                self.say(line, style)

    def head(self, case: Case, *more: str) -> None:
        """Print the title of a case and its scenario, and more paragraphs under it."""
        self.title(case.title)
        named = case.scenarios.get(case.scenario or "")
        for text in (*([f"Scenario: {named.name}"] if named else ()), *more):
            self.text(text)

    def say(self, text: str = "", style: Style = "") -> None:
        """Print lines of the answer."""
        self.begun = True
        for line in text.split("\n"):
            shown = clean(line).rstrip()
            click.echo(click.style(shown, **{style: True}) if style and shown else shown)

    def lines(self, lines: Iterable[str]) -> None:
        """Print several lines of the answer."""
        for line in lines:
            self.say(line)

    def text(self, text: str) -> None:
        """Print a paragraph, broken where the screen is narrow."""
        self.lines(wrapped(text))

    def styled(self, lines: Iterable[Styled]) -> None:
        """Print lines of the answer, each in its style."""
        for line in lines:
            self.say(*line)

    def title(self, text: str) -> None:
        """Print what the lines that follow are about, in bold."""
        self.styled((line, "bold") for line in wrapped(text))

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], *, indent: str = "  ") -> None:
        """Print a table, its heading dim."""
        head, body = head_and_body(columns, rows, indent=indent)
        self.styled((line, "dim") for line in head)
        self.lines(body)

    def verbatim(self, text: str) -> None:
        """Print a text as it is, for other programs or for a file: in UTF-8, whatever the terminal speaks."""
        click.echo(text.encode("utf-8"), nl=False)

    def notes(self, problems: Sequence[Problem], rest: str) -> None:
        """Tell problems beside the answer, on stderr: the first few, and where to find the rest."""
        for line in problem_lines(problems[:MOST_NOTES], sys.stderr):
            self.note(line)
        if len(problems) > MOST_NOTES:
            self.note(f"and {len(problems) - MOST_NOTES} more; {rest}")

    def note(self, text: str) -> None:
        """Tell something beside the answer, on stderr."""
        if not self.quiet:
            for line in text.split("\n"):
                for part in terminal_lines(line, sys.stderr) or [""]:
                    click.echo(clean(part), err=True)

    def json(self, data: Mapping[str, Any]) -> None:
        """Print one JSON object."""
        unicode = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
        click.echo(json_text(data, ascii_only=not unicode))


class Help(click.HelpFormatter):
    """Help that is never wider than the terminal, however narrow that is."""

    def __init__(self, **_: object) -> None:
        super().__init__(width=min(width(), WIDEST_HELP))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms with what they mean: beside each other where there is room, else one under the other."""
        super().write_dl(list(rows), *((1, 3) if self.width <= NARROW else (col_max, col_spacing)))

    def getvalue(self) -> str:
        """Return all of it; lines that click keeps as they are, such as tables, are broken where they are long."""
        lines = super().getvalue().split("\n")
        return "\n".join(
            part
            for line in lines
            for part in ([line] if len(line) <= self.width else wrapped(line, self.width))
        )


class Context(click.Context):
    """What a command is called with; its help keeps to the terminal."""

    formatter_class = Help


class Answering(click.Command):
    """A command with ``--json`` and ``--quiet``; its function gets an `Output` as ``out``.

    Args:
        lists: heading and rows of what its help lists before the options, made when help is asked for.
    """

    context_class = Context

    def __init__(self, *names: Any, lists: Listed | None = None, **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.lists = lists
        self.params += [
            click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON object."),
            click.Option(["-q", "--quiet"], is_flag=True, help="No progress and no notes on stderr."),
        ]

    def invoke(self, ctx: click.Context) -> Any:
        """Call the function with the options."""
        ctx.params["out"] = Output(ctx.params.pop("as_json"), ctx.params.pop("quiet"))
        try:
            return super().invoke(ctx)
        except MemoryError as error:
            asked = re.search(r"[\d.]+ [KMGTPE]iB", str(error))  # numpy tells it
            size = f" ({asked[0]} were wanted at once)" if asked else ""
            raise DetenteError(f"not enough memory{size}; {less(ctx.params)}") from error

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what is listed, then the options."""
        if self.lists is not None:
            heading, rows = self.lists
            with formatter.section(heading):
                formatter.write_dl(list(rows()))
        super().format_options(ctx, formatter)


def less(given: Mapping[str, Any]) -> str:
    """Return what to ask in place of what a command was given, for it to take less memory."""
    draws, of_case = given.get("draws", 0), {"reference", "references"} & set(given)
    ways = [f"ask for fewer draws than {draws:,}"] * (draws > 100)  # of fewer, the case takes it
    ways += ["ask for --workers 1"] * (given.get("workers", 1) != 1)
    return ", or ".join([*ways, "make the case smaller" if of_case else "give it less at a time"])


class Answers(click.Group):
    """A group of such commands."""

    context_class, command_class = Context, Answering

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command, or offer the nearest name."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            hint = did_you_mean(args[0], known) or f"known: {', '.join(known)}"
            raise click.UsageError(f"there is no command {args[0]!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)


def answers(name: str, **settings: Any) -> Callable[[Callable[..., Any]], Answering]:
    """Return what makes a function such a command."""
    return click.command(name, cls=Answering, **settings)


def group(name: str) -> Callable[[Callable[..., Any]], Answers]:
    """Return what makes a function a group of them."""
    return click.group(name, cls=Answers)


def colour() -> bool | None:
    """Return ``False`` where styles are unwelcome, else ``None``: only a terminal gets them."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def json_text(data: object, *, ascii_only: bool = False) -> str:
    """Return JSON that people can read too: indented, but a list of bare values on one line."""
    return "".join(_json_parts(data, "\n", ascii_only))


def _json_parts(data: object, line: str, ascii_only: bool) -> Iterable[str]:
    nested = isinstance(data, Mapping) or (
        isinstance(data, (list, tuple)) and any(isinstance(item, (Mapping, list, tuple)) for item in data)
    )
    if not nested or not data:
        yield json.dumps(data, ensure_ascii=ascii_only, allow_nan=False)
        return
    inner = line + "  "
    opening, closing = "{}" if isinstance(data, Mapping) else "[]"
    items = data.items() if isinstance(data, Mapping) else ((None, item) for item in data)  # type: ignore[attr-defined]
    yield opening
    for number, (key, item) in enumerate(items):
        yield f",{inner}" if number else inner
        if key is not None:
            yield f"{json.dumps(str(key), ensure_ascii=ascii_only)}: "
        yield from _json_parts(item, inner, ascii_only)
    yield line + closing


def complain(error: DetenteError | click.ClickException | str) -> None:
    """Say on stderr what went wrong, and the way out."""
    if isinstance(error, CaseError) and len(error.problems) != 1:
        lines = problem_lines(error.problems, sys.stderr, severity=False)
        lines = [f"Error: {len(error.problems)} problems", *lines]
    elif isinstance(error, click.ClickException):
        error.show(shown := StringIO())
        lines = [part for line in shown.getvalue().splitlines() for part in terminal_lines(line, sys.stderr)]
    else:
        lines = terminal_lines(f"Error: {error}", sys.stderr)
    for line in lines:
        click.echo(clean(line), err=True)


def problem_lines(problems: Iterable[Problem], stream: TextIO, *, severity: bool = True) -> list[str]:
    """Return problems as ``file:line:column: severity: path: message; hint``.

    One line each, so that other programs can find them; on a terminal wrapped to its width.
    """
    lines = []
    for problem in problems:
        place = ":".join(str(p) for p in (problem.file, problem.line, problem.column) if p is not None)
        rest = str(problem).removeprefix(f"{place}: ") if place else str(problem)
        line = ": ".join(part for part in (place, severity and problem.severity, rest) if part)
        lines += terminal_lines(line, stream)
    return lines


def terminal_lines(line: str, stream: TextIO) -> list[str]:
    """Return a line as it is for other programs, and wrapped where a terminal shows it."""
    if not stream.isatty():
        return [line.replace("\n", " ")]
    first, *more = paragraph(line.replace("\n", " "), "    ") or [""]
    return [first.strip(), *more]
