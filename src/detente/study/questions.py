"""What can one ask? Actors, issues and sources, what one would then know, and what asking costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from detente.case import Case
from detente.case.text import sources_of
from detente.case.words import assertions
from detente.errors import OptionError, did_you_mean
from detente.study.inquiry_records import Kind

KINDS: tuple[Kind, ...] = ("actor", "issue", "source")


class Question(NamedTuple):
    """Something that one can ask: an actor, an issue or a source, by its id and its name."""

    kind: Kind
    ask: str
    told: str


Questions = dict[Question, list[int]]
"""What one can ask → places of the inputs that one would then know."""


def of_case(case: Case, paths: Sequence[str], kinds: Sequence[Kind] = KINDS) -> Questions:
    """Return what one can ask about some inputs."""
    found: Questions = {}
    for place, path in enumerate(paths):
        for step in dict.fromkeys(path.partition("#")[0].split(".")):
            if "actor" in kinds and step in case.actors:
                found.setdefault(Question("actor", step, case.actors[step].name), []).append(place)
            if "issue" in kinds and step in case.issues:
                found.setdefault(Question("issue", step, case.issues[step].name), []).append(place)
    for one in assertions(case) if "source" in kinds else ():
        under = [k for k, path in enumerate(paths) if path == one.path or path.startswith(f"{one.path}.")]
        for source in sources_of(one.because) if under else ():
            known = found.setdefault(Question("source", source, case.sources[source].title), [])
            known += [place for place in under if place not in known]
    return found


def costs_of(case: Case, given: Mapping[str, float] | None) -> dict[str, float]:
    """Return what asking costs: as the case states it under ``ask``, or as it is given.

    Raises:
        OptionError: a cost that is not above 0, or of what the case does not have; with all of them.
    """
    known = {*case.actors, *case.issues, *case.sources}
    wrong = [
        f"{name} costs {cost:g}: a cost lies above 0" for name, cost in (given or {}).items() if not cost > 0
    ]
    wrong += [
        f"nothing that one can ask is called {name!r}; {did_you_mean(name, known)}"
        for name in given or {}
        if name not in known
    ]
    if wrong:
        raise OptionError("; ".join(wrong))
    return {**{name: one.cost for name, one in case.ask.items()}, **(given or {})}
