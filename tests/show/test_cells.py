"""How a table is read: headings in words, even decimals, shares as percentages."""

from __future__ import annotations

from detente.show.cells import Shown, shown
from detente.show.table import Table


def texts(read: Shown) -> tuple[tuple[str, ...], ...]:
    """Return the texts of the cells."""
    return tuple(tuple(cell.text for cell in row) for row in read.rows)


def test_a_table_is_shown_with_even_decimals_and_shares_as_percentages() -> None:
    table = Table(
        "t",
        {
            "name": "who",
            "mean": "a",
            "share": "share of draws",
            "small": "c",
            "huge": "d",
            "ok": "e",
            "nothing": "f",
            "n": "g",
        },
        (
            ("a", 46.218, 0.25, 0.5, 2.5e9, True, None, 1200),
            ("b", 7.0, None, 0.25, 1e9, False, None, 3),
        ),
    )
    read = shown(table)
    assert [heading.text for heading in read.headings] == [
        "name",
        "mean",
        "share",
        "small",
        "huge",
        "ok",
        "n",
    ]
    assert texts(read) == (
        ("a", "46.2", "25\N{NO-BREAK SPACE}%", "0.500", "2.500e+9".replace("+9", "+09"), "yes", "1,200"),
        ("b", "7.0", "", "0.250", "1.000e+09", "no", "3"),
    )
    assert [heading.numeric for heading in read.headings] == [False, True, True, True, True, False, True]


def test_a_number_that_rounds_to_nothing_has_no_sign() -> None:
    assert texts(shown(Table("t", {"x": ""}, ((-0.001,), (-50.0,))))) == (("0.0",), ("−50.0",))


def test_an_empty_table_is_shown_empty() -> None:
    assert shown(Table("t", {"x": ""}, ())).rows == ()


def test_shares_are_known_by_what_their_column_says_of_itself() -> None:
    read = shown(
        Table("t", {"a": "share of draws", "b": "a number", "c": "share of draws"}, ((0.25, 0.25, 1),))
    )
    assert texts(read) == (("25\N{NO-BREAK SPACE}%", "0.250", "1"),)
    assert [cell.share for cell in read.rows[0]] == [0.25, None, None]


def test_headings_are_those_of_the_table_then_those_of_the_kit_then_the_name() -> None:
    columns = {"low80": "", "high80": "", "mc_error": "", "no_deal": "", "mean": ""}
    table = Table("t", columns, ((1.0,) * 5,), heads={"mean": "forecast", "low80": ""})
    assert [one.text for one in shown(table).headings] == [
        "",
        "to",
        "Monte Carlo error",
        "no deal",
        "forecast",
    ]


def test_numbers_that_are_written_out_stand_where_numbers_do() -> None:
    columns = {
        "a": ["+1.2", "", "−3"],
        "b": ["40 to 60", "−1 to +2", "0"],
        "c": ["12\N{NO-BREAK SPACE}%", "5 bn", ""],
    }
    texts = {"d": ["4 actors", "", ""], "e": ["1 to", "", ""], "f": ["2 of 3", "", ""]}
    rows = tuple(zip(*columns.values(), *texts.values(), strict=True))
    read = shown(Table("t", dict.fromkeys([*columns, *texts], ""), rows))
    assert [one.numeric for one in read.headings] == [True] * 3 + [False] * 3
