"""Rows come out of separated files whatever program wrote them, and what is no table is told."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case.formats import sheet as sheets
from detente.case.formats.cells import entries, guarded, joined, unguarded
from detente.case.formats.numerals import Ambiguous, plainly, with_point
from detente.case.formats.sheet import decoded, read_separated
from detente.errors import FormatError
from tests.case.formats.strategies import IDENTIFIERS, texts


def cells(text: str) -> list[tuple[str, ...]]:
    """Return the cells of a text."""
    return [row.cells for row in read_separated(text, "x.csv").rows]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found(separator: str, end: str) -> None:
    """Four separators, three kinds of line ends, blanks around cells, separators at the end of rows."""
    rows = [["actor", "note", "position"], [" A ", f'"x{separator} ""y"""', "1"]]
    text = end.join(separator.join(row) + separator for row in rows)
    assert cells(text) == [("actor", "note", "position"), ("A", f'x{separator} "y"', "1")]


def test_a_line_may_tell_the_separator() -> None:
    """A first line `sep=` is obeyed, counted as a row, and not taken for a heading."""
    sheet = read_separated("sep=;\na,b;c\n1;2\n", "x.csv")
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("a,b", "c")), (3, ("1", "2"))]


def test_row_numbers_are_those_of_a_spreadsheet() -> None:
    """Blank rows count; a cell of several lines is in one row."""
    sheet = read_separated('a,b\n\n"x\ny",1\n , \nz,2\n', "x.csv")
    assert [row.number for row in sheet.rows] == [1, 3, 5]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_texts_are_decoded(code: str) -> None:
    """UTF-8 with and without its mark, and what spreadsheet programs call Unicode text."""
    assert decoded("a,Ö\n".encode(code), "x.csv") == "a,Ö\n"


def test_a_wrong_byte_is_told_with_its_place() -> None:
    """An old code page is refused, not guessed."""
    with pytest.raises(FormatError, match=r"x\.csv:2:3: byte 0xd6 is not UTF-8; save the file as UTF-8"):
        decoded("a,b\nc,Ö\n".encode("latin-1"), "x.csv")
    with pytest.raises(FormatError, match="not a text file"):
        decoded(b"a\0b", "x.csv")


def test_an_open_quotation_mark_is_told() -> None:
    """Else the rest of the file would be one cell."""
    with pytest.raises(FormatError, match=r"x\.csv:2: a quotation mark .* is never closed"):
        cells('a,b\n"x,1\ny,2\n')


def test_a_mark_inside_a_cell_is_a_character() -> None:
    """Quotation marks that open nothing are kept."""
    assert cells('a,b\nBob "B" X,5"\n') == [("a", "b"), ('Bob "B" X', '5"')]


def test_limits_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows, columns and cells that are too many or too long."""
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    with pytest.raises(FormatError, match=r"x\.csv:4: more than 2 rows; split the table"):
        cells("a\n\nb\nc\n")
    with pytest.raises(FormatError, match=r"x\.csv:1:257: more than 256 columns"):
        cells(",".join("a" * 257))
    with pytest.raises(FormatError, match=r"x\.csv:1:2: a cell of more than 32767 characters"):
        cells("a," + "b" * 40_000)
    with pytest.raises(FormatError, match="cannot be read as a table: field larger"):
        cells("a," + "b" * 140_000)


@given(st.lists(st.lists(texts(), min_size=2, max_size=4), min_size=1, max_size=4), st.sampled_from(",;\t|"))
def test_what_a_writer_quotes_is_read(rows: list[list[str]], separator: str) -> None:
    """Any cells come back, whatever they hold."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows([[guarded(cell) for cell in row] for row in rows])
    read = read_separated(stream.getvalue(), "x.csv", separator)
    assert [list(row.cells) for row in read.rows] == rows


@given(st.text(alphabet="'=+-@\t\rab", max_size=6))
def test_guarding_is_undone_and_leaves_nothing_that_runs(text: str) -> None:
    """Whatever the text, its guarded form begins like no formula and reads back."""
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.one_of(IDENTIFIERS, st.tuples(IDENTIFIERS, texts()).map(": ".join)), unique=True))
def test_lists_in_a_cell_come_back(listed: list[str]) -> None:
    """Ids alone or with names, with any separators and marks in the names."""
    assert entries(joined(listed)) == listed


def test_a_text_with_commas_is_one_entry() -> None:
    """Only ids are separated by commas."""
    assert entries("Politburo, Standing Committee") == ["Politburo, Standing Committee"]
    assert entries("eu, nato") == ["eu", "nato"]


def test_decimal_commas_are_read_where_they_are_meant() -> None:
    """In files separated by semicolons; a list that can be read in two ways is refused."""
    assert with_point("40,5 ± 2,25", comma=True) == "40.5 ± 2.25"
    assert with_point("40,5", comma=False) == "40,5"
    assert with_point("[30,5]", comma=True) == "[30,5]"
    assert plainly(0, "40,5 ± 2,25", ",") == "40.5 ± 2.25"
    assert plainly(0, "[30, 45.5]", ",") == "[30, 45.5]"
    for mark in (",", None):
        with pytest.raises(Ambiguous, match="two ways"):
            plainly(0, "[30,5, 45]", mark)


@given(st.floats(1e-9, 1))
def test_a_share_survives_per_cent(share: float) -> None:
    """To the last bit, as it is written for KTAB and read back."""
    from detente.case.formats.ktab import _share
    from detente.case.formats.numerals import exact

    assert float(_share(format(exact(share).scaleb(2), "f"))) == share
