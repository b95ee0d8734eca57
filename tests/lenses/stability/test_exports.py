"""A game written for other programs is well formed, and says what the lens says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import Case
from detente.case.formats import export_case
from detente.catalog import open_case
from detente.errors import FormatError, OptionError, Problem
from detente.lenses import formats
from detente.lenses.stability import LENS
from detente.lenses.stability.exports import FORMATS
from detente.lenses.stability.exports.nfg import NOT_POSSIBLE
from tests.lenses.stability.literal_nfg import read_nfg
from tests.lenses.stability.playing import EVERY_PART, bridge, games, large
from tests.lenses.stability.presence import present
from tests.report.making import HOSTILE, case_of, stance

XML = "{http://graphml.graphdrawing.org/xmlns}"
OPTION_FORM = [name for name in games() if name != "listed"]


def export(case: Case, path: Path, kind: str | None = None) -> list[Problem]:
    """Write through the door of every format, to which the lens has given its own."""
    return export_case(case, path, kind, further=formats())


def written(case: Case, tmp_path: Path, kind: str) -> str:
    path = tmp_path / f"game.{kind}"
    export(case, path)
    return path.read_text(encoding="utf-8")


def labelled() -> Case:
    """Return a game with names that Gambit does not take as they are."""
    options = {
        "s": {"actor": "a", "name": "Zölle  senken"},
        "t": {"actor": "a", "name": "Zolle senken"},
        "u": {"actor": "b", "name": "nothing"},
    }
    game = {"options": options, "preferences": {"a": ["u", "not s"], "b": ["s", "not u"]}}
    actors = {"a": {"name": "Türkiye"}, "b": {"name": "Côte d’Ivoire"}}
    return Case.from_dict({"title": "Zölle – “heute”", "actors": actors, "game": game})


# --- programs that read the formats ---------------------------------------------------------------
@pytest.mark.parametrize("name", [*OPTION_FORM, "labels"])
def test_gambit_reads_the_strategic_form(name: str, tmp_path: Path) -> None:
    """With pygambit, where it is installed: it is under the GPL, and no dependency of the project."""
    gambit = pytest.importorskip("pygambit")
    opened = labelled() if name == "labels" else games()[name]
    export(opened, tmp_path / "x.nfg")
    read = gambit.read_nfg(str(tmp_path / "x.nfg"))
    form = read_nfg((tmp_path / "x.nfg").read_text(encoding="utf-8"))
    # Players are objects with labels up to version 16, and their labels from 17 on.
    assert [getattr(player, "label", player) for player in read.players] == form.players


@pytest.mark.parametrize("name", [*games(), "labels"])
def test_graph_libraries_read_the_graph(name: str, tmp_path: Path) -> None:
    import networkx

    opened = labelled() if name == "labels" else games()[name]
    export(opened, tmp_path / "x.graphml")
    read = networkx.read_graphml(tmp_path / "x.graphml")
    view = LENS.view(opened)
    assert {data["state"] for _, data in read.nodes(data=True)} == set(view.texts)
    assert read.number_of_edges() == view.graph.targets.size


@pytest.mark.skipif(shutil.which("nop") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("name", [*games(), "labels"])
def test_graphviz_reads_the_graph(name: str, tmp_path: Path) -> None:
    """Read, not laid out: that takes minutes for 144 states."""
    export(labelled() if name == "labels" else games()[name], tmp_path / "x.dot")
    command = ["nop", str(tmp_path / "x.dot")]
    read = subprocess.run(command, capture_output=True, text=True, check=True)
    assert read.stdout.startswith("digraph ")


# --- strategic form ------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [*OPTION_FORM, "every part", "chicken"])
def test_nobody_gains_in_the_strategic_form_exactly_where_nobody_does_in_the_graph(
    name: str, tmp_path: Path
) -> None:
    """Where all options can be taken and dropped; see the test below for those that cannot."""
    opened = games()[name] if name in games() else open_case(EVERY_PART if name == "every part" else name)
    if name == "every part":
        opened = opened.with_({"game.options.lend.moves": "both"})
    form = read_nfg(written(opened, tmp_path, "nfg"))
    found = LENS.simulate(opened, draws=1).result()
    assert form.equilibria() - {NOT_POSSIBLE} == set(present(found.equilibria["nash"]))
    assert [name for name, _ in form.outcomes[:-1]] == list(present(found.states))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_strategic_form_of_any_small_game_has_the_equilibria_of_its_graph(
    data: st.DataObject, tmp_path: Path
) -> None:
    count = data.draw(st.integers(2, 4))
    owners = data.draw(st.lists(st.sampled_from(["north", "south"]), min_size=count, max_size=count))
    literal = st.sampled_from([f"{sign}o{k}" for sign in ("", "not ") for k in range(count)])
    statement = st.builds("{} or {}".format, literal, literal) | st.builds(
        "{} iff {}".format, literal, literal
    )
    wishes = st.lists(statement | literal, min_size=1, max_size=4)
    case = bridge(
        options={f"o{k}": {"actor": owner} for k, owner in enumerate(owners)},
        preferences={"north": data.draw(wishes), "south": data.draw(wishes)},
        infeasible=data.draw(st.lists(st.builds("{} and {}".format, literal, literal), max_size=1)),
        status_quo=None,
    )
    opened = Case.from_dict(case)
    form = read_nfg(written(opened, tmp_path, "nfg"))
    found = LENS.simulate(opened, draws=1).result().equilibria["nash"]
    assert form.equilibria() - {NOT_POSSIBLE} == set(present(found))


def test_strategies_are_named_by_what_is_taken_and_payoffs_are_ranks(tmp_path: Path) -> None:
    form = read_nfg(written(games()["bridge"], tmp_path, "nfg"))
    assert form.title == "Two on a bridge"
    assert form.players == ["North", "South"]
    assert form.strategies == [["nothing", "Open the north gate"], ["nothing", "Open the south gate"]]
    assert dict(form.outcomes) == {
        "NN": [1, 1],
        "YN": [0, 3],
        "NY": [3, 0],
        "YY": [2, 2],
        NOT_POSSIBLE: [-1, -1],
    }
    assert form.outcomes[form.cells[1, 0]][0] == "YN"


def test_hostile_names_are_quoted(tmp_path: Path) -> None:
    form = read_nfg(written(games()["hostile"], tmp_path, "nfg"))
    assert form.title == HOSTILE
    assert form.players[0] == HOSTILE


def test_labels_are_plain_and_different_and_what_changed_is_told(tmp_path: Path) -> None:
    told = [str(one) for one in export(labelled(), tmp_path / "x.nfg")]
    text = (tmp_path / "x.nfg").read_text(encoding="utf-8")
    form = read_nfg(text)
    assert text.isascii()
    assert form.title == 'Zolle - "heute"'
    assert form.players == ["Turkiye", "Cote d'Ivoire"]
    both = "Zolle senken + Zolle senken"
    assert form.strategies == [["nothing", "Zolle senken", "Zolle senken 2", both], ["nothing", "nothing 2"]]
    assert any("'Türkiye' is written 'Turkiye'" in one for one in told)
    assert any("'Zolle senken' is written 'Zolle senken 2'" in one for one in told)


def test_what_a_strategic_form_cannot_say_is_told(tmp_path: Path) -> None:
    case = bridge(status_quo="NNY", infeasible=["open_n and open_s"])
    case["game"]["options"]["rain"] = {"name": "It rains"}
    case["game"]["options"]["open_n"]["moves"] = "forward"
    case["game"]["preferences"]["north"] = {
        "weights": {"dry": {"statement": "not rain", "weight": "1 ± 0.5"}}
    }
    warnings = [str(one) for one in export(Case.from_dict(case), tmp_path / "x.nfg")]
    for told in ("can only be taken", "stay as they are today", "not possible", "at their means"):
        assert any(told in warning for warning in warnings), told
    form = read_nfg((tmp_path / "x.nfg").read_text(encoding="utf-8"))
    named = [form.outcomes[form.cells[cell]][0] for cell in ((0, 0), (1, 0), (0, 1), (1, 1))]
    assert named == ["NNY", "YNY", "NYY", NOT_POSSIBLE]


# --- graphs --------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", list(games()))
def test_graphml_is_well_formed_and_says_what_holds(name: str, tmp_path: Path) -> None:
    case = games()[name]
    root = ElementTree.fromstring(written(case, tmp_path, "graphml"))  # noqa: S314 - written by us
    keys = {key.get("id"): key for key in root.iter(f"{XML}key")}
    nodes = {node.get("id"): data(node) for node in root.iter(f"{XML}node")}
    found = LENS.simulate(case, draws=1).result()
    view = LENS.view(case)
    assert {node["state"] for node in nodes.values()} == set(view.texts)
    nash = {node["state"] for node in nodes.values() if "Nash" in node["stable_by"].split()}
    assert nash == set(present(found.equilibria["nash"]))
    today = {node["state"] for node in nodes.values() if node["status_quo"] == "true"}
    assert today == ({found.status_quo} if found.status_quo else set())
    edges = list(root.iter(f"{XML}edge"))
    assert {end for edge in edges for end in (edge.get("source"), edge.get("target"))} <= set(nodes)
    moves = sum(len(view.graph.moves(i, s)) for i in range(len(view.actors)) for s in range(view.count))
    assert len(edges) == moves
    assert all(set(data(edge)) <= set(keys) for edge in edges)
    leaving = {nodes[edge.get("source")]["state"] for edge in edges if data(edge)["pays"] == "true"}
    assert leaving == set(view.texts) - nash


def test_a_move_that_several_make_together_is_written_with_all_their_names(tmp_path: Path) -> None:
    options = {"treaty": {"actors": ["north", "south"]}}
    wants = {"north": ["treaty"], "south": ["not treaty"]}
    case = Case.from_dict(bridge(options=options, preferences=wants, status_quo="N"))
    text = written(case, tmp_path, "dot")
    assert text.count('actor="North and South"') == 2
    assert 'style="solid"' not in text


def data(element: ElementTree.Element) -> dict[str, str]:
    return {str(one.get("key")): one.text or "" for one in element.iter(f"{XML}data")}


STRING = r'"(?:\\.|[^"\\])*"'
ATTRIBUTES = rf"\[(?:\w+=(?:{STRING}|\w+)(?:, )?)*\]"
NODE = re.compile(rf"  (s\d+) ({ATTRIBUTES});")
EDGE = re.compile(rf"  (s\d+) -> (s\d+) ({ATTRIBUTES});")
DEFAULT = re.compile(rf"  (?:graph|node) {ATTRIBUTES};")


@pytest.mark.parametrize("name", list(games()))
def test_dot_follows_the_grammar_and_every_edge_has_its_ends(name: str, tmp_path: Path) -> None:
    first, *body, last = written(games()[name], tmp_path, "dot").splitlines()
    assert (first, last) == ("digraph game {", "}")
    nodes, ends = set(), set()
    for line in body:
        if node := NODE.fullmatch(line):
            nodes.add(node[1])
        elif edge := EDGE.fullmatch(line):
            ends |= {edge[1], edge[2]}
        else:
            assert DEFAULT.fullmatch(line), line
    assert ends <= nodes
    assert len(nodes) == LENS.view(games()[name]).count


# --- what cannot be written ----------------------------------------------------------------------
def test_a_case_without_a_game_is_refused(tmp_path: Path) -> None:
    for kind in (one.name for one in FORMATS):
        with pytest.raises(FormatError, match="has no game"):
            export(case_of({"peace": {"a": stance(1)}}), tmp_path / f"x.{kind}")


def test_listed_states_have_no_strategic_form(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="states of the game are listed"):
        export(games()["listed"], tmp_path / "x.nfg")


def test_games_that_are_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.lenses.stability.exports.nfg.MOST_CELLS", 3)
    with pytest.raises(FormatError, match="4 cells"):
        export(games()["bridge"], tmp_path / "x.nfg")
    monkeypatch.setattr("detente.lenses.stability.exports.graph.MOST_MOVES", 7)
    with pytest.raises(FormatError, match="8 moves"):
        export(games()["bridge"], tmp_path / "x.dot")
    monkeypatch.setattr("detente.lenses.stability.exports.graph.MOST_STATES", 3)
    with pytest.raises(FormatError, match="4 states"):
        export(games()["bridge"], tmp_path / "x.graphml")


def test_formats_of_cases_are_written_through_the_same_door(tmp_path: Path) -> None:
    assert export(games()["bridge"], tmp_path / "x.yaml") == []
    with pytest.raises(OptionError, match="nfg"):
        export(games()["bridge"], tmp_path / "x.what")
    with pytest.raises(OptionError, match="no format is called"):
        export(games()["bridge"], tmp_path / "x", "nothing-like-it")
    with pytest.raises(FormatError, match="holds stances"):
        export(games()["bridge"], tmp_path / "x.csv")


def test_doubt_is_told_to_be_lost_before_all_else(tmp_path: Path) -> None:
    warning, *_ = export(large(5, 3), tmp_path / "x.dot")
    assert "at their means" in str(warning)
    assert all(one.title and one.write and one.suffixes for one in FORMATS)
