"""Counts of all pairs at once are those of each pair alone; empty periods are there and empty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.errors import NotFoundError, OptionError
from detente.events.dyads import dyad_counts
from detente.events.load import load
from detente.events.series import series
from detente.events.store import Store

ROWS = """date,source,target,code
2014-01-03,USA,RUS,0233
2014-01-20,USA,RUS,190
2014-03-01,RUS,UKR,190
2014-03-17,USA,RUS,163
2014-03-18,RUS,USA,1121
2014-03-18,RUS,RUS,1121
2014-04-18,UKR,,1121
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS, encoding="utf-8")
    held = Store.at(tmp_path / "store", make=True)
    load(held, [path])
    return held


def test_all_pairs_are_counted_as_each_alone(store: Store) -> None:
    counts = dyad_counts(store, least=1)
    assert counts.periods == ("2014-01-01", "2014-02-01", "2014-03-01")
    assert counts.pairs == (("RUS", "UKR"), ("RUS", "USA"), ("USA", "RUS"))
    for row, (source, target) in enumerate(counts.pairs):
        alone = {one.period: one for one in series(store, source, target).periods}
        for place, period in enumerate(counts.periods):
            one = alone.get(period)
            assert counts.events[row, place] == (one.events if one else 0)
            hits = one.verbal_conflict + one.material_conflict if one else 0
            assert counts.conflict[row, place] == hits


def test_a_period_without_events_is_empty_not_left_out(store: Store) -> None:
    counts = dyad_counts(store, least=1)
    row = counts.row("USA", "RUS")
    assert row is not None
    np.testing.assert_array_equal(counts.events[row], [2, 0, 1])


def test_pairs_of_few_events_are_kept_where_they_are_asked_for(store: Store) -> None:
    assert dyad_counts(store, least=2).pairs == (("USA", "RUS"),)
    kept = dyad_counts(store, least=2, keep=frozenset([("RUS", "UKR")]))
    assert kept.pairs == (("RUS", "UKR"), ("USA", "RUS"))
    assert kept.row("RUS", "USA") is None


def test_later_days_are_left_out(store: Store) -> None:
    assert dyad_counts(store, least=1, until="2014-02-28").pairs == (("USA", "RUS"),)


def test_what_is_not_there_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="no periods"):
        dyad_counts(store, by="decade")
    with pytest.raises(OptionError, match="no events of 'icews'"):
        dyad_counts(store, feed="icews")
    with pytest.raises(NotFoundError, match="holds no events"):
        dyad_counts(Store.at(tmp_path / "empty", make=True))


def test_a_group_is_the_sum_of_its_members_and_everyone_of_all_others(store: Store) -> None:
    west = frozenset(("USA", "UKR"))
    asked = frozenset([("west", "RUS"), ("RUS", "west"), ("everyone", "RUS"), ("RUS", "everyone")])
    groups = {"west": west, "everyone": frozenset[str]()}
    counts = dyad_counts(store, least=1, keep=asked, groups=groups)
    assert (counts.two, counts.sums) == (3, 4)

    def total(*pairs: tuple[str, str]) -> np.ndarray:
        return np.asarray(counts.events[[counts.pairs.index(pair) for pair in pairs]].sum(axis=0))

    back = total(("RUS", "USA"), ("RUS", "UKR"))
    np.testing.assert_array_equal(total(("RUS", "west")), back)
    np.testing.assert_array_equal(total(("RUS", "everyone")), back)
    np.testing.assert_array_equal(total(("west", "RUS")), total(("USA", "RUS")))
    np.testing.assert_array_equal(total(("everyone", "RUS")), total(("USA", "RUS")))
