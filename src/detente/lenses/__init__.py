"""WAYS OF SEEING IT: one folder per lens; lenses never import each other."""

from detente.lenses.lens import Finding, Lens, LensResult, RunRecord, View
from detente.lenses.registry import available, lens
from detente.lenses.summary import Distribution, Histogram
from detente.lenses.table import Table

__all__ = [
    "Distribution",
    "Finding",
    "Histogram",
    "Lens",
    "LensResult",
    "RunRecord",
    "Table",
    "View",
    "available",
    "lens",
]
