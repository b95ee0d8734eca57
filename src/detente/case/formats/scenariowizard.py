"""How do futures travel to and from ScenarioWizard? Its text files: matrix (``.scw``) and solutions (``.sl``).

A matrix file has sections that end at a line beginning with ``#``: descriptors (``&``) with their variants
(``-``), the same again with a blank line per variant, nothing, a colour per variant, nothing, the matrix (row
= source, column = target, diagonal blocks included), and comments: one per descriptor, then one per block. It
knows whole numbers only.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.case.case import Case
from detente.case.formats.draft import Draft
from detente.case.formats.losses import futures_of, lost_futures, warning
from detente.case.parts.futures import LIMIT, MAX_DESCRIPTORS, MAX_VARIANTS, Futures
from detente.case.reading import Document, Place
from detente.case.text import slug
from detente.case.validation import shown
from detente.errors import FormatError, Problem
from detente.quantity import Quantity

START = "$ ScenarioWizard"
MATRIX = 5  # sections before it
COLOUR = "FFFFFF"
MOST_CELL = 1_000


def is_scenariowizard(text: str) -> bool:
    """Tell whether a text is a file of ScenarioWizard."""
    return text.lstrip("\ufeff\r\n ").startswith(START)


def says_solutions(text: str) -> bool:
    """Tell whether a file of ScenarioWizard holds solutions, and no matrix."""
    return text.split(maxsplit=5)[3:5] == ["Solution", "set"]


def read_scw(text: str, file: str, stem: str) -> Document:
    """Return the data of the case in a matrix file, with what is wrong; ``stem`` is a title if it has none."""
    return _Reader(text, file).read(stem)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.lines = [_Line(number, line.strip()) for number, line in enumerate(lines, start=1)]
        self.file, self.draft = file, Draft()
        self.descriptors: dict[str, dict[str, int]] = {}  # id → variant → number of its row

    def read(self, stem: str) -> Document:
        told = [line for line in self.lines if line.text]
        titled = len(told) > 1 and told[1].text[0] not in "&#"
        self.draft.put(("title",), told[1].text if titled else stem)
        sections = list(self._sections(told[2 if titled else 1 :]))
        self._read_descriptors(sections[0] if sections else [])
        if len(sections) <= MATRIX:
            last = told[-1] if told else _Line(1, "")
            self._refuse(last, "ends before the matrix, which stands after the fifth line with '#'")
        elif not self.draft.document.problems:
            self._read_matrix(sections[MATRIX])
            self._read_comments(sections[MATRIX + 1 :])
        return self.draft.document

    def _sections(self, lines: list[_Line]) -> Iterator[list[_Line]]:
        """Yield the lines of each section; of the comments each with the line that begins it."""
        found: list[_Line] = []
        for line in lines:
            if line.text.startswith("#"):
                yield found
                found = []
            else:
                found.append(line)
        yield found

    def _refuse(self, line: _Line, message: str, value: str | None = None, hint: str | None = None) -> None:
        given = None if value is None else shown(value)
        self.draft.problem(Problem(message, value=given, hint=hint, file=self.file, line=line.number))

    def _read_descriptors(self, lines: list[_Line]) -> None:
        key, row = "", 0
        for line in lines:
            mark, name = line.text[:1], _named(line.text[1:])
            place = Place(line.number, 1)
            if mark == "&" and name:
                key = slug(name, set(self.descriptors), "descriptor")
                self.descriptors[key] = {}
                self.draft.put(("futures", "descriptors", key, "name"), name, place)
            elif mark == "-" and name and key:
                variant = slug(name, set(self.descriptors[key]), "variant")
                self.descriptors[key][variant] = row
                self.draft.put(("futures", "descriptors", key, "variants", variant), name, place)
                row += 1
            else:
                hint = "write &Descriptor, then one line -Variant for each of its variants"
                self._refuse(line, "names neither a descriptor nor a variant of one", line.text, hint)
        for key, variants in self.descriptors.items():
            if not variants:
                self._refuse(lines[0], f"the descriptor {key!r} has no variants")
        if not self.descriptors:
            self._refuse(lines[0] if lines else _Line(1, ""), "names no descriptors")
        large = max(map(len, self.descriptors.values()), default=0)
        if len(self.descriptors) > MAX_DESCRIPTORS or large > MAX_VARIANTS:
            message = f"at most {MAX_DESCRIPTORS} descriptors of {MAX_VARIANTS} variants each can be read"
            self._refuse(lines[0], message, f"{len(self.descriptors)} descriptors, {large} variants")

    def _read_matrix(self, lines: list[_Line]) -> None:
        size = sum(map(len, self.descriptors.values()))
        rows = []
        for line in lines:
            cells = [self._cell(line, text) for text in line.text.split(",")]
            if len(cells) != size:
                self._refuse(line, f"the row has {len(cells)} numbers, and there are {size} variants")
            rows.append((line, cells))
        if len(rows) != size:
            line = lines[-1] if lines else self.lines[-1]
            self._refuse(line, f"the matrix has {len(rows)} rows, and there are {size} variants")
        if any(problem.severity == "error" for problem in self.draft.document.problems):
            return
        largest = max(float(LIMIT), *(float(max(map(abs, cells))) for _, cells in rows))
        if largest > LIMIT:
            self.draft.put(("futures", "scale"), largest)
            told = f"judgements reach {largest:g}; the scale is usually -{LIMIT} to {LIMIT}"
            self.draft.problem(warning(told, self.file))
        for source, variants in self.descriptors.items():
            for variant, row in variants.items():
                self._put_row(source, variant, *rows[row])

    def _put_row(self, source: str, variant: str, line: _Line, cells: list[int]) -> None:
        """Put what one row says of each descriptor; nothing but zeros is told apart from nothing by nobody."""
        for target, variants in self.descriptors.items():
            pushes = {key: cells[column] for key, column in variants.items() if cells[column]}
            if pushes:
                path = ("futures", "judgements", source, variant, target, "pushes")
                self.draft.put(path, pushes, Place(line.number, 1))

    def _cell(self, line: _Line, text: str) -> int:
        try:
            value = int(text.strip())
        except ValueError:
            hint = "ScenarioWizard knows whole numbers, separated by commas"
            self._refuse(line, "is no whole number", text.strip(), hint)
            return 0
        if abs(value) > MOST_CELL:
            self._refuse(line, f"is beyond {MOST_CELL}", text.strip())
            return 0
        return value

    def _read_comments(self, sections: list[list[_Line]]) -> None:
        """Keep what is said of descriptors and blocks, where the comments are as many as they should be."""
        texts = ["\n".join(line.text for line in section).strip('"').strip() for section in sections[1:]]
        keys = list(self.descriptors)
        if len(texts) < 1 + len(keys) + len(keys) ** 2:
            return
        for key, text in zip(keys, texts[1:], strict=False):
            self.draft.put(("futures", "descriptors", key, "note"), text or None)
        blocks = iter(texts[1 + len(keys) :])
        judged = self.draft.document.data["futures"].get("judgements", {})
        for source in keys:
            for target in keys:
                text = next(blocks)
                for variant, rows in judged.get(source, {}).items():
                    if text and target in rows:
                        self.draft.put(("futures", "judgements", source, variant, target, "note"), text)
                        break


def _named(text: str) -> str:
    """Return a name; of a short and a quoted long one the long one."""
    text = text.strip()
    long = re.search(r'"([^"]+)"\s*$', text)
    return (long[1] if long else text).strip()


# --- out -----------------------------------------------------------------------------------------


def write_scw(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a matrix file, and what of the case it does not hold."""
    futures = futures_of(case, path, whole=True)
    names = list(futures.descriptors)
    lines = [f"{START} 4.0", _line(case.title)]
    for descriptor in futures.descriptors.values():
        lines += [f"&{_line(descriptor.name)}", *(f" -{_line(v.name)}" for v in descriptor.variants.values())]
    lines.append("#")
    for descriptor in futures.descriptors.values():
        lines += ["&", *(" " for _ in descriptor.variants)]
    lines += ["#", "#", *(COLOUR for one in futures.descriptors.values() for _ in one.variants), "#", "#"]
    lines += [",".join(f"{value: d} " for value in row) for row in matrix(futures)]
    lines += ["#", "# 0-0", '""']
    for descriptor in futures.descriptors.values():
        lines += ["# ", f'"{_line(descriptor.note)}"']
    for source in names:
        for target in names:
            lines += ["#  -> ", f'"{_line(_block_note(futures, source, target))}"']
    return "\n".join([*lines, "#", "#"]) + "\n", lost_futures(case, path, doubt=True)


def matrix(futures: Futures) -> list[list[int]]:
    """Return the judgements as a matrix of whole numbers, each as its best guess."""
    place, size = {}, 0
    for key, descriptor in futures.descriptors.items():
        for variant in descriptor.variants:
            place[key, variant], size = size, size + 1
    cells = [[0] * size for _ in range(size)]
    for source, variant, target, row in futures.rows():
        for towards, push in row.pushes.items():
            cells[place[source, variant]][place[target, towards]] = round(best_guess(push))
    return cells


def best_guess(push: Quantity) -> float:
    """Return the single number that a judgement comes nearest to saying: of several experts the mean of theirs."""
    told = []
    for statement in push.statements:
        ends = statement.parameters
        told.append(
            (ends[0] + ends[1]) / 2 if statement.kind == "interval" else ends[-2 if len(ends) > 2 else 0]
        )
    return sum(told) / len(told)


def _line(text: str | None) -> str:
    return " ".join((text or "").replace('"', "'").split())


def _block_note(futures: Futures, source: str, target: str) -> str:
    return next(
        (row.note for by, _, on, row in futures.rows() if (by, on) == (source, target) and row.note), ""
    )


# --- solutions -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Solution:
    """One scenario of a file of solutions.

    Attributes:
        numbers: of the variants, from 1, in the order of the descriptors.
        weight: how many of the starts end here, all of them or a sample; single precision in large files.
        margin: by how much the weakest variant beats the best other.
        total_impact: its score.
    """

    numbers: tuple[int, ...]
    weight: float
    margin: int
    total_impact: int


def read_sl(text: str, file: str) -> list[Solution]:
    """Return the scenarios of a file of solutions; their order means nothing.

    Raises:
        FormatError: a line cannot be read, or there are not as many as it says; with every problem.
    """
    problems, found = list[Problem](), list[Solution]()
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), start=1) if n > 2 and line.strip()]
    for number, line in lines[1:]:
        try:
            numbers, weight, margin, _, score, _ = next(csv.reader([line]))
            variants = tuple(map(int, numbers.split()))
            found.append(Solution(variants, float(weight), int(margin), round(float(score))))
        except (ValueError, OverflowError, csv.Error):
            hint = 'a solution is written "1 2 3",weight,margin,0,score,""'
            problems.append(Problem("is no solution", value=shown(line), hint=hint, file=file, line=number))
    told = lines[0][1] if lines else "no"
    if not problems and told != str(len(found)):
        problems.append(Problem(f"says {told} solutions and holds {len(found)}", file=file, line=3))
    if problems:
        raise FormatError(problems)
    return found


def differing(case: Case, solutions: list[Solution], file: str) -> Iterator[Problem]:
    """Yield a warning for every solution that the futures do not have, or have with another margin or score."""
    futures = futures_of(case, Path(file))
    cells, sizes = matrix(futures), [len(one.variants) for one in futures.descriptors.values()]
    first = [sum(sizes[:j]) for j in range(len(sizes))]
    for one in solutions:
        told = f"the solution {' '.join(map(str, one.numbers))}"
        if len(one.numbers) != len(sizes) or any(
            not 0 < k <= s for k, s in zip(one.numbers, sizes, strict=True)
        ):
            yield warning(f"{told} is none of the matrix", file)
            continue
        rows = [at + k - 1 for at, k in zip(first, one.numbers, strict=True)]
        balance = [sum(cells[row][column] for row in rows) for column in range(len(cells))]
        leads = [
            balance[row] - max(balance[at:row] + balance[row + 1 : at + size])
            for row, at, size in zip(rows, first, sizes, strict=True)
            if size > 1
        ]
        found = min(leads, default=one.margin), sum(balance[row] for row in rows)
        if found != (one.margin, one.total_impact):
            said = f"has margin {one.margin} and score {one.total_impact}"
            yield warning(f"{told} {said}; by the matrix {found[0]} and {found[1]}", file)


def written_sl(solutions: list[Solution]) -> str:
    """Return the text of a file of solutions."""
    lines = [f"{START} 3.0", "Solution set", f" {len(solutions)} ", ""]
    for one in solutions:
        numbers = " ".join(map(str, one.numbers))
        weight = f"{one.weight:.6E}" if one.weight >= 1 << 24 else f"{one.weight:g}"
        lines.append(f'" {numbers}",{weight},{one.margin},0,{one.total_impact},""')
    return "\n".join(lines) + "\n"
