"""Does a reader who types what a page shows get what the page shows?

A page is read for two kinds of fenced block. A `console` block is a session: lines that begin with `$ ` are
commands for the shell (a line that ends in a backslash goes on in the next, which may begin with `> `), the
lines below a command are what it prints. A `{code-block}` with a `:caption:` is a file of that name, which
the reader is asked to save; one captioned `in NAME` has parts of a file that is there: each is written in place of
the part that begins with the same word, or below all others. `run` plays a page from top to bottom in one folder.

Commands of détente itself are played in this process, everything else and, where asked, all of it by a shell.

In expected output a line of just `...` stands for any number of lines, and `...` within a line for any text.
A command must succeed; to show one that does not, end it with `; echo "exit code $?"`.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

_OPENING = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}|:{3,}) *(?P<info>.*?) *$")
_SESSION = re.compile(r"^(\{code-block\} +)?console\b")
_OURS = re.compile(
    r"detente (?P<arguments>[^;|&<>$`*?~#]+)"
    r"(> *(?P<into>[\w.-]+))?"
    r"""(?P<asked>; echo "exit code \$\?")?"""
)
_OPTION = re.compile(r"^ *:(?P<name>[\w-]+): *(?P<value>.*?) *$")


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file that the page asks its reader to save; `line` is where the text begins."""

    line: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownParts:
    """Parts of a file that the reader is asked to write in place of those of the same name."""

    line: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command that the page shows, and what the page says that it prints."""

    line: int
    text: str
    expected: str


Step = ShownFile | ShownParts | Command


class ExampleError(AssertionError):
    """A page shows something else than what happens."""


def pages() -> list[Path]:
    """Return every page whose examples must hold: the README and the documentation."""
    return [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]


def read(text: str) -> list[Step]:
    """Return the files and the commands that a page shows, in its order."""
    steps: list[Step] = []
    lines = iter(enumerate(text.splitlines(), start=1))
    for _, line in lines:
        opening = _OPENING.match(line)
        if not opening:
            continue
        indent, fence, info = opening["indent"], opening["fence"], opening["info"]
        if fence[0] == ":" and not info.startswith("{code-block}"):
            continue  # a note or a tab: what it contains is part of the page
        body: list[tuple[int, str]] = []
        for number, inner in lines:
            stripped = inner.strip()
            if stripped and set(stripped) == {fence[0]} and len(stripped) >= len(fence):
                break
            body.append((number, inner.removeprefix(indent)))
        steps += _steps(info, body)
    return steps


def _steps(info: str, body: list[tuple[int, str]]) -> list[Step]:
    """Return what one fenced block shows."""
    options: dict[str, str] = {}
    while info.startswith("{") and body and (option := _OPTION.match(body[0][1])):
        options[option["name"]] = option["value"]
        body = body[1:]
    while options and body and not body[0][1].strip():
        body = body[1:]
    if _SESSION.match(info):
        return list(_commands(body))
    if body and "caption" in options:
        text, caption = "".join(f"{line}\n" for _, line in body), options["caption"]
        if caption.startswith("in "):
            return [ShownParts(body[0][0], caption.removeprefix("in "), text)]
        return [ShownFile(body[0][0], caption, text)]
    return []


def _commands(body: list[tuple[int, str]]) -> list[Command]:
    """Return the commands of one session."""
    found: list[tuple[int, list[str], list[str]]] = []
    unfinished = False
    for number, line in body:
        if unfinished:
            found[-1][1].append(line.removeprefix("> ").strip())
        elif line.startswith("$ "):
            found.append((number, [line.removeprefix("$ ").strip()], []))
        elif found:
            found[-1][2].append(line.rstrip())
        elif line.strip():
            raise ExampleError(f"line {number}: a console block begins with a command, `$ ...`")
        unfinished = bool(found) and not found[-1][2] and found[-1][1][-1].endswith("\\")
    return [
        Command(number, "\n".join(command), "\n".join(output).strip("\n"))
        for number, command, output in found
    ]


def matches(expected: str, printed: str) -> bool:
    """Say whether the text printed is the text expected, blanks at line ends and blank ends of text apart.

    A line of ``...`` stands for any lines, or none; each run of lines between two is taken where it comes first.
    """
    lines = _tidy(printed).splitlines()
    runs: list[list[str]] = [[]]
    for line in expected.strip("\n").splitlines():
        if line.strip() == "...":
            runs.append([])
        else:
            runs[-1].append(".*?".join(re.escape(part) for part in line.rstrip().split("...")))

    def fits(run: list[str], at: int) -> bool:
        here = lines[at : at + len(run)]
        return len(here) == len(run) and all(map(re.fullmatch, run, here))

    if len(runs) == 1 or not fits(runs[0], 0):
        return len(runs[0]) == len(lines) and fits(runs[0], 0)
    at = len(runs[0])
    for run in runs[1:-1]:
        at = next((place for place in range(at, len(lines)) if fits(run, place)), len(lines)) + len(run)
    last = len(lines) - len(runs[-1])
    return at <= last and fits(runs[-1], last)


def _tidy(printed: str) -> str:
    lines = [line.rstrip() for line in printed.replace("\r\n", "\n").strip("\n").splitlines()]
    return "".join(f"{line}\n" for line in lines)


def environment() -> dict[str, str]:
    """Return the environment of a plain terminal, 80 columns wide, that finds the command under test."""
    kept = {key: value for key, value in os.environ.items() if key not in {"FORCE_COLOR", "CLICOLOR_FORCE"}}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return kept | {"PATH": path, "NO_COLOR": "1", "COLUMNS": "80", "TERM": "dumb", "PYTHONUTF8": "1"}


def save_files(steps: list[Step], folder: Path) -> None:
    """Write the files among the steps, as the reader would; of two with one name the later stays."""
    for step in steps:
        if isinstance(step, ShownFile):
            target = folder / step.name
            if not target.resolve().is_relative_to(folder.resolve()):
                raise ExampleError(f"line {step.line}: {step.name!r} lies outside the reader's folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(step.text, encoding="utf-8")


def rewritten(text: str, parts: str) -> str:
    """Return the text of a case file with some of its parts written anew, the comments above them included."""
    found = _parts(text)
    for key, part in _parts(parts).items():
        found[key] = f"{part.strip()}\n\n"
    return "".join(found.values()).rstrip("\n") + "\n"


def _parts(text: str) -> dict[str, str]:
    """Return the parts of a file by the word that each begins with; what stands above the first has none."""
    found, key, above = {"": ""}, "", ""
    for line in text.splitlines(keepends=True):
        if line.startswith("#"):
            above += line
            continue
        if line[0] not in " \n":
            key = line.partition(":")[0]
        found[key] = found.get(key, "") + above + line
        above = ""
    found[key] += above
    return {key: part for key, part in found.items() if part}


def run(page: Path, folder: Path, *, shell: bool = False) -> int:
    """Play a page in a folder and return how many commands ran; the first difference is an error.

    With ``shell``, détente too is run as the program that a shell finds, which takes a second a command.
    """
    count = 0
    for step in read(page.read_text(encoding="utf-8")):
        if isinstance(step, ShownFile):
            save_files([step], folder)
        elif isinstance(step, ShownParts):
            file = folder / step.name
            file.write_text(rewritten(file.read_text("utf-8"), step.text), encoding="utf-8")
        else:
            ours = None if shell else _OURS.fullmatch(step.text.replace("\\\n", " "))
            code, printed = _called(ours, folder) if ours else _typed(step.text, folder)
            _compare(step, page, code, printed)
            count += 1
    return count


def _typed(command: str, folder: Path) -> tuple[int, str]:
    """Return the exit code of a command typed into a shell, and all that it prints."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def _called(command: re.Match[str], folder: Path) -> tuple[int, str]:
    """Return the exit code of a command of détente that is played in this process, and all that it prints."""
    from click.testing import CliRunner

    from detente.cli import main

    with chdir(folder):
        done = CliRunner(env=environment()).invoke(main, shlex.split(command["arguments"]))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    printed = done.output
    if command["into"]:
        (folder / command["into"]).write_text(done.stdout, encoding="utf-8")
        printed = done.stderr
    if command["asked"]:
        return 0, f"{printed}exit code {done.exit_code}\n"
    return done.exit_code, printed


def _compare(step: Command, page: Path, code: int, output: str) -> None:
    """Refuse a command that fails, or that prints something else than the page shows."""
    place = f"{page.relative_to(REPOSITORY) if page.is_relative_to(REPOSITORY) else page}:{step.line}"
    if code != 0:
        raise ExampleError(f"{place}: $ {step.text}\nexit code {code}\n{output}")
    if not matches(step.expected, output):
        shown, printed = step.expected.splitlines(), _tidy(output).splitlines()
        difference = "\n".join(difflib.unified_diff(shown, printed, "the page", "the command", lineterm=""))
        raise ExampleError(f"{place}: $ {step.text}\n{difference}")
