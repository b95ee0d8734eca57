"""How much is drawn of an answer, and how does one lens ask for what another found in the same draws?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from detente.case import Case
from detente.lenses.draws import Progress, Workers, shifted
from detente.lenses.outcomes import OutcomeWords
from detente.lenses.summary import Array

DEFAULT_DRAWS = 10_000
DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is drawn.

    Attributes:
        draws: of everything that carries doubt.
        seed: of the draws.
        workers: threads; all processors when ``None``.
        progress: called with (draws done, draws in all), counted over all versions.
    """

    draws: int = DEFAULT_DRAWS
    seed: int = DEFAULT_SEED
    workers: Workers = None
    progress: Progress | None = None

    def part(self, number: int, of: int) -> Effort:
        """Return the effort of one of several runs, whose progress counts towards all of them."""
        return Effort(self.draws, self.seed, self.workers, shifted(self.progress, number, of))


@dataclass(frozen=True, slots=True)
class Heard:
    """What another lens found in the same draws.

    Attributes:
        outcomes: label → shape (draws,), or (1,) where that lens reads nothing in doubt.
        told: label → words, of the outcomes that people are told of first.
    """

    outcomes: Mapping[str, Array]
    told: Mapping[str, OutcomeWords]


Others = Callable[[str], Heard]
"""Tells what the lens of a name found in the rows of numbers that are asked about."""


class Ask(Protocol):
    """Asks a lens, by its name, for its outcomes on a case: with this seed, draw by draw."""

    def __call__(self, lens: str, case: Case, effort: Effort, /) -> Heard:
        """Return what it found."""
