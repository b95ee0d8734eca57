"""BETWEEN A RESULT AND A READER'S EYES: figures, findings in words, and the brief as one page."""

from detente.report.briefing import Brief, brief
from detente.report.figure import Figure

__all__ = ["Brief", "Figure", "brief"]
