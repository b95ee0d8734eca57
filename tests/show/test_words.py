"""Numbers and names in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import Case, Issue
from detente.case.words import input_name
from detente.catalog import open_case, slugs
from detente.show import words
from tests.lenses.stability.playing import EVERY_PART
from tests.lenses.winset.dealing import deals
from tests.report.making import case_of, stance


def scale(low: float, high: float, unit: str | None = None) -> Issue:
    return Issue.model_validate({"name": "I", "scale": {low: "low end", high: "high end"}, "unit": unit})


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (45.6, 0, 100, "46"),
        (7.389956, 4, 10, "7.39"),
        (-0.2, -50, 50, "0"),
        (-12.4, -50, 50, "−12"),
        (3.2e9, 0, 1e10, "3.2 bn"),
        (3.2e10, 0, 1e11, "32 bn"),
        (1234567, 0, 2e6, "1,234,567"),
        (32_123_456, 0, 9e7, "32.1 m"),
        (0.00042, 0, 0.001, "0.00042"),
    ],
)
def test_a_position_has_the_decimals_that_its_scale_deserves(
    value: float, low: float, high: float, expected: str
) -> None:
    assert words.position(value, scale(low, high)) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(4.6, "+5"), (-4.6, "−5"), (0.3, "0"), (-0.3, "0"), (0, "0")]
)
def test_a_change_has_a_sign_unless_it_rounds_to_nothing(value: float, expected: str) -> None:
    assert words.change(value, scale(0, 100)) == expected


def test_a_fine_change_has_one_decimal_more() -> None:
    assert words.fine_change(-0.31, scale(0, 100)) == "−0.3"
    assert words.fine_change(0.04, scale(0, 100)) == "0"
    assert words.fine_change(2e8, scale(0, 1e10)) == "+0.2 bn"


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0, "0 %"), (0.001, "under 1 %"), (0.42, "42 %"), (0.999, "over 99 %"), (1, "100 %")],
)
def test_a_percentage_never_rounds_a_possibility_away(share: float, expected: str) -> None:
    assert words.percent(share).replace("\N{NO-BREAK SPACE}", " ") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "0"), (0.4567, "0.457"), (12.3456, "12.3"), (123456, "123,456"), (-2, "−2"), (1e12, "1.00e+12")],
)
def test_figures_keep_three_digits(value: float, expected: str) -> None:
    assert words.figures(value) == expected


def test_lists_and_counts_read_as_english() -> None:
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b"]) == "a and b"
    assert words.listed(list("abcde"), 3) == "a, b and 3 others"
    assert words.counted(1, "issue") == "one issue"
    assert words.counted(13, "issue") == "13 issues"
    assert words.counted(0, "country", "countries") == "no countries"
    assert words.out_of(0, 2, "issue") == "neither of the two issues"
    assert words.out_of(1, 2, "issue") == "one of two issues"
    assert words.out_of(2, 2, "issue") == "both issues"
    assert words.out_of(0, 7, "issue") == "none of the seven issues"
    assert words.out_of(7, 7, "issue") == "all seven issues"
    assert words.possessive("Congress") == "Congress’"


def test_a_position_is_told_by_an_anchor_or_by_the_two_around_it() -> None:
    of = scale(0, 100)
    assert words.place(3, of) == words.place(-3, of) == "at “low end”"
    assert words.place(95, of) == "at “high end”"
    assert words.place(30, of) == words.place(70, of) == "between “low end” and “high end”"


def test_the_points_of_a_large_scale_are_cut_short() -> None:
    assert words.anchor(1e10, scale(0, 1e10)) == "10.0 bn"
    assert words.anchor(2.5, scale(0, 100)) == "2.5"


def test_a_short_unit_follows_a_position_and_a_long_one_does_not() -> None:
    assert words.measured(5, scale(0, 100, "years")) == "5 years"
    assert words.measured(5, scale(0, 100, "a unit that takes a whole line")) == "5"
    assert words.measured(5, scale(0, 100, "0 to 100")) == "5"


@pytest.fixture
def case() -> Case:
    return case_of(
        {"peace": {"a": stance(20, accepts="10 to 40"), "b": {"position": 5, "salience": 1}}},
        actors={"b": {"name": "B", "influence": 2}},
        issues={"peace": {"name": "Peace", "scale": {0: "no", 100: "yes"}, "no_deal": 4}},
        game={
            "options": {
                "sign": {"actor": "a", "name": "Sign", "sets": {"peace": 80}},
                "wait": {"actor": "b", "sets": {"peace": "10 ± 2"}},
            },
            "infeasible": [{"statement": "sign and wait"}],
            "preferences": {"a": {"stances": True, "strong_gap": 0.2}, "b": {"statements": ["wait"]}},
        },
    )


def test_every_number_of_every_case_has_a_name_a_phrase_and_a_form() -> None:
    for of in (*(open_case(slug) for slug in slugs()), *deals().values(), open_case(EVERY_PART)):
        for path, quantity in of.quantities.items():
            for within in (None, *of.issues):
                assert input_name(of, path, within)
                assert words.input_phrase(of, path, within)
            assert words.input_value(of, path, quantity.mean)


@pytest.mark.parametrize(
    ("path", "within", "expected"),
    [
        ("actors.b.influence", None, "B: influence"),
        ("issues.peace.no_deal", None, "Peace: no-deal point"),
        ("issues.peace.no_deal", "peace", "No-deal point"),
        ("stances.peace.a.position", None, "A: position on Peace"),
        ("stances.peace.a.position", "peace", "A: position"),
        ("stances.peace.a.accepts.lower", "peace", "A: red line, lower"),
        ("stances.peace.a.concession_cost", None, "A: cost of conceding on Peace"),
        ("stances.peace.a.position#3", None, "A, member 3: position on Peace"),
        ("actors.a.failure_cost", None, "A: cost of failure"),
        ("actors.a.failure_cost#2", None, "A, member 2: cost of failure"),
        ("issues.peace.failure_cost", "peace", "Cost of failure"),
        ("payments.actors.a.gives", "peace", "A: most that it can pay"),
        ("payments.actors.b.takes", None, "B: most that it can receive"),
        ("payments.actors.a.worth", None, "A: worth of a unit paid"),
        ("game.preferences.a.strong_gap", None, "A: least gap that is strong"),
        ("game.options.sign.sets.peace", None, "“Sign”: where it puts Peace"),
        ("game.options.wait.sets.peace", None, "“wait”: where it puts Peace"),
    ],
)
def test_an_input_is_named_by_whose_number_it_is(
    case: Case, path: str, within: str | None, expected: str
) -> None:
    assert input_name(case, path, within) == expected


@pytest.mark.parametrize(
    ("path", "within", "expected"),
    [
        ("actors.b.influence", None, "B’s influence"),
        ("issues.peace.no_deal", None, "the no-deal point of Peace"),
        ("issues.peace.no_deal", "peace", "the no-deal point"),
        ("stances.peace.a.position", None, "A’s position on Peace"),
        ("stances.peace.a.salience", "peace", "A’s salience"),
        ("stances.peace.a.concession_cost", None, "A’s cost of conceding on Peace"),
        ("stances.peace.a.salience#2", "peace", "A, member 2’s salience"),
        ("actors.b.failure_cost", None, "B’s cost of failure"),
        ("issues.peace.failure_cost", None, "the cost of failure of Peace"),
        ("payments.actors.a.gives", None, "the most that A can pay"),
        ("game.preferences.a.strong_gap", None, "what is strongly better for A"),
        ("game.options.sign.sets.peace", None, "where “Sign” puts Peace"),
    ],
)
def test_an_input_is_the_subject_of_a_sentence(
    case: Case, path: str, within: str | None, expected: str
) -> None:
    assert words.input_phrase(case, path, within) == expected


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("issues.peace.no_deal", 4.4, "4"),
        ("stances.peace.a.position", 20.4, "20"),
        ("stances.peace.a.salience", 0.456, "0.46"),
        ("payments.actors.a.gives", 1234.5, "1,234"),
        ("actors.a.failure_cost", -0.0251, "−0.025"),
        ("game.options.sign.sets.peace", 4.4, "4"),
        ("actors.b.influence", 2.04, "2"),
    ],
)
def test_an_input_s_value_is_written_as_its_kind(case: Case, path: str, value: float, expected: str) -> None:
    assert words.input_value(case, path, value) == expected


def test_a_red_line_is_told_by_its_bounds() -> None:
    of = scale(0, 100)
    assert words.red_line(10, None, of) == "at least 10"
    assert words.red_line(None, 40, of) == "at most 40"
    assert words.red_line(10, 40, of) == "10 to 40"
    assert words.red_line(None, None, of) == ""


@given(st.text(max_size=60), st.floats(min_value=1, max_value=40))
def test_a_text_is_cut_to_its_room(text: str, room: float) -> None:
    cut = words.cut(text, room)
    assert cut == text or (cut.endswith(words.ELLIPSIS) and words.width_of(cut) <= room + 1)


@given(st.text(alphabet="abc W", max_size=80), st.integers(1, 4), st.floats(min_value=2, max_value=20))
def test_a_text_is_broken_into_few_lines_that_fit(text: str, lines: int, room: float) -> None:
    broken = words.broken(text, room, lines)
    assert len(broken) <= lines
    assert all(words.width_of(line) <= room + 1 for line in broken)
    if not any(words.ELLIPSIS in line for line in broken):
        assert " ".join(broken).split() == text.split()


def test_wide_and_combining_characters_have_their_width() -> None:
    assert words.width_of("外交") == 2
    assert words.width_of("e\u0301") == words.width_of("e")


def test_settlements_that_are_only_counted_are_told_by_their_names() -> None:
    """A number from 1 to 3 that an import gave to options means nothing; a discrete scale of years does."""
    food = Issue(name="Food", scale={1: "low", 2: "mid", 3: "high"}, discrete=True)
    years = Issue(name="Years", scale={1: "one", 2: "two", 5: "five"}, discrete=True)
    assert words.numbered(food)
    assert (words.spot(2.0, food), words.spot(2.5, food)) == ("“mid”", "between “mid” and “high”")
    assert not words.numbered(years)
    assert words.spot(2.0, years) == "2.00"
    assert not words.numbered(food.model_copy(update={"unit": "stars"}))
    assert not words.numbered(food.model_copy(update={"discrete": False}))
