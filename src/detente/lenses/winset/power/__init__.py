"""How much does each vote count? The voting power that a rule gives, exactly, also for hundreds of voters."""

from detente.lenses.winset.power.analysis import Analysis, analyse
from detente.lenses.winset.power.coalitions import Coalitions, Shares
from detente.lenses.winset.power.indices import Power

__all__ = ["Analysis", "Coalitions", "Power", "Shares", "analyse"]
