"""A pay-off matrix and a strategic form of Gambit are read as games."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import Case
from detente.case.checked import examined
from detente.case.formats import import_case
from detente.case.formats.strategic import StrategicForm, read_form
from detente.catalog import open_case
from detente.lenses import formats

DILEMMA = {"defect-cooperate": 3, "cooperate-cooperate": 2, "defect-defect": 1, "cooperate-defect": 0}
LAYOUTS = {
    "plain.csv": ',Cooperate,Defect\nCooperate,"3,3","0,5"\nDefect,"5,0","1,1"\n',
    "bars.txt": "          | Cooperate | Defect\nCooperate | 3,3 | 0,5\nDefect    | 5,0 | 1,1\n",
    "tabs.tsv": "\tCooperate\tDefect\nCooperate\t3 3\t0 5\nDefect\t5 0\t1 1\n",
    "brackets.csv": "A \\ B;Cooperate;Defect\nCooperate;(3, 3);(0, 5)\nDefect;(5, 0);(1, 1)\n",
    "beside.csv": ',,B,\n,,Cooperate,Defect\nA,Cooperate,"3,3","0,5"\n,Defect,"5,0","1,1"\n',
    "slashes.csv": "A vs B,Cooperate,Defect\nCooperate,3 / 3,0 / 5\nDefect,5 / 0,1 / 1\n",
    "payoffs.nfg": (
        'NFG 1 R "x" { "A" "B" } { { "Cooperate" "Defect" } { "Cooperate" "Defect" } } ""\n3 3 5 0 0 5 1 1\n'
    ),
    "outcomes.nfg": (
        'NFG 1 R "x" { "A" "B" } { { "Cooperate" "Defect" } { "Cooperate" "Defect" } } "why"\n'
        '{ { "cc" 3, 3 } { "dc" 5, 0 } { "cd" 0 5 } { "dd" 1.0, 2/2 } }\n1 2 3 4\n'
    ),
}


def read(folder: Path, name: str, text: str) -> Case:
    """Return the case in a file."""
    (folder / name).write_text(text, encoding="utf-8")
    return import_case(folder / name).require()


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_says_the_same_game(name: str, tmp_path: Path) -> None:
    """The Prisoner's Dilemma: orders as in any textbook."""
    game = read(tmp_path, name, LAYOUTS[name]).game
    assert game is not None
    first, second = game.preferences.values()
    assert first.ranking == tuple((state,) for state in DILEMMA)
    mirrored = ["-".join(reversed(state.split("-"))) for state in DILEMMA]
    assert second.ranking == tuple((state,) for state in mirrored)
    assert {actor: len(moves) for actor, moves in game.moves.items()} == dict.fromkeys(game.moves, 4)


def test_players_are_named_where_the_table_names_them(tmp_path: Path) -> None:
    for name in ("brackets.csv", "beside.csv", "slashes.csv", "payoffs.nfg"):
        actors = read(tmp_path, name, LAYOUTS[name]).actors.values()
        assert [actor.name for actor in actors] == ["A", "B"]
    bare = read(tmp_path, "bare.txt", "3,3 | 0,5\n5,0 | 1,1\n")
    assert [actor.name for actor in bare.actors.values()] == ["Row player", "Column player"]


def test_a_workbook_may_hold_a_matrix(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["", "L", "R"], ["U", "1, 2", "0, 0"], ["D", "0, 0", "2, 1"]):
        book.active.append(row)
    book.save(tmp_path / "battle.xlsx")
    game = import_case(tmp_path / "battle.xlsx").require().game
    assert game is not None
    assert game.preferences["row-player"].ranking == (("d-r",), ("u-l",), ("u-r", "d-l"))


def test_equal_payoffs_are_equally_good_and_who_gets_always_the_same_is_indifferent(tmp_path: Path) -> None:
    text = 'NFG 1 R "" { "A" "B" "C" } { 2 1 2 }\n1 0 7  1 0 7  0 1/2 7  0 .5 7\n'
    game = read(tmp_path, "three.nfg", text).game
    assert game is not None
    ranks = [[set(group) for group in of.ranking] for of in game.preferences.values()]
    assert ranks[0] == [{"1-1-1", "2-1-1"}, {"1-1-2", "2-1-2"}]
    assert ranks[1] == ranks[0][::-1]
    assert len(ranks[2]) == 1


@pytest.mark.parametrize(
    ("name", "text", "place", "message"),
    [
        ("a.nfg", 'NFG 1 R "x" { "A" "B" }\n{ 2 2 }\n1 1 0 2 0 2 1 p\n', "3:15", "a payoff should follow"),
        ("a.nfg", 'NFG 1 R "x" { "A" "B" }\n{ 2 2 }\n1 1 0 2 0\n', "3:10", "the file ends"),
        ("a.nfg", 'NFG 1 R "x" { "A" "B" }\n{ 2 2 }\n1 1 1 1 1 1 1 1 9\n', "3:17", "more follows"),
        ("a.nfg", 'EFG 2 R "x" { "A" }\n', "1:1", "an extensive form"),
        ("a.nfg", 'NFG 1 R "x" { "A" "B" } { {"u"} {"l"} }\n{ {"" 1, 1, 2} }\n1', "2:13", "for each player"),
        ("a.nfg", 'NFG 1 R "x" { "A" "B" } { {"u"} {"l"} }\n{ {"" 1, 1} }\n2', "3:1", "number of an outcome"),
        ("a.nfg", 'NFG 1 R "x" { "A" "B" } { 9 9\n', "1:30", "a brace is never closed"),
        ("a.nfg", 'NFG 1 R "x" { "A" "B" } { 900 900 }\n1', "2:1", "combinations"),
        ("m.csv", ',L,R\nU,"1,2","0,0"\nD,"0,0",1\n', "3:3", "no pair of payoffs"),
        ("m.csv", ',L,R\nU,"1,2","0,0"\nD,"0,0",\n', "3:3", "payoffs are missing"),
        ("m.csv", ',L,R\nU,"1,5,2","0,0"\nD,"0,0","1,1"\n', "2:2", "no pair of payoffs"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    name: str, text: str, place: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = import_case(tmp_path / name)
    assert found.case is None
    assert f"{found.errors[0].line}:{found.errors[0].column}" == place
    assert message in found.errors[0].message


@st.composite
def forms(draw: st.DrawFn) -> StrategicForm:
    """Return a game of two or three players with up to three strategies each."""
    counts = draw(st.lists(st.integers(1, 3), min_size=2, max_size=3))
    players = tuple(f"P{n}" for n in range(len(counts)))
    empty = StrategicForm(
        "made", players, tuple(tuple(f"s{n}" for n in range(count)) for count in counts), {}
    )
    pay = st.tuples(*[st.fractions(-2, 2, max_denominator=3)] * len(counts))
    return StrategicForm("made", players, empty.strategies, {cell: draw(pay) for cell in empty.cells()})


@given(forms())
def test_players_order_states_by_their_payoffs_and_move_by_their_own_strategies(
    form: StrategicForm,
) -> None:
    game = examined(read_form(form, "made"), "made").require().game
    assert game is not None
    state = dict(zip(form.payoffs, game.states, strict=True))
    for player, actor in enumerate(game.preferences):
        ranking = game.preferences[actor].ranking
        place = {one: n for n, group in enumerate(ranking) for one in group}
        for one, other in permutations(form.payoffs, 2):
            better = form.payoffs[one][player] > form.payoffs[other][player]
            assert (place[state[one]] < place[state[other]]) == better
            alone = all(a == b for n, (a, b) in enumerate(zip(one, other, strict=True)) if n != player)
            assert ((state[one], state[other]) in game.moves.get(actor, ())) == alone


@pytest.mark.parametrize("name", ["prisoners-dilemma", "chicken"])
def test_what_we_write_for_gambit_is_read_back(name: str, tmp_path: Path) -> None:
    """Options, and the order of all states."""
    case = open_case(name)
    (nfg,) = (one for one in formats() if one.name == "nfg")
    assert nfg.write is not None
    text, _ = nfg.write(case, tmp_path / "x.nfg")
    back = read(tmp_path, "x.nfg", str(text))
    again, _ = nfg.write(back, tmp_path / "x.nfg")
    assert str(again) == str(text)


@pytest.mark.parametrize("name", ["payoffs.nfg", "outcomes.nfg"])
def test_gambit_reads_these_files_alike(name: str, tmp_path: Path) -> None:
    """With pygambit, where it is installed: it is under the GPL, and no dependency of the project."""
    gambit = pytest.importorskip("pygambit")
    case = read(tmp_path, name, LAYOUTS[name])
    theirs = gambit.read_nfg(str(tmp_path / name))
    assert case.game is not None
    theirs_own = theirs.to_arrays()[0]
    number = {"cooperate": 0, "defect": 1}
    ranking = case.game.preferences["a"].ranking
    paid = [
        Fraction(str(theirs_own[tuple(number[part] for part in group[0].split("-"))])) for group in ranking
    ]
    assert paid == sorted(paid, reverse=True)
