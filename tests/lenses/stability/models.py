"""Random small games, for the package and for the literal definitions at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from hypothesis import strategies as st

from detente.lenses.stability.graph import Graph
from detente.lenses.stability.space import Ranks, Space
from tests.lenses.stability.literal_definitions import Model, Options

SEVERAL = st.integers(2, 5)


@dataclass(frozen=True)
class Game:
    """One game both ways; literal states are in the order of the package's state numbers."""

    space: Space
    ranks: Ranks  # by code, -1 where infeasible
    options: Options
    model: Model

    @property
    def by_state(self) -> Ranks:
        return np.ascontiguousarray(self.ranks[:, self.space.codes])


@st.composite
def games(draw: st.DrawFn, actors: st.SearchStrategy[int] = SEVERAL, most: int = 6) -> Game:
    """Options owned in any order (some by nobody), one-way options, infeasible states, ties."""
    k = draw(actors)
    owners = draw(st.lists(st.integers(-1, k - 1), min_size=1, max_size=most))
    directions = draw(st.lists(st.sampled_from([0, 0, 0, 1, 2]), min_size=len(owners), max_size=len(owners)))
    space = Space.build(owners, k, directions)
    size = space.feasible.size
    banned = np.array(
        draw(st.lists(st.sampled_from([False, False, False, True]), min_size=size, max_size=size))
    )
    banned[draw(st.integers(0, size - 1))] = False
    space = space.without([banned])
    m = space.codes.size
    levels = draw(st.integers(1, 2 * m))
    rows = [draw(st.lists(st.integers(0, levels), min_size=m, max_size=m)) for _ in range(k)]
    ranks = np.full((k, size), -1, dtype=np.int32)
    ranks[:, space.codes] = rows
    feasible = tuple(tuple(letter == "Y" for letter in space.text(s)) for s in range(m))
    options = Options(tuple(owners), tuple(directions), k, feasible)
    return Game(space, ranks, options, options.model(rows))


@st.composite
def graphs(draw: st.DrawFn, actors: st.SearchStrategy[int] = SEVERAL) -> tuple[Graph, Ranks, Model]:
    """Any arcs per actor, most of them not transitive."""
    k = draw(actors)
    m = draw(st.integers(1, 7))
    pairs = [(a, b) for a, b in product(range(m), range(m)) if a != b]
    arcs = tuple(
        frozenset(draw(st.lists(st.sampled_from(pairs), max_size=12)) if pairs else []) for _ in range(k)
    )
    rows = [draw(st.lists(st.integers(0, m), min_size=m, max_size=m)) for _ in range(k)]
    model = Model(m, arcs, tuple(tuple(row) for row in rows))
    return Graph.from_arcs(m, arcs), np.array(rows, dtype=np.int32), model
