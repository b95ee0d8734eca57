"""What a case states is told once: the annex of a page has every actor, stance and rule that a screen has."""

from __future__ import annotations

import pytest

from detente.case import Case
from detente.catalog import open_case, slugs
from detente.report.stated import section, stated
from detente.show.blocks import Gauges, Reading, Strip, TableBlock
from detente.show.page import blocks_html
from detente.show.screen import block_lines


@pytest.mark.parametrize("slug", slugs())
def test_a_page_and_a_screen_tell_the_same_of_a_case(slug: str) -> None:
    case = open_case(slug)
    told = section(case)
    assert told.annex
    html = str(blocks_html(told.blocks)).replace("&#39;", "'")
    screen = " ".join(" ".join(line for line, _ in block_lines(told.blocks)).split())
    for actor in case.actors.values():
        assert actor.name in html
    for issue, stances in case.stances.items():
        assert f"{case.issues[issue].name} ({issue})" in html
        assert f"{case.issues[issue].name} ({issue})" in screen
        assert html.count('<td class="drawn">') >= len(stances)
    assert html.count('<svg class="strip"') == sum(map(len, case.stances.values()))


def test_what_a_version_changes_has_a_star_and_nothing_else_has() -> None:
    case = open_case("river-dam")
    changed = case.with_({"stances.release.bank.salience": 0.9})
    rows = [
        cell
        for block in stated(changed, case)
        if isinstance(block, TableBlock)
        for row in block.table.rows
        for cell in row
        if str(cell).endswith(" *")
    ]
    assert rows == ["0.9 *"]
    assert "*" not in "".join(line for line, _ in block_lines(stated(case, case)))


def test_points_of_a_scale_that_are_close_stand_apart() -> None:
    scale = {0: "none", 1_000_000: "a million", 1_000_001: "one more"}
    stance = {"salience": 1, "influence": 1}
    case = Case.from_dict(
        {
            "title": "Two",
            "actors": {"a": {"name": "A"}, "b": {"name": "B"}},
            "issues": {"price": {"name": "Price", "scale": scale}},
            "stances": {"price": {"a": {"position": 0, **stance}, "b": {"position": 1_000_000, **stance}}},
        }
    )
    told = " ".join(" ".join(line for line, _ in block_lines(section(case).blocks)).split())
    assert "a million" in told
    assert "one more" in told


@pytest.mark.parametrize(("columns", "drawn"), [(40, False), (100, True)])
def test_signs_are_told_where_they_are_drawn_and_nowhere_else(
    columns: int, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    case = open_case("river-dam")
    lines = [line for line, _ in block_lines(section(case).blocks)]
    assert max(map(len, lines)) <= columns
    assert (
        any("o: the position" in line for line in lines) == any("---o---" in line for line in lines) == drawn
    )
    reading = Reading(name="Filling", value="7", strip=Strip(low=0, high=9, at=7, spans={}))
    gauges = Gauges(heads=("issue", "o forecast", "- 80 %", "| no deal"), rows=(reading,) * 2)
    told = " ".join(line for line, _ in block_lines([gauges] if columns > 40 else [narrow(gauges)]))
    assert ("o forecast" in told) == drawn
    assert "forecast" in told


def test_signs_are_told_once_also_where_nobody_has_a_stance_on_the_first_issue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    stance = {"position": "10 ± 5", "salience": 0.5, "influence": 1}
    scale = {0: "none", 100: "all"}
    case = Case.from_dict(
        {
            "title": "Three issues",
            "actors": {"a": {"name": "A"}},
            "issues": {
                "p": {"name": "P", "scale": scale},
                "q": {"name": "Q", "scale": scale},
                "r": {"name": "R", "scale": scale, "no_deal": 40},
            },
            "stances": {"q": {"a": stance}, "r": {"a": stance}},
        }
    )
    told = [line.strip() for line, _ in block_lines(tuple(stated(case))) if "o: the position" in line]
    assert told == ["o: the position; --: 80 % of its doubt; |: where no deal leaves it."]
    (alone,) = (line for line, _ in block_lines(tuple(stated(case, issues=["q"]))) if "o: the" in line)
    assert "no deal" not in alone


def narrow(gauges: Gauges) -> Gauges:
    """Return gauges of so many words that no strip has room."""
    row = gauges.rows[0].model_copy(update={"span": "from 6 to 8 years, " * 2, "beside": "none at all"})
    return gauges.model_copy(update={"rows": (row,)})
