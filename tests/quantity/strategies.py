"""Random quantities, for the tests of every room."""

from __future__ import annotations

from hypothesis import strategies as st

from detente.quantity import Quantity
from detente.quantity.expert import Statement

INTEGERS = st.integers(-1000, 1000).map(float)
FLOATS = st.floats(-1e6, 1e6, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-9)
NUMBERS = INTEGERS | FLOATS


def exact(numbers: st.SearchStrategy[float] = NUMBERS) -> st.SearchStrategy[Statement]:
    """Return statements without doubt."""
    return numbers.map(lambda value: Statement("exact", (value,)))


def normals(numbers: st.SearchStrategy[float] = NUMBERS) -> st.SearchStrategy[Statement]:
    """Return normal distributions."""
    sds = st.integers(1, 100).map(float) | st.floats(1e-3, 1e5)
    return st.tuples(numbers, sds).map(lambda pair: Statement("normal", pair))


def intervals(numbers: st.SearchStrategy[float] = NUMBERS) -> st.SearchStrategy[Statement]:
    """Return uniform distributions."""
    ends = st.lists(numbers, min_size=2, max_size=2, unique=True).map(sorted)
    return ends.map(lambda pair: Statement("interval", tuple(pair)))


def triangles(numbers: st.SearchStrategy[float] = NUMBERS) -> st.SearchStrategy[Statement]:
    """Return triangular distributions, with the mode at an end too."""
    corners = st.lists(numbers, min_size=3, max_size=3).map(sorted).filter(lambda three: three[0] < three[2])
    return corners.map(lambda three: Statement("triangular", tuple(three)))


def statements(numbers: st.SearchStrategy[float] = NUMBERS) -> st.SearchStrategy[Statement]:
    """Return what one expert may say."""
    return exact(numbers) | normals(numbers) | intervals(numbers) | triangles(numbers)


def quantities(numbers: st.SearchStrategy[float] = NUMBERS) -> st.SearchStrategy[Quantity]:
    """Return quantities of one to four experts, without bounds."""
    several = st.lists(statements(numbers), min_size=1, max_size=4)
    return several.map(lambda parts: Quantity(tuple(parts)))
