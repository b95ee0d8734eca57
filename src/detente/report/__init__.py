"""THE BRIEF: the ladder, the chapters of every lens in order, the evidence."""

from detente.report.briefing import Brief, brief

__all__ = ["Brief", "brief"]
