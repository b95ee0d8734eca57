"""What is printed stands in columns, and never wider than the screen where words can be broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from detente.show.screen import (
    Column,
    counted,
    decimals,
    interval,
    number,
    paragraph,
    signed,
    strip,
    table,
    wrapped,
)

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


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


def test_a_table_that_cannot_shrink_stays_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert table((Column("n"),), [("9" * 60,)])[1].strip() == "9" * 60


@pytest.mark.parametrize(
    ("value", "places", "plain", "difference"),
    [
        (0.0, 1, "0.0", "0.0"),
        (-0.04, 1, "0.0", "0.0"),
        (0.04, 1, "0.0", "0.0"),
        (-1.25, 1, "−1.2", "−1.2"),
        (1234.5, 0, "1,234", "+1,234"),
        (7.38996, 2, "7.39", "+7.39"),
    ],
)
def test_numbers_never_show_a_negative_zero(value: float, places: int, plain: str, difference: str) -> None:
    assert (number(value, places), signed(value, places)) == (plain, difference)


def test_intervals_are_told_low_to_high() -> None:
    assert interval((1, 2), 1) == "1.0 to 2.0"
    assert interval((-1, 2), 0, signs=True) == "−1 to +2"


@pytest.mark.parametrize(("span", "places"), [(1e-12, 9), (0.0, 1), (1e9, 0), (200, 1), (201, 0)])
def test_decimals_follow_the_scale(span: float, places: int) -> None:
    assert decimals(span) == places


def test_a_strip_shows_the_ends_of_its_scale() -> None:
    assert strip(0, 10, (0, 0), 0, size=5) == "o...."
    assert strip(0, 10, (5, 99), 10, size=5) == "..--o"
    assert strip(3, 3, (3, 3), 3, mark="|", size=5) == "..|.."


def test_counts_have_their_noun() -> None:
    assert counted(1200, "draw") == "1,200 draws"
