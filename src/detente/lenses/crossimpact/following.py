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
from detente.lenses.asking import Heard
from detente.lenses.summary import Array

HALF = 0.5
"""Where a share passes from no to yes."""


@dataclass(frozen=True, slots=True)
class Follower:
    """How a descriptor follows.

    Attributes:
        place: of the descriptor in the case.
        follows: question and answer, such as ``winset.ukraine``.
        cuts: where the scale of the answer passes from one variant to the next; none with conditions.
        conditions: of every variant but the last, which stands for all else: statements about options.
        options: of the game, in the order of their letters.
    """

    place: str
    follows: str
    cuts: tuple[float, ...]
    conditions: tuple[Statement | None, ...]
    options: tuple[str, ...]

    @classmethod
    def of(cls, key: str, descriptor: Descriptor, game: Game | None) -> Follower:
        """Return how a descriptor follows what it names."""
        options = tuple(game.options) if game is not None else ()
        stated = [one.when for one in descriptor.variants.values()]
        spelt = tuple(one.over(options) if one is not None else None for one in stated)
        cuts, conditions = (tuple(descriptor.cuts or (HALF,)), ()) if not any(stated) else ((), spelt)
        return cls(f"futures.descriptors.{key}", descriptor.follows or "", cuts, conditions, options)

    @property
    def question(self) -> str:
        """Name of what is asked."""
        return self.follows.partition(".")[0]

    def variants(self, heard: Heard) -> NDArray[np.int64]:
        """Return the variant in every draw of what was answered, shape (draws,).

        Raises:
            CaseError: no such answer was given.
        """
        answer = self.follows.partition(".")[2]
        if self.conditions:
            return self._by_conditions(heard.outcomes, answer)
        fitting = [label for label in heard.told if answer in (label, label.rpartition(".")[0])]
        label = answer if answer in heard.outcomes else next(iter(fitting), "")
        if label not in heard.outcomes:
            raise self._unanswered(did_you_mean(answer, {one.rpartition(".")[0]: 0 for one in heard.told}))
        return np.searchsorted(np.array(self.cuts), heard.outcomes[label], side="right").astype(np.int64)

    def _unanswered(self, hint: str | None) -> CaseError:
        return CaseError([Problem("names no such answer", f"{self.place}.follows", self.follows, hint)])

    def _by_conditions(self, heard: Mapping[str, Array], concept: str) -> NDArray[np.int64]:
        """Return the first variant whose condition some state fits that holds in the draw, else the last."""
        concepts = dict.fromkeys(label.partition(".")[0] for label in heard)
        concept = concept or ("seq" if "seq" in concepts else next(iter(concepts), ""))
        letters = {
            text: held
            for label, held in heard.items()
            for of, _, text in [label.partition(".")]
            if of == concept and len(text) == len(self.options)
        }
        if not letters:
            told = concept in concepts
            raise self._unanswered("states are told by letters" if told else did_you_mean(concept, concepts))
        last = len(self.conditions) - 1
        found = np.full(len(next(iter(letters.values()))), last, np.int64)
        for k, condition in reversed([*enumerate(self.conditions)]):
            for text, held in letters.items():
                taken = {o: letter == "Y" for o, letter in zip(self.options, text, strict=True)}
                if condition is not None and condition.holds(taken):
                    found[held > HALF] = k
        return found
