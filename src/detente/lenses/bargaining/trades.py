"""Who gives what to whom, how often, and who is hurt? The exchange model's trades, summed over draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from detente.lenses.bargaining.result import Trade
from detente.lenses.summary import Array

if TYPE_CHECKING:
    from detente.lenses.bargaining.exchange import ExchangeOutcome, Trades
    from detente.lenses.bargaining.gather import Gathered
    from detente.lenses.bargaining.solve import Solved
    from detente.lenses.bargaining.view import BargainingView

MOST = 200  # trades that a result lists
NOTICED = 1e-6  # effect on a bystander, salience × shift on 0..100, below which it is none


@dataclass(slots=True)
class _Sum:
    """Sums over the draws in which one pair of actors trades on one pair of issues."""

    draws: int
    gain: float
    shift_demanded: float
    shift_returned: float
    externality: Array


@dataclass(slots=True)
class TradeSums:
    """All trades of a run, by who trades what; a pair that trades several times in a draw counts once."""

    view: BargainingView
    sums: dict[int, _Sum] = field(default_factory=dict)

    def add(self, outcome: ExchangeOutcome) -> None:
        """Take in the trades of one block of draws."""
        trades = outcome.trades
        if trades is None or len(trades) == 0:
            return
        found, which = np.unique(self.codes(trades), return_inverse=True)
        draws = np.unique(np.stack([which, trades.draw]), axis=1)[0]
        times = np.bincount(draws, minlength=len(found))
        totals = [
            np.bincount(which, values, len(found))
            for values in (trades.gain, trades.demanded_shift, trades.returned_shift)
        ]
        externality = np.zeros((len(found), trades.externality.shape[1]))
        np.add.at(externality, which, trades.externality)
        for k, code in enumerate(found.tolist()):
            gain, demanded, returned = (float(total[k]) for total in totals)
            one = self.sums.setdefault(code, _Sum(0, 0.0, 0.0, 0.0, np.zeros(externality.shape[1])))
            one.draws += int(times[k])
            one.gain += gain
            one.shift_demanded += demanded
            one.shift_returned += returned
            one.externality += externality[k]

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
    made = central.exchange.trades if central.exchange is not None else None
    in_centre = set() if made is None else set(sums.codes(made).tolist())
    order = sorted(sums.sums, key=lambda code: (-sums.sums[code].gain, code))
    return tuple(_trade(sums, code, gathered.draws, code in in_centre) for code in order[:MOST])


def _trade(sums: TradeSums, code: int, draws: int, central: bool) -> Trade:
    one = sums.sums[code]
    demander, supplier, demanded, returned = sums.named(code)
    effects = sorted(zip((one.externality / one.draws).tolist(), sums.view.actors, strict=True))
    return Trade(
        first=supplier,
        second=demander,
        gives_first=demanded,
        gives_second=returned,
        share=one.draws / draws,
        gain=one.gain / one.draws,
        shift_first=one.shift_demanded / one.draws,
        shift_second=one.shift_returned / one.draws,
        central=central,
        hurt={actor: -effect for effect, actor in effects if effect < -NOTICED},
        helped={actor: effect for effect, actor in reversed(effects) if effect > NOTICED},
    )
