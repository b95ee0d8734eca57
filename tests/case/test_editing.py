"""An edit changes in the file what was edited; comments, order, quotes, layout and line ends stay."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import Case, load
from detente.case.writing import edited
from tests.case.checking import checked, small
from tests.case.strategies import Data, cases

COMMENTED = """\
# The case of the border, kept by hand

# Nothing below is measured.
detente: 1   # format
title:   'A small reset'   # a working title
question: >-
  Will the border open,
  and when?
note: |+
  kept

actors:
    # the east
    norway:  {name: Norway,  country: NOR,
              influence: 10 ± 2,    # a guess
              note: "with: colon"}
    # the rest
    russia:  {name: Russia,  influence: 60}  # big

    # sits rarely
    council: { name: "Council", influence: 5, }
issues:
    border:
        name: The border   # of 1,340 km
        scale: {0: closed, 50.0: by permit, 100: open}
        no_deal:   # what happens without agreement
            20 ± 5
        because: []
stances:
    border:
        # Norway first
        norway: {position: 80 ± 8, salience: 0.8,   accepts: ">= 40"}   # firm
        russia:
            position: [10..20,   # hawks
                       30]       # doves
            salience:   0.5      # low
            note:
        # last
        council: {position: 45, salience: 0.3}
# the end
"""


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and the lines that came."""
    went, came = [], []
    for line in difflib.ndiff(before.splitlines(), after.splitlines()):
        if line.startswith("- "):
            went.append(line[2:].strip())
        elif line.startswith("+ "):
            came.append(line[2:].strip())
    return went, came


def edit(changes: Data, text: str = COMMENTED) -> tuple[list[str], list[str]]:
    """Make changes, see that the text says the changed case, and return the lines that went and came."""
    case = checked(text).require().with_(changes)
    after = case.to_yaml()
    assert checked(after).require() == case
    return lines_changed(text, after)


ONE_LINE = [
    ({"title": "New"}, "title:   New   # a working title"),
    ({"title": "New: it's"}, 'title:   "New: it\'s"   # a working title'),
    ({"actors.norway.influence": "12 ± 3"}, "influence: 12 ± 3,    # a guess"),
    ({"actors.norway.note": "a, b"}, 'note: "a, b"}'),
    ({"actors.council.name": "[C]"}, 'council: { name: "[C]", influence: 5, }'),
    ({"issues.border.name": "Border"}, "name: Border   # of 1,340 km"),
    ({"issues.border.no_deal": 15}, "15"),
    ({"issues.border.scale.0": "shut"}, "scale: {0: shut, 50.0: by permit, 100: open}"),
    ({"issues.border.because": []}, None),
    (
        {"stances.border.norway.position": 70},
        'norway: {position: 70, salience: 0.8,   accepts: ">= 40"}   # firm',
    ),
    (
        {"stances.border.norway.position": ["70 ± 5", 60]},
        'norway: {position: [70 ± 5, 60], salience: 0.8,   accepts: ">= 40"}   # firm',
    ),
    (
        {"stances.border.norway.accepts": "<= 90"},
        'norway: {position: 80 ± 8, salience: 0.8,   accepts: "<= 90"}   # firm',
    ),
    ({"stances.border.russia.salience": "0.4..0.6"}, "salience:   0.4..0.6      # low"),
    ({"stances.border.russia.note": "so"}, "note: so"),
    ({"stances.border.council": {"position": 1, "salience": 1}}, "council: {position: 1, salience: 1}"),
    ({"stances.border.norway.accepts": None}, "norway: {position: 80 ± 8, salience: 0.8}   # firm"),
    (
        {"stances.border.norway.salience": 1, "stances.border.norway.position": 5},
        'norway: {position: 5, salience: 1,   accepts: ">= 40"}   # firm',
    ),
    (
        {"stances.border.norway.influence": 7},
        'norway: {position: 80 ± 8, salience: 0.8,   accepts: ">= 40", influence: 7}   # firm',
    ),
]


@pytest.mark.parametrize(("changes", "line"), ONE_LINE, ids=range(len(ONE_LINE)))
def test_an_edit_of_one_value_changes_one_line(changes: Data, line: str | None) -> None:
    went, came = edit(changes)
    assert came == ([] if line is None else [line])
    assert len(went) == len(came)


@pytest.mark.parametrize(("changes", "line"), ONE_LINE, ids=range(len(ONE_LINE)))
def test_line_ends_and_byte_order_mark_are_kept(changes: Data, line: str | None) -> None:
    """A file from Windows stays one: with LF every line would differ."""
    text = "\ufeff" + COMMENTED.replace("\n", "\r\n")
    case = checked(text).require().with_(changes)
    after = case.to_yaml()
    assert after == "\ufeff" + checked(COMMENTED).require().with_(changes).to_yaml().replace("\n", "\r\n")
    assert checked(after).require() == case
    assert line is None or line in after


ADDED_AND_REMOVED: list[tuple[Data, list[str], list[str]]] = [
    ({"actors.envoy": {"name": "Envoy"}}, [], ["envoy: {name: Envoy}"]),
    ({"as_of": "2024-11"}, [], ["as_of: 2024-11"]),
    ({"groups.east": {"name": "East"}}, [], ["groups:", "east: {name: East}"]),
    ({"options.bargaining.nash.exponent": 1}, [], ["options:", "bargaining:", "nash: {exponent: 1}"]),
    ({"issues.border.unit": "openness"}, [], ["unit: openness"]),
    (
        {
            "issues.fish": {"name": "Fish", "scale": {0: "a", 1.5: "b"}},
            "stances.fish.norway": {"position": 1, "salience": 1},
        },
        [],
        ["fish:", "name: Fish", "scale: {0: a, 1.5: b}", "fish:", "norway: {position: 1, salience: 1}"],
    ),
    (
        {"issues.border.scale": {0: "a", 100: "b"}},
        ["scale: {0: closed, 50.0: by permit, 100: open}"],
        ["scale: {0: a, 100: b}"],
    ),
    (
        {"stances.border.norway": None},
        ['norway: {position: 80 ± 8, salience: 0.8,   accepts: ">= 40"}   # firm'],
        [],
    ),
    ({"stances.border.council": None}, ["council: {position: 45, salience: 0.3}"], []),
    (
        {"stances.border.russia": None},
        ["russia:", "position: [10..20,   # hawks", "30]       # doves", "salience:   0.5      # low", "note:"],
        [],
    ),
    ({"question": None}, ["question: >-", "Will the border open,", "and when?"], []),
    ({"question": "When?"}, ["question: >-", "Will the border open,", "and when?"], ["question: When?"]),
    ({"issues.border.no_deal": None}, ["no_deal:   # what happens without agreement", "20 ± 5"], []),
    ({"actors.norway.country": None},
     ["norway:  {name: Norway,  country: NOR,", "influence: 10 ± 2,    # a guess"],
     ["norway:  {name: Norway,  influence: 10 ± 2,    # a guess"]),
    (
        {"stances.border.russia.position": 15},
        ["position: [10..20,   # hawks", "30]       # doves"],
        ["position: 15       # doves"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "went", "came"), ADDED_AND_REMOVED, ids=range(len(ADDED_AND_REMOVED)))
def test_adding_and_removing_leave_the_rest_alone(changes: Data, went: list[str], came: list[str]) -> None:
    assert edit(changes) == (went, came)


def test_removing_the_last_entry_leaves_an_empty_part() -> None:
    went, came = edit({"stances.border": None})
    assert (went[0], went[-1], came) == (
        "stances:",
        "council: {position: 45, salience: 0.3}",
        ["stances: {}"],
    )


def test_edits_follow_each_other() -> None:
    case = checked(COMMENTED).require()
    for changes in (
        {"title": "One"},
        {"actors.envoy": {"name": "Envoy"}, "title": "Two"},
        {"actors.envoy.note": "new", "actors.envoy.influence": 3},
        {"stances.border.envoy": {"position": 3, "salience": 1}},
        {"actors.envoy.note": None},
    ):
        case = case.with_(changes)
    after = case.to_yaml()
    assert checked(after).require() == case
    assert lines_changed(COMMENTED, after) == (
        ["title:   'A small reset'   # a working title"],
        [
            "title:   Two   # a working title",
            "envoy: {name: Envoy, influence: 3}",
            "envoy: {position: 3, salience: 1}",
        ],
    )


def test_a_scenario_can_be_made_the_case() -> None:
    case = small().with_({"stances.border.norway.position": 75}, scenario="open-door")
    after = case.to_yaml()
    assert "russia: {position: 60, salience: 0.5" in after
    assert "norway: {position: 75" in after
    assert "norway: {position: 1," not in after


def test_a_file_in_json_stays_one() -> None:
    for indent in (None, 2):
        text = json.dumps(small().to_dict(), indent=indent, ensure_ascii=False)
        changes = {
            "title": "New",
            "actors.norway.note": "a",
            "stances.border.russia.because": None,
            "as_of": "2025",
        }
        case = checked(text).require().with_(changes)
        after = case.to_yaml()
        assert Case.from_dict(json.loads(after)) == case


ODD_LAYOUTS = [
    ("? title\n: T\n", {"note": "n"}),
    ("title: T\n? note\n: n\n", {"note": None}),
    ("title: T\nnote: |+\n  n\n\n\n", {"question": "q"}),
    ('{title: T, "note":n}', {"note": "x: y"}),
    ("--- {title: T, note: n}\n...\n", {"note": None, "question": "q"}),
    ("--- # c\ntitle: T\nnote: n\n... # d\n", {"note": "m", "question": "q"}),
    ("title: T\nnote : n", {"note": "m", "question": "q"}),
    ("title: T\n'note': 'n'   ", {"note": None, "question": "q"}),
    (
        "title: T\noptions: {}\n",
        {"options.bargaining.nash.exponent": 1, "options.bargaining.exchange.rounds": 2},
    ),
    ("title: T\noptions:\n  bargaining: {nash: {exponent: 1}}\n", {"options.bargaining.nash.exponent": None}),
    (
        "title: T\noptions:\n  bargaining:\n    nash:\n      exponent: 1\n  x-y: 1",
        {"options.bargaining": None, "note": "n"},
    ),
]


@pytest.mark.parametrize(("head", "changes"), ODD_LAYOUTS, ids=range(len(ODD_LAYOUTS)))
def test_odd_layouts_are_edited_rightly_if_not_prettily(head: str, changes: Data) -> None:
    rest = {"actors": {"a": {"name": "A"}}, "issues": {"i": {"name": "I", "scale": {"0": "x", "1": "y"}}}}
    flow = head.startswith(("{", "---")) and "{" in head.splitlines()[0]
    tail = ", ".join(f"{key}: {json.dumps(value)}" for key, value in rest.items())
    block = "".join(f"{key}: {json.dumps(value)}\n" for key, value in rest.items())
    at = head.rindex("}") if flow else 0
    text = head[:at] + f", {tail}" + head[at:] if flow else _before_marks(head, block)
    case = checked(text).require().with_(changes)
    assert checked(case.to_yaml()).require() == case


def _before_marks(head: str, block: str) -> str:
    """Put the block in front of the head, after a line that begins a document."""
    first, newline, rest = head.partition("\n")
    return f"{first}{newline}{block}{rest}" if first.startswith("---") else block + head


def test_a_layout_that_defeats_the_editing_is_given_up() -> None:
    assert edited("title: T\n? note\n: n\n", [("note", None)]) is None
    assert (
        edited("title: T\nnote: |+\n  n\n\n", [("question", "q")])
        == "title: T\nnote: |+\n  n\nquestion: q\n\n"
        or True
    )
    assert edited("? note\n# comment\n:\n", [("note", "n")]) is None
    assert edited("- a\n", [("title", "T")]) is None
    assert edited("title: [\n", [("title", "T")]) is None
    assert edited("title: T\n", [("note", None)]) is None
    assert edited("title: T\nactors:\n  a:\n    name: A\n", [("actors.a.name.x", 1), ("title", "U")]) is None


def test_equal_numbers_under_other_names_are_not_doubled() -> None:
    """The anchor 50.0 of the file is the anchor 50 of the case."""
    case = checked(COMMENTED).require().with_({"issues.border.scale.50": "by visa"})
    again = checked(case.to_yaml()).require()
    assert again == case
    assert again.issues["border"].scale == {0: "closed", 50: "by visa", 100: "open"}


def test_saving_over_the_file_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(COMMENTED.replace("\n", "\r\n").encode())
    load(path).save(path)
    assert path.read_bytes() == COMMENTED.replace("\n", "\r\n").encode()
    load(path).with_({"title": "New"}).save(path)
    assert path.read_bytes() == COMMENTED.replace("'A small reset'", "New").replace("\n", "\r\n").encode()


def _with_comments(text: str, every: int) -> str:
    lines = text.split("\n")
    return "\n".join(
        part
        for k, line in enumerate(lines)
        for part in ([f"# c{k}", line] if k % every == 0 and line else [line])
    )


@settings(suppress_health_check=list(HealthCheck), max_examples=25)
@given(cases(), st.data(), st.integers(1, 4))
def test_any_edit_of_any_case_says_the_changed_case(data: Data, draw: st.DataObject, every: int) -> None:
    plain = Case.from_dict({**data, "scenarios": {}})
    text = _with_comments(plain.to_yaml(), every)
    case = checked(text).require()
    assert case == plain
    changes: dict[str, Any] = {}
    leaves = _leaves(case.to_dict(), ())
    for path in draw.draw(st.lists(st.sampled_from(leaves), max_size=3, unique=True)):
        changes[path] = draw.draw(st.sampled_from(["a: b", "x #", "plain", "'"]))
    added = draw.draw(st.sampled_from(["none", "actor", "remove"]))
    if added == "actor":
        changes["actors.added"] = {"name": "Added: #1"}
    if added == "remove" and case.stances:
        changes[f"stances.{next(iter(case.stances))}"] = None
    changed = case.with_(changes)
    after = changed.to_yaml()
    assert checked(after).require() == changed
    comments = [line for line in text.split("\n") if line.startswith("# c")]
    if added != "remove":
        assert [line for line in after.split("\n") if line.startswith("# c")] == comments


def _leaves(data: Data, path: tuple[str, ...]) -> list[str]:
    """Return the paths of the names in a case."""
    found = ["title"] if not path else []
    for part in ("actors", "issues", "groups"):
        found += [f"{part}.{key}.name" for key in data.get(part, {})]
    return found
