"""How are states, concepts and moves put into words? One way, on the page, in figures and in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from detente.lenses.stability import StabilityResult
from detente.lenses.stability.findings import label, named
from detente.lenses.stability.result import Move, Reached
from detente.show import words

LONG = 72  # characters from which a state is rather told by how it differs from today
LADDER = ("nash", "seq", "smr", "gmr")
"""Concepts that are told in sentences, the most demanding first."""
REASONS = {
    "nash": "nobody has anything better to move to",
    "seq": "whoever leaves it is deterred by what others would gladly do",
    "smr": "whoever leaves it can be punished, and cannot escape that",
    "gmr": "whoever leaves it can be punished",
}
NOTES = {
    "nash": "Nobody has anything better to move to (Nash 1950)",
    "gmr": "The others can answer every improvement so that it was none (general metarationality, Howard 1971)",
    "smr": "And their answer cannot be escaped (symmetric metarationality, Howard 1971)",
    "seq": "And each step of their answer pays for who takes it (sequential stability, Fraser & Hipel 1984)",
    "sim": "Deterred also when all improve at once (simultaneous stability, Fraser & Hipel 1984)",
    "ahead": "Looking that many moves ahead (limited-move stability, Zagare 1984; Kilgour 1984)",
    "coalitions": "The same for every coalition and its joint moves (Kilgour, Hipel, Fang & Peng 2001)",
}


def note(concept: str) -> str:
    """Return what a concept means, and who proposed it."""
    kind = "coalitions" if concept.startswith("c") else "ahead" if concept.startswith("l") else concept
    return NOTES.get(kind, label(concept))


def kinds(concepts: Sequence[str]) -> list[str]:
    """Return the concepts that judge single actors looking at their own moves: all but those of coalitions."""
    return [concept for concept in concepts if not concept.startswith("c")]


def place(result: StabilityResult, state: str) -> str:
    """Return a state in words: what is taken, or how it differs from today where that is much shorter."""
    full = named(result, state)
    today = result.status_quo
    if len(full) <= LONG or today is None or state == today or not result.options:
        return full
    told = f"today, {changes(result, today, state)}"
    return told if len(told) < 0.7 * len(full) else full


def changes(result: StabilityResult, before: str, after: str) -> str:
    """Return what is different between two states: options taken up, and options dropped."""
    if not result.options or not result.merged.keys().isdisjoint((before, after)):
        return f"“{named(result, after)}”"
    steps = list(zip(result.options, before, after, strict=True))
    taken = [result.names[name] for name, old, new in steps if (old, new) == ("N", "Y")]
    left = [f"no more “{result.names[name]}”" for name, old, new in steps if (old, new) == ("Y", "N")]
    return ", ".join([*(f"“{name}”" for name in taken), *left]) or "nothing changed"


def path(result: StabilityResult, moves: Sequence[Move]) -> str:
    """Return a path from the status quo: who does what, in turn."""
    told, here = [], result.status_quo or ""
    for move in moves:
        told.append(f"{result.names[move.actor]}: {changes(result, here, move.to)}")
        here = move.to
    return "; then ".join(told)


def way(result: StabilityResult, state: str) -> Reached | None:
    """Return how a state is best reached: by improvements if it can be, else by any moves."""
    ways = [one for one in result.reached if one.state == state and one.length is not None]
    return min(ways, key=lambda one: one.by != "improvements", default=None)


def way_told(result: StabilityResult, state: str) -> str:
    """Return how one gets to a state from today, in a sentence; empty where that is not known."""
    if result.status_quo is None or not any(one.state == state for one in result.reached):
        return ""
    if state == result.status_quo:
        return "It is where things stand today."
    found = way(result, state)
    if found is None:
        return "It cannot be reached from today."
    length = words.counted(found.length or 0, "move")
    pays = "each better for who makes it" if found.by == "improvements" else "not each of which pays"
    if found.length == 1:
        pays = "better for who makes it" if found.by == "improvements" else "which does not pay by itself"
    return f"From today in {length}, {pays}: {path(result, found.paths[0])}."
