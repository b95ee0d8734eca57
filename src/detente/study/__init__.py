"""ACROSS LENSES AND DRAWS: run a lens on a case, compare runs on common draws, find which input matters."""

from detente.study.compare import Comparison, Difference, compare
from detente.study.run import run
from detente.study.tornado import Bar, Tornado, tornado

__all__ = ["Bar", "Comparison", "Difference", "Tornado", "compare", "run", "tornado"]
