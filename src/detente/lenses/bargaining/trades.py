"""Who gives what to whom, how often, and who is hurt? The exchange model's trades, summed over draws."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.lenses.bargaining.result import Trade
from detente.lenses.summary import Array

if TYPE_CHECKING:
    from detente.lenses.bargaining.exchange import Trades

TradeSums = dict[int, Array]
"""Number that says who trades what with whom → in how many draws; sums over them of the gain, the shifts of the
demanded and the returned issue, and the effect on every actor."""

MOST = 200  # trades that a result lists
NOTICED = 1e-6  # effect on a bystander, salience × shift on 0..100, below which it is none


def sum_trades(trades: Trades, issues: int, actors: int) -> TradeSums:
    """Return the sums over one block of draws; a pair that trades several times in a draw counts once."""
    if len(trades) == 0:
        return {}
    which = trades.demander, trades.supplier, trades.demanded, trades.returned
    codes = np.ravel_multi_index(which, (actors, actors, issues, issues))
    # numpy sorts numbers of 16 bits ten times as fast
    small = codes.astype(np.min_scalar_type(int(codes.max())))
    order = np.argsort(small, kind="stable")  # trades come sorted by draw and stay so within a code
    codes, draw = codes[order], trades.draw[order]
    first = np.r_[True, codes[1:] != codes[:-1]]
    new_draw = first | np.r_[True, draw[1:] != draw[:-1]]
    columns = trades.gain, trades.demanded_shift, trades.returned_shift, trades.externality
    amounts = new_draw.astype(np.float64), *(column[order] for column in columns)
    starts = np.flatnonzero(first)
    totals = np.column_stack([np.add.reduceat(amount, starts, axis=0) for amount in amounts])
    return dict(zip(codes[first].tolist(), totals, strict=True))


def add_trades(sums: TradeSums, more: TradeSums) -> None:
    """Take in the sums over other draws."""
    for code, total in more.items():
        sums[code] = sums[code] + total if code in sums else total


def trade_records(
    sums: TradeSums, draws: int, central: Container[int], issues: Sequence[str], actors: Sequence[str]
) -> tuple[Trade, ...]:
    """Return the trades of all draws, the largest gain first.

    ``central`` are those that are made with every input at its mean.
    """
    found = []
    shape = len(actors), len(actors), len(issues), len(issues)
    for code in sorted(sums, key=lambda one: (-sums[one][1], one))[:MOST]:
        demander, supplier, demanded, returned = map(int, np.unravel_index(code, shape))
        times, *totals = sums[code].tolist()
        gain, shift_first, shift_second, *effect = (total / times for total in totals)
        effects = sorted(zip(effect, actors, strict=True))
        trade = Trade(
            first=actors[supplier],
            second=actors[demander],
            gives_first=issues[demanded],
            gives_second=issues[returned],
            share=times / draws,
            gain=gain,
            shift_first=shift_first,
            shift_second=shift_second,
            central=code in central,
            hurt={actor: -effect for effect, actor in effects if effect < -NOTICED},
            helped={actor: effect for effect, actor in reversed(effects) if effect > NOTICED},
        )
        found.append(trade)
    return tuple(found)
