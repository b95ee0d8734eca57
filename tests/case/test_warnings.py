"""What an experienced analyst would question in a valid case is told, and nothing else."""

from __future__ import annotations

import pytest

from detente.case import Case
from detente.case.checked import examined
from detente.case.reading import Document
from tests.case.checking import SMALL, changed, checked, place_of

SIDE = "only one side is represented"
IDLE = "so the correlation has no effect"
ROWS = [
    (
        "  council: {name: Council",
        "  envoy: {name: Envoy}\n  council: {name: Council",
        "envoy",
        "actors.envoy",
        "the actor has no stance on any issue",
        "give it one or remove it",
    ),
    (
        "stances:\n",
        "  fish:\n    name: Fish\n    scale: {0: a, 1: b}\nstances:\n",
        "fish",
        "issues.fish",
        "nobody has a stance on the issue",
        "add stances.fish",
    ),
    ("position: -0.5", "position: 1", "trade:", "issues.trade", "all actors hold the same position", ""),
    ("position: -0.5", "position: 0.9", "trade:", "issues.trade", SIDE, "who is on the other side of the scale?"),
    ("position: -0.5", "position: 0.875", "trade:", "issues.trade", SIDE, "who is on the other side"),
    ("position: -0.5", "position: 0.87", None, "", "", ""),  # the upper quarter of -1..1.5 begins at 0.875
    ("\n    russia: {position: -0.5, salience: 0.6, because: [law]}", "", "trade:", "issues.trade", SIDE, "who"),
    ("{position: -0.5", "{position: -0.9..-0.5", None, "", "", ""),
    (", because: [speech]}\n    council", "}\n    council", "russia: {position: 10", "stances.border.russia",
     "the stance rests on no source", "add because: [source]"),
    ('">= 40"', '">= 90"', 'accepts: ">= 90"', "stances.border.norway.accepts",
     "the red line >= 90 rules out the actor's own position 80", ""),
    ('">= 40"', "10 to 60", "accepts: 10 to", "stances.border.norway.accepts",
     "the red line 10 to 60 rules out the actor's own position 80", ""),
    ('">= 40"', '"<= 90"', None, "", "", ""),
    ("  law: {title", "  memo: {title: Memo}\n  law: {title", "memo", "sources.memo",
     "the source is never cited", "cite it with because, or remove it"),
    ("position: 10..20", "position: 10", "stances.border.russia.position]", "correlations[0].between[1]",
     f"carries no doubt, {IDLE}", ""),
    ("[stances.border.norway.position, ", "[issues.trade.no_deal, ", "issues.trade.no_deal",
     "correlations[0].between[0]", f"issues.trade.no_deal is not stated, {IDLE}", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "marker", "path", "said", "hint"), ROWS, ids=range(len(ROWS)))
def test_a_warning_is_told_at_its_place(
    old: str, new: str, marker: str | None, path: str, said: str, hint: str
) -> None:
    text = changed(old, new)
    found = checked(text)
    assert found.case is not None, found.errors
    if marker is None:
        assert found.problems == ()
        return
    (warning,) = found.warnings
    assert found.problems == (warning,)
    assert (warning.severity, warning.path) == ("warning", path)
    assert said in warning.message
    assert hint in (warning.hint or "")
    assert (warning.line, warning.column) == place_of(marker, text)


def test_three_equal_saliences_are_questioned_and_two_are_not() -> None:
    text = SMALL.replace("salience: 0.8", "salience: 0.3").replace("salience: 0.5", "salience: 0.30")
    (warning,) = checked(text).warnings
    assert (warning.path, warning.message) == ("stances.border", "every salience is the same")
    two = SMALL.replace("salience: 0.4 ± 0.1", "salience: 0.6")
    assert checked(two).problems == ()


def test_a_case_without_sources_is_told_once() -> None:
    text = SMALL[: SMALL.index("sources:")] + SMALL[SMALL.index("groups:") :]
    for cited in (
        ", because: [speech]",
        ", because: [law]",
        ", because: law",
        "    because: [law]\n",
        "    because: [speech]\n",
    ):
        text = text.replace(cited, "")
    (warning,) = checked(text).warnings
    assert warning.message == "the case has no sources, so no number rests on evidence"
    assert (warning.line, warning.column) == (1, 1)


def test_a_source_cited_only_in_a_change_is_cited() -> None:
    text = changed("  law: {title", "  memo: {title: Memo}\n  law: {title")
    for change in ("stances.border.russia.because: [memo]", "stances.border.council.because: memo"):
        assert checked(changed("stances.trade.norway: null", change, text)).problems == ()
    whole = "stances.border.council: {position: 1, salience: 1, influence: 1, because: [memo]}"
    assert checked(changed("stances.trade.norway: null", whole, text)).problems == ()
    wrong = checked(changed("stances.trade.norway: null", "stances.border.russia.because: [mmo]", text))
    assert str(wrong.errors[0]).endswith("no source is called 'mmo'; did you mean 'memo'?")


@pytest.mark.parametrize("part", ["actors", "issues"])
def test_things_of_one_name_are_told_of(part: str) -> None:
    stances = {key: {a: {"position": 10, "salience": 1} for a in "ab"} for key in "xy"}
    names = {"actors": {"a": "North", "b": "South"}, "issues": {"x": "Quota", "y": "Price"}}
    first, second = names[part]
    names[part][second] = names[part][first].upper()
    data = {
        "title": "t",
        "actors": {key: {"name": name, "influence": 1} for key, name in names["actors"].items()},
        "issues": {key: {"name": name, "scale": {0: "a", 100: "b"}} for key, name in names["issues"].items()},
        "stances": stances,
    }
    told = [str(one) for one in examined(Document(data), "c").problems]
    message = f"'{first}' has the same name, so both are told with what tells them apart"
    assert sum(message in one for one in told) == 1


def test_actors_of_one_name_are_told_with_their_country_and_written_as_stated() -> None:
    actors = {
        "rada": {"name": "Parliament", "influence": 1, "country": "UKR"},
        "duma": {"name": "Parliament", "influence": 1, "country": "RUS"},
        "own": {"name": "Cabinet", "influence": 1},
        "other": {"name": "Cabinet", "influence": 1},
    }
    issue = {"name": "Quota", "scale": {0: "none", 100: "all"}}
    data = {
        "title": "t",
        "actors": actors,
        "issues": {"x": issue, "y": issue},
        "stances": {"x": {key: {"position": 10, "salience": 1} for key in actors}},
    }
    case = Case.from_dict(data)
    names = ["Parliament (Ukraine)", "Parliament (Russia)", "Cabinet (own)", "Cabinet (other)"]
    assert [actor.name for actor in case.actors.values()] == names
    assert [one.name for one in case.issues.values()] == ["Quota (x)", "Quota (y)"]
    assert case.to_dict()["actors"] == actors
    assert Case.from_dict(case.to_dict()) == case
    changed = case.with_({"actors.duma.name": "Duma", "issues.y.name": "Price"})
    assert [actor.name for actor in changed.actors.values()][:2] == ["Parliament", "Duma"]
    assert changed.issues["x"].name == "Quota"


def warned(text: str) -> set[tuple[str, str]]:
    found = checked(text)
    assert found.case is not None, found.errors
    return {(one.path, one.message) for one in found.warnings if one.message != "to be judged"}


@pytest.mark.parametrize(
    ("number", "others"),
    [
        ("position: -0.5", ("-1", "-0.5", "0.2", "1", "1.5")),
        ("position: [30, 45 ± 5]", ("0", "10", "80", "100")),
        ("position: 10..20", ("0..1", "10..20", "99..100")),
        ("salience: 0.6", ("0", "0.1", "0.6", "1")),
        ("influence: 60", ("0.1", "60", "1000")),
    ],
)
@pytest.mark.parametrize(
    "lacks",
    [
        ("", ""),
        (", because: [speech]}\n    council", "}\n    council"),
        ('">= 40"', '">= 90"'),
        ("  law: {title", "  memo: {title: Memo}\n  law: {title"),
        ("  council: {name: Council", "  envoy: {name: Envoy}\n  council: {name: Council"),
    ],
)
def test_beside_a_question_mark_all_is_told_that_holds_whatever_the_number(
    number: str, others: tuple[str, ...], lacks: tuple[str, str]
) -> None:
    text = changed(*lacks) if lacks[0] else SMALL
    if number not in text:
        pytest.fail(f"{number} is not in the case")
    what = number.partition(":")[0]
    whatever = [warned(text.replace(number, f"{what}: {other}", 1)) for other in others]
    assert warned(text.replace(number, f'{what}: "?"', 1)) == set.intersection(*whatever)
    assert any(
        "to be judged" in one.message for one in checked(text.replace(number, f'{what}: "?"', 1)).warnings
    )
