"""A draw that takes long is made less often, and whoever asked is told how often."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detente.case import Case
from detente.errors import OptionError
from detente.lenses import lens
from detente.lenses.winset.chapter import chapter
from detente.lenses.winset.engine import extents, verdicts
from detente.lenses.winset.lens import LENS
from detente.lenses.winset.limits import MOST_TIED
from detente.lenses.winset.unblock.two_level import sides
from detente.lenses.winset.view import WinsetView


def case_of(actors: int, issues: int, levels: int, *, enough: int | None = None) -> Case:
    """Return a case of many actors, or of many discrete issues."""
    who = [f"m{number}" for number in range(actors)]
    anchors = [round(100 * level / (levels - 1), 2) for level in range(levels)]
    rule: dict[str, Any] = {"at_least": enough, "of": who} if enough else {"all_of": who}
    return Case.from_dict(
        {
            "title": "t",
            "actors": {actor: {"name": actor.upper(), "influence": 1} for actor in who},
            "issues": {
                f"i{number}": {
                    "name": f"I{number}",
                    "scale": {anchor: f"o{anchor}" for anchor in anchors},
                    "no_deal": anchors[number % levels],
                    "discrete": levels > 2,
                }
                for number in range(issues)
            },
            "stances": {
                f"i{number}": {
                    actor: {
                        "position": f"{(37 * place + 23 * number) % 101} ± 8",
                        "salience": f"{0.3 + (place * number % 5) / 10}",
                    }
                    for place, actor in enumerate(who)
                }
                for number in range(issues)
            },
            "consent": rule,
        }
    )


@pytest.mark.parametrize(
    ("case", "made"),
    [
        (case_of(5, 3, 2), 10_000),
        (case_of(5, 4, 12), 10_000),
        (case_of(5, 8, 12), 38),
        (case_of(102, 2, 2), 555),
        (case_of(120, 3, 2, enough=80), 66),
        (case_of(4, 60, 2), 10_000),
        (case_of(4, 200, 2), 3_000),
    ],
    ids=[
        "small",
        "four discrete issues",
        "eight discrete issues",
        "a senate",
        "coalitions of a senate",
        "sixty issues",
        "two hundred issues",
    ],
)
def test_as_many_draws_as_can_be_waited_for(case: Case, made: int) -> None:
    assert lens("winset").affordable(case, 10_000) == made
    assert lens("winset").affordable(case, 20) == 20


def test_the_zone_of_discrete_issues_reaches_as_far_as_its_packages() -> None:
    """The ends of the zone, by looking at every package."""
    view = WinsetView(case_of(4, 4, 4))
    deal = view.deal(view.deals[0], view.table.sample(1, 0, 40))
    found = verdicts(deal)
    ends = extents(deal, found)
    packages = deal.every_package()
    assert packages is not None
    there = np.flatnonzero(~np.isnan(ends).any(axis=(1, 2)))
    assert there.size > 5
    for k in there:
        inside = packages[deal.draw(int(k)).accepted(packages)]
        assert ends[k, :, 0] == pytest.approx(inside.min(axis=0), abs=1e-6)
        assert ends[k, :, 1] == pytest.approx(inside.max(axis=0), abs=1e-6)


@pytest.mark.parametrize(("many", "tied"), [(3, True), (MOST_TIED + 1, False)])
def test_the_hands_of_a_crowd_of_sides_are_not_tied(many: int, tied: bool) -> None:
    case = case_of(many, 2, 2)
    view = WinsetView(case)
    deal = view.deal(view.deals[0], view.table.sample(1, 0, 8))
    found = sides(deal.draw(0), deal, range(many), "nash", view.names)
    assert len(found) == many
    assert all(bool(side.curve) == tied for side in found)
    result = LENS.simulate(case, draws=8, workers=1).result()
    section = next((one for one in chapter(result, "?").sections if one.id == "levels"), None)
    text = "" if section is None else section.model_dump_json()
    assert (f"{many} sides must all agree" in text) != tied
    assert ("16 sides at most" in text) != tied


def test_very_many_voters_on_very_many_issues_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would take many minutes even in the fewest draws says what is too large."""
    monkeypatch.setattr("detente.lenses.winset.view.MOST_ASKED", 1_599)
    with pytest.raises(OptionError, match="4 deals among 20 who vote are too many to search; leave out"):
        lens("winset").view(case_of(20, 3, 2))
    assert WinsetView(case_of(19, 3, 2)).weight == 19
