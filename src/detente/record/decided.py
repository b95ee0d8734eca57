"""What was decided, and who had wanted what? Issues with a known outcome, read from a folder of the DEU III data.

*Decision-making in the European Union* III: 364 issues of 141 proposals, 1995 to 2018, with positions, saliences,
reference points and outcomes from 0 to 100 (Arregui & Perarnaud 2021, doi:10.34810/data53). The data are not part
of détente. They have no influences: those here are the votes in the Council until 2014 and the population since,
with Commission and Parliament as strong as the largest state.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np

from detente.case.files import read_exactly
from detente.errors import FormatError, NotFoundError, Problem
from detente.lenses.summary import Array

SCALE = (0.0, 100.0)
FEWEST_ACTORS = 3
NEEDED = ("prnr", "isnr", "rp", "out")
COUNCIL = tomllib.loads(Path(__file__).with_name("council.toml").read_text("utf-8"))
INSTITUTIONS = ("com", "ep")


@dataclass(frozen=True, slots=True)
class Decided:
    """Decided issues, on scales from 0 to 100.

    Attributes:
        names: of the issues.
        case: the proposal to which each belongs.
        position: NaN where an actor takes no part, shape (issues, actors).
        salience: 0..1, NaN with the position, same shape.
        influence: NaN with the position, same shape.
        reference: what no decision would have left, NaN where unknown, shape (issues,).
        outcome: shape (issues,).
    """

    names: tuple[str, ...]
    case: tuple[str, ...]
    position: Array
    salience: Array
    influence: Array
    reference: Array
    outcome: Array

    def __len__(self) -> int:
        return len(self.names)

    def only(self, kept: Array) -> Decided:
        """Return the issues for which ``kept`` is true, shape (issues,)."""
        chosen = np.flatnonzero(kept)
        names, case = (tuple(of[i] for i in chosen) for of in (self.names, self.case))
        arrays = (self.position, self.salience, self.influence, self.reference, self.outcome)
        return Decided(names, case, *(one[chosen] for one in arrays))


def read(path: Path) -> Decided:
    """Read every issue with an outcome on which at least three actors have a position and a salience.

    It is read from a tab-separated file of DEU III, or from a folder that holds one.

    Raises:
        NotFoundError: there is no such file.
        CaseError: it is no file, or larger than 5 MB.
        FormatError: it is not one of DEU III, or cells are not numbers of its scales.
    """
    files = sorted(path.rglob("deu3*.csv")) if path.is_dir() else [path]
    if not files or not files[0].exists():
        raise NotFoundError(
            f"{path}: no file 'deu3….csv' is there; get DEU III from doi:10.34810/data53 and give its folder"
        )
    file = files[0].name
    rows, actors = _rows(files[0])
    heads = ["rp", "out", *(f"p{actor}" for actor in actors), *(f"s{actor}" for actor in actors)]
    table = np.array([[_number(row[head]) for head in heads] for _, row in rows]).reshape(-1, len(heads))
    year = [_year(row["prnr"]) for _, row in rows]
    problems = [
        Problem("must be a number from 0 to 100", heads[k], rows[i][1][heads[k]], None, file, rows[i][0])
        for i, k in np.argwhere(np.isinf(table)).tolist()
    ] + [
        Problem("a proposal's number has its year in places 2 and 3", "prnr", row["prnr"], None, file, line)
        for (line, row), known in zip(rows, year, strict=True)
        if known is None
    ]
    if problems:
        raise FormatError(problems)
    reference, outcome = table.T[:2]
    position, salience = np.split(table[:, 2:], 2, axis=1)
    power = np.array([_power(known or 0, actors) for known in year]).reshape(position.shape)
    there = ~np.isnan(position + salience)
    position, salience, power = (np.where(there, of, np.nan) for of in (position, salience / 100, power))
    kept = there.sum(axis=1) >= FEWEST_ACTORS
    if not kept.any():
        nothing = "no issue has an outcome and three actors with a position and a salience"
        raise FormatError([Problem(nothing, file=file)])
    names, cases = (tuple(row[head] for _, row in rows) for head in ("isnr", "prnr"))
    return Decided(names, cases, position, salience, power, reference, outcome).only(kept)


def _rows(file: Path) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """Return the issues with an outcome, each with its line, and the actors that have columns."""
    try:
        text = read_exactly(file, hint="name the file 'deu3….csv' of DEU III")
        reader = csv.DictReader(StringIO(text, newline=""), delimiter="\t", restval="")
        heads = list(reader.fieldnames or [])
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as fault:
        raise FormatError([Problem(f"cannot be read: {fault}", file=file.name)]) from None
    actors = [head[1:] for head in heads if head.startswith("p") and f"s{head[1:]}" in heads]
    missing = [head for head in NEEDED if head not in heads]
    if missing or not actors:
        lacking = ", ".join(missing) or "p… and s… of any actor"
        told = f"this is not a table of DEU III: it lacks the columns {lacking}"
        raise FormatError([Problem(told, file=file.name, line=1)])
    return [(line, row) for line, row in rows if row["prnr"] and row["out"]], actors


def _number(text: str) -> float:
    """Return a number from 0 to 100, NaN for an empty cell, infinity for what is neither."""
    try:
        number = float(text or "nan")
    except ValueError:
        return np.inf
    return number if not text or SCALE[0] <= number <= SCALE[1] else np.inf


def _year(proposal: str) -> int | None:
    """Return the year of a proposal's decision: that of its number, and two for the procedure."""
    digits = proposal[1:3]
    return (1902 if int(digits) >= 90 else 2002) + int(digits) if digits.isdecimal() else None


def _power(year: int, actors: list[str]) -> list[float]:
    """Return every actor's influence in a year, NaN where it has none."""
    power = COUNCIL["until_2004" if year <= 2004 else "until_2014" if year <= 2014 else "later"]
    power = power | dict.fromkeys(INSTITUTIONS, max(power.values()))
    return [power.get(actor, np.nan) for actor in actors]
