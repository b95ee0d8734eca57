"""Powers and logarithms of base 2 agree with those of extended precision."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from detente.lenses.bargaining import powers
from tests.lenses.bargaining.actors import Array


def run(name: str, numbers: Array) -> Array:
    """The loop as plain Python: the same operations in the same order."""
    out, scale = np.empty_like(numbers), np.empty_like(numbers)
    cast(Any, getattr(powers, name)).py_func(numbers, out, scale)
    return out


@pytest.mark.parametrize("name", ["exp2", "log2"])
def test_they_are_within_a_digit_of_extended_precision(name: str) -> None:
    rng = np.random.default_rng(0)
    near_one = 1 - 10.0 ** rng.uniform(-15, -1, 300)
    numbers = -rng.exponential(3, 2000) if name == "exp2" else np.append(rng.uniform(1e-9, 1, 2000), near_one)
    exact = getattr(np, name)(numbers.astype(np.longdouble))
    np.testing.assert_allclose(run(name, numbers).astype(np.longdouble) / exact, 1.0, rtol=0, atol=5e-16)


def test_whole_powers_are_exact_both_ways() -> None:
    whole = -np.arange(1000.0)
    np.testing.assert_array_equal(run("exp2", whole), 2.0**whole)
    np.testing.assert_array_equal(run("log2", 2.0**whole), whole)


def test_the_power_of_a_base_of_nothing_is_nothing_beside_one() -> None:
    out = run("exp2", np.array([-1e9, -np.inf, -1000.0]))
    assert (out == 2.0**-1000).all()
