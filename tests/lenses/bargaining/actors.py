"""Actors for the tests of the bargaining solvers: a published case, random ones, and a way to see inside."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from numba.core import config

from detente.case.options import ChallengeOptions
from detente.lenses.bargaining.challenge import ChallengeOutcome, challenge

Array = npt.NDArray[np.float64]
PERCENT = np.array([0.0]), np.array([100.0])
KERNELS = ("powers", "challenge_round", "challenge")


class Stances(NamedTuple):
    """Draws × issues × actors."""

    position: Array
    salience: Array
    influence: Array

    @property
    def weight(self) -> Array:
        """Influence × salience."""
        return self.influence * self.salience

    def changed(self, scale: float = 1.0, shift: float = 0.0) -> Stances:
        """The same actors on another scale."""
        return Stances(scale * self.position + shift, self.salience, self.influence)

    def reordered(self, order: list[int]) -> Stances:
        """The same actors in another order."""
        return Stances(*(np.ascontiguousarray(array[..., order]) for array in self))


def stances(position: list[float], salience: list[float], influence: list[float]) -> Stances:
    """One draw of one issue."""
    return Stances(*(np.array([[values]], dtype=np.float64) for values in (position, salience, influence)))


# Bueno de Mesquita 1994, in European Community Decision Making, ch. 4: years until cars are to meet emission
# standards; Netherlands, Belgium, Luxembourg, Germany, France, Italy, United Kingdom, Ireland, Denmark, Greece.
EMISSION = stances(
    position=[4, 7, 4, 4, 10, 10, 10, 7, 4, 7],
    salience=[0.8, 0.4, 0.2, 0.8, 0.6, 0.6, 0.9, 0.1, 1.0, 0.7],
    influence=[0.08, 0.08, 0.03, 0.16, 0.16, 0.16, 0.16, 0.05, 0.05, 0.08],
)
YEARS: dict[str, Any] = {"scale_low": np.array([4.0]), "scale_high": np.array([10.0])}


HUNDRED: dict[str, Any] = {"scale_low": np.array([0.0]), "scale_high": np.array([100.0])}


def hundred(scale: float, shift: float) -> dict[str, Any]:
    """The bounds of 0..100 on another scale."""
    return {"scale_low": np.array([shift]), "scale_high": np.array([100.0 * scale + shift])}


def challenged(case: Stances, **options: Any) -> ChallengeOutcome:
    """The challenge model, with options from a table, also with values that a case may not state."""
    call = {name: options.pop(name) for name in ("scale_low", "scale_high", "keep_path") if name in options}
    chosen = ChallengeOptions.model_construct(**options)
    return challenge(case.position, case.salience, case.influence, options=chosen, **call)


@st.composite
def games(draw: st.DrawFn, least: int = 1, most: int = 7) -> Stances:
    """One draw of one issue on 0..100, often with several actors in one place, never without any weight."""
    n = draw(st.integers(least, most))
    coarse = st.integers(0, 8).map(lambda k: 12.5 * k)
    fine = st.integers(0, 100_000).map(lambda k: k / 1000)
    position = draw(st.lists(draw(st.sampled_from([coarse, fine])), min_size=n, max_size=n))
    salience = draw(st.lists(st.integers(1, 100).map(lambda k: k / 100), min_size=n, max_size=n))
    influence = draw(st.lists(st.integers(0, 997).map(lambda k: k / 97), min_size=n, max_size=n))
    influence[draw(st.integers(0, n - 1))] += 0.1
    return stances(position, salience, influence)


@contextmanager
def interpreted() -> Iterator[None]:
    """Run the compiled loops as plain Python, where a debugger, warnings and coverage see them."""
    room = "detente.lenses.bargaining"
    modules: list[ModuleType] = [importlib.import_module(f"{room}.{name}") for name in KERNELS]
    kept: list[dict[str, Any]] = [dict(vars(module)) for module in modules]
    vars(config)["DISABLE_JIT"] = True
    try:
        for module in modules:
            importlib.reload(module)
        yield
    finally:
        vars(config)["DISABLE_JIT"] = False
        for module, names in zip(modules, kept, strict=True):
            vars(module).update(names)
