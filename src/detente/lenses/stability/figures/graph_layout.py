"""Where does each state of a game stand in a picture? In rows by its distance from today, near what it is tied to.

Layered drawing after Sugiyama, Tagawa & Toda (1981): layers are given by distance, the order within each follows
the mean place of the neighbours in the layers beside it. A layer too wide for the frame goes over several lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot

SWEEPS = 6
STEPS = 8  # pieces that a curve is drawn in

Point = tuple[float, float]
Arc = tuple[int, int]


def placed(
    layer_of: Mapping[int, int],
    arcs: Sequence[Arc],
    *,
    most: int,
    step: float,
    gap: float,
    top: float,
    left: float,
    right: float,
) -> dict[int, Point]:
    """Return node → its centre, in lines from top to bottom with even distances between two pixels.

    Args:
        layer_of: node → layer; the lowest stands on top.
        arcs: pairs of nodes that belong near each other.
        most: nodes in a line.
        step: pixels between two lines of one layer.
        gap: further pixels between two layers.
        top: pixel of the first line.
        left: pixel at which lines begin.
        right: pixel at which they end.
    """
    places, y = dict[int, Point](), top
    for nodes in _ordered(layer_of, arcs).values():
        pieces = -(-len(nodes) // most)
        size = -(-len(nodes) // pieces)
        for start in range(0, len(nodes), size):
            line = nodes[start : start + size]
            width = (right - left) / len(line)
            places |= {node: (left + (k + 0.5) * width, y) for k, node in enumerate(line)}
            y += step
        y += gap
    return places


def _ordered(layer_of: Mapping[int, int], arcs: Sequence[Arc]) -> dict[int, list[int]]:
    """Return layer → its nodes, in an order with few crossings."""
    layers: dict[int, list[int]] = {}
    for node in sorted(layer_of, key=lambda one: (layer_of[one], one)):
        layers.setdefault(layer_of[node], []).append(node)
    tied: dict[int, list[int]] = {node: [] for node in layer_of}
    for a, b in arcs:
        if layer_of[a] != layer_of[b]:
            tied[a].append(b)
            tied[b].append(a)
    for _ in range(SWEEPS):
        for nodes in layers.values():
            place = {n: (k + 0.5) / len(each) for each in layers.values() for k, n in enumerate(each)}
            means = {n: sum(place[t] for t in tied[n]) / len(tied[n]) if tied[n] else place[n] for n in nodes}
            nodes.sort(key=lambda n: (means[n], n))
    return layers


def curve(start: Point, end: Point, *, bend: float, margin: float) -> list[Point]:
    """Return the points of a bow between two nodes, from the edge of one to the edge of the other.

    It bows out to its left by ``bend``, a share of its length, and keeps ``margin`` pixels from both centres.
    """
    (x0, y0), (x1, y1) = start, end
    length = hypot(x1 - x0, y1 - y0)
    control = ((x0 + x1) / 2 + bend * (y1 - y0), (y0 + y1) / 2 - bend * (x1 - x0))
    low, high = margin / length, 1 - margin / length
    found = []
    for k in range(STEPS + 1):
        t = low + (high - low) * k / STEPS
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        found.append((a * x0 + b * control[0] + c * x1, a * y0 + b * control[1] + c * y1))
    return found
