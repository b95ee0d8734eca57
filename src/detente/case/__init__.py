"""THE NEGOTIATION AS DATA: who wants what on which issue, how strongly, on what evidence; no algorithms."""

from detente.case.acceptance import Acceptance
from detente.case.case import Case
from detente.case.loading import Checked, check, load
from detente.case.model import Actor, Group, Issue, Outcome, Scenario, Source, Stance
from detente.case.options import BargainingOptions, ChallengeOptions, ExchangeOptions, NashOptions

__all__ = [
    "Acceptance",
    "Actor",
    "BargainingOptions",
    "Case",
    "ChallengeOptions",
    "Checked",
    "ExchangeOptions",
    "Group",
    "Issue",
    "NashOptions",
    "Outcome",
    "Scenario",
    "Source",
    "Stance",
    "check",
    "load",
]
