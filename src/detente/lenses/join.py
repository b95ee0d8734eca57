"""How does one lens follow what another finds, draw by draw? It asks, and gets outcomes of the very same draws.

Lenses do not know each other. One whose part of the case follows an answer names that lens in `Lens.follows`;
a `Joint` hands it a way to ask (`Lens.hearing`), with the seed and the number of draws of its own run. What
somebody follows is kept, so that in a brief nothing is drawn twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from typing import Any

from detente.case import Case
from detente.errors import CaseError, NotFoundError, Problem
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Effort, Heard, Lens, LensResult, Simulation
from detente.lenses.registry import available, lens
from detente.lenses.summary import Array

Key = tuple[str, str, int, int]


class _Kept:
    """A simulation whose outcomes are found once, however often they are asked for."""

    def __init__(self, made: Simulation) -> None:
        self._made = made
        self._outcomes: Mapping[str, Array] | None = None

    def outcomes(self) -> Mapping[str, Array]:
        """Return what the simulation found."""
        if self._outcomes is None:
            self._outcomes = self._made.outcomes()
        return self._outcomes

    def result(self) -> LensResult:
        """Return the summary of its draws."""
        return self._made.result()

    def __getattr__(self, name: str) -> Any:
        """Return all else that the simulation has."""
        return getattr(self._made, name)


class Joint:
    """Opens lenses so that they draw together.

    Attributes:
        case: as it stands; what follows what is looked up in it.
    """

    def __init__(self, case: Case, asked: Collection[str]) -> None:
        """Look up what follows what among the lenses, by their names, that are asked about a case.

        Raises:
            CaseError: what follows goes in a circle, or names no lens; with every problem.
        """
        self.case = case
        self._kept: dict[Key, Simulation] = {}
        problems = [problem for name in asked for problem in _problems(case, name)]
        if problems:
            raise CaseError(list(dict.fromkeys(problems)))
        self._followed = {other for name in asked for other in lens(name).follows(case).values()}

    def lens(self, name: str) -> Lens:
        """Return a lens that can ask the others; its draws are kept for whoever follows them or asks for them."""
        return self._remembering(lens(name).hearing(self._ask))

    def order(self, names: Collection[str]) -> list[str]:
        """Return the lenses, each after those that it follows, else in their order."""
        found: dict[str, None] = {}

        def put(name: str) -> None:
            for other in lens(name).follows(self.case).values():
                if other in names and other not in found:
                    put(other)
            found[name] = None

        for name in names:
            if name not in found:
                put(name)
        return list(found)

    def groups(self, names: Collection[str]) -> list[list[str]]:
        """Return the lenses, in their order, those together that ask each other."""
        found: list[list[str]] = []
        for name in names:
            others = set(behind(self.case, name))
            joined = [group for group in found if others.intersection(group)]
            found = [group for group in found if group not in joined]
            found.append([one for group in joined for one in group] + [name])
        return found

    def simulation(self, name: str, case: Case, effort: Effort) -> Simulation:
        """Return a lens's draws of a case: those that were made before, where there are as many of this seed."""
        key = name, _content(case), effort.draws, effort.seed
        if key not in self._kept:
            opened = lens(name).hearing(self._ask)
            made = opened.simulate(case, draws=effort.draws, seed=effort.seed, workers=effort.workers)
            self._kept[key] = _Kept(made)
        return self._kept[key]

    def _ask(self, name: str, case: Case, effort: Effort, /) -> Heard:
        return Heard(self.simulation(name, case, effort).outcomes(), lens(name).view(case).told())

    def _remembering(self, opened: Lens) -> Lens:
        """Return the lens with its simulations kept: of the case as it stands, of all if another follows it."""
        kept, remembering, followed = self._kept, copy(opened), opened.name in self._followed
        stands = _content(self.case)

        def simulate(case: Case, **settings: Any) -> Simulation:
            made = _Kept(opened.simulate(case, **settings))
            if followed or _content(case) == stands:
                draws, seed = settings.get("draws", DEFAULT_DRAWS), settings.get("seed", DEFAULT_SEED)
                kept[opened.name, _content(case), draws, seed] = made
            return made

        remembering.simulate = simulate  # type: ignore[method-assign]
        return remembering


def tells_zones(name: str) -> bool:
    """Say whether a lens tells what all who must consent would accept."""
    return type(lens(name)).zones is not Lens.zones


def _content(case: Case) -> str:
    return f"{case.fingerprint}/{case.scenario}"


def _problems(case: Case, name: str) -> list[Problem]:
    """Return what a lens follows that is not there, or that follows it in turn."""
    found = []
    for path, other in lens(name).follows(case).items():
        if other not in available():
            try:
                lens(other)
            except NotFoundError as error:
                found.append(Problem(str(error), path, other))
        elif name in behind(case, other):
            hint = "let it follow a lens that does not follow it in turn"
            found.append(Problem("follows its own answer, in a circle", path, other, hint))
    return found


def behind(case: Case, name: str) -> list[str]:
    """Return the lenses on which an answer of a lens rests, itself first."""
    found = [name]
    for one in found:
        follows = lens(one).follows(case).values() if one in available() else ()
        found += [other for other in dict.fromkeys(follows) if other not in found]
    return found
