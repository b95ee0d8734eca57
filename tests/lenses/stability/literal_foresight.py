"""Looking several moves ahead among any number of actors, by plain recursion, slow."""

from __future__ import annotations

from tests.lenses.stability.literal_definitions import Model


def conservative(model: Model, h: int) -> list[list[bool]]:
    """L_h: each expects, of those who may move next, the one whose own best end is worst for it."""

    def end(h: int, i: int, s: int) -> int:
        """Where it ends when i has the move at s and looks h moves ahead."""
        if h == 0:
            return s
        best = None
        for q in sorted(model.moves(i, s)):
            ends = [end(h - 1, j, q) for j in model.others([i])] or [q]
            expected = min(ends, key=lambda e: (model.ranks[i][e], e))
            if best is None or model.better(i, expected, best):
                best = expected
        return s if best is None or not model.better(i, best, s) else best

    return [[end(h, i, s) == s for s in range(model.states)] for i in model.actors]
