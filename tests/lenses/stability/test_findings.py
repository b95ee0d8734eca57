"""Which of many things a reader is told: the one that takes the fewest."""

from __future__ import annotations

from detente.case import Case
from detente.lenses.stability import LENS
from tests.lenses.stability.presence import present

# Three shut gates. Two can open theirs and both gain; if the third opens too, all three gain as well.
ACTORS = ("ana", "bo", "cy")
GAME = {
    "title": "Three gates",
    "actors": {name: {"name": name.title()} for name in ACTORS},
    "game": {
        "options": {name[0]: {"actor": name, "name": f"{name.title()} opens"} for name in ACTORS},
        "preferences": {
            "ana": ["a iff b", "b", "not a"],
            "bo": ["a iff b", "a", "not b"],
            "cy": ["a", "b", "c iff a"],
        },
        "status_quo": "NNN",
    },
}


def test_the_smallest_coalition_that_could_leave_today_is_told() -> None:
    case = Case.from_dict(GAME)
    result = LENS.simulate(case, draws=1).result()
    sizes = {len(jump.coalition) for jump in present(result.jumps)}
    assert sizes == {2, 3}
    told = next(finding.sentence for finding in result.findings if finding.id == "holds")
    assert "But together, Ana and Bo would both gain: “Ana opens”, “Bo opens”." in told


def test_of_outcomes_that_are_not_all_listed_at_least_those_listed_are_told() -> None:
    options = {f"o{number}": {"actor": "ab"[number % 2], "name": f"Option {number}"} for number in range(13)}
    game = {"options": options, "preferences": {"a": ["o0"], "b": ["o1"]}, "status_quo": "N" * 13}
    case = Case.from_dict({"title": "t", "actors": {name: {"name": name} for name in "ab"}, "game": game})
    result = LENS.simulate(case, draws=1).result()
    told = next(finding.sentence for finding in result.findings if finding.id == "holds")
    assert "and, as firmly, at least 1,999 others. In all, 2,048 of 8,192 outcomes" in told
