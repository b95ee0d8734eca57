"""Which lens answers first for a case? The one whose part the case states."""

from __future__ import annotations

from detente.case import Case


def first_lens(case: Case) -> str:
    """Return ``bargaining`` where anybody has a stance on anything, else ``stability`` where there is a game.

    A case with neither is sent to ``bargaining``, whose error says what is missing.
    """
    if not any(case.stances.values()) and case.game is not None:
        return "stability"
    return "bargaining"
