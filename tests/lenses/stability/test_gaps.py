"""Margins of stability against their literal definition, and against the answers whose sign they have."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest

from detente.case import Case
from detente.catalog import open_case, slugs
from detente.errors import MissingPartError
from detente.lenses.stability.gaps import RANKED
from detente.lenses.stability.orders import TIE
from detente.lenses.stability.view import StabilityView
from detente.lenses.summary import Array


def games() -> list[str]:
    """Return the cases with a game whose states are followed one by one, and whose preferences are known."""
    found = []
    for slug in slugs():
        with suppress(MissingPartError):
            view = StabilityView(open_case(slug))
            if view.told() and not view.orders.has_unknown:
                found.append(slug)
    return found


GAMES = games()


@pytest.mark.parametrize("slug", GAMES)
def test_the_sign_of_a_margin_is_the_answer(slug: str) -> None:
    view = StabilityView(open_case(slug))
    values = view.table.sample(3, 0, 40)
    told = list(view.told())
    margins, outcomes = view.margins(values, told), view.outcomes(values)
    assert margins.keys() == {
        label for label in told if label.partition(".")[0] in ("nash", "gmr", "smr", "seq")
    }
    for label, margin in margins.items():
        np.testing.assert_array_equal(margin > 0, outcomes[label] > 0, err_msg=label)


def widest(view: StabilityView, heights: Array, i: int) -> Array:
    """Return the most that the others' least gain can be on the way from one state to another, shape (m, m).

    Literally: the widest path over (state, who moved last), where nobody moves twice in a row (Floyd & Warshall).
    """
    graph = view.graph
    m, movers = graph.states, len(graph.starts)
    best = np.full((m, movers + 1, m, movers + 1), -np.inf)
    for a in range(graph.targets.size):
        x, y, row = int(graph.sources[a]), int(graph.targets[a]), int(graph.rows[a])
        if graph.members[row, i]:
            continue
        gain = min(heights[j, y] - heights[j, x] for j in graph.movers[row])
        for last in range(movers + 1):
            if last != row:
                best[x, last, y, row] = max(best[x, last, y, row], gain)
    flat = best.reshape(m * (movers + 1), -1)
    for via in range(len(flat)):
        flat = np.maximum(flat, np.minimum(flat[:, via, None], flat[None, via]))
    return np.asarray(flat.reshape(best.shape)[:, movers].max(axis=-1))


def literal(view: StabilityView, values: Array, concept: str) -> Array:
    """Return the margins of all states in one draw by their definition."""
    heights, graph = view.orders.heights(values, RANKED), view.graph
    found = np.full(graph.states, np.inf)
    for i in range(graph.actors):
        h, own = heights[i], widest(view, heights, i)
        reached = own > -np.inf
        escape = np.array([max([h[s], *h[graph.moves(i, s)]]) for s in range(graph.states)])
        for s in range(graph.states):
            for b in graph.moves(i, s):
                level = h[s] - h[b]
                for c in np.flatnonzero(reached[b]):
                    sanction = {
                        "nash": -np.inf,
                        "gmr": h[s] - h[c],
                        "smr": h[s] - escape[c],
                        "seq": min(h[s] - h[c], own[b, c] - 2 * TIE),
                    }[concept]
                    level = max(level, sanction)
                found[s] = min(found[s], level + TIE)
    return np.where(np.abs(found) < RANKED / 2, found, np.sign(found) * np.inf)


SMALL = [slug for slug in GAMES if StabilityView(open_case(slug)).count <= 16]


@pytest.mark.parametrize("slug", SMALL)
@pytest.mark.parametrize("concept", ["nash", "gmr", "smr", "seq"])
def test_margins_are_those_of_the_definition(slug: str, concept: str) -> None:
    view = StabilityView(open_case(slug))
    values = view.table.sample(5, 0, 2)
    labels = [f"{concept}.{text}" for text in view.texts]
    found = view.margins(values, labels)
    for row in range(2):
        told = np.array([found[label][row] for label in labels])
        true = literal(view, values[row], concept)
        steady = np.sign(told) == np.sign(true)
        assert steady.all()
        if (
            concept != "seq" or view.states.form is None
        ):  # below 0, a twice-moving sanction may count for more
            np.testing.assert_allclose(told, true, atol=1e-9)
        else:
            np.testing.assert_allclose(told[true > 0], true[true > 0], atol=1e-9)


CASE = {
    "detente": 1,
    "title": "Two who could go",
    "actors": {"a": {"name": "A"}, "b": {"name": "B"}},
    "game": {
        "options": {"x": {"name": "X", "actor": "a"}, "y": {"name": "Y", "actor": "b"}},
        "preferences": {
            "a": {
                "weights": {"w": {"statement": "x", "weight": "3 ± 1"}, "v": {"statement": "y", "weight": 1}}
            },
            "b": {"ranking": ["-Y", "-N"]},
        },
    },
}


def test_a_margin_by_hand() -> None:
    """A gains 3 of 4 by X, whatever B does; B's ranking has no numbers, so nothing makes it drop Y."""
    view = StabilityView(Case.from_dict(CASE))
    found = view.margins(view.table.means[None], ["nash.YY", "nash.NY", "nash.YN", "sim.YY"])
    assert found["nash.YY"][0] == pytest.approx(0.75, abs=1e-3)
    assert found["nash.NY"][0] == pytest.approx(-0.75, abs=1e-3)
    assert found["nash.YN"][0] == -np.inf
    assert "sim.YY" not in found
