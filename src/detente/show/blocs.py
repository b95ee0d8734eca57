"""Which actor belongs to which bloc, and how is each bloc drawn? By the first group that an actor names."""

from __future__ import annotations

from dataclasses import dataclass

from detente.case import Case
from detente.show.palette import ALONE, BLOCS, OTHERS, Look

SIGNS = {
    "circle": "circle",
    "square": "square",
    "triangle-up": "triangle",
    "diamond": "diamond",
    "triangle-down": "triangle on its tip",
    "cross": "cross",
    "triangle-right": "triangle to the right",
}


@dataclass(frozen=True, slots=True)
class Bloc:
    """A bloc in a legend."""

    name: str
    look: Look
    actors: tuple[str, ...]


def blocs(case: Case) -> tuple[Bloc, ...]:
    """Return the blocs of a case in the order of its groups; those beyond the sixth, and actors of none, together.

    A case without groups has no blocs.
    """
    members: dict[str, list[str]] = {group: [] for group in case.groups}
    for actor_id, actor in case.actors.items():
        members.setdefault(actor.groups[0] if actor.groups else "", []).append(actor_id)
    loose = members.pop("", [])
    found = {group: actors for group, actors in members.items() if actors}
    if not found:
        return ()
    named = list(found)[: len(BLOCS)]
    rest = [actor for group in list(found)[len(BLOCS) :] for actor in found[group]] + loose
    shown = [
        Bloc(case.groups[group].name if group in case.groups else group, look, tuple(found[group]))
        for group, look in zip(named, BLOCS, strict=False)
    ]
    return (*shown, Bloc("Others", OTHERS, tuple(rest))) if rest else tuple(shown)


def looks(case: Case) -> dict[str, Look]:
    """Return how each actor is drawn."""
    found = {actor: bloc.look for bloc in blocs(case) for actor in bloc.actors}
    return {actor: found.get(actor, ALONE) for actor in case.actors}


def bloc_names(case: Case) -> dict[str, str]:
    """Return the name of each actor's bloc, empty where there are none."""
    return {actor: bloc.name for bloc in blocs(case) for actor in bloc.actors}


def legend(case: Case) -> str:
    """Return the blocs with their shapes as one line of text."""
    signs = ", ".join(f"{SIGNS[bloc.look.shape]} {bloc.name}" for bloc in blocs(case))
    return f"Shapes: {signs}." if signs else ""
