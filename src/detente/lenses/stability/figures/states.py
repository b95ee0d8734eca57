"""Who can move from which outcome to which, where does everybody stay, and how does one get there from today?

States stand in rows by their distance from the status quo. Lines are moves, in the colour and dash of who makes
them, with an arrowhead where they lead; states that hold are filled and named under the graph.
"""

from __future__ import annotations

from collections.abc import Iterable

from detente.lenses.stability import findings
from detente.lenses.stability.figures.state_graph import Drawn, by, drawing, movers
from detente.lenses.stability.records import Arc, Outcome
from detente.lenses.stability.result import STATE, StabilityResult
from detente.show import words
from detente.show.figure import Figure
from detente.show.table import Table

MOST_MOVES, MOST_GAINS = 48, 90  # moves that are drawn before some are left out
COLOURS = ("blue", "red", "amber", "green", "pink", "light blue")
LEGEND = (
    "Filled: holds; dark where nobody has anything better to move to, light where leaving would be answered."
)


def states(result: StabilityResult, rows: tuple[Outcome, ...]) -> Figure:
    """Return the graph of states and moves.

    Args:
        result: of the lens.
        rows: the states that hold, the firmest first.
    """
    goal = next((row for row in rows if not row.today and row.way is not None and row.way.length), None)
    drawn = Drawn.of(result, None if goal is None else goal.state)
    chosen, which = _chosen(drawn)
    count = len(drawn.graph.states)
    some = f" {count} of {result.state_count:,} states: those that hold and the way there."
    return Figure(
        id="states",
        subject="",
        finding=findings.of_graph(result, rows, goal),
        definition=f"States of the game by how many moves they are from today, and {which}."
        f"{'' if count == result.state_count else some}",
        spec=drawing(drawn, chosen, rows),
        table=_table(drawn),
        how=(
            "A move changes any of one actor’s own options at once, where they allow it and the outcome can be; "
            "it pays when the actor prefers it, every preference at its mean. Nobody moves twice in a row.",
            "Rows follow the least number of moves from the status quo; states stand near those they are "
            "tied to (Sugiyama, Tagawa & Toda 1981).",
        ),
        legend=f"{LEGEND} {legend(result)} Heavy: a shortest way from today.",
    )


def legend(result: StabilityResult) -> str:
    """Return who moves in which colour, as a sentence."""
    found = movers(result)
    colours = (*COLOURS, *["grey"] * len(found))
    told = [f"{one.name} {colour}" for one, colour in zip(found, colours, strict=False)]
    return f"Moves of {words.listed(told, 12)}."


def _chosen(drawn: Drawn) -> tuple[dict[Arc, bool], str]:
    """Return the moves that are drawn, whether each is bold, and what they are: no more than can be told apart."""
    arcs = drawn.graph.arcs
    if len(arcs) <= MOST_MOVES:
        return {arc: arc.pays for arc in arcs}, "every move, faint where it does not pay"
    gains = [arc for arc in arcs if arc.pays or drawn.step(arc)]
    if len(gains) <= MOST_GAINS:
        return {arc: arc.pays for arc in gains}, "every move that pays for who makes it"
    chosen = {**dict.fromkeys(_best(gains), False), **dict.fromkeys(spanning(drawn), True)}
    return chosen, "the moves that pay on the way from today; faint, from all others the one that pays most"


def _best(gains: Iterable[Arc]) -> tuple[Arc, ...]:
    best: dict[int, Arc] = {}
    for arc in gains:
        if arc.start not in best or arc.gain > best[arc.start].gain:
            best[arc.start] = arc
    return tuple(best.values())


def spanning(drawn: Drawn) -> tuple[Arc, ...]:
    """Return the marked way, and moves that pay on a shortest way from today to each state they lead to."""
    onward: dict[int, list[Arc]] = {}
    for arc in drawn.graph.arcs:
        if arc.pays:
            onward.setdefault(arc.start, []).append(arc)
    seen, layer = {drawn.today}, [] if drawn.today is None else [(drawn.today, -1)]
    found = [arc for arc in drawn.graph.arcs if drawn.step(arc)]
    visited: set[tuple[int, int]] = set()
    while layer:
        following = []
        for state, last in layer:
            for arc in onward.get(state, ()):
                if arc.mover == last or (arc.end, arc.mover) in visited:
                    continue  # nobody moves twice in a row
                visited.add((arc.end, arc.mover))
                following.append((arc.end, arc.mover))
                if arc.end not in seen:
                    seen.add(arc.end)
                    found.append(arc)
        layer = following
    return tuple(dict.fromkeys(found))


def _table(drawn: Drawn) -> Table:
    columns = {
        "number": "of the state in the figure",
        "state": STATE,
        "outcome": "what is taken",
        "moves_from_today": "least number of moves; empty where it is out of reach",
        "holds_by": "concepts, every preference at its mean",
        "better_moves": "moves from it that pay for who makes them",
    }
    result, graph = drawn.result, drawn.graph
    paying = [arc.start for arc in graph.arcs if arc.pays]
    rows = tuple(
        (s + 1, state, result.named(state), graph.distance[s], by(result, state), paying.count(s))
        for s, state in enumerate(graph.states)
    )
    return Table("states", columns, rows)
