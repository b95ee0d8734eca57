"""Which variant does a descriptor take that follows another answer? By cuts on a scale, or by what holds.

What was asked elsewhere comes as labelled outcomes, one number per draw; which question gave them is not
looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case import Descriptor, Game, Statement
from detente.errors import CaseError, Problem, did_you_mean
from detente.lenses.summary import Array

HALF = 0.5
"""Where a share passes from no to yes."""


@dataclass(frozen=True, slots=True)
class Follower:
    """How a descriptor follows.

    Attributes:
        follows: question and answer, such as ``winset.ukraine``.
        cuts: where the scale of the answer passes from one variant to the next; none with conditions.
        conditions: of every variant but the last, which stands for all else: statements about options.
        options: of the game, in the order of their letters.
    """

    follows: str
    cuts: tuple[float, ...]
    conditions: tuple[Statement | None, ...]
    options: tuple[str, ...]

    @classmethod
    def of(cls, descriptor: Descriptor, game: Game | None) -> Follower:
        """Return how a descriptor follows what it names."""
        options = tuple(game.options) if game is not None else ()
        stated = tuple(one.when for one in descriptor.variants.values())
        if any(one is not None for one in stated):
            spelt = tuple(one.over(options) if one is not None else None for one in stated)
            return cls(descriptor.follows or "", (), spelt, options)
        return cls(descriptor.follows or "", descriptor.cuts or (HALF,), (), options)

    @property
    def question(self) -> str:
        """Name of what is asked."""
        return self.follows.partition(".")[0]

    def variants(
        self, heard: Mapping[str, Array], told: Mapping[str, object], place: str
    ) -> NDArray[np.int64]:
        """Return the variant in every draw, shape (draws,).

        Args:
            heard: label → shape (draws,).
            told: labels of which people are told first.
            place: of the descriptor in the case, for messages.

        Raises:
            CaseError: no such answer was given.
        """
        answer = self.follows.partition(".")[2]
        if self.conditions:
            return self._by_conditions(heard, answer, place)
        fitting = [label for label in told if answer in (label, label.rpartition(".")[0])]
        label = answer if answer in heard else next(iter(fitting), None)
        if label is None or label not in heard:
            known = dict.fromkeys(one.rpartition(".")[0] for one in told)
            hint = did_you_mean(answer, known)
            raise CaseError([Problem("names no such answer", f"{place}.follows", self.follows, hint)])
        return np.searchsorted(np.array(self.cuts), heard[label], side="right").astype(np.int64)

    def _by_conditions(self, heard: Mapping[str, Array], concept: str, place: str) -> NDArray[np.int64]:
        """Return the first variant whose condition some state fits that holds in the draw, else the last."""
        concepts = dict.fromkeys(label.partition(".")[0] for label in heard)
        concept = concept or ("seq" if "seq" in concepts else next(iter(concepts), ""))
        states = {
            label.partition(".")[2]: held
            for label, held in heard.items()
            if label.partition(".")[0] == concept
        }
        letters = {text: held for text, held in states.items() if len(text) == len(self.options)}
        if not letters:
            hint = (
                did_you_mean(concept, concepts) if concept not in concepts else "states are told by letters"
            )
            raise CaseError([Problem("names no such answer", f"{place}.follows", self.follows, hint)])
        draws = len(next(iter(letters.values())))
        found = np.full(draws, len(self.conditions) - 1, np.int64)
        for k in range(len(self.conditions) - 1, -1, -1):
            condition = self.conditions[k]
            if condition is None:
                continue
            for text, held in letters.items():
                if condition.holds(dict(zip(self.options, (letter == "Y" for letter in text), strict=True))):
                    found[held > HALF] = k
        return found
