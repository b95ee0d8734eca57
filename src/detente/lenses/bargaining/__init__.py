"""Where would each issue settle?

Five forecasts of collective decisions in one dimension per issue, on the same positions, saliences and
influences, with the doubt in them carried through:

- ``mean``: the weighted mean, all pulling in proportion (Van den Bos; Achen 2006);
- ``median``: the weighted median voter (Black 1948);
- ``nash``: asymmetric Nash bargaining against a no-deal point, with a cost of failure (Nash 1950);
- ``challenge``: expected-utility challenges, round by round (Bueno de Mesquita 1985, 1994; Scholz 2011);
- ``exchange``: position exchange between issues with equal gain (Stokman & Van Oosten 1994).

Assumptions: positions lie on one scale per issue; actors want outcomes near their position and nothing else;
weight is influence times salience; everybody knows the numbers.

When *not* to use it: when the outcome is a choice between unordered options, when one actor decides alone, or
when consent is required of actors who would refuse every forecast (none of the five knows vetoes). On data of
the European Union no method beats the weighted mean in absolute error, and the structural error of all of them
(about 23 points of 100) is far larger than the doubt in the inputs: read the intervals as what the inputs
leave open, not as how often the forecast will be right.
"""

from detente.lenses.bargaining.forecasts import Inputs
from detente.lenses.bargaining.lens import LENS, BargainingLens
from detente.lenses.bargaining.result import BargainingResult
from detente.lenses.bargaining.view import BargainingView

__all__ = ["LENS", "BargainingLens", "BargainingResult", "BargainingView", "Inputs"]
