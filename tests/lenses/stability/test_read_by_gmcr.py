"""A game written for GMCR+ has the same states and orders there, as its published program reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import Case
from detente.case.formats import export_case
from detente.catalog import open_case
from detente.errors import DetenteError
from detente.lenses.stability import LENS
from tests.lenses.stability.literal_gmcr import read_gmcr
from tests.lenses.stability.playing import bridge, games


def check(case: Case, folder: Path) -> None:
    path = folder / "game.gmcr"
    export_case(case, path)
    read, view = read_gmcr(path.read_text(encoding="utf-8")), LENS.view(case)
    assert set(read.states) == set(view.texts)
    means = view.ranks(view.table.means)
    for actor, payoffs in zip(read.makers, read.payoffs, strict=True):
        (number,) = (i for i, key in enumerate(view.actors) if case.actors[key].name == actor)
        worth, ranks = [payoffs[state] for state in view.texts], means[number].tolist()
        pairs = [(i, j) for i in range(len(worth)) for j in range(i)]
        assert [(worth[i] > worth[j]) - (worth[i] < worth[j]) for i, j in pairs] == [
            (ranks[i] > ranks[j]) - (ranks[i] < ranks[j]) for i, j in pairs
        ]


@pytest.mark.parametrize(
    "name",
    ["bridge", "in doubt", "hostile", "restless", "seven options", "nine options", "chicken", "elmira-1991"],
)
def test_states_and_orders_are_those_of_the_lens(name: str, tmp_path: Path) -> None:
    check(games()[name] if name in games() else open_case(name), tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_small_game_is_read_as_it_is(data: st.DataObject, tmp_path: Path) -> None:
    count = data.draw(st.integers(2, 4))
    owner = st.sampled_from(["north", "south"])
    literal = st.sampled_from([f"{sign}o{k}" for sign in ("", "not ") for k in range(count)])
    two = st.sampled_from(["{} or {}", "{} and {}", "{} iff {}", "{} if {}"])
    statement = st.builds(lambda form, a, b: form.format(a, b), two, literal, literal) | literal
    wishes = st.lists(statement, min_size=1, max_size=4)
    weight = st.fixed_dictionaries({"statement": statement, "weight": st.integers(1, 5)})
    weights = st.dictionaries(st.sampled_from("abc"), weight, min_size=1).map(
        lambda found: {"weights": found}
    )
    bans = st.lists(st.builds("{} and {}".format, literal, literal), max_size=1)
    game = bridge(
        options={f"o{k}": {"actor": data.draw(owner)} for k in range(count)},
        preferences={"north": data.draw(wishes), "south": data.draw(wishes | weights)},
        infeasible=data.draw(bans),
        status_quo=None,
    )
    try:
        case = Case.from_dict(game)
    except DetenteError:  # no state is left
        return
    check(case, tmp_path)
