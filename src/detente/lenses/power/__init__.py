"""How much does each vote count? The voting power that a rule gives, exactly, also for hundreds of voters."""

from detente.lenses.power.analysis import analyse
from detente.lenses.power.result import MemberPower, PowerReport, RulePower, Share

__all__ = ["MemberPower", "PowerReport", "RulePower", "Share", "analyse"]
