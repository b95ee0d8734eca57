"""How does one lens follow what another finds, draw by draw? It asks, and gets outcomes of the very same draws.

Lenses do not know each other. One whose part of the case follows an answer names that lens in `Lens.follows`;
a `Joint` hands it a way to ask (`Lens.hearing`), with the seed and the number of draws of its own run. What
somebody follows is kept, so that in a brief nothing is drawn twice.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from functools import cache, partial
from itertools import chain
from typing import Any

from detente.case import Case
from detente.errors import CaseError, MissingPartError, NotFoundError, OptionError, Problem
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Effort, Heard, Lens, Simulation
from detente.lenses.registry import available, lens

Key = tuple[str, str, int, int]


class _Kept:
    """A simulation whose outcomes are found once, however often they are asked for."""

    def __init__(self, made: Simulation) -> None:
        self._made, self.result = made, made.result
        self.outcomes = cache(made.outcomes)

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
        rests = partial(behind, self.case)  # who follows another rests on more than that one does
        led = (sorted(rests(name), key=lambda one: len(rests(one))) for name in names)
        return [one for one in dict.fromkeys(chain.from_iterable(led)) if one in names]

    def groups(self, names: Collection[str]) -> list[list[str]]:
        """Return the lenses, in their order, those together that ask each other."""
        found: list[list[str]] = []
        for name in names:
            joined = [group for group in found if not set(behind(self.case, name)).isdisjoint(group)]
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


def answering(case: Case) -> tuple[list[str], dict[str, str]]:
    """Return the lenses that can answer a case, and name → why of those that read it and cannot.

    That is where it is too large for a lens, or for one that the lens follows.

    Raises:
        MissingPartError: the case states nothing that a lens reads.
        OptionError: none of the lenses that read it can answer, with every reason.
    """
    found, why = list[str](), dict[str, str]()
    for name in available():
        try:
            found += [name] if lens(name).reads(case) else []
        except OptionError as error:
            why[name] = str(error)
    rests = {name: [one for one in behind(case, name) if one in why] for name in found}
    why |= {name: f"it follows the lens {on[0]}, which cannot answer" for name, on in rests.items() if on}
    if not why and not found:
        raise MissingPartError(
            "a lens reads 'stances', 'game' or 'futures' and the case has none of them; add who wants "
            "what, what each actor can do and prefers, or what may follow"
        )
    if not (names := [name for name in found if name not in why]):
        raise OptionError(". ".join(why.values()))
    return names, why


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
