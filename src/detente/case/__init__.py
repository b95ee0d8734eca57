"""THE NEGOTIATION AS DATA: who wants what on which issue, how strongly, on what evidence; no algorithms."""

from detente.case.acceptance import Acceptance
from detente.case.case import Case
from detente.case.checked import Checked
from detente.case.consent import Body, Rule, Votes
from detente.case.loading import check, load
from detente.case.options import (
    BargainingOptions,
    ChallengeOptions,
    CrossImpactOptions,
    ExchangeOptions,
    NashOptions,
    StabilityOptions,
    WinsetOptions,
)
from detente.case.parts.actors import Actor, Group
from detente.case.parts.deals import Payment, Payments, StatedDeal
from detente.case.parts.futures import (
    Assumption,
    Claim,
    Constraint,
    Descriptor,
    Expert,
    Futures,
    Judgement,
    Variant,
)
from detente.case.parts.game import (
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
from detente.case.parts.game.statement import Statement
from detente.case.parts.issues import Issue, Outcome
from detente.case.parts.relations import DatedEvent, Dyad, Relations, StateGroup
from detente.case.parts.scenarios import Scenario
from detente.case.parts.sources import Asked, Source
from detente.case.parts.stances import Stance

__all__ = [
    "Acceptance",
    "Actor",
    "Asked",
    "Assumption",
    "BargainingOptions",
    "Body",
    "Case",
    "ChallengeOptions",
    "Checked",
    "Claim",
    "Condition",
    "Constraint",
    "CrossImpactOptions",
    "DatedEvent",
    "Descriptor",
    "Dyad",
    "ExchangeOptions",
    "Expert",
    "Futures",
    "Game",
    "GameOption",
    "GameState",
    "Group",
    "Issue",
    "Judgement",
    "Merge",
    "NashOptions",
    "Outcome",
    "Payment",
    "Payments",
    "Preference",
    "Relations",
    "Rule",
    "Scenario",
    "Source",
    "StabilityOptions",
    "Stance",
    "StateGroup",
    "StatedDeal",
    "Statement",
    "Together",
    "Variant",
    "Votes",
    "WeightedWish",
    "WinsetOptions",
    "Wish",
    "check",
    "load",
]
