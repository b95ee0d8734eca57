"""In which draws is there a deal, which packages are the named solutions, and how far does the zone reach?

Cheap answers come first: no room between the vetoers' intervals, or a deal in the middle of it; then branch and
bound with a small dual simplex; at last, for what even that leaves open, a mixed-integer program. Solutions and
reach on a single issue are swept from end to end. A draw that nothing decides is unknown, never "no deal". No draw
looks at another, so results do not depend on how draws are dealt out to threads.

Within the zone, parties consenting too: the Nash solution maximises the product of the parties' gains over no deal
(Nash 1950), Kalai–Smorodinsky their least gain relative to the most that each could get there (Kalai & Smorodinsky
1975), the egalitarian the least gain (Kalai 1977), the utilitarian their sum. Losses leave flat places: where
several packages solve alike, one of them is returned, always the same for the same names asked; see ``one_draw``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.lenses.winset.deal import PER_VOTER, TOLERANCE, Acceptance, Array, Deal
from detente.lenses.winset.engine import listed, undecided
from detente.lenses.winset.engine.kernel import EXTENTS, SOLUTIONS, VERDICTS, healthy, pose
from detente.lenses.winset.engine.one_issue import settled, spanned

NONE, DEAL, TOUCHING, UNKNOWN = 0, 1, 2, 3
Statuses = NDArray[np.int8]
Status = Literal["none", "deal", "touching", "unknown"]
STATUSES: tuple[Status, ...] = ("none", "deal", "touching", "unknown")
"""In words, by the codes of ``Verdicts.status``."""
UNDECIDED, INTERVAL, CANDIDATE, SEARCH, PROGRAM = 0, 1, 2, 3, 4
WAYS = ("undecided", "interval", "candidate", "search", "program")
"""By what a draw was decided, in words, by the codes of ``Verdicts.decided``."""
NAMES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
NODES = 20_000
NEAR = 1e-8
"""A margin known up to this is known."""
FAR = 1e6
"""No margin within red lines is as far from 0."""
EASE = 1e-9
"""Shortfall that the zone forgives beyond that of the package that proves the deal."""


@dataclass(frozen=True, eq=False)
class Verdicts:
    """Whether there is a deal, in D draws.

    Attributes:
        status: (D,): ``NONE``, ``DEAL``, ``TOUCHING`` (the best package leaves somebody needed as well off as no
            deal; where acceptance is weak that is a deal) or ``UNKNOWN``.
        margin: (D,): the true margin of the best package looked at, ``-inf`` where none was; of the package,
            if any.
        bound: (D,): proven: no package has a greater margin.
        package: (D, d): a package that proves the deal (or touches), NaN where there is none.
        decided: (D,): by what, a code; see ``WAYS``.
    """

    status: Statuses
    margin: Array
    bound: Array
    package: Array
    decided: NDArray[np.int8]


def verdicts(
    deal: Deal, *, acceptance: Acceptance | None = None, nodes: int = NODES, greatest: bool = False
) -> Verdicts:
    """Return in which draws of a deal there is one.

    Args:
        deal: D draws. Draws with numbers that are not finite where they must be are unknown.
        acceptance: another than the deal's.
        nodes: parts of the search that may be looked at per draw, before a mixed-integer program is asked.
        greatest: go on to the package with the greatest margin of all, also where that is no deal; otherwise
            a package is any that proves a deal.
    """
    acceptance, sound = acceptance or deal.acceptance, healthy(deal)
    if deal.tables:
        reply = listed.most(deal)
    else:
        slack, stop = np.where(sound, 0.0, np.nan), FAR if greatest else TOLERANCE
        reply = pose(deal, VERDICTS, slack=slack, nodes=nodes, stop=stop)
    margin, bound = reply.facts[:, 0].copy(), reply.facts[:, 1].copy()
    bound[bound <= -FAR] = -np.inf
    status = _status(margin, bound, acceptance)
    left = status == UNKNOWN
    if greatest:
        left |= np.isfinite(bound) & (bound > margin + NEAR)
    status[~sound] = UNKNOWN
    decided = np.where(status == UNKNOWN, UNDECIDED, reply.facts[:, 2]).astype(np.int8)
    package = reply.package[:, 0].copy()
    for k in np.flatnonzero(sound & left):
        value, proven, found = undecided.greatest_margin(deal.draw(int(k)))
        if found is not None and value > margin[k]:
            package[k], margin[k] = found, value
        bound[k] = max(min(bound[k], proven), margin[k])
        status[k] = _status(margin[k : k + 1], bound[k : k + 1], acceptance)[0]
        decided[k] = UNDECIDED if status[k] == UNKNOWN else PROGRAM
    kept = np.isfinite(margin) | (margin == np.inf) if greatest else (status == DEAL) | (status == TOUCHING)
    package[~(kept & sound)] = np.nan
    return Verdicts(status, margin, bound, package, decided)


def _status(margin: Array, bound: Array, acceptance: Acceptance) -> Statuses:
    """Return what a margin and a bound on all others prove."""
    status = np.full(margin.shape, UNKNOWN, dtype=np.int8)
    status[(margin >= -TOLERANCE) & (bound <= TOLERANCE + NEAR)] = TOUCHING
    status[bound <= -TOLERANCE] = NONE
    if acceptance == "weak":
        status[margin >= -TOLERANCE] = DEAL
    status[margin > TOLERANCE] = DEAL
    return status


def solutions(
    deal: Deal,
    verdicts: Verdicts,
    parties: Sequence[int],
    names: Sequence[str] = NAMES,
    *,
    nodes: int = NODES,
) -> dict[str, Array]:
    """Return named solutions within the zone.

    Args:
        deal: D draws.
        verdicts: their verdicts.
        parties: rows of those whose gains count; they must accept too.
        names: some of ``NAMES``.
        nodes: parts of one search that may be looked at.

    Returns:
        name → (D, d), any package of the zone where there are no parties; NaN without a deal, where no package
        suits all parties, where the Nash solution does not exist because somebody cannot gain, and where even
        the program, which is asked of what the search leaves open by more than 1e-6, finds none.

    Raises:
        OptionError: a name that is not one of them.
    """
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise OptionError(f"no solution {', '.join(unknown)}; use some of {', '.join(NAMES)}")
    wanted = [name in names for name in NAMES]
    slack = _slack(verdicts)
    if not parties:
        return {
            name: np.where((verdicts.status == DEAL)[:, None], verdicts.package, np.nan) for name in names
        }
    if deal.tables:
        reply = listed.named(deal, slack, parties, wanted)
    elif deal.issues == 1:
        reply = settled(deal, slack, parties, wanted, verdicts.package[:, 0])
    else:
        first = np.nan_to_num(verdicts.package)
        reply = pose(deal, SOLUTIONS, slack=slack, nodes=nodes, package=first, parties=parties, wanted=wanted)
    found = {name: reply.package[:, NAMES.index(name)].copy() for name in names}
    for name, packages in found.items():
        for k in _left_open(packages):
            package = undecided.solution(deal.draw(k), name, tuple(parties))
            packages[k] = np.nan if package is None else package
    return found


def extents(deal: Deal, verdicts: Verdicts, *, nodes: int = NODES) -> Array:
    """Return the least and the greatest value of every issue in the zone, (D, d, 2); NaN without a deal."""
    slack = _slack(verdicts)
    if deal.tables:
        reply = listed.reach(deal, slack)
    elif deal.issues == 1:
        reply = spanned(deal, slack)
    else:
        reply = pose(deal, EXTENTS, slack=slack, nodes=nodes, package=np.nan_to_num(verdicts.package))
    found = reply.package.transpose(0, 2, 1).copy()
    for k in _left_open(found):
        ends = undecided.extent(deal.draw(k))
        found[k] = np.nan if ends is None else ends
    return found


def _left_open(answers: Array) -> list[int]:
    """Return the draws that the search left open."""
    return [int(k) for k in np.flatnonzero(np.isinf(answers).reshape(len(answers), -1).any(axis=1))]


def _slack(verdicts: Verdicts) -> Array:
    """Return the shortfall that still counts as consent, (D,), NaN in draws without a deal."""
    return np.where(verdicts.status == DEAL, np.maximum(-verdicts.margin, 0.0) + EASE, np.nan)


def with_twins(
    deal: Deal, rows: Sequence[int], size: Array | float = 1.0, kept: Array | float = 0.0
) -> tuple[Deal, list[int]]:
    """Add twins of voters that no rule names, and return their rows: of another size, or that ask for a gain.

    Args:
        deal: D draws.
        rows: of the voters, K.
        size: (K,) or (D, K): a twin's gains are so many times as large.
        kept: (K,) or (D, K): a twin accepts what gains the voter at least as much.
    """
    chosen, voters = list(rows), deal.voters
    twins = deal.changed(PER_VOTER, lambda one: np.concatenate([one, one[:, chosen]], axis=1))
    sizes = np.broadcast_to(size, (deal.draws, len(chosen)))
    twins.salience[:, voters:] *= sizes[..., None]
    twins.radius[:, voters:] = (twins.radius[:, voters:] - kept) * sizes
    return twins, list(range(voters, twins.voters))
