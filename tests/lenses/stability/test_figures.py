"""Figures of a game: every state once, every line a move, and titles that say what the tables hold."""

from __future__ import annotations

import re
from functools import cache
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import Case
from detente.lenses.stability import LENS, StabilityResult
from detente.lenses.stability.explain import MOST_DRAWN
from detente.lenses.stability.figures.graph_layout import curve, placed
from detente.lenses.stability.figures.matrix import concepts
from detente.lenses.stability.figures.state_graph import Drawn, spanning, states
from detente.show.figure import Figure
from detente.show.palette import TONES
from detente.show.vega import WIDTH
from tests.lenses.stability.playing import bridge, games, solved
from tests.lenses.stability.presence import present

NAMES = [name for name in games() if name != "restless"]


@cache
def drawn(name: str) -> tuple[StabilityResult, dict[str, Figure]]:
    _, result = solved(name)
    rows = result.outcomes
    found = [] if result.moves is None else [states(result, rows, result.moves)]
    return result, {figure.id: figure for figure in (*found, concepts(result, rows))}


def graph_of(result: StabilityResult, goal: str | None) -> Drawn:
    return Drawn.of(result, present(result.moves), goal)


def marks(figure: Figure, kind: str) -> list[dict[str, object]]:
    return [
        row for one in figure.spec["layer"] if one["mark"]["type"] == kind for row in one["data"]["values"]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_a_game_is_drawn_in_every_theme(name: str) -> None:
    for figure in drawn(name)[1].values():
        for theme in ("light", "dark", "page"):
            picture = figure.svg(theme)
            ElementTree.fromstring(picture)  # noqa: S314 - drawn by us
        dark = figure.svg("dark")
        assert not [
            tone for tone in TONES if tone.light in dark and tone.light not in {t.dark for t in TONES}
        ]
        assert len(figure.title) < 400
        assert figure.how
        assert figure.definition.endswith((".", "?"))


@pytest.mark.parametrize("name", NAMES)
def test_everything_stays_within_the_frame(name: str) -> None:
    for figure in drawn(name)[1].values():
        for kind in ("point", "line", "text", "rect"):
            for row in marks(figure, kind):
                assert -1 <= float(str(row.get("x", 0))) <= WIDTH + 30
                assert 0 <= float(str(row.get("y", 0))) <= figure.spec["height"] + 1


@pytest.mark.parametrize("name", [name for name in NAMES if name != "nine options"])
def test_every_state_stands_once_in_the_graph_and_in_its_table(name: str) -> None:
    case, _ = solved(name)
    figure = drawn(name)[1]["states"]
    listed = [row["state"] for row in figure.table.to_records()]
    assert listed == list(LENS.view(case).texts)
    nodes = [
        (row["x"], row["y"])
        for one in figure.spec["layer"]
        if one["mark"]["type"] == "point" and one["mark"].get("shape") == "circle"
        for row in one["data"]["values"]
    ]
    assert len(nodes) == len(set(nodes)) == len(listed)


def test_the_moves_of_a_game_too_large_are_not_drawn_but_who_stays_is() -> None:
    _, result = solved("nine options")
    assert result.state_count > MOST_DRAWN
    assert result.moves is None
    assert set(drawn("nine options")[1]) == {"concepts"}


def test_the_way_from_today_is_marked_in_its_order() -> None:
    _, result = solved("bridge")
    graph = graph_of(result, "YY")
    text = graph.graph.states
    arcs = [arc for arc in graph.graph.arcs if graph.step(arc)]
    steps = sorted((graph.step(arc), text[arc.start], text[arc.end]) for arc in arcs)
    assert steps == [(1, "NN", "YN"), (2, "YN", "YY")]
    assert graph.layer == {s: letters.count("Y") for s, letters in enumerate(text)}


def test_moves_that_pay_are_those_that_the_order_says() -> None:
    _, result = solved("bridge")
    graph = graph_of(result, None)
    text = graph.graph.states
    paying = {(text[a.start], text[a.end]) for a in graph.graph.arcs if a.pays}
    assert paying == {("YN", "NN"), ("NY", "NN"), ("YY", "NY"), ("YY", "YN")}
    assert spanning(graph) == ()  # today nobody gains by moving


def test_spanning_moves_lead_from_today_to_each_state_once() -> None:
    _, result = solved("seven options")
    graph = graph_of(result, None)
    reached = [arc.end for arc in spanning(graph)]
    assert len(reached) == len(set(reached))
    assert all(arc.pays for arc in spanning(graph))
    assert {arc.start for arc in spanning(graph)} <= {graph.today, *reached}


def test_what_cannot_be_reached_stands_in_a_row_of_its_own() -> None:
    back = {f"open_{x}": {"actor": actor, "moves": "back"} for x, actor in (("n", "north"), ("s", "south"))}
    result = LENS.simulate(Case.from_dict(bridge(options=back, status_quo="YN")), draws=1).result()
    graph = graph_of(result, None)
    named = dict(zip(graph.graph.states, graph.layer.values(), strict=True))
    assert named == {"NN": 1, "YN": 0, "NY": 2, "YY": 2}
    assert graph.out_of_reach == 2
    assert graph.graph.distance == tuple(None if named[s] == 2 else named[s] for s in graph.graph.states)


def test_a_move_that_several_make_together_is_drawn_as_theirs() -> None:
    options = {"treaty": {"actors": ["north", "south"]}}
    wants = {"north": ["treaty"], "south": ["not treaty"]}
    case = Case.from_dict(bridge(options=options, preferences=wants, status_quo="N"))
    result = LENS.simulate(case, draws=1).result()
    assert result.moves is not None
    assert result.moves.movers[-1] == "north+south"
    assert {(arc.mover, arc.pays) for arc in result.moves.arcs} == {(2, False)}  # one of the two loses
    assert "North and South" in present(states(result, result.outcomes, result.moves).legend)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bridge", "every move, faint where it does not pay"),
        ("listed", "every move, faint where it does not pay"),
        ("seven options", "faint, from all others the one that pays most"),
    ],
)
def test_the_definition_says_which_moves_are_drawn(name: str, said: str) -> None:
    assert said in drawn(name)[1]["states"].definition


def test_states_are_labelled_in_words_letters_or_numbers_by_how_many_there_are() -> None:
    words = {str(row["text"]) for row in marks(drawn("bridge")[1]["states"], "text")}
    assert "nothing is done" in words
    numbers = {str(row["text"]) for row in marks(drawn("seven options")[1]["states"], "text")}
    assert {"1", "96"} <= numbers


def test_the_title_counts_what_nobody_wants_to_leave() -> None:
    _, figures = drawn("bridge")
    assert figures["states"].title.startswith("Of four outcomes there is one that nobody wants to leave.")
    assert figures["concepts"].title == "Nobody alone gains by leaving today’s outcome."
    assert "Moves of North blue and South red." in present(figures["states"].legend)
    _, figures = drawn("seven options")
    assert re.match(r"Of 96 outcomes there (is|are) \w+ that nobody wants to leave", figures["states"].title)
    assert figures["concepts"].title.startswith("Something better than today’s outcome is open to ")


def test_squares_are_filled_where_the_outcome_is_stable_for_the_actor() -> None:
    result, figures = drawn("bridge")
    rows = figures["concepts"].table.to_records()
    assert [(row["state"], row["actor"], row["nash"]) for row in rows] == [
        ("NN", "North", True),
        ("NN", "South", True),
        ("YY", "North", False),
        ("YY", "South", False),
    ]
    assert all(row["seq"] for row in rows)
    alone = [concept for concept in result.concepts if not concept.startswith("c")]
    assert len(marks(figures["concepts"], "rect")) == 4 * len(alone)
    everybody = [state for concept in alone for state in present(result.equilibria[concept])]
    assert len(marks(figures["concepts"], "rule")) == len(everybody)  # what holds is underlined


def test_without_a_status_quo_states_stand_by_what_is_taken() -> None:
    _, figures = drawn("no status quo")
    assert {str(row["text"]) for row in marks(figures["states"], "text")} >= {"0 taken", "1 taken", "2 taken"}
    assert figures["concepts"].title == "Who would stay at two outcomes, and why."


# --- layout --------------------------------------------------------------------------------------
@settings(max_examples=60)
@given(
    layer_of=st.dictionaries(st.integers(0, 60), st.integers(0, 5), min_size=1, max_size=40),
    most=st.integers(1, 9),
    data=st.data(),
)
def test_every_node_stands_once_on_a_line_of_its_layer(
    layer_of: dict[int, int], most: int, data: st.DataObject
) -> None:
    node = st.sampled_from(sorted(layer_of))
    arcs = data.draw(st.lists(st.tuples(node, node), max_size=30))
    places = placed(layer_of, arcs, most=most, step=20, gap=5, top=3, left=10, right=110)
    assert sorted(places) == sorted(layer_of)
    assert len(set(places.values())) == len(places)
    assert all(10 < x < 110 for x, _ in places.values())
    on_line: dict[float, list[int]] = {}
    for one, (_, y) in places.items():
        on_line.setdefault(y, []).append(one)
    assert all(len(nodes) <= most for nodes in on_line.values())
    layers = [{layer_of[one] for one in on_line[y]} for y in sorted(on_line)]
    assert all(len(layer) == 1 for layer in layers)
    assert layers == sorted(layers, key=min)


def test_a_bow_keeps_off_the_nodes_and_bends_to_one_side() -> None:
    there, back = (curve(*ends, bend=0.2, margin=5) for ends in (((0, 0), (100, 0)), ((100, 0), (0, 0))))
    assert there[0][0] == pytest.approx(5, abs=0.3)
    assert there[-1][0] == pytest.approx(95, abs=0.3)
    assert all(y < 0 for _, y in there)
    assert all(y > 0 for _, y in back)  # so that moves in both directions are told apart
