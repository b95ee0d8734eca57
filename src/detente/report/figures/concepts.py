"""For whom does each outcome hold, by which concept? One square per actor, in a group per concept."""

from __future__ import annotations

from typing import Any

from detente.lenses.stability import StabilityResult
from detente.lenses.stability.findings import label, named
from detente.report.figures import state_rows
from detente.report.figures.state_rows import BOX, LABELS, MOST_ROWS
from detente.report.games.facts import Outcome
from detente.report.games.telling import kinds, note
from detente.show import words
from detente.show.figure import Figure
from detente.show.finding import Finding
from detente.show.palette import ACCENT, FAINT, INK, PAPER
from detente.show.table import Cell, Table
from detente.show.vega import Spec, frame, layer, pixel

GAP = 7.0  # between two concepts
LARGEST = 12.0


def concepts(result: StabilityResult, rows: tuple[Outcome, ...]) -> Figure:
    """Return for whom the outcomes that hold, and that of today, are stable, by every concept.

    Args:
        result: of the lens.
        rows: the states that hold in some draw, the firmest first.
    """
    today = [] if result.status_quo is None else [result.status_quo]
    states = list(dict.fromkeys([*today, *(row.state for row in rows if row.central)]))[:MOST_ROWS]
    names = [result.names[actor] for actor in result.actors]
    return Figure(
        id="concepts",
        subject="",
        finding=_finding(result, len(states)),
        definition="For whom each outcome is stable by each concept, every preference at its mean. In each group, "
        f"one square per actor: {words.listed(names, 12)}.",
        spec=_spec(result, states),
        table=_table(result, states),
        how=tuple(f"{label(concept)}: {note(concept)}." for concept in kinds(result.concepts)),
        legend="Filled: stable for that actor. Underlined: stable for everybody.",
    )


def _finding(result: StabilityResult, shown: int) -> Finding:
    """Say who would leave today, or that nobody would."""
    today, stable = result.status_quo, result.stable.get("nash")
    if today is None or stable is None:
        sentence = f"For whom {words.counted(shown, 'outcome')} {'is' if shown == 1 else 'are'} stable."
    elif leaving := [result.names[actor] for actor in result.actors if today not in stable[actor]]:
        sentence = (
            f"Today’s outcome is not stable for {words.listed(leaving)}: there is something better to do."
        )
    else:
        sentence = "Nobody has anything better to move to than today’s outcome."
    return Finding(id="concepts", sentence=sentence, numbers={}, table="stable_for")


def _table(result: StabilityResult, states: list[str]) -> Table:
    columns = {
        "outcome": "what is taken",
        "state": "letters, Y or N per option, or id",
        "actor": "for whom",
        **{c: f"whether it is stable by {c}, preferences at their means" for c in kinds(result.concepts)},
    }
    cells: list[tuple[Cell, ...]] = [
        (
            named(result, state),
            state,
            result.names[actor],
            *(_stable(result, concept, actor, state) for concept in kinds(result.concepts)),
        )
        for state in states
        for actor in result.actors
    ]
    return Table("stable_for", columns, tuple(cells))


def _stable(result: StabilityResult, concept: str, actor: str, state: str) -> bool:
    return state in result.stable[concept].get(actor, ())


def _spec(result: StabilityResult, states: list[str]) -> Spec:
    found, count = kinds(result.concepts), len(result.actors)
    size = min(LARGEST, (state_rows.room(len(found)) - GAP) / max(count, 1))
    left = {concept: LABELS + g * (size * count + GAP) for g, concept in enumerate(found)}
    rows = state_rows.rows(result, states)
    boxes: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    under = []
    for row in rows:
        top = row.middle - size / 2
        for concept in found:
            for k, actor in enumerate(result.actors):
                x = left[concept] + k * size
                box = {"x": x + 0.75, "x2": x + size - 0.75, "y": top, "y2": top + size}
                boxes[_stable(result, concept, actor, row.state)].append(box)
            if row.state in result.equilibria[concept]:
                under.append({"x": left[concept], "x2": left[concept] + size * count, "y": top + size + 2.5})
    line = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y")}
    return frame(
        rows[-1].bottom + 4,
        [
            *state_rows.heads(found, [x + size * count / 2 for x in left.values()]),
            *state_rows.names(rows),
            *layer("rect", boxes[False], BOX, fill=PAPER.light, stroke=FAINT.light, strokeWidth=1),
            *layer("rect", boxes[True], BOX, fill=ACCENT.light, stroke=ACCENT.light, strokeWidth=1),
            *layer("rule", under, line, color=INK.light, strokeWidth=1.5),
        ],
    )
