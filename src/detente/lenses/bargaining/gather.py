"""What is kept of each block of draws? Every forecast; of inputs and paths only sums: bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from detente.lenses.bargaining.result import ActorPull
from detente.lenses.bargaining.solve import Solved
from detente.lenses.bargaining.trades import TradeSums
from detente.lenses.bargaining.view import BargainingView
from detente.lenses.summary import Array


class Gathered:
    """All draws of a run.

    Attributes:
        draws: how many.
        forecasts: method → draws × issues.
        unweighted: plain mean of positions, draws × issues.
        no_deal: draws × issues.
        agreement: draws × issues, 1 where Nash bargaining beats no deal; ``None`` when it was not run.
        median_path: sum over draws of the challenge model's median per issue and round, or ``None``.
        stopped: per issue, reason for stopping → number of draws.
        trades: sums over the exchange model's trades, or ``None``.
    """

    def __init__(self, view: BargainingView, blocks: Iterable[Solved]) -> None:
        """Take in the blocks, in order."""
        self.view = view
        self.draws = 0
        self.median_path: Array | None = None
        self.stopped: list[Counter[str]] = [Counter() for _ in view.issues]
        self.trades: TradeSums | None = None
        self._pulls: list[Array] | None = None
        kept: dict[str, list[Array]] = {}
        for solved in blocks:
            self.draws += len(solved.unweighted)
            for name, values in self._kept(solved).items():
                kept.setdefault(name, []).append(values)
            self._add_sums(solved)
        joined = {name: np.concatenate(parts) for name, parts in kept.items()}
        self.unweighted = joined.pop("unweighted")
        self.no_deal = joined.pop("no_deal")
        self.agreement = joined.pop("agreement", None)
        self.forecasts = joined

    @staticmethod
    def _kept(solved: Solved) -> dict[str, Array]:
        kept = {**solved.forecasts, "unweighted": solved.unweighted, "no_deal": solved.no_deal}
        if solved.agreement is not None:
            kept["agreement"] = solved.agreement
        return kept

    def _add_sums(self, solved: Solved) -> None:
        if solved.pulls is not None:
            sums = [by.sum(axis=0) for by in solved.pulls]
            self._pulls = (
                sums if self._pulls is None else [a + b for a, b in zip(self._pulls, sums, strict=True)]
            )
        if solved.challenge is not None:
            path = solved.challenge.median.sum(axis=0)
            self.median_path = path if self.median_path is None else self.median_path + path
            for i, counter in enumerate(self.stopped):
                counter.update(reasons(solved, i))
        if solved.trades is not None:
            if self.trades is None:
                self.trades = TradeSums(self.view)
            self.trades.add(solved.trades)

    def mean_pulls(self) -> dict[str, dict[str, ActorPull]]:
        """Return issue → actor → derivatives of the compromise, averaged over draws."""
        if self._pulls is None:
            return {}
        position, salience, influence = (total / self.draws for total in self._pulls)
        return {
            issue: {
                actor: ActorPull(
                    position=float(position[i, a]),
                    salience=float(salience[i, a]),
                    influence=float(influence[i, a]),
                )
                for a, actor in enumerate(self.view.actors)
                if self.view.present[i, a]
            }
            for i, issue in enumerate(self.view.issues)
        }


def reasons(solved: Solved, issue: int) -> dict[str, int]:
    """Return reason for stopping the challenge model → number of draws of the block."""
    from detente.lenses.bargaining.challenge import Stop

    if solved.challenge is None:
        return {}
    codes, counts = np.unique(solved.challenge.stopped[:, issue], return_counts=True)
    return {Stop(int(code)).name.lower(): int(count) for code, count in zip(codes, counts, strict=True)}
