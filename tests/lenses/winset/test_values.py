"""Where settlements are valued one by one: every answer against a look at each package."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import Case
from detente.case.thresholds import Threshold, Voter, all_of
from detente.errors import MissingPartError
from detente.lenses import run
from detente.lenses.winset.deal import Deal, stacked
from detente.lenses.winset.deal_program import deal_program
from detente.lenses.winset.engine import DEAL, NAMES, NONE, TOUCHING, extents, solutions, verdicts
from detente.lenses.winset.linking import split
from detente.lenses.winset.result import WinsetResult
from detente.lenses.winset.view import WinsetView
from tests.lenses.winset import literal_values as literal

SHARE = st.integers(0, 20).map(lambda n: n / 20)


@st.composite
def deals(draw: st.DrawFn, *, together: bool = False) -> Deal:
    """Return one draw of a deal on one to three discrete issues between two or three voters."""
    voters, issues = draw(st.integers(2, 3)), draw(st.integers(1, 3))
    shares = st.lists(SHARE, min_size=voters, max_size=voters)
    levels, tables = [], []
    for _ in range(issues):
        inner = draw(st.lists(SHARE, max_size=2, unique=True))
        own = np.array(sorted({0.0, 1.0, *inner}))
        levels.append(own)
        table = np.array([[draw(SHARE) for _ in own] for _ in range(voters)])
        table[[draw(st.booleans()) for _ in range(voters)]] = np.nan
        tables.append(None if np.isnan(table).all() else table[None])
    numbers = (
        np.array([draw(shares) for _ in range(4 * issues)]).reshape(4, issues, voters).transpose(0, 2, 1)
    )
    salience = numbers[1] + 0.05
    rule = all_of(*map(Voter, range(voters)))
    if not together and draw(st.booleans()):
        rule = Threshold(2, tuple((1, Voter(v)) for v in range(voters)))
    return Deal(
        ideal=numbers[0][None],
        salience=(salience / salience.sum(axis=1, keepdims=True))[None],
        radius=np.array([draw(shares)]),
        floor=np.where(numbers[2] > 0.8, numbers[2], 0.0)[None],
        ceiling=np.where(numbers[3] < 0.2, numbers[3], 1.0)[None],
        no_deal=np.zeros((1, issues)),
        levels=tuple(levels),
        rule=rule,
        loss=draw(st.sampled_from(["city_block", "quadratic"])),
        tables=tuple(tables) if any(table is not None for table in tables) else (tables[0], *tables[1:]),
        without=np.full((1, voters, issues), np.nan),
    )


def level_of(deal: Deal, package: np.ndarray) -> tuple[int, ...]:
    """Return the numbers of the levels of a package."""
    found = []
    for value, own in zip(package, deal.levels, strict=True):
        assert own is not None
        (place,) = np.flatnonzero(own == value)
        found.append(int(place))
    return tuple(found)


@given(deals())
def test_a_deal_is_there_if_one_package_carries_the_rule(deal: Deal) -> None:
    found, best = verdicts(deal), literal.greatest(deal)
    assert found.margin[0] == pytest.approx(best, abs=1e-9)
    expected = DEAL if best > 1e-7 else TOUCHING if best >= -1e-7 else NONE
    assert found.status[0] == expected
    if expected == DEAL:
        gains = literal.packages(deal)[level_of(deal, found.package[0])]
        assert literal.wins(deal.rule, [own > 0 for own in gains])


@given(deals(together=True))
def test_named_solutions_and_the_reach_of_the_zone_are_those_of_the_list(deal: Deal) -> None:
    found = verdicts(deal)
    every = {chosen: gains for chosen, gains in literal.packages(deal).items() if min(gains) >= -1e-9}
    named = solutions(deal, found, range(deal.voters))
    ends = extents(deal, found)[0]
    if found.status[0] != DEAL:
        assert all(np.isnan(package).all() for package in named.values())
        assert np.isnan(ends).all()
        return
    most = [max(gains[v] for gains in every.values()) for v in range(deal.voters)]
    for name in NAMES:
        best = max(literal.score(name, gains, most) for gains in every.values())
        if best == -np.inf:
            assert np.isnan(named[name]).all()
        else:
            gains = every[level_of(deal, named[name][0])]
            assert literal.score(name, gains, most) == pytest.approx(best, abs=1e-7)
    for i, own in enumerate(deal.levels):
        assert own is not None
        values = [own[chosen[i]] for chosen in every]
        assert (ends[i, 0], ends[i, 1]) == (min(values), max(values))


@given(deals(together=True))
def test_the_program_says_the_same(deal: Deal) -> None:
    """The mixed-integer program that finds concessions knows the tables too."""
    model = deal_program(deal, deal.rule)
    best = literal.greatest(deal)
    if abs(best) > 1e-5:
        answer = model.program.solve()
        assert (model.read(answer) is not None) == (best > 0)


@given(deals(together=True))
def test_parts_by_issue_add_up_to_the_whole(deal: Deal) -> None:
    parts = split(deal)
    package = np.array([[own[-1] for own in deal.levels if own is not None]])
    whole = deal.radius - deal.losses(package[:, None])[:, 0]
    summed = sum(part.radius - part.losses(package[:, None, [i]])[:, 0] for i, part in enumerate(parts))
    assert np.asarray(summed) == pytest.approx(whole)


def test_draws_are_answered_alone_and_together_alike() -> None:
    opened = WinsetView(seat())
    values = opened.table.sample(3, 0, 40)
    (terms,) = opened.deals
    whole = opened.deal(terms, values)
    alone = [verdicts(whole.draw(k)).margin[0] for k in range(40)]
    assert verdicts(whole).margin.tolist() == alone
    assert verdicts(stacked([whole.draw(k) for k in range(40)])).margin.tolist() == alone


def seat(**more: object) -> Case:
    """Return two who value three seats, and one who is for the isle."""
    stance = {"salience": 0.8}
    issue = {"name": "Seat", "scale": {0: "north", 50: "isle", 100: "south"}, "discrete": True, **more}
    return Case.from_dict(
        {
            "title": "Seat",
            "actors": {key: {"name": key.title(), "influence": 1} for key in ("a", "b")},
            "issues": {"seat": issue},
            "stances": {
                "seat": {
                    "a": {**stance, "values": {0: 1, 50: "0.5..0.9", 100: 0}, "no_deal": 0.6},
                    "b": {**stance, "values": {0: 0.1, 50: 0.8, 100: 1}, "no_deal": "0.4 ± 0.1"},
                }
            },
            "consent": {"all_of": ["a", "b"]},
        }
    )


def test_the_isle_is_agreed_where_it_is_worth_more_than_no_deal() -> None:
    """It is worth 0.5 to 0.9 to a, alike likely, and no deal 0.6: in three of four draws; b gains always."""
    answer = run(seat(), "winset", draws=2_000, seed=1)
    assert isinstance(answer, WinsetResult)
    assert answer.deal_probability[answer.version]["seat"].probability == pytest.approx(0.75, abs=0.03)
    assert answer.solutions["seat"]["nash"]["seat"].mean == 50
    (moved,) = answer.agreements["seat"].terms.values()
    assert moved.without is None
    assert WinsetResult.from_dict(answer.to_dict()) == answer


def test_red_lines_and_the_cost_of_failure_count_as_ever() -> None:
    with_line = seat().with_({"stances.seat.b.accepts": ">= 60"})
    answer = run(with_line, "winset", draws=200, seed=1)
    assert isinstance(answer, WinsetResult)
    assert answer.deal_probability[answer.version]["seat"].probability == 0
    costly = seat(failure_cost=0.2)
    answer = run(costly, "winset", draws=200, seed=1)
    assert isinstance(answer, WinsetResult)
    assert answer.deal_probability[answer.version]["seat"].probability == 1


def test_a_no_deal_point_is_worth_what_its_settlement_is() -> None:
    stated = seat(no_deal=75).with_({"stances.seat.a.no_deal": None, "stances.seat.b.no_deal": None})
    view = WinsetView(stated)
    deal = view.deal(view.deals[0], view.table.means[None, :])
    assert deal.radius[0] == pytest.approx([1 - 0.35, 1 - 0.9])


def test_too_many_packages_are_told_at_once() -> None:
    data = seat().to_dict()
    data["issues"] |= {
        f"more{n}": {
            "name": f"More {n}",
            "scale": {k: f"{k}" for k in range(8)},
            "discrete": True,
            "no_deal": 0,
        }
        for n in range(5)
    }
    data["stances"] |= {f"more{n}": {"a": {"position": 1, "salience": 1}} for n in range(5)}
    view = WinsetView(Case.from_dict(data))
    assert "98,304 packages" in view.skipped["all"]
    data["issues"] = {key: issue for key, issue in data["issues"].items() if key in ("seat", "more0")}
    data["stances"] = {key: of for key, of in data["stances"].items() if key in ("seat", "more0")}
    data["issues"]["more0"]["discrete"] = False
    assert "must be discrete" in WinsetView(Case.from_dict(data)).skipped["all"]
    lacking = seat().with_({"stances.seat.a.no_deal": None})
    with pytest.raises(MissingPartError, match="where it ends without a deal"):
        WinsetView(lacking)
