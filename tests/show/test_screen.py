"""Every kind of block on a screen of characters: what is printed, in which style, how wide."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from detente.show.blocks import Block, Gauges, Heading, Prose, Section, TableBlock
from detente.show.screen import block_lines, section_lines
from detente.show.table import Table
from tests.show.example import everything, figure, gauges


def printed(*blocks: Block) -> list[str]:
    """Return the lines of some blocks."""
    return [line for line, _ in block_lines(blocks)]


def test_every_kind_of_block_is_printed_in_its_place_and_style(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert list(block_lines(everything())) == [
        ("", ""),
        ("Peace holds.", "bold"),
        ("  It holds in 70 % of draws.", ""),
        ("  What was left out.", "dim"),
        ("", ""),
        ("Why it holds", "bold"),
        ("  issue                 o forecast    - 80 %  | no deal", "dim"),
        ("  Territory of Ukraine          50  40 to 60          0  |.......--o--........", ""),
        ("  Sanctions                     50  40 to 60          0  |.......--o--........", ""),
        ("  - Nobody leaves.", ""),
        ("  - All would lose.", ""),
        ("  Nash: nobody gains alone", ""),
        ("", ""),
        ("peace: in doubt", "bold"),
        ("  Terms: half.", ""),
        ("  In the way: the Congress.", ""),
        ("  Nash 70 %; SEQ 100 %", "dim"),
        ("", ""),
        ("issue           mean forecast  share  note", "dim"),
        ("Territory", "bold"),
        ("  as it stands           41.2   50 %  held", ""),
        ("  aid ends               38.0         no draw differs", ""),
        ("Sanctions", "bold"),
        ("  as it stands            7.0  100 %  held", ""),
        ("", ""),
        ("  issue         share", "dim"),
        ("  Territory", ""),
        ("  as it stands   50 %", ""),
        ("  and 3 rows more; --json has them all", "dim"),
        ("  Only on a screen.", ""),
    ]


@pytest.mark.parametrize("columns", ["20", "40", "47", "60", "100"])
def test_no_block_is_wider_than_the_screen(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert max(cell_len(line) for line in printed(*everything())) <= max(40, int(columns))


def test_scales_are_drawn_where_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, drawn in (("40", False), ("60", True), ("100", True)):
        monkeypatch.setenv("COLUMNS", columns)
        assert any("-o-" in line for line in printed(gauges())) == drawn
    monkeypatch.setenv("COLUMNS", "100")
    (row, *_) = (line for line in printed(gauges()) if line.startswith("  Territory"))
    assert row.endswith("|.......--o--........")


def test_gauges_of_nothing_print_nothing() -> None:
    assert not any(printed(Gauges(on="screen", heads=("issue", "record", "inputs", "none"), rows=())))


def test_a_column_that_no_reading_fills_is_left_out() -> None:
    assert "no deal" not in "".join(printed(gauges(beside="")))


def test_a_wide_table_shows_the_columns_that_fit_and_counts_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide = Table("wide", {f"column{n}": "" for n in range(9)}, (tuple(range(9)), tuple(range(9))))
    monkeypatch.setenv("COLUMNS", "40")
    head, first, second, *left = printed(TableBlock(table=wide, caption=""))[1:]
    assert head.split() == [f"column{n}" for n in range(4)]
    assert first.split() == second.split() == list("0123")
    assert left == ["  and 5 columns more; --json has them", "  all"]
    chosen = tuple(wide.columns)[:6]
    assert "    column5: 5" in printed(TableBlock(table=wide, caption="", screen=chosen))


def test_one_row_too_many_is_one_row() -> None:
    two = Table("two", {"a": ""}, ((1,), (2,)))
    assert printed(TableBlock(table=two, caption="", most=1))[-1] == "  and 1 row more; --json has them all"


def test_a_section_has_its_title_where_there_are_several_and_something_to_say() -> None:
    section = Section(id="why", title="Why", blocks=(Prose(text="Because."),))
    assert list(section_lines(section, titled=True)) == [("", ""), ("Why", "bold"), ("  Because.", "")]
    assert list(section_lines(section, titled=False)) == [("  Because.", "")]
    from detente.show.blocks import FigureBlock

    drawn = Section(id="drawn", title="Drawn", blocks=(FigureBlock(figure=figure()),))
    assert list(section_lines(drawn, titled=True)) == []


def test_what_a_terminal_obeys_is_not_printed() -> None:
    evil = "Ruri\x1b[2Jtania"
    assert "\x1b" not in "".join(printed(Heading(text=evil), Prose(text=evil)))
    named = gauges().rows[0].model_copy(update={"name": evil})
    assert "\x1b" not in "".join(printed(Gauges(heads=("", "", "", ""), rows=(named,))))
