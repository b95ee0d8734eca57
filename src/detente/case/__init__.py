"""THE NEGOTIATION AS DATA: who wants what on which issue, how strongly, on what evidence; no algorithms."""

from detente.case.acceptance import Acceptance
from detente.case.case import Case
from detente.case.consent import Body, Payment, Payments, Rule, StatedDeal, Votes
from detente.case.game import (
    Condition,
    Game,
    GameOption,
    GameState,
    Merge,
    Preference,
    Together,
    WeightedWish,
    Wish,
)
from detente.case.loading import Checked, check, load
from detente.case.model import Actor, Group, Issue, Outcome, Scenario, Source, Stance
from detente.case.options import (
    BargainingOptions,
    ChallengeOptions,
    ExchangeOptions,
    NashOptions,
    StabilityOptions,
    WinsetOptions,
)
from detente.case.statement import Statement

__all__ = [
    "Acceptance",
    "Actor",
    "BargainingOptions",
    "Body",
    "Case",
    "ChallengeOptions",
    "Checked",
    "Condition",
    "ExchangeOptions",
    "Game",
    "GameOption",
    "GameState",
    "Group",
    "Issue",
    "Merge",
    "NashOptions",
    "Outcome",
    "Payment",
    "Payments",
    "Preference",
    "Rule",
    "Scenario",
    "Source",
    "StabilityOptions",
    "Stance",
    "StatedDeal",
    "Statement",
    "Together",
    "Votes",
    "WeightedWish",
    "WinsetOptions",
    "Wish",
    "check",
    "load",
]
