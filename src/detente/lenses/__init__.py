"""WAYS OF SEEING IT: one folder per lens; lenses never import each other."""

from detente.lenses.compare import Comparison, Difference
from detente.lenses.lens import Effort, Lens, LensResult, RunRecord
from detente.lenses.outcomes import OutcomeWords, View
from detente.lenses.registry import available, formats, lens
from detente.lenses.run import compare, first_lens, run, tornado
from detente.lenses.summary import Distribution, Histogram
from detente.lenses.tornado import Bar, Tornado

__all__ = [
    "Bar",
    "Comparison",
    "Difference",
    "Distribution",
    "Effort",
    "Histogram",
    "Lens",
    "LensResult",
    "OutcomeWords",
    "RunRecord",
    "Tornado",
    "View",
    "available",
    "compare",
    "first_lens",
    "formats",
    "lens",
    "run",
    "tornado",
]
