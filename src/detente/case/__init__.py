"""THE NEGOTIATION AS DATA: who wants what on which issue, how strongly, on what evidence; no algorithms."""

from detente.case.acceptance import Acceptance
from detente.case.case import Case
from detente.case.game import Game, GameOption, GameState, Preference, WeightedWish, Wish
from detente.case.loading import Checked, check, load
from detente.case.model import Actor, Group, Issue, Outcome, Scenario, Source, Stance
from detente.case.options import (
    BargainingOptions,
    ChallengeOptions,
    ExchangeOptions,
    NashOptions,
    StabilityOptions,
)
from detente.case.statement import Statement

__all__ = [
    "Acceptance",
    "Actor",
    "BargainingOptions",
    "Case",
    "ChallengeOptions",
    "Checked",
    "ExchangeOptions",
    "Game",
    "GameOption",
    "GameState",
    "Group",
    "Issue",
    "NashOptions",
    "Outcome",
    "Preference",
    "Scenario",
    "Source",
    "StabilityOptions",
    "Stance",
    "Statement",
    "WeightedWish",
    "Wish",
    "check",
    "load",
]
