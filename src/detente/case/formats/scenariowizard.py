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
from itertools import islice, product, zip_longest
from pathlib import Path
from typing import NamedTuple

import numpy as np

from detente.case.case import Case
from detente.case.formats.draft import Draft, whole_line
from detente.case.formats.impact_matrix import HEADS, read_matrix
from detente.case.formats.losses import futures_of, lost_futures, warning
from detente.case.formats.sheet import Row, Sheet, lines_of
from detente.case.parts.futures import LIMIT, MAX_DESCRIPTORS, MAX_VARIANTS, Futures
from detente.case.reading import Document, Place
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
    told = [_Line(n, line.strip()) for n, line in enumerate(lines_of(text), start=1) if line.strip()]
    titled = len(told) > 1 and told[1].text[0] not in "&#"
    sections: list[list[_Line]] = [[]]
    for line in told[2 if titled else 1 :]:
        sections += [[]] if line.text.startswith("#") else []
        sections[-1] += [] if line.text.startswith("#") else [line]
    draft = Draft(file=file)  # of problems
    heads = _read_descriptors(draft, sections[0])
    rows: list[Row] = []
    if len(sections) <= MATRIX:
        message = "ends before the matrix, which stands after the fifth line with '#'"
        draft.refuse(whole_line(told[-1].number if told else None), message)
    elif not draft.errors:
        rows = _read_rows(draft, sections[MATRIX], heads)
    above = ([head.descriptor for head in heads], [head.variant for head in heads])
    names = [Row(n, ("", "", *texts)) for n, texts in enumerate(above)]
    numbered = enumerate(heads, start=HEADS)
    places = {(n, at): Place(head.lines[n], 1) for at, head in numbered for n in (0, 1)}
    sheet = Sheet(file, (*names, *([] if draft.errors else rows)), places=places)
    found = Draft(read_matrix(sheet, told[1].text if titled else stem), file)
    found.problems += draft.problems
    if not draft.errors:
        _read_comments(found, sections[MATRIX + 1 :])
    if largest := found.document.data.get("futures", {}).get("scale"):
        found.warn(f"judgements reach {largest:g}; the scale is usually -{LIMIT} to {LIMIT}")
    return found.document


class _Line(NamedTuple):
    number: int
    text: str


class _Head(NamedTuple):
    descriptor: str
    variant: str
    lines: tuple[int, int]


def _read_descriptors(draft: Draft, lines: list[_Line]) -> list[_Head]:
    """Return a heading for each row of the matrix; what is called like another gets a number."""
    heads, variants = list[_Head](), dict[str, set[str]]()
    start = whole_line(lines[0].number if lines else 1)
    of, begun = "", 0
    for line in lines:
        mark, name = line.text[:1], _named(line.text[1:])
        if mark == "&" and name:
            of = f"{name} {len(variants) + 1}" if name in variants else name
            variants[of], begun = set(), line.number
        elif mark == "-" and name and of:
            name = f"{name} {len(variants[of]) + 1}" if name in variants[of] else name
            variants[of].add(name)
            heads.append(_Head(of, name, (begun, line.number)))
        else:
            hint = "write &Descriptor, then one line -Variant for each of its variants"
            message = "names neither a descriptor nor a variant of one"
            draft.refuse(whole_line(line.number), message, hint, line.text)
    for name in (name for name, of_it in variants.items() if not of_it):
        draft.refuse(start, f"the descriptor {name!r} has no variants")
    large = max(map(len, variants.values()), default=0)
    if not variants:
        draft.refuse(start, "names no descriptors")
    elif len(variants) > MAX_DESCRIPTORS or large > MAX_VARIANTS:
        message = f"at most {MAX_DESCRIPTORS} descriptors of {MAX_VARIANTS} variants each can be read"
        draft.refuse(start, message, None, f"{len(variants)} descriptors, {large} variants")
        heads = []
    return heads


def _read_rows(draft: Draft, lines: list[_Line], heads: list[_Head]) -> list[Row]:
    """Return the rows of the matrix; a zero is blank, as nobody can tell it from nothing."""
    rows, size = list[Row](), len(heads)
    for head, line in zip_longest(heads, lines):
        numbers = [_whole(draft, line, text.strip()) for text in line.text.split(",")] if line else []
        if line and len(numbers) != size:
            message = f"the row has {len(numbers)} numbers, and there are {size} variants"
            draft.refuse(whole_line(line.number), message)
        if head and line:
            rows.append(Row(line.number, (head.descriptor, head.variant, *(str(n or "") for n in numbers))))
    if len(lines) != size:
        at = whole_line(lines[-1].number if lines else None)
        draft.refuse(at, f"the matrix has {len(lines)} rows, and there are {size} variants")
    return rows


def _whole(draft: Draft, line: _Line, text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        hint = "ScenarioWizard knows whole numbers, separated by commas"
        draft.refuse(whole_line(line.number), "is no whole number", hint, text)
    elif len(text) > 9 or abs(int(text)) > MOST_CELL:
        draft.refuse(whole_line(line.number), f"is beyond {MOST_CELL}", None, text)
    else:
        return int(text)
    return 0


def _read_comments(draft: Draft, sections: list[list[_Line]]) -> None:
    """Keep what is said of descriptors and blocks, where the comments are as many as they should be."""
    futures = draft.document.data["futures"]
    texts = ["\n".join(line.text for line in section).strip('"').strip() for section in sections[1:]]
    keys, judged = list(futures["descriptors"]), futures.get("judgements", {})
    if len(texts) < 1 + len(keys) + len(keys) ** 2:
        return
    for key, text in zip(keys, texts[1:], strict=False):
        draft.put(("futures", "descriptors", key, "note"), text or None)
    for (source, target), text in zip(product(keys, keys), texts[1 + len(keys) :], strict=False):
        found = (of[target] for of in judged.get(source, {}).values() if text and target in of)
        for judgement in islice(found, 1):
            judgement["note"] = text


def _named(text: str) -> str:
    """Return a name; of a short and a quoted long one the long one."""
    text = text.strip()
    long = re.search(r'"([^"]+)"\s*$', text)
    return (long[1] if long else text).strip()


# --- out -----------------------------------------------------------------------------------------


def write_scw(case: Case, path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a matrix file, and what of the case it does not hold."""
    futures = futures_of(case, path, whole=True)
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
    notes: dict[tuple[str, str], str] = {}
    for source, _, target, row in futures.rows():
        if row.note:
            notes.setdefault((source, target), row.note)
    for source, target in product(futures.descriptors, futures.descriptors):
        lines += ["#  -> ", f'"{_line(notes.get((source, target)))}"']
    return "\n".join([*lines, "#", "#"]) + "\n", lost_futures(case, path, doubt=True)


def matrix(futures: Futures) -> list[list[int]]:
    """Return the judgements as a matrix of whole numbers, each as its best guess."""
    variants = [(key, variant) for key, one in futures.descriptors.items() for variant in one.variants]
    pushes = ((at, *one) for *at, row in futures.rows() for one in row.pushes.items())
    guesses = {(*at, towards): round(best_guess(push)) for at, towards, push in pushes}
    return [[guesses.get((*source, *target), 0) for target in variants] for source in variants]


def best_guess(push: Quantity) -> float:
    """Return the single number that a judgement comes nearest to saying: of several experts the mean of theirs."""
    ends = [(one.kind, one.parameters) for one in push.statements]
    told = [sum(of) / 2 if kind == "interval" else of[-2 if len(of) > 2 else 0] for kind, of in ends]
    return sum(told) / len(told)


def _line(text: str | None) -> str:
    return " ".join((text or "").replace('"', "'").split())


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
    cells, blocks, start = np.array(matrix(futures)), list[range](), 0
    for descriptor in futures.descriptors.values():
        blocks.append(range(start, start + len(descriptor.variants)))
        start = blocks[-1].stop
    for one in solutions:
        told, said = f"the solution {' '.join(map(str, one.numbers))}", (one.margin, one.total_impact)
        fits = [0 < number <= len(of) for number, of in zip(one.numbers, blocks, strict=False)]
        if len(one.numbers) != len(blocks) or not all(fits):
            yield warning(f"{told} is none of the matrix", file)
            continue
        chosen = [of[number - 1] for of, number in zip(blocks, one.numbers, strict=True)]
        balance = cells[chosen].sum(axis=0)
        pairs = zip(chosen, blocks, strict=True)
        rivals = ([balance[other] for other in of if other != row] for row, of in pairs)
        leads = [balance[row] - max(of) for row, of in zip(chosen, rivals, strict=True) if of]
        found = int(min(leads, default=one.margin)), int(balance[chosen].sum())
        if found != said:
            has = f"has margin {said[0]} and score {said[1]}"
            yield warning(f"{told} {has}; by the matrix {found[0]} and {found[1]}", file)


def written_sl(solutions: list[Solution]) -> str:
    """Return the text of a file of solutions."""
    lines = [f"{START} 3.0", "Solution set", f" {len(solutions)} ", ""]
    for one in solutions:
        numbers = " ".join(map(str, one.numbers))
        weight = f"{one.weight:.6E}" if one.weight >= 1 << 24 else f"{one.weight:g}"
        lines.append(f'" {numbers}",{weight},{one.margin},0,{one.total_impact},""')
    return "\n".join(lines) + "\n"
