"""Survival, resets, analogues, simple forecasts: hand-computed tables, published figures, properties."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.lenses.relations import published
from detente.lenses.relations.analogues import logits, nearest, windows
from detente.lenses.relations.episodes import (
    POWERS,
    WAR,
    Halvings,
    Thaw,
    by_kind,
    halvings,
    nuclear,
    spells,
    thaws,
)
from detente.lenses.relations.outlook import crps, rules, scored
from detente.lenses.relations.standing import weights, years
from detente.lenses.relations.survival import kaplan_meier, lasting, median
from tests.lenses.relations.published import icews, needs_data, rows_of

NUCLEAR_COW = {
    2: 1945,
    365: 1949,
    200: 1952,
    220: 1960,
    710: 1964,
    666: 1967,
    750: 1974,
    770: 1998,
    731: 2006,
}


def test_kaplan_meier_is_the_table_computed_by_hand() -> None:
    """Seen 2, 3+, 3, 5, 5, 7+, 8 years (+: still there): S = 6/7, 6/7·5/6, ·2/4, ·0/1."""
    times = [2.0, 3, 3, 5, 5, 7, 8]
    ended = [True, False, True, True, True, False, True]
    found = kaplan_meier(times, ended)
    assert [(one.years, one.at_risk, one.ended) for one in found] == [
        (2, 7, 1),
        (3, 6, 1),
        (5, 4, 2),
        (8, 1, 1),
    ]
    assert [one.share for one in found] == pytest.approx([6 / 7, 5 / 7, 5 / 14, 0])
    greenwood = 1 / (7 * 6) + 1 / (6 * 5) + 2 / (4 * 2)
    reach = 1.959963984540054 * sqrt(greenwood) / log(5 / 14)
    assert (found[2].low95, found[2].high95) == pytest.approx(
        sorted([(5 / 14) ** exp(reach), (5 / 14) ** exp(-reach)])
    )
    assert lasting(found, 1) == (1, 1, 1)
    assert lasting(found, 4)[0] == pytest.approx(5 / 7)
    assert median(found) == 5
    assert median(found[:2]) is None


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=30))
def test_a_survival_curve_falls_within_its_interval(seen: list[tuple[int, bool]]) -> None:
    found = kaplan_meier([float(time) for time, _ in seen], [end for _, end in seen])
    shares = [1.0, *(one.share for one in found)]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= one.low95 <= one.share <= one.high95 <= 1 for one in found)
    if all(end for _, end in seen):  # without censoring it is the share that lasts longer
        for one in found:
            assert one.share == pytest.approx(sum(time > one.years for time, _ in seen) / len(seen))


def test_a_thaw_begins_at_its_low_and_ends_when_half_is_lost() -> None:
    standing = [0.0, -3, 0, 2, 3, 2, -1, -4, -3, 1.5]
    assert thaws(standing, step=4) == [Thaw(1, 4, 6), Thaw(7, 9, None)]
    assert thaws([0.0, 1, 2, 3], step=4) == []


@needs_data
def test_base_rates_of_resets_are_those_of_the_published_counts() -> None:
    """ICEWS directed dyad-years, 2003 to 2014: 22.4 % of 1,278; 46 % of 176 stayed; 28 % were back."""
    _, k, n = icews()
    assert halvings(k, n) == Halvings(439, 1278, 286, 176, 81, 50)
    shares = [halvings(k, n, least=least) for least in (50, 200)]
    assert [one.halved / one.tense for one in shares] == pytest.approx([0.275, 0.173], abs=0.001)
    halved, held, back = published.facts()["halved"]
    assert (halved["count"], halved["of"], held["count"], held["of"], back["count"]) == (
        286,
        1278,
        81,
        176,
        50,
    )


@needs_data
def test_the_shipped_table_of_rivalries_is_counted_from_the_published_list() -> None:
    spells: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for row in rows_of("cow/td_rivalries.csv.gz"):
        spell = int(float(row["styear"])), int(float(row["endyear"]))
        spells.setdefault((row["ccode1"], row["ccode2"]), []).append(spell)
    found: dict[int, list[int]] = {}
    for of in spells.values():
        of.sort()
        for number, (_, end) in enumerate(of):
            if 1946 <= end < 2010:
                resumed = number + 1 < len(of)
                gap = of[number + 1][0] - end if resumed else 2010 - end
                found.setdefault(gap, [0, 0])[not resumed] += 1
    shipped = published.facts()["rivalries"]
    assert [[gap, *counts] for gap, counts in sorted(found.items())] == shipped["years"]
    assert (shipped["count"], shipped["of"]) == (8, 76)


@needs_data
def test_shipped_counts_of_disputes_and_pacts_are_those_of_the_published_lists() -> None:
    disputes, pacts = published.facts()["recurred"]
    spells: dict[tuple[str, str], dict[str, list[int]]] = {}
    for row in rows_of("cow/cow_mid_dirdisps.csv.gz"):
        if float(row["ccode1"]) < float(row["ccode2"]):
            of = spells.setdefault((row["ccode1"], row["ccode2"]), {})
            of.setdefault(row["dispnum"], []).append(int(float(row["year"])))
    ended = again = 0
    for of in spells.values():
        each = sorted((min(one), max(one)) for one in of.values())
        for _, end in each:
            if 1946 <= end <= 2009 and not any(start <= end < last for start, last in each):
                ended += 1
                again += any(0 < start - end <= 5 for start, _ in each)
    assert (again, ended) == (disputes["count"], disputes["of"])
    years: dict[tuple[str, str], set[int]] = {}
    for row in rows_of("cow/atop_alliance.csv.gz"):
        if float(row["atop_defense"] or 0) == 1 and float(row["ccode1"]) < float(row["ccode2"]):
            years.setdefault((row["ccode1"], row["ccode2"]), set()).add(int(float(row["year"])))
    begun = lasted = 0
    for known in years.values():
        for start in (one for one in known if one - 1 not in known and 1946 <= one <= 2008):
            begun += 1
            lasted += all(start + more in known for more in range(10))
    assert (lasted, begun) == (pacts["count"], pacts["of"])


def test_distances_of_votes_are_the_published_ones() -> None:
    """Bailey, Strezhnev & Voeten: USA and Russia 4.01 in 1946, 1.67 in 1993, 2.61 in 2012."""
    found = published.distances()[frozenset(("USA", "RUS"))]
    assert [found[year] for year in (1946, 1993, 2012)] == [4.01, 1.67, 2.61]
    assert 1964 not in found


@needs_data
def test_the_years_most_like_2006_to_2009_are_the_published_ones() -> None:
    rows, k, n = icews()
    features = logits(k, n, 100)
    assert len(windows(features, 4)[0]) == 4654
    pair = rows["RUS", "USA"]
    leave = frozenset((pair, rows["USA", "RUS"]))
    found = nearest(features[pair, 4:8], features, leave=leave, shuffles=50)
    names = {row: one for one, row in rows.items()}
    assert [(names[one.pair], 2002 + one.start) for one in found] == [
        (("IRN", "IRQ"), 2009),
        (("SVN", "HRV"), 2007),
        (("ISR", "GBR"), 2008),
        (("ISR", "FRA"), 2009),
        (("NGA", "GBR"), 2008),
    ]
    assert [one.distance for one in found] == pytest.approx([0.151, 0.180, 0.256, 0.267, 0.293], abs=0.0006)


def test_analogues_leave_out_what_was_not_known_and_gaps() -> None:
    features = np.array([[0.0, 1, 2, 3, 4, 5], [0.1, 1.1, np.nan, 3, 4, 5], [9.0, 9, 0, 1, 2, 9]])
    found = nearest(np.array([0.0, 1, 2]), features, leave=frozenset([0]), until=6, sequel=1)
    assert [(one.pair, one.start, one.distance) for one in found] == [(2, 2, 0.0)]
    assert nearest(np.array([0.0, 1, 2]), features, leave=frozenset([0]), until=5, sequel=1)[0].distance > 0
    assert nearest(np.array([0.0, 1, 2]), features[:, :2]) == []


def test_crps_of_equal_values_is_the_literal_double_sum() -> None:
    generator = np.random.default_rng(2)
    for _ in range(20):
        draws, outcome = generator.normal(size=7), float(generator.normal())
        pairs = np.abs(draws[:, None] - draws[None, :]).mean() / 2
        assert crps(draws, outcome) == pytest.approx(np.abs(draws - outcome).mean() - pairs)


@needs_data
def test_the_last_five_years_beat_persistence_as_published() -> None:
    """274 directed pairs with at least 100 events in every year; targets 2007 to 2014."""
    _, k, n = icews()
    full = (n >= 100).all(axis=1)
    assert full.sum() == 274
    for values, last, five, everything in (
        (k[full], 89.08, 68.51, 72.01),
        (k[full] / n[full], 0.0555, 0.0423, 0.0428),
    ):
        found = [scored(row, first=5) for row in values]
        means = [
            np.mean([one[rule].crps for one in found]) for rule in ("persistence", "last five", "all past")
        ]
        assert means == pytest.approx([last, five, everything], rel=0.001)


def test_a_rule_that_does_not_beat_persistence_has_no_skill() -> None:
    found = scored(np.arange(20.0), first=10)
    assert found["persistence"].crps == 1
    assert found["persistence"].skill == 0
    assert found["all past"].skill < 0
    assert scored(np.tile([0.0, 4, 8], 8), first=9, season=3)["seasonal"].crps == 0


def test_a_standing_is_a_mean_in_which_large_and_late_events_weigh_more() -> None:
    times, grades = np.array([2000.0, 2003.0]), np.array([-8.0, 4.0])
    (row,) = weights(times, np.array([2003.0]), grades)
    assert row == pytest.approx([0.5, 0.5])  # twice the size, half the weight after three years
    assert weights(times, np.array([2001.0]), grades)[0].tolist() == [1, 0]
    assert weights(times, np.array([2003.0]), np.zeros(2))[0] == pytest.approx([1 / 3, 2 / 3])


def test_dates_of_any_precision_have_a_place_in_time() -> None:
    assert years("1991") == 1991.5
    assert years("2024-02-29") < years("2024-03") < years("2024-03-31")


def test_a_spell_of_calm_ends_at_three_quarters_of_the_old_share() -> None:
    """One pair: .4 halved to .1, back at .35 in the third year; then .1 again until a year without data."""
    share = np.array([[0.4, 0.1, 0.2, 0.35, 0.1, 0.1, 0.0], [0.1, 0.1, 0.4, 0.1, 0.1, 0.1, 0.1]])
    events = np.array([[200.0] * 6 + [0], [200.0] * 7])
    assert spells(share * events, events) == [(0, 1, 2.0, True), (0, 4, 1.0, False), (1, 3, 3.0, False)]


@needs_data
def test_falls_of_tension_in_a_whole_data_set_are_followed_to_their_end() -> None:
    """ICEWS: a spell per fall that is not within another; half of them undone within a few years."""
    _, k, n = icews()
    found = spells(k, n)
    assert 200 < len(found) <= halvings(k, n).halved
    curve = kaplan_meier([time for *_, time, _ in found], [end for *_, end in found])
    shares = [lasting(curve, year)[0] for year in (1, 2, 5)]
    assert shares == sorted(shares, reverse=True)
    literal = []  # the first spell of every pair, by hand
    for row in range(len(k)):
        s = [float(k[row, t] / n[row, t]) if n[row, t] >= 100 else -1.0 for t in range(13)]
        for t in range(1, 13):
            if s[t - 1] >= 0.2 and 0 <= s[t] <= s[t - 1] / 2:
                after = list(s[t + 1 :])
                known = after[: after.index(-1.0)] if -1.0 in after else after
                back = [place for place, one in enumerate(known, 1) if one >= 0.75 * s[t - 1]]
                literal.append((row, t, float(back[0] if back else len(known)), bool(back)))
                break
    firsts = {one[0]: one for one in reversed(found)}
    assert [firsts[one[0]] for one in literal] == literal


@needs_data
def test_shipped_settlements_are_counted_from_the_published_list() -> None:
    disputes: dict[tuple[int, int], dict[str, dict[str, int]]] = {}
    for row in rows_of("cow/gml_dirdisp.csv.gz"):
        pair = int(float(row["ccode1"])), int(float(row["ccode2"]))
        year, host = int(float(row["year"])), max(int(float(row[f"hostlev{side}"])) for side in (1, 2))
        if pair[0] < pair[1]:
            new = {"start": year, "end": year, "host": host, "settle": int(float(row["settle"]))}
            one = disputes.setdefault(pair, {}).setdefault(row["dispnum"], new)
            one |= {
                "start": min(one["start"], year),
                "end": max(one["end"], year),
                "host": max(one["host"], host),
            }
    found: dict[str, dict[int, list[int]]] = {}
    for pair, of in disputes.items():
        for one in of.values():
            end = one["end"]
            if not 1946 <= end <= 2009 or any(x["start"] <= end < x["end"] for x in of.values()):
                continue
            later = [x["start"] - end for x in of.values() if x["start"] > end]
            gap = min(later) if later else 2010 - end
            powers = all(NUCLEAR_COW.get(state, 9999) <= end for state in pair)
            negotiated, war = one["settle"] == 1, one["host"] == 5
            for name, is_one in (
                ("all disputes", True),
                ("settled by negotiation", negotiated),
                ("with an imposed settlement", one["settle"] == 2),
                ("without a settlement", one["settle"] == 3),
                ("after a war", war),
                ("after a war, settled by negotiation", war and negotiated),
                ("between nuclear powers", powers),
                ("between nuclear powers, settled by negotiation", powers and negotiated),
            ):
                if is_one:
                    found.setdefault(name, {}).setdefault(gap, [0, 0])[not later] += 1
    for kind in published.facts()["settlements"]["kinds"]:
        assert [[gap, *counts] for gap, counts in sorted(found[kind["name"]].items())] == kind["years"]
    told = {one.kind: one for one in published.settlements()}
    assert told["all disputes"].cases == 1911
    assert told["between nuclear powers"].held5 == pytest.approx(0.25, abs=0.005)


def test_few_cases_are_told_as_few_and_kinds_are_those_of_their_cases() -> None:
    found = by_kind("here", [(3.0, True, (WAR,)), (5.0, False, (WAR, POWERS)), (2.0, True, ())])
    assert [(one.kind, one.cases, one.ended) for one in found] == [
        ("all", 3, 2),
        (WAR, 2, 1),
        (POWERS, 1, 0),
    ]
    assert nuclear([frozenset(("USA",)), frozenset(("RUS",))], 1949.5)
    assert not nuclear([frozenset(("USA",)), frozenset(("RUS",))], 1948.5)
    assert not nuclear([frozenset(("USA", "GBR")), frozenset(("RUS",))], 2000)


@pytest.mark.parametrize("ahead", [1, 2, 3, 6, 12])
def test_a_forecast_further_ahead_knows_nothing_later(ahead: int) -> None:
    """A series that repeats every 4 periods: the seasonal rule is right at every horizon, persistence is not."""
    values = np.tile([0.0, 4, 8, 2], 12)
    found = scored(values, first=16, season=4, ahead=ahead)
    assert found["seasonal"].crps == 0
    assert (found["persistence"].crps == 0) == (ahead % 4 == 0)
    past = values[:30]
    changes = rules(4, ahead)["last value, past changes"](past)
    assert len(changes) == 30 - ahead
    assert changes[0] == past[-1] + past[ahead] - past[0]
