"""Which formats are there, which one is this file in, and what does it say? Told by content, not by name alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from detente.case.case import Case
from detente.case.checked import check_text, examined
from detente.case.files import SUFFIXES, read_bytes, write_whole
from detente.case.formats import headings
from detente.case.formats import scenariowizard as scw
from detente.case.formats.decide import is_decide, read_decide, read_tagged, write_decide
from detente.case.formats.domains import domain_of, is_genius, read_folder
from detente.case.formats.draft import UNKNOWN, Imported, partial_of
from detente.case.formats.elements import read_elements
from detente.case.formats.folder import check_folder
from detente.case.formats.gmcr import is_gmcr, read_gmcr, write_gmcr
from detente.case.formats.impact_matrix import is_matrix, read_matrix, write_csv, write_xlsx
from detente.case.formats.ktab import ROOT, is_ktab, read_ktab, read_ktab_xml, write_ktab
from detente.case.formats.losses import in_numbers, write_tidy
from detente.case.formats.numerals import UNTOLD, Choices
from detente.case.formats.sheet import SEPARATORS, Sheet, decoded, read_separated, refusal
from detente.case.formats.stances import read_tidy, stances_among
from detente.case.formats.strategic import is_nfg, is_payoffs, pairs_in, read_nfg, read_payoffs
from detente.case.formats.table import Table
from detente.case.formats.tables import no_table, table_in, turned
from detente.case.formats.workbook import is_whole_case, read_whole_case, write_workbook
from detente.case.formats.xlsx import OLD_OFFICE, read_workbook
from detente.case.reading import Document, dotted
from detente.case.validation import shown
from detente.errors import CaseError, FormatError, OptionError, Problem, did_you_mean

_ZIP = b"PK\x03\x04"
_LONGEST_MATRIX = 200_000  # characters
Content = str | bytes


@dataclass(frozen=True, slots=True)
class Format:
    """A format that cases travel in.

    Attributes:
        name: what it is asked for by.
        title: what it is.
        suffixes: endings of file names that mean it when a case is written.
        write: the function that writes it, or ``None`` if it is only read.
        of_stances: whether it holds nothing but stances, and so no case without issues.
    """

    name: str
    title: str
    suffixes: tuple[str, ...] = ()
    write: Callable[[Case, Path], tuple[Content, list[Problem]]] | None = None
    of_stances: bool = False


def _json(case: Case, _: Path) -> tuple[str, list[Problem]]:
    return json.dumps(case.to_dict(), ensure_ascii=False, indent=2) + "\n", []


_DECIDE = (".decide.txt", ".decide.csv")
_ALL = (
    Format("yaml", "case file", (".yaml", ".yml"), lambda case, _: (case.to_yaml(), [])),
    Format("json", "case file in JSON", (".json",), _json),
    Format("csv", "tidy table, one row per actor and issue", (".csv",), write_tidy, of_stances=True),
    Format("xlsx", "workbook with one sheet per part", (".xlsx",), write_workbook),
    Format("ktab", "KTAB SMP, comma separated", (".ktab.csv",), write_ktab, of_stances=True),
    Format("ktab-xml", "KTAB SMP scenario in XML", (".xml",)),
    Format("decide", "DECIDE, tagged rows", _DECIDE, write_decide, of_stances=True),
    Format("gmcr", "GMCR+ model", (".gmcr",), write_gmcr),
    Format("nfg", "strategic form of Gambit"),
    Format("genius", "domain of Genius: its file and the profiles beside it"),
    Format("negmas", "domain of NegMAS in YAML or JSON: its folder"),
    Format("payoffs", "pay-off matrix of two players"),
    Format("scw", "ScenarioWizard matrix", (".scw",), scw.write_scw),
    Format("matrix-csv", "cross-impact matrix, comma separated", (".matrix.csv",), write_csv),
    Format("matrix-xlsx", "cross-impact matrix on one sheet", (".matrix.xlsx",), write_xlsx),
)
# Every format by its name.
FORMATS: Mapping[str, Format] = {one.name: one for one in _ALL}


def import_case(path: str | Path, choices: Choices = UNTOLD) -> Imported:
    """Return the case that a file of any known format says, and everything that is wrong or odd with it.

    The format is told from the content: KTAB from its first two lines, DECIDE from its tags, XML, workbooks and
    case files from how they begin; anything else is read as a tidy table.

    Args:
        path: the file, or the folder of a case.
        choices: how the numbers of a table are meant, where they can be read in several ways.

    Raises:
        NotFoundError: no such file.
    """
    path = Path(path)
    try:
        if not path.is_dir():
            return _imported(path, read_bytes(path), choices)
        if kind := domain_of(path):
            return _examined(kind, read_folder(path, kind), str(path))
        checked = check_folder(path, choices)
        return Imported(checked.case, checked.problems, "yaml")
    except CaseError as error:
        return Imported(None, error.problems)


def _imported(path: Path, content: bytes, choices: Choices) -> Imported:
    file, stem, ending = str(path), path.stem, path.suffix.casefold()
    if content.startswith((_ZIP, OLD_OFFICE)) or ending == ".xlsx":
        damage: list[Problem] = []
        return _from_sheets(read_workbook(content, file, damage), path, choices, damage=damage)
    if ending in SUFFIXES:
        return _from_text(path, decoded(content, file))
    if is_ktab(content.decode("utf-8-sig", "replace")):  # before all that its title may look like
        return _examined("ktab", read_ktab(decoded(content, file), file, stem), file)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _from_markup(path, content)
    try:
        text = decoded(content, file)
    except FormatError as error:
        if b"\0" in content:
            raise
        guess = _imported(path, content.decode("cp1252", "replace").encode(), choices)
        left = guess.partial if guess.case is None else guess.case.to_dict()
        told = "; --partial reads it as Windows-1252: compare the names then" if left else ""
        problem = replace(error.problems[0], hint=f"{error.problems[0].hint}{told}")
        return Imported(None, (problem,), guess.format, left)
    if scw.says_solutions(text):
        return _from_solutions(path, text)
    for name, is_one, read in _BY_CONTENT:
        if is_one(text) or ending == f".{name}":
            return _examined(name, read(text, file, stem), file)
    if text.lstrip().startswith(("{", "detente:", "---")):
        return _from_text(path, text)
    if is_decide(text):
        return _examined("decide", read_decide(text, file, stem, choices), file)
    return _from_sheets([read_separated(text, file)], path, choices, text)


_Reader = Callable[[str, str, str], Document]
_BY_CONTENT: tuple[tuple[str, Callable[[str], bool], _Reader], ...] = (
    ("scw", scw.is_scenariowizard, scw.read_scw),
    ("gmcr", is_gmcr, read_gmcr),
    ("nfg", is_nfg, read_nfg),
)


def _examined(name: str, document: Document, file: str, damage: Sequence[Problem] = ()) -> Imported:
    """Return the case of a document; of a damaged file, what is left of it."""
    data, document.problems = document.data, [*damage, *document.problems]
    if not data.get("futures") and not (data.get("actors") and (data.get("issues") or data.get("game"))):
        errors = [problem for problem in document.problems if problem.severity == "error"]
        nobody = Problem("names no actors, or no issues", file=file, hint="name at least one of each")
        return _refused(damage or errors or [nobody], name, document)
    checked = examined(document, file)
    return Imported(checked.case, checked.problems, name, None if checked.case else partial_of(document))


def _refused(problems: Sequence[Problem], name: str, document: Document | None) -> Imported:
    """Return that a file is refused, with what could be read of it."""
    held = document is not None and document.data.keys() - {"detente", "title"}
    return Imported(None, tuple(problems), name, partial_of(document) if document and held else None)


def _from_solutions(path: Path, text: str) -> Imported:
    """Read the matrix beside a file of solutions, which are held against it."""
    beside, solutions = path.with_suffix(".scw"), scw.read_sl(text, str(path))
    itself = beside.is_file() and beside.samefile(path)
    if itself or not beside.is_file():
        hint = f"put its matrix beside it, as {beside.name}, or import that: solutions are found again"
        hint = f"call it {path.stem}.sl, and {hint}" if itself else hint
        raise refusal("holds solutions, and no matrix", str(path), hint, 2)
    found = import_case(beside)
    told = scw.differing(found.case, solutions, str(path)) if found.case is not None else ()
    return replace(found, problems=(*found.problems, *told))


def _from_text(path: Path, text: str) -> Imported:
    """Read a case file, or a file of a domain."""
    if re.search(r"\w*OutcomeSpace\b", text) and domain_of(path.parent) == "negmas":
        return _examined("negmas", read_folder(path.parent, "negmas"), str(path.parent))
    checked = check_text(text.replace("\r\n", "\n").replace("\r", "\n"), path)
    if any(problem.message.startswith("this does not look like a case") for problem in checked.problems):
        raise _unknown(str(path), "a case file has the parts 'title', 'actors' and 'issues'")
    return Imported(checked.case, checked.problems, "json" if text.lstrip().startswith("{") else "yaml")


def _from_markup(path: Path, content: bytes) -> Imported:
    file = str(path)
    if is_genius(content):
        return _examined("genius", read_folder(path.parent, "genius"), file)
    damage: list[Problem] = []
    root = read_elements(content, file, damage)
    if root.tag != ROOT:
        reason = f"its root element is {root.tag[:40]!r}, not {ROOT!r}"
        raise FormatError(damage) if damage else _unknown(file, reason)
    return _examined("ktab-xml", read_ktab_xml(root, file, path.stem), file, damage)


def _from_sheets(
    sheets: list[Sheet], path: Path, choices: Choices, text: str | None = None, damage: Sequence[Problem] = ()
) -> Imported:
    """Read the sheets of a workbook, or the one of a separated ``text``; ``damage``: what of them is lost."""
    file, stem = str(path), path.stem
    try:
        found = _said_by(sheets, stem, choices, text)
    except FormatError as error:
        raise FormatError(damage or error.problems) from error
    if found is not None:
        return _examined(*found, file, damage)
    filled = [sheet for sheet in sheets if sheet.rows]
    if text is not None or (len(filled) == 1 and not damage):
        return _refused_table((filled or sheets)[0], stem, choices, "xlsx" if text is None else "csv")
    hint = f"head columns {', '.join(headings.NEEDED)}"
    none = Problem("no sheet is a table of stances", file=file, hint=hint)
    raise FormatError(damage or [none, *map(no_table, sheets)])


def _said_by(
    sheets: list[Sheet], stem: str, choices: Choices, text: str | None
) -> tuple[str, Document] | None:
    """Return the format of sheets, and what they say; ``None`` where they are in none."""
    suffix = "xlsx" if text is None else "csv"
    if sheets and is_matrix(sheets[0]) and not is_payoffs(sheets[0]):
        return f"matrix-{suffix}", read_matrix(sheets[0], stem)
    if is_whole_case(sheets):
        return "xlsx", read_whole_case(sheets, stem)
    if table := stances_among(sheets, headings.NEEDED, choices):
        return suffix, read_tidy(table, stem)
    for sheet in sheets:
        if (tagged := read_tagged(sheet, stem, choices)) is not None:
            return "decide", tagged
        marks = [mark for mark in SEPARATORS if text and len(text) < _LONGEST_MATRIX and mark in text]
        best = max((sheet, *(read_separated(text or "", sheet.file, mark) for mark in marks)), key=pairs_in)
        if is_payoffs(best) and turned(sheet, choices) is None:
            return "payoffs", read_payoffs(best, stem)
    return None


def _refused_table(sheet: Sheet, stem: str, choices: Choices, kind: str) -> Imported:
    """Tell which column a table lacks, and hand over the rest."""
    if not sheet.rows:
        raise refusal("the file is empty", sheet.file, "it needs headings and a row per actor")
    guessed = headings.meant(sheet)
    table = turned(sheet, choices) or table_in(guessed, choices=choices) or _with_gaps(guessed)
    partly = None
    with suppress(FormatError):  # it is too large
        partly = None if table is None else read_tidy(table, stem)
    pairs = zip(sheet.rows[0].cells, guessed.rows[0].cells, strict=True)
    told = [f"did you mean {new!r} by {shown(old)!r}?" for old, new in pairs if old[:40] != new][:6]
    hint = " ".join([*told, headings.known_headings(sheet) if partly is not None else HEADED])
    known = partly is not None or set(headings.recognised(sheet.rows[0].cells)) & set(headings.NEEDED)
    problem = no_table(sheet, hint=hint, known=bool(known))
    return _refused([problem], kind if partly else "", partly)


HEADED = (
    "call its columns actor, issue, position, salience and influence, or as usual in English, "
    f"{headings.LANGUAGES}; 'detente import --help' names other formats"
)


def _with_gaps(sheet: Sheet) -> Table | None:
    """Return a table of stances that lacks a column, with what stands for the gap in each row."""
    for known, lacks, told in (("actor", "position", UNKNOWN), ("position", "actor", "Who is row {}?")):
        table = table_in(sheet, (known,))
        if table is not None and table.header is sheet.rows[0] and table.rows and len(table.header.cells) > 1:
            rows = (replace(row, said={**row.said, lacks: told.format(row.number)}) for row in table.rows)
            return replace(table, rows=tuple(rows))
    return None


def _unknown(file: str, reason: str) -> FormatError:
    known = "; ".join(f"{one.name} ({one.title})" for one in _ALL)
    return FormatError([Problem(f"in no known format: {reason}", file=file, hint=f"known are {known}")])


def export_case(
    case: Case,
    path: str | Path,
    format: str | None = None,  # noqa: A002
    *,
    further: Sequence[Format] = (),
) -> list[Problem]:
    """Write a case in a format, whole or not at all, and return a warning for all that the format does not hold.

    Args:
        case: what to write.
        path: where to.
        format: name of a format in `FORMATS`; by default told from the ending of the file's name.
        further: formats that a floor above knows, beside those here.

    Raises:
        OptionError: no such format, or none for the file's name.
        FormatError: the format cannot hold the case at all.
        OutputError: the file cannot be written.
    """
    path = Path(path)
    chosen = format_of(path, format, further)
    if chosen.of_stances and not case.issues:
        why = f"{chosen.name} holds stances, and the case has no issues"
        raise FormatError([Problem(why, hint="write yaml, json or xlsx, or gmcr for its game")])
    if case.unjudged and chosen.name not in ("yaml", "json"):
        places = ", ".join(dotted(path) for path in case.unjudged[:5])
        why = f"{chosen.name} holds numbers, and some are still to be judged: {places}"
        raise FormatError([Problem(why, hint="write numbers in their place, or export yaml or json")])
    assert chosen.write is not None  # noqa: S101 - told by `format_of`
    told: list[Problem] = []
    if chosen.of_stances or chosen.write is write_workbook:
        case, told = in_numbers(case, path.name)
    content, warnings = chosen.write(case, path)
    write_whole(path, content)
    return [*told, *warnings]


def format_of(path: Path, name: str | None = None, further: Sequence[Format] = ()) -> Format:
    """Return the format that a case is written in: the one of that name, or that the ending of a file means.

    Raises:
        OptionError: no such format, none for the file's name, or one that is only read.
    """
    instead = {other.name for other in further}
    formats = (*further, *(one for one in _ALL if one.write or one.name not in instead))
    writable = ", ".join(one.name for one in formats if one.write)
    if name is not None:
        fitting = [(0, one) for one in formats if one.name == name]
        hint = did_you_mean(name, [one.name for one in formats]) or f"known are {writable}"
        why = f"no format is called {name!r}; {hint}"
    else:
        ending = path.name.casefold()
        fitting = [(len(end), one) for one in formats for end in one.suffixes if ending.endswith(end)]
        why = f"{path.name}: no format ends like this; name one of {writable}"
    if not fitting:
        raise OptionError(why)
    found = max(fitting, key=lambda pair: pair[0])[1]
    if found.write is None:
        raise OptionError(f"{found.name} is only read, not written; write one of {writable}")
    return found
