"""Does a package exist? The one question that everything here asks, of whoever can answer it for many draws."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import margin
from detente.lenses.winset.deal import TOLERANCE, Array, Deal
from detente.lenses.winset.draws import DEAL, TOUCHING, UNKNOWN
from detente.lenses.winset.exact.zone import Acceptance
from detente.lenses.winset.unblock.demands import Mask


class Answers(Protocol):
    """What is known of D draws: ``status`` (D,) by the codes of ``draws``, ``package`` (D, d), NaN where none."""

    @property
    def status(self) -> NDArray[np.int8]:
        """Return one code per draw."""

    @property
    def package(self) -> Array:
        """Return a package that is a deal, per draw."""


class Oracle(Protocol):
    """Whoever can tell, draw by draw, whether a package satisfies the rule."""

    def __call__(self, deal: Deal, /, *, acceptance: Acceptance = "strict") -> Answers:
        """Answer for every draw of a deal."""


def exists(answers: Answers, acceptance: Acceptance) -> Mask:
    """Return in which draws there is a deal, (D,); or, if that is weak, one that leaves somebody as is."""
    enough = (DEAL, TOUCHING) if acceptance == "weak" else (DEAL,)
    return np.isin(answers.status, enough)


def unknown(answers: Answers) -> Mask:
    """Return which draws no solver could decide."""
    return np.asarray(answers.status == UNKNOWN)


def holds(deal: Deal, package: Array, acceptance: Acceptance) -> bool:
    """Return whether a package, (d,), is a deal in the only draw: the check that trusts no solver."""
    least = float(margin(deal.rule, deal.margins(package[None, None]))[0, 0])
    return least > TOLERANCE if acceptance == "strict" else least >= -TOLERANCE
