"""Who gives what to whom, how often, and who is hurt? The exchange model's trades, summed over draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.lenses.bargaining.result import Trade
from detente.lenses.summary import Array

if TYPE_CHECKING:
    from detente.lenses.bargaining.exchange import Trades
    from detente.lenses.bargaining.gather import Gathered
    from detente.lenses.bargaining.solve import Solved
    from detente.lenses.bargaining.view import BargainingView

MOST = 200  # trades that a result lists
NOTICED = 1e-6  # effect on a bystander, salience × shift on 0..100, below which it is none


@dataclass(slots=True)
class _Sum:
    """Sums over the draws in which one pair of actors trades on one pair of issues.

    ``amounts`` holds the gain, the shifts of the demanded and the returned issue, and the effect on every actor.
    """

    draws: int
    amounts: Array


@dataclass(slots=True)
class TradeSums:
    """All trades of some draws, by who trades what; a pair that trades several times in a draw counts once."""

    view: BargainingView
    sums: dict[int, _Sum] = field(default_factory=dict)

    @classmethod
    def of(cls, view: BargainingView, trades: Trades) -> TradeSums:
        """Return the sums over one block of draws."""
        found = cls(view)
        if len(trades) == 0:
            return found
        codes = found.codes(trades)
        order = np.argsort(codes, kind="stable")  # trades come sorted by draw and stay so within a code
        codes, draw = codes[order], trades.draw[order]
        starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
        new = np.r_[True, (codes[1:] != codes[:-1]) | (draw[1:] != draw[:-1])].astype(np.int64)
        columns = (trades.gain[:, None], trades.demanded_shift[:, None], trades.returned_shift[:, None])
        amounts = np.concatenate([*columns, trades.externality], axis=1)[order]
        times, totals = np.add.reduceat(new, starts), np.add.reduceat(amounts, starts, axis=0)
        for code, count, total in zip(codes[starts].tolist(), times.tolist(), totals, strict=True):
            found.sums[code] = _Sum(count, total)
        return found

    def add(self, other: TradeSums) -> None:
        """Take in the sums over other draws."""
        for code, theirs in other.sums.items():
            own = self.sums.get(code)
            if own is None:
                self.sums[code] = _Sum(theirs.draws, theirs.amounts.copy())
            else:
                own.draws += theirs.draws
                own.amounts += theirs.amounts

    def codes(self, trades: Trades) -> Array:
        """Return one number per trade that says who trades what with whom."""
        issues, actors = len(self.view.issues), len(self.view.actors)
        pair = trades.demander * actors + trades.supplier
        return np.asarray((pair * issues + trades.demanded) * issues + trades.returned)

    def named(self, code: int) -> tuple[str, str, str, str]:
        """Return (demander, supplier, demanded issue, returned issue) of a code."""
        rest, returned = divmod(code, len(self.view.issues))
        rest, demanded = divmod(rest, len(self.view.issues))
        demander, supplier = divmod(rest, len(self.view.actors))
        actors, issues = self.view.actors, self.view.issues
        return actors[demander], actors[supplier], issues[demanded], issues[returned]


def trades(gathered: Gathered, central: Solved) -> tuple[Trade, ...]:
    """Return the trades of a run, the largest gain over all draws first; empty when exchange was not run."""
    sums = gathered.trades
    if sums is None:
        return ()
    in_centre = set() if central.trades is None else set(central.trades.sums)
    order = sorted(sums.sums, key=lambda code: (-sums.sums[code].amounts[0], code))
    return tuple(_trade(sums, code, gathered.draws, code in in_centre) for code in order[:MOST])


def _trade(sums: TradeSums, code: int, draws: int, central: bool) -> Trade:
    one = sums.sums[code]
    demander, supplier, demanded, returned = sums.named(code)
    gain, shift_first, shift_second, *effect = (one.amounts / one.draws).tolist()
    effects = sorted(zip(effect, sums.view.actors, strict=True))
    return Trade(
        first=supplier,
        second=demander,
        gives_first=demanded,
        gives_second=returned,
        share=one.draws / draws,
        gain=gain,
        shift_first=shift_first,
        shift_second=shift_second,
        central=central,
        hurt={actor: -effect for effect, actor in effects if effect < -NOTICED},
        helped={actor: effect for effect, actor in reversed(effects) if effect > NOTICED},
    )
