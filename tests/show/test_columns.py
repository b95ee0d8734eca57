"""What is printed stands in columns, and never wider than the screen where words can be broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from detente.show.columns import Column, head_and_body, item, paragraph, strip, wrapped
from detente.show.words import tally

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, indent: str = "  ") -> list[str]:
    """Return all lines of a table, its heading first."""
    head, body = head_and_body(columns, rows, indent=indent)
    return head + body


def test_columns_are_aligned_by_their_kind() -> None:
    columns = Column("who"), Column("mean", right=True), Column("")
    assert table(columns, [("a", "1.0", "x"), ("long", "100.0", "")]) == [
        "  who    mean",
        "  a       1.0  x",
        "  long  100.0",
    ]


def test_a_column_without_content_is_left_out() -> None:
    columns = Column("who"), Column("no deal"), Column("mean")
    assert table(columns, [("a", "", "1"), ("b", "", "2")]) == ["  who  mean", "  a    1", "  b    2"]
    assert table(columns, []) == ["  who  no deal  mean"]


def test_a_table_without_headings_has_no_heading() -> None:
    assert table((Column(""), Column("")), [("a", "b")], indent="") == ["a  b"]


def test_wide_characters_take_two_columns() -> None:
    lines = table((Column("name"), Column("n")), [("中国", "1"), ("Iran", "2")], indent="")
    assert lines == ["name  n", "中国  1", "Iran  2"]


@given(st.lists(st.lists(WORDS, max_size=30).map(" ".join), min_size=1, max_size=6))
def test_a_table_that_can_be_wrapped_fits_the_screen(names: list[str]) -> None:
    columns = Column("name", wraps=True), Column("number", right=True), Column("more", wraps=True)
    lines = table(columns, [(name, "12.5", name) for name in names])
    assert max(map(cell_len, lines)) <= 80
    shown = "".join(lines)
    assert all(character in shown for name in names for character in "".join(name.split()))


@given(st.lists(WORDS, max_size=30).map(" ".join), st.integers(2, 30))
def test_wrapping_loses_no_word_and_keeps_the_width(text: str, size: int) -> None:
    lines = wrapped(text, size)
    assert all(cell_len(line) <= size for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrapping_keeps_the_indent() -> None:
    assert wrapped("  one two three", 9) == ["  one two", "  three"]


def test_a_paragraph_is_indented() -> None:
    assert paragraph("word " * 20)[0].startswith("  word")


def test_a_table_that_cannot_shrink_stands_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    columns = Column("who", wraps=True), Column("80 % of draws", right=True), Column("number", right=True)
    assert table(columns, [("Kyiv", "1" * 20, "2" * 20)]) == [
        "  Kyiv",
        f"    80 % of draws: {'1' * 20}",
        f"    number: {'2' * 20}",
    ]


def test_headings_are_broken_before_numbers_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    columns = Column("who", wraps=True), Column("80 % of all draws", right=True), Column("n", right=True)
    assert table(columns, [("The Russian presidency", "12.5 to 13.5", "7")]) == [
        "  who               80 % of all draws  n",
        "  The Russian            12.5 to 13.5  7",
        "  presidency",
    ]
    assert table((Column("a"), *columns), [("1234567", "The Russian presidency", "12.5 to 13.5", "7")]) == [
        "  a        who            80 % of all  n",
        "                                draws",
        "  1234567  The Russian   12.5 to 13.5  7",
        "           presidency",
    ]


@given(
    st.lists(st.tuples(*[st.lists(WORDS, max_size=6).map(" ".join)] * 3), min_size=1, max_size=4),
    st.lists(st.booleans(), min_size=3, max_size=3),
    st.sampled_from([40, 61, 80]),
)
def test_no_table_is_wider_than_the_screen_and_nothing_is_lost(
    rows: list[tuple[str, str, str]], wraps: list[bool], columns: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        heads = [Column(f"head {n} of them", right=not one, wraps=one) for n, one in enumerate(wraps)]
        lines = table(heads, rows)
    assert all(cell_len(line) <= columns for line in lines)
    shown = "".join("".join(lines).split())
    assert all(character in shown for row in rows for cell in row for character in "".join(cell.split()))


def test_what_is_held_together_is_not_broken() -> None:
    text = "in one or two of 10\N{NO-BREAK SPACE}%"
    assert wrapped(text, 18) == ["in one or two of", "10 %"]
    assert table((Column("n", wraps=True),), [("a",), (text,)])[2] == "  in one or two of 10 %"


def test_an_item_of_a_list_is_indented_behind_its_dash() -> None:
    first, second = item("word " * 20)
    assert first.startswith("- word")
    assert second.startswith("  word")


def test_a_strip_shows_the_ends_of_its_scale() -> None:
    assert strip(0, 10, (0, 0), 0, size=5) == "o...."
    assert strip(0, 10, (5, 99), 10, size=5) == "..--o"
    assert strip(3, 3, (3, 3), 3, mark="|", size=5) == "..|.."


def test_counts_have_their_noun() -> None:
    assert (tally(1200, "draw"), tally(1, "error"), tally(0, "error")) == (
        "1,200 draws",
        "1 error",
        "0 errors",
    )
