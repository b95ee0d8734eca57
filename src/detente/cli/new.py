"""How does one begin? With a small case that works, to be overwritten line by line."""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detente.cli.output import Output, output_options
from detente.errors import OutputError
from detente.show.columns import clean

if TYPE_CHECKING:
    from detente.case import Case

STANCES_FILE = "stances.csv"
COLUMNS = ("position", "salience", "influence", "accepts")
DEFAULT_TITLE = "Fishing in the Narrow Strait (an example to overwrite)"
STANCES = re.compile(
    r"^# position   what.*?^stances:.*?(?=^\S)", re.DOTALL | re.MULTILINE
)  # with what explains them
ELSEWHERE = f"# Who wants what stands in {STANCES_FILE}, beside this file: one row per actor and issue.\n\n"


@click.command("new")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--folder", is_flag=True, help="A folder: case.yaml, and the stances in stances.csv.")
@click.option(
    "--full", is_flag=True, help="With consent, a body, deals, red lines, costs of failure and a game."
)
@click.option("--title", metavar="TEXT", help="Title of the case.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@output_options
def command(path: Path | None, folder: bool, full: bool, title: str | None, force: bool, out: Output) -> None:
    """Write a commented case to start from.

    PATH is the file to write (case.yaml unless you name another), or with
    --folder the folder to make. What exists is left alone without --force. The
    case asks where issues would settle; with --full, whether a treaty that a
    legislature must ratify is possible, and what holds without one.
    """
    from detente.case.checked import check_text
    from detente.cli.records import Written

    path, title = path or Path("my-case" if folder else "case.yaml"), title or DEFAULT_TITLE
    if not folder and not path.suffix and not path.is_dir():
        path = path.with_suffix(".yaml")
    name = shlex.quote(clean(str(path)))
    whole = starter_file(name, title, full=full)
    case = check_text(whole, path).require()  # the title may not be one
    texts = (
        {path / file: text for file, text in starter_folder(whole, case).items()} if folder else {path: whole}
    )
    _refuse_hopeless(path, folder=folder)
    if not force:
        _refuse_to_overwrite(texts)
    _write(path, texts, folder=folder)
    written = tuple(sorted(map(str, texts)))
    out.give(Written(written=written))
    if not out.as_json:
        out.note(f"wrote {' and '.join(written)}")
        out.note(f"\nWhat to do now:\n  detente check {name}\n  detente brief {name}")


def _refuse_hopeless(path: Path, *, folder: bool) -> None:
    if folder and path.exists() and not path.is_dir():
        raise OutputError(f"{path} is there and is not a folder; name another")
    if not folder and path.is_dir():
        raise OutputError(f"{path} is a folder; name a file, or make a case folder with --folder")
    if not folder and path.suffix not in (".yaml", ".yml"):
        raise OutputError(f"{path}: a case file ends in .yaml; name it {path.with_suffix('.yaml')}")


def _refuse_to_overwrite(texts: Iterable[Path]) -> None:
    for file in texts:
        if file.exists() or file.is_symlink():
            raise OutputError(f"{file} exists; name another, or overwrite it with --force")


def _write(path: Path, texts: Mapping[Path, str], *, folder: bool) -> None:
    """Write all files, or take back those that were not there before."""
    from detente.case.files import write_whole

    made: list[Path] = []
    new_folder = folder and not path.exists()
    try:
        if new_folder:
            _make(path)
        for file, text in texts.items():
            before = file.exists()
            write_whole(file, text)
            made += [] if before else [file]
    except BaseException:
        for file in made:
            with suppress(OSError):
                file.unlink()
        if new_folder:
            with suppress(OSError):
                path.rmdir()
        raise


def _make(path: Path) -> None:
    try:
        path.mkdir()
    except OSError as error:
        raise OutputError(f"{path}: cannot be made ({error.strerror}); choose another place") from error


def starter_file(name: str, title: str, *, full: bool = False) -> str:
    """Return the text of a case file.

    Args:
        name: of the file, for the commands that its comments show.
        title: of the case.
        full: whether with every part that a treaty needs.
    """
    from detente.case.writing import flow

    file = files("detente.cli").joinpath("starter-full.yaml" if full else "starter.yaml")
    return file.read_text(encoding="utf-8").replace("{name}", name).replace("{title}", flow(title), 1)


def starter_folder(whole: str, case: Case) -> dict[str, str]:
    """Return file name → text of a case folder, the stances in a table.

    Args:
        whole: text of the case file.
        case: what it says.
    """
    from detente.case.files import CASE_FILE

    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(["issue", "actor", *COLUMNS, "because"])
    for issue, stances in case.stances.items():
        for actor, of in stances.items():
            numbers = [str(getattr(of, name) or "") for name in COLUMNS]
            rows.writerow([issue, actor, *numbers, " ".join(of.because)])
    return {STANCES_FILE: table.getvalue(), CASE_FILE: STANCES.sub(ELSEWHERE, whole, count=1)}
