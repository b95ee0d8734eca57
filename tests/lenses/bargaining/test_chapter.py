"""The chapter: sentences that follow from the numbers of a result, and sections made from the result alone."""

from __future__ import annotations

import json
import re

import pytest

from detente.case import Case
from detente.catalog import open_case
from detente.lenses.bargaining import LENS, BargainingResult, chapter, findings
from detente.show.blocks import Details, FigureBlock, Gauges, Prose, TableBlock
from detente.show.screen import section_lines
from detente.show.table import Table
from tests.lenses.bargaining.answered import DRAWS, NAMES, answer, answered, figure, headline, section, told
from tests.report.making import case_of, numbers_in, stance

COUNTED = {"issues", "crossed", "red_lines", "agreeing"}
every_case = pytest.mark.parametrize("name", NAMES)


def stands(case: Case, path: str) -> bool:
    """Say whether something stands at a path of a case."""
    here: object = case.to_dict()
    for part in path.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here is not None


def table(name: str, which: str) -> Table:
    """The table of a section, which may lie in details."""
    blocks = [*section(told(name), which).blocks]
    blocks += [inner for one in blocks if isinstance(one, Details) for inner in one.blocks]
    return next(one.table for one in blocks if isinstance(one, TableBlock))


# --- every case ----------------------------------------------------------------------------------
@every_case
def test_every_number_of_a_headline_stands_in_the_table_it_names(name: str) -> None:
    result, made = answered(name), told(name)
    tables = {**{one.table.name: one.table for one in made.figures}, **result.tables()}
    for finding in (made.rung, *made.headlines, *result.findings):
        cells = [cell for row in tables[finding.table].rows for cell in row if isinstance(cell, int | float)]
        for what, number in finding.numbers.items():
            if what.partition(".")[0] not in COUNTED:
                assert any(cell == pytest.approx(number) for cell in cells), (finding.id, what)


@every_case
def test_every_driver_is_a_place_in_the_case_and_every_section_one_of_the_chapter(name: str) -> None:
    result, made = answered(name), told(name)
    drawn = (figure.finding for figure in made.figures)
    sections = {one.id for one in made.sections}
    for finding in (made.rung, *made.headlines, *result.findings, *drawn):
        assert finding.section in sections, finding.id
        for path in finding.drivers:
            assert path in result.case.quantities or stands(result.case, path), path


@every_case
def test_a_result_that_was_read_back_is_told_and_drawn_the_same(name: str) -> None:
    again = BargainingResult.from_dict(json.loads(json.dumps(answered(name).to_dict())))
    assert again == answered(name)
    assert LENS.chapter(again) == told(name)


@every_case
def test_an_issue_at_a_glance_says_what_its_distribution_says(name: str) -> None:
    result = answered(name)
    assert [row.id for row in result.settlements] == list(result.issues)
    for row in result.settlements:
        forecast = result.issues[row.id][row.method]
        assert (row.mean, row.low80, row.high80) == (forecast.mean, *forecast.intervals["80"])
        of = result.case.issues[row.id]
        assert of.low <= row.mean <= of.high
        assert row.lowest <= row.mean <= row.highest
        assert row.spread == pytest.approx(row.highest - row.lowest)
        assert 0 <= row.crossed <= row.red_lines
        assert row.crossed == len(row.crossed_by)


@every_case
def test_shares_of_weight_add_up_to_all_of_it(name: str) -> None:
    pulls = table(name, "weights")
    for k, (issue, shares) in enumerate(answered(name).pull.items(), start=1):
        assert sum(pull.position for pull in shares.values()) == pytest.approx(1)
        assert sum(row[k] is not None for row in pulls.rows) == len(shares)
        assert pulls.heads[issue] == answered(name).case.issues[issue].name


@every_case
def test_the_table_at_a_glance_has_what_the_inputs_leave_open_beside_past_errors(name: str) -> None:
    """Past errors are 23 per cent of each scale; those who weigh most come first in the table of weights."""
    result = answered(name)
    noun = "pull" if result.consented else "forecast"
    shown_rows = figure(name, "glance").table.to_records()
    for row, shown in zip(result.settlements, shown_rows, strict=True):
        assert shown["past_error"] == pytest.approx(0.23 * row.width)
        assert (shown[noun], shown["low80"], shown["high80"]) == (row.mean, row.low80, row.high80)
        assert (shown["lowest"], shown["highest"], shown["no_deal"]) == (row.lowest, row.highest, row.no_deal)
    totals = [sum(cell for cell in cells if isinstance(cell, float)) for cells in table(name, "weights").rows]
    assert totals == sorted(totals, reverse=True)


@every_case
def test_the_short_chapter_is_one_figure_and_one_table_or_nothing_where_somebody_must_consent(
    name: str,
) -> None:
    kept = [one.id for one in told(name).sections if not one.annex]
    consented = answered(name).consented
    assert kept == [] if consented else kept[:2] == ["glance", "positions"]
    figures = [one for one in section(told(name), "glance").blocks if isinstance(one, FigureBlock)]
    assert [one.figure.id for one in figures] == ["glance"]
    assert consented == any(
        answered(name).case.consent or of.consent for of in answered(name).case.issues.values()
    )


def test_where_somebody_must_consent_nothing_says_that_an_issue_settles() -> None:
    for name in ("us-russia-2024", "panama-canal-1974", "linked-issues"):
        made = told(name)
        said = [made.question, made.rung.sentence, *(one.sentence for one in made.headlines)]
        said += [one.sentence for one in answered(name).findings]
        said += [text for one in made.sections for text in (one.title, one.intro)]
        said += [figure.title for figure in made.figures] + [figure.definition for figure in made.figures]
        assert [text for text in said if re.search(r"settle|agreement would|open to|forecast", text)] == []
        assert "gnoring who must consent" in made.rung.sentence
        assert "gnoring who must consent" in made.question
        assert [rung.step for rung in made.rungs] == []
    free = told("river-dam")
    assert {"deal", "sure", "ask"} <= {rung.step for rung in free.rungs}
    assert "would settle" in free.rung.sentence


@every_case
def test_a_plain_run_is_told_too_without_what_only_a_brief_asks_for(name: str) -> None:
    plain = answered(name).model_copy(update={"comparison": None, "tornado": None})
    made = LENS.chapter(plain)
    ids = [one.id for one in made.sections]
    assert ids[:2] == ["glance", "positions"]
    assert "outcomes" in ids
    assert "scenarios" not in ids
    assert ("tornado" in ids) == plain.record.exact
    assert [line for one in made.sections for line in section_lines(one, titled=True)]


# --- one case ------------------------------------------------------------------------------------
def test_another_seed_gives_another_answer() -> None:
    first, second = (answer(open_case("river-dam"), 50, seed) for seed in (1, 2))
    assert first.settlements != second.settlements


def test_the_answer_to_one_issue_says_where_it_settles() -> None:
    # Weights 1 and 3: the compromise is (0 + 3 * 100) / 4.
    made = answer(case_of({"peace": {"a": stance(0), "b": stance(100, 3)}}))
    assert LENS.chapter(made).rung.sentence == "Peace: would settle at 75, between “none” and “all”."
    assert headline(made, "pull").sentence.replace("\N{NO-BREAK SPACE}", " ") == (
        "Most weight lies with B, 75 % of it."
    )
    assert headline(made, "pull").drivers == ("stances.peace.b.salience", "stances.peace.b.influence")
    assert "No input carries doubt" in headline(made, "input").sentence


def test_the_answer_to_one_issue_counts_the_red_lines_it_crosses() -> None:
    made = answer(case_of({"peace": {"a": stance(0, accepts="<= 20"), "b": stance(100, 3, accepts=">= 90")}}))
    said = LENS.chapter(made).rung.sentence
    assert said == "Peace: would settle at 75, between “none” and “all”. That crosses two red lines."
    assert headline(made, "red_lines").sentence == "The forecast crosses both red lines: B and A."
    assert headline(made, "red_lines").drivers == ("stances.peace.b.accepts", "stances.peace.a.accepts")


def test_a_red_line_in_doubt_is_crossed_in_a_share_of_draws() -> None:
    """A forecast of 75 against a line at 75 ± 5 is a toss of a coin, though the forecast itself is in no doubt."""
    stances = {"a": stance(0, accepts="<= 75 ± 5"), "b": stance(100, 3, accepts=">= 20")}
    made = answer(case_of({"peace": stances}))
    (row,) = made.settlements
    assert made.record.exact
    assert (row.red_lines, row.crossed_by) == (2, ("a",))
    assert row.crossing == pytest.approx(0.5, abs=0.03)
    share = f"{row.crossing:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
    assert f"That crosses one red line in {share} of draws." in LENS.chapter(made).rung.sentence
    assert (
        headline(made, "red_lines").sentence
        == f"The forecast crosses one of two red lines: A (in {share} of draws)."
    )


def test_a_red_line_of_somebody_without_a_say_is_marked_and_decides_nothing() -> None:
    stances = {"a": stance(0, accepts="<= 80"), "b": stance(100, 3), "c": stance(75, accepts="<= 10")}
    made = answer(case_of({"peace": stances}, consent={"all_of": ["a", "b"]}))
    (row,) = made.settlements
    assert (row.red_lines, row.crossed, row.crossing) == (1, 0, 0)
    assert {one.actor: (one.has_say, one.crossed) for one in made.stances["peace"]} == {
        "a": (True, 0),
        "b": (True, None),
        "c": (False, 1),
    }
    assert "cross" not in LENS.chapter(made).rung.sentence
    assert headline(made, "red_lines").sentence == "The pull of the parties crosses no red line."
    title = findings.positions(made, row).sentence
    assert title.endswith("Red lines that decide nothing, of actors without a say: C (at most 10).")


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_tie_is_a_tie_in_whatever_order_and_whatever_the_draws(seed: int) -> None:
    """Two issues that differ in nothing, on which two actors weigh the same: nothing and nobody is 'most'."""
    told = []
    for order in (("a", "b"), ("b", "a")):
        doubt = {"a": stance("20 ± 8"), "b": stance("80 ± 8")}
        stances = {issue: {actor: doubt[actor] for actor in order} for issue in ("x", "y")}
        points = {i: {"name": i.upper(), "scale": {0: "none", 100: "all"}, "no_deal": 10} for i in ("x", "y")}
        made = answer(case_of(stances, issues=points), seed=seed)
        found = {
            one.id: one.sentence.replace("\N{NO-BREAK SPACE}", " ") for one in LENS.chapter(made).headlines
        }
        assert "most" not in found["methods"]
        assert found["input"].startswith("The doubts that matter most, and alike: ")
        assert "each alone moves its forecast by 10 % of the scale" in found["input"]
        assert found["pull"].startswith("Most weight on both issues lies with ")
        assert found["pull"].endswith(", 50 % of it each.")
        told.append(found["pull"].removeprefix("Most weight on both issues lies with ").split(",")[0])
    assert [set(one.split(" and ")) for one in told] == [{"A", "B"}] * 2


def test_red_lines_that_hold_are_said_to_hold() -> None:
    made = answer(case_of({"peace": {"a": stance(0, accepts="<= 80"), "b": stance(100, 3, accepts=">= 20")}}))
    assert headline(made, "red_lines").sentence == "The forecast crosses neither of the two red lines stated."


def test_an_issue_that_nobody_would_settle_is_told_as_such() -> None:
    blocked = {"name": "Peace", "scale": {0: "none", 100: "all"}, "no_deal": 40}
    made = answer(case_of({"peace": {"a": stance(0), "b": stance(100, 3)}}, issues={"peace": blocked}))
    said = LENS.chapter(made).rung.sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert said.endswith("But no outcome is better than no deal for every actor.")
    (gauge,) = LENS.chapter(made).overview
    assert isinstance(gauge, Gauges)
    assert gauge.rows[0].status.replace("\N{NO-BREAK SPACE}", " ") == (
        "no deal is better for somebody in 100 % of draws"
    )
    assert gauge.rows[0].tone == "warn"


def test_where_nobody_would_settle_no_red_line_is_said_to_be_crossed() -> None:
    stances = {"a": stance(0, accepts="<= 20"), "b": stance(100, 3)}
    blocked = {"name": "Peace", "scale": {0: "none", 100: "all"}, "no_deal": 40}
    made = answer(case_of({"peace": stances, "trade": stances}, issues={"peace": blocked}))
    said = LENS.chapter(made).rung.sentence
    assert "On Peace, in most draws no outcome is better than no deal" in said
    assert said.endswith("On Trade, the forecast crosses a red line.")


def test_an_issue_is_blocked_from_half_of_the_draws_on() -> None:
    row = answered("us-russia-2024").settlements[0]
    shares = {None: False, 0.0: False, 0.49: False, 0.5: True, 1.0: True}
    for share, blocked in shares.items():
        assert row.model_copy(update={"no_agreement": share}).blocked == blocked


def test_the_answer_to_many_issues_names_them_all() -> None:
    said = told("us-russia-2024").rung.sentence
    assert all(row.issue in said for row in answered("us-russia-2024").settlements)
    assert said.endswith("It says how hard they pull, not what they could agree on.")


@pytest.mark.parametrize(
    ("red_lines", "expected"),
    [
        ((None, None), ""),
        (("<= 60", None), ""),
        (("<= 60", "<= 40"), " On Arms, the forecast crosses a red line."),
        (("<= 40", "<= 40"), " On Peace and Arms, the forecast crosses a red line."),
    ],
)
def test_the_answer_says_where_a_red_line_is_crossed(
    red_lines: tuple[str | None, str | None], expected: str
) -> None:
    lines = [{"accepts": line} if line else {} for line in red_lines]
    stances = {
        "peace": {"a": stance(0, **lines[0]), "b": stance(100)},
        "arms": {"a": stance(0, **lines[1]), "b": stance(100)},
    }
    assert LENS.chapter(answer(case_of(stances))).rung.sentence == (
        "If each issue were decided by itself, this is where it would settle: Peace 50 on a scale from 0 to 100; "
        f"Arms 50 on a scale from 0 to 100.{expected}"
    )


def test_a_known_outcome_is_set_against_the_forecast() -> None:
    finding = headline(answered("emission-standards-1985"), "outcome.delay")
    # The published outcome is 8.833 years, the weighted mean 7.389956.
    assert finding.numbers["error"] == pytest.approx(7.389956 - 8.833, abs=1e-6)
    assert finding.sentence.startswith("What happened: 8.833; the forecast was off by −1.44")
    assert finding.sentence.endswith("there.") or "nearest came" not in finding.sentence  # none came nearer
    case = case_of(
        {"peace": {"a": stance(0), "b": stance(100, 3)}},
        issues={"peace": {"name": "Peace", "scale": {0: "none", 100: "all"}, "outcome": {"value": 95}}},
    )
    said = headline(answer(case), "outcome.peace")  # the mean says 75, the median of all weight 100
    assert (
        said.sentence
        == "What happened: 95; the forecast was off by −20; nearest came the weighted median, at 100."
    )


def test_the_input_that_matters_most_is_the_widest_bar_against_its_scale() -> None:
    made = answered("us-russia-2024")
    assert made.tornado is not None
    widest = max(
        (abs(bar.swing) / row.width, bar.path, row.id)
        for row in made.settlements
        for bar in made.tornado.bars[f"{row.id}.{row.method}"]
    )
    finding = headline(made, "input")
    assert finding.drivers == (widest[1],)
    assert numbers_in(finding.sentence)[-2:] == [
        pytest.approx(finding.numbers["widest_from"], abs=0.5),
        pytest.approx(finding.numbers["widest_to"], abs=0.5),
    ]


def test_a_case_without_scenarios_is_compared_with_nothing() -> None:
    assert answered("one actor").comparison is None
    assert not [figure for figure in told("one actor").figures if figure.id == "scenarios"]


@pytest.mark.parametrize("methods", [["challenge", "median"], ["nash", "exchange", "median"], ["mean"]])
def test_scenarios_are_compared_by_the_method_that_leads(methods: list[str]) -> None:
    up = {"up": {"name": "Up", "changes": {"stances.peace.a.position": "60 ± 5"}}}
    case = case_of(
        {"peace": {"a": stance("30 ± 5", 3), "b": stance(80)}},
        scenarios=up,
        options={"bargaining": {"methods": methods, "headline": methods[0]}},
    )
    made = answer(case, draws=50)
    finding = headline(made, "scenarios")
    assert finding.numbers["difference"] > 15
    assert finding.drivers == ("stances.peace.a.position",)
    assert made.comparison is not None
    assert f"peace.{made.settlements[0].method}" in made.comparison.differences
    assert made.comparison.fingerprints["up"] == case.with_(scenario="up").fingerprint


def uneven() -> BargainingResult:
    """Two issues on scales of 10 and of 1,000: what is large on one is small against the other's scale."""
    scales = {"short": {0: "none", 10: "all"}, "long": {0: "none", 1000: "all"}}
    return answer(
        case_of(
            {
                "short": {"a": stance(0, 3), "b": stance("8 ± 0.5", 2)},
                "long": {"a": stance(500, 3), "b": stance("560 ± 9", 2)},
            },
            issues={
                name: {"name": name.title(), "scale": scale, "no_deal": 0 if name == "short" else 490}
                for name, scale in scales.items()
            },
            scenarios={
                "up": {
                    "name": "Up",
                    "changes": {"stances.short.a.position": 5, "stances.long.a.position": 510},
                }
            },
            options={"bargaining": {"methods": ["mean", "median"]}},
        )
    )


def test_issues_are_compared_as_shares_of_their_scales() -> None:
    made = uneven()
    assert "they part most on Short, from 0.0 to 3.2" in headline(made, "methods").sentence
    assert headline(made, "scenarios").sentence.startswith("“Up” moves Short most: by +3.0")
    assert "position on Short" in headline(made, "input").sentence


def test_scenarios_leave_out_the_methods_that_take_long_and_keep_their_fingerprints() -> None:
    made = answered("river-dam")
    assert made.comparison is not None
    compared = {label for label, versions in made.comparison.differences.items() if "dry-years" in versions}
    assert compared == {f"{issue}.{method}" for issue in made.issues for method in ("mean", "median", "nash")}
    dry = made.case.with_(scenario="dry-years")
    assert made.comparison.fingerprints["dry-years"] == dry.fingerprint


def test_only_so_many_issues_get_figures_of_their_own() -> None:
    maps = section(told("thirty issues"), "positions").blocks
    assert sum(isinstance(block, FigureBlock) for block in maps) == chapter.MOST_ISSUES
    assert isinstance(maps[-1], Prose)
    assert maps[-1].text.startswith("The first 24 issues are drawn")
    assert len(answered("thirty issues").settlements) == 30


def test_trades_are_told_with_who_gives_what_and_who_is_hurt() -> None:
    made = answered("us-russia-2024")
    rows, first = table("us-russia-2024", "trades").to_records(), (made.trades or ())[0]
    actors = made.case.actors
    assert str(rows[0]["gives"]).startswith(f"{actors[first.first].name} on ")
    assert str(rows[0]["in_return"]).startswith(f"{actors[first.second].name} on ")
    assert rows[0]["share"] == first.share
    assert all(actors[actor].name in str(rows[0]["hurt"]) for actor in list(first.hurt)[:2])


def test_a_screen_has_the_methods_of_every_issue_side_by_side() -> None:
    lines = [
        line for line, _ in section_lines(section(told("emission-standards-1985"), "outcomes"), titled=True)
    ]
    text = "\n".join(lines)
    assert "Years until the standards take effect (4 to 10 years)" in text
    for name in ("Weighted mean", "Weighted median", "Challenge model", "(plain average)", "(what happened)"):
        assert name in text
    assert all(len(line) <= 80 for line in lines)


def test_the_methods_that_were_used_are_named_with_their_source_and_options() -> None:
    method = dict(told("emission-standards-1985").method)
    assert method["Weighted mean"].startswith(
        "The mean of the positions, each weighted by influence × salience. Van "
    )
    assert "variant published table" in method["Challenge model"]
    assert "rounds 10" in method["Challenge model"]
    assert method["No deal"] == "A baseline from the case: where the issue ends without an agreement."


def test_draws_are_told_by_how_far_chance_blurs_the_means() -> None:
    made = answered("river-dam")
    blur = max(
        one.mc_error / (made.case.issues[issue].high - made.case.issues[issue].low)
        for issue, methods in made.issues.items()
        for one in methods.values()
    )
    assert f"at most {100 * blur:.2f} % of their scales" in told("river-dam").caution
    assert made.record.draws == DRAWS
    assert told("nothing in doubt").caution == ""
