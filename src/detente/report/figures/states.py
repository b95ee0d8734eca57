"""Who can move from which outcome to which, where does everybody stay, and how does one get there from today?

States stand in rows by their distance from the status quo. Lines are moves, in the colour and dash of who makes
them, with an arrowhead where they lead; states that hold are filled and named under the graph.
"""

from __future__ import annotations

from collections.abc import Iterable

from detente.case import Case
from detente.lenses.stability import StabilityResult
from detente.lenses.stability.findings import named
from detente.report.figures.state_graph import by, drawing, legend
from detente.report.games.facts import Outcome
from detente.report.games.moves import Arc, MoveGraph, move_graph
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.table import Table

MOST_MOVES, MOST_GAINS = 48, 90  # moves that are drawn before some are left out

LEGEND = (
    "Filled: holds; dark where nobody has anything better to move to, light where leaving would be answered."
)


def states(case: Case, result: StabilityResult, rows: tuple[Outcome, ...]) -> Figure:
    """Return the graph of states and moves.

    Args:
        case: with a game.
        result: of the lens on it.
        rows: the states that hold, the firmest first.
    """
    goal = next((row for row in rows if not row.today and row.length), None)
    graph = move_graph(case, result, goal.state if goal else None, [row.state for row in rows])
    drawn, which = _chosen(graph)
    some = (
        ""
        if graph.whole
        else f" {len(graph.states)} of {result.state_count:,} states: those that hold and the way there."
    )
    return Figure(
        id="states",
        subject="",
        finding=_finding(result, rows, goal),
        definition=f"States of the game by how many moves they are from today, and {which}.{some}",
        spec=drawing(result, graph, drawn, rows),
        table=_table(result, graph),
        how=(
            "A move changes any of one actor’s own options at once, where they allow it and the outcome can be; "
            "it pays when the actor prefers it, every preference at its mean. Nobody moves twice in a row.",
            "Rows follow the least number of moves from the status quo; states stand near those they are "
            "tied to (Sugiyama, Tagawa & Toda 1981).",
        ),
        legend=f"{LEGEND} {legend(result)} Heavy: a shortest way from today.",
    )


def _chosen(graph: MoveGraph) -> tuple[dict[Arc, bool], str]:
    """Return the moves that are drawn, whether each is bold, and what they are: no more than can be told apart."""
    if len(graph.arcs) <= MOST_MOVES:
        return {arc: arc.pays for arc in graph.arcs}, "every move, faint where it does not pay"
    gains = [arc for arc in graph.arcs if arc.pays or arc.step]
    if len(gains) <= MOST_GAINS:
        return {arc: arc.pays for arc in gains}, "every move that pays for who makes it"
    drawn = {**dict.fromkeys(_best(gains), False), **dict.fromkeys(graph.spanning(), True)}
    return drawn, "the moves that pay on the way from today; faint, from all others the one that pays most"


def _best(gains: Iterable[Arc]) -> tuple[Arc, ...]:
    best: dict[int, Arc] = {}
    for arc in gains:
        if arc.start not in best or arc.gain > best[arc.start].gain:
            best[arc.start] = arc
    return tuple(best.values())


def _finding(result: StabilityResult, rows: tuple[Outcome, ...], goal: Outcome | None) -> Finding:
    held = [row for row in rows if "nash" in row.central]
    numbers: dict[str, float] = {}
    if not held:
        sentence = f"In none of {words.counted(result.state_count, 'outcome')} does everybody want to stay."
    elif len(held) == result.state_count:
        sentence = "Nobody wants to leave any outcome."
    else:
        verb = "is one" if len(held) == 1 else f"are {words.count_word(len(held))}"
        sentence = (
            f"Of {words.counted(result.state_count, 'outcome')} there {verb} that nobody wants to leave."
        )
    if goal is not None and goal.length is not None:
        numbers["moves"] = goal.length
        sentence += f" “{goal.words}” is {words.counted(goal.length, 'move')} from today."
    return Finding(id="states", sentence=sentence, numbers=numbers, table="states")


def _table(result: StabilityResult, graph: MoveGraph) -> Table:
    columns = {
        "number": "of the state in the figure",
        "state": "letters, Y or N per option, or id",
        "outcome": "what is taken",
        "moves_from_today": "least number of moves; empty where it is out of reach",
        "holds_by": "concepts, every preference at its mean",
        "better_moves": "moves from it that pay for who makes them",
    }
    rows = []
    for number, s in enumerate(graph.states, start=1):
        state = graph.texts[s]
        away = None if graph.today is None or graph.layer[s] == graph.out_of_reach else graph.layer[s]
        pays = sum(1 for arc in graph.arcs if arc.start == s and arc.pays)
        rows.append((number, state, named(result, state), away, by(result, state), pays))
    return Table("states", columns, tuple(rows))
