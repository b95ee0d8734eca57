"""Red lines, ids, texts, countries, dates and options mean what they say, and nothing odd gets through."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import (
    Acceptance,
    Actor,
    BargainingOptions,
    Case,
    ChallengeOptions,
    ExchangeOptions,
    Group,
    Issue,
    NashOptions,
    Outcome,
    Scenario,
    Source,
    Stance,
)
from detente.case.countries import ALPHA_3, checked_country
from detente.case.text import IDENTIFIER, checked_identifier, clean, slug
from detente.errors import CaseError, QuantityError
from detente.quantity import parse
from tests.case.checking import SMALL, changed, checked, small

RED_LINES = [
    (">= 40", ">= 40", "40", None),
    (">=40 +- 5", ">= 40 ± 5", "40 ± 5", None),
    ("≥ 40", ">= 40", "40", None),
    ("<=30", "<= 30", None, "30"),
    ("≤ [20, 30]", "<= [20, 30]", None, "[20, 30]"),
    ("20 to 60", "20 to 60", "20", "60"),
    (" -5 ± 1  to  10..20 ", "-5 ± 1 to 10..20", "-5 ± 1", "10..20"),
    ("20 to 20", "20 to 20", "20", "20"),
]


@pytest.mark.parametrize(("written", "printed", "lower", "upper"), RED_LINES)
def test_a_red_line_is_read_and_printed(
    written: str, printed: str, lower: str | None, upper: str | None
) -> None:
    line = Acceptance.parse(written)
    assert str(line) == printed
    assert line == Acceptance.parse(printed)
    assert hash(line) == hash(Acceptance.parse(printed))
    assert repr(line) == f"Acceptance.parse({printed!r})"
    assert Acceptance.parse(line) is line
    bounds = {"lower": lower, "upper": upper}
    assert {name: str(bound) for name, bound in line.bounds().items()} == {
        k: v for k, v in bounds.items() if v
    }


NO_RED_LINES: list[tuple[Any, str]] = [
    ("40", "'40' is not a red line; write '>= 40'"),
    ("> 40", "'> 40' is not a red line"),
    ("", "'' is not a red line"),
    ("20 to", "'20 to' is not a red line"),
    (">= ", "'' is not a number"),
    ("a to b", "'a' is not a number"),
    ("60 to 20", "nothing is both at least 60 and at most 20"),
    (40, "a red line is a text"),
    (None, "a red line is a text"),
    ("x" + " " * 100_000 + "y", "a text of 100002 characters is not a red line"),
]


@pytest.mark.parametrize(("written", "said"), NO_RED_LINES, ids=range(len(NO_RED_LINES)))
def test_what_is_no_red_line_is_refused(written: object, said: str) -> None:
    with pytest.raises(QuantityError) as caught:
        Acceptance.parse(written)
    assert said in str(caught.value)


def test_a_red_line_needs_a_bound() -> None:
    with pytest.raises(QuantityError, match="a red line needs a bound"):
        Acceptance(None, None)
    assert Acceptance(None, parse(3)) != Acceptance(parse(3), None)


@pytest.mark.parametrize("good", ["a", "A1", "white_house", "eu-27", "Ångström", "x" * 64, "1", "ß"])
def test_an_id_is_letters_digits_and_two_marks(good: str) -> None:
    assert checked_identifier(good) == good


@pytest.mark.parametrize(
    "bad", ["", "-a", "_a", "a.b", "a b", "a/b", "x" * 65, "a\n", "é!", "\u202ea", "a:b"]
)
def test_any_other_id_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"an id starts with a letter|which a case may not hold"):
        checked_identifier(bad)


@given(st.text(max_size=80), st.sets(st.sampled_from(["item", "a", "a-2", "b"])))
def test_a_slug_is_an_id_that_is_not_taken(name: str, taken: set[str]) -> None:
    made = slug(name, taken)
    assert made not in taken
    assert IDENTIFIER.fullmatch(made), made
    assert checked_identifier(made) == made


def test_slugs_are_counted_up() -> None:
    assert slug("EU", {"eu", "eu-2"}) == "eu-3"
    assert slug("???") == "item"
    assert slug("???", fallback="actor") == "actor"
    assert len(slug("x" * 500, {"x" * 60})) <= 64


def test_text_with_hidden_characters_is_refused() -> None:
    assert clean("e\u0301") == "é"
    with pytest.raises(ValueError, match=r"character 3 is U\+202E RIGHT-TO-LEFT OVERRIDE"):
        clean("ab\u202e")


def test_country_codes_are_those_of_iso_3166() -> None:
    assert len(ALPHA_3) == 249
    assert {"NOR", "RUS", "USA", "TWN", "PSE", "SSD"} <= ALPHA_3
    assert checked_country("XKX") == "XKX"
    known = {"nor": "NOR", "NO": "NOR", "XK": "XKX", "Norway": "NOR", "South Korea": "KOR", "DPRK": "PRK"}
    assert {text: checked_country(text) for text in known} == known
    for code in ("SUN", "", "ZZZ", "NORW", "Korea", "EU"):
        with pytest.raises(ValueError, match="no country is known by this name or code"):
            checked_country(code)


DATES: list[tuple[Any, str]] = [
    ("2024", "2024"),
    (2024, "2024"),
    ("2024-11", "2024-11"),
    ("2024-02-29", "2024-02-29"),
    (date(2024, 11, 6), "2024-11-06"),
    (datetime(2024, 11, 6, 23, 59), "2024-11-06"),
]


@pytest.mark.parametrize(("written", "kept"), DATES)
def test_a_date_keeps_its_precision(written: object, kept: str) -> None:
    assert Source(title="S", date=written).date == kept  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "bad", ["24", "2024-13", "2023-02-29", "2024-1-1", "٢٠٢٤", "2024-11-06T00:00", True, 24, 1.5]
)
def test_what_is_no_date_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match="not a date"):
        Source(title="S", date=bad)  # type: ignore[arg-type]


def test_parts_can_be_made_in_python() -> None:
    stance = Stance(position=parse("40 ± 5"), salience=parse(1), because="law")  # type: ignore[arg-type]
    assert stance.because == ("law",)
    assert Issue(name="I", scale={1: "b", 0: "a"}).low == 0
    assert Outcome(value=3).value == 3
    assert Group(name=" East ").name == "East"
    assert Scenario(name="S").changes == {}
    assert hash(Actor(name="A")) == hash(Actor(name="A"))
    with pytest.raises(ValueError, match="frozen"):
        stance.note = "x"


def test_options_have_the_published_defaults() -> None:
    options = BargainingOptions()
    assert options.methods == ("mean", "median", "nash", "challenge", "exchange")
    assert options.nash == NashOptions(exponent=2)
    assert options.challenge == ChallengeOptions(variant="printed", rounds=None)
    assert options.exchange == ExchangeOptions(rounds=1)
    assert small().options.bargaining.challenge.rounds == 3
    text = SMALL[: SMALL.index("options:")]
    assert checked(text).require().options.bargaining == options


def test_options_of_other_lenses_are_kept_as_they_are() -> None:
    text = changed("options:\n", "options:\n  elsewhere: {rule: [1, {a: null}], note: x}\n")
    case = checked(text).require()
    assert case.to_dict()["options"]["elsewhere"] == {"rule": [1, {"a": None}], "note": "x"}
    assert checked(Case.from_dict(case.to_dict()).to_yaml()).case == case


def test_default_options_are_not_written() -> None:
    text = changed("challenge: {rounds: 3}", "challenge: {rounds: null}, nash: {exponent: 2}")
    case = checked(changed("methods: [mean, challenge], ", "", text)).require()
    assert "options" not in case.to_dict()


def test_a_link_has_no_quotes_that_could_end_an_attribute() -> None:
    for bad in ('https://x/"onmouseover=', "https://x/'", "https://x/<", "javascript:alert(1)", "https://"):
        with pytest.raises(CaseError, match="a link starts with http"):
            Case.from_dict(
                {
                    **small().to_dict(),
                    "sources": {"speech": {"title": "S", "url": bad}, "law": {"title": "L"}},
                }
            )
