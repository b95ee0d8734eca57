"""Where will an issue stand? If it is decided, by the record of decided issues; if not, where it stands without.

Whether it is decided, and what those who must consent could accept, comes from the lens that asks them, draw by
draw; lenses do not know each other, and draw k of both comes from the same numbers. Every draw with the deal that
settles an issue has its own foothold distribution, kept to what all who must consent would accept in that draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.lenses import lens
from detente.lenses.join import Joint, answering
from detente.lenses.lens import DEFAULT_DRAWS, DEFAULT_SEED, Effort, Simulation
from detente.lenses.summary import Array
from detente.lenses.worth import anchors, best
from detente.quantity import QuantityTable
from detente.show.record import Record
from detente.study.outlook.foothold import PUBLISHED, Constants, foothold, footholds
from detente.study.outlook.mixed import MixedDistribution

LEVEL, SPANS = 0.8, ("low80", "high80", "holds", "inputs_low", "inputs_high")
MOST_DRAWS = 2_000
"""Over which the distribution is averaged: the error of a share is then 1.1 % at most."""


class IssueOutlook(Record):
    """Where an issue will stand, as far as the record of decided issues tells.

    Attributes:
        issue: id.
        decided: chance that a deal settles it: share of draws in which those who must consent would accept one,
            to which all below is then restricted; ``None`` where the case does not say who must consent.
        deal: id of that deal: the issue's own, or that of a package; ``None`` with `decided`.
        no_deal: where it stands without one; ``None`` where the case does not say.
        median: given a decision, on the issue's scale.
        low80: lower end of the shortest interval that holds at least 80 % given a decision.
        high80: upper end.
        holds: what that interval holds.
        inputs_low: lower end of the middle 80 % of draws of the compromise: what the inputs leave open.
        inputs_high: upper end.
        actors: who takes part.
        atoms: values with a chance of their own, and that, the likeliest first.
        knots: values between which the rest is spread evenly.
        smooth: chance of the rest up to each knot.
    """

    issue: str
    decided: float | None
    deal: str | None
    no_deal: float | None
    median: float
    low80: float
    high80: float
    holds: float
    inputs_low: float
    inputs_high: float
    actors: int
    atoms: tuple[tuple[float, float], ...]
    knots: tuple[float, ...]
    smooth: tuple[float, ...]


Zones = Mapping[str, Mapping[str, Array]]
"""Deal → issue → the least and greatest value that all who must consent would accept, (draws, 2), or NaN."""
Draw = Callable[[str, Case, Effort], Simulation]
"""Makes, or has kept, the draws of a lens."""


def zones(
    case: Case, draws: int = DEFAULT_DRAWS, seed: int = DEFAULT_SEED, draw: Draw | None = None
) -> Zones:
    """Return what all who must consent would accept in each draw, by the lenses that tell it; see `Draw`."""
    found, draw = dict[str, Mapping[str, Array]](), draw or Joint(case, ()).simulation
    for reader in map(lens, answering(case)[0]):
        if any(of.kind == "share" and of.settles for of in reader.view(case).told().values()):
            found |= reader.zones(draw(reader.name, case, Effort(reader.affordable(case, draws), seed)))
    return found


class Settled(NamedTuple):
    """By which deal an issue is settled: its id, and in which draws there is one, shape (draws,).

    ``zone`` is the least and greatest value that would be accepted, NaN where there is none, shape (draws, 2).
    """

    deal: str
    there: NDArray[np.bool_]
    zone: Array

    @property
    def share(self) -> float:
        """Return the share of draws with the deal."""
        return float(self.there.mean())


def settled(among: Zones, issue: str) -> Settled | None:
    """Return the deal that settles an issue; ``None`` where none tells of it.

    That is the deal on it alone, where there is one in more than half of the draws; else the likeliest package of
    which that is so; else the deal on it alone, however rare.
    """
    among = {deal: of for deal, of in among.items() if issue in of}
    found = (Settled(deal, ~np.isnan(of[issue][:, 0]), of[issue]) for deal, of in among.items())
    return max(found, key=lambda one: (one.share > 0.5, len(among[one.deal]) == 1, one.share), default=None)


def distribution(
    case: Case,
    issue: str,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    *,
    by: Settled | None = None,
    constants: Constants = PUBLISHED,
) -> tuple[MixedDistribution, Array]:
    """Return where an issue settles if it is decided, and the compromise in every draw, shape (draws,).

    Somebody must have a stance on it; what settles it (``by``) comes from as many draws of the same seed. Where no
    draw has such a deal, or the case does not say who must consent, nothing is left out.
    """
    of, scale, within = footholds(*stances(case, issue, draws, seed)), case.issues[issue], None
    given = of
    if by is not None and by.there.any():
        rows = np.flatnonzero(by.there)
        if len(by.zone) > 1:  # one row stands for all draws where nothing that is read is in doubt
            given = of.only([0] * len(rows) if len(of.centre) == 1 else rows.tolist())
        ends = np.broadcast_to(by.zone[rows], (len(given.centre), 2))
        within = ends[:, 0], ends[:, 1]
    return foothold(given, scale.low, scale.high, within, constants), of.centre


def stances(case: Case, issue: str, draws: int, seed: int) -> tuple[Array, Array, Array | None]:
    """Return positions and weights, (draws, actors), and the reference point; one row if nothing is in doubt."""
    stated = {f"stances.{issue}.{actor}": of for actor, of in case.stances[issue].items()}
    wants = {path: anchors(of.values) for path, of in stated.items()}
    asked = [[f"{path}.values.{at}" for at in of] or [f"{path}.position"] for path, of in wants.items()]
    asked.append([f"{path}.salience" for path in stated])
    asked.append([case.influence_path(issue, actor) for actor in case.stances[issue]])
    asked.append([path for path in (f"issues.{issue}.no_deal",) if path in case.quantities])
    paths = [*dict.fromkeys(path for some in asked for path in some)]
    pairs = [pair for pair in case.rank_correlations if pair.first in paths and pair.second in paths]
    table = QuantityTable({path: case.quantities[path] for path in paths}, pairs)
    values = table.sample(seed, 0, 1 if table.is_exact else draws)
    *drawn, salience, influence, reference = (values[:, [paths.index(one) for one in some]] for some in asked)
    wanted = zip(wants.values(), drawn, strict=True)
    position = [best(np.array(at, dtype=np.float64), of) if at else of[:, 0] for at, of in wanted]
    return np.stack(position, axis=1), salience * influence, reference[:, 0] if reference.size else None


def outlook(
    case: Case,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    *,
    draw: Draw | None = None,
    constants: Constants = PUBLISHED,
) -> tuple[IssueOutlook, ...]:
    """Return the outlook of every issue on which somebody has a stance, in the order of the case.

    For the arguments see `distribution` and `zones`.
    """
    fewer = min(draws, MOST_DRAWS)
    among = zones(case, fewer, seed, draw) if case.stances else {}  # else there may be nothing to read

    def of(issue: str) -> IssueOutlook:
        by = settled(among, issue)
        made, centre = distribution(case, issue, fewer, seed, by=by, constants=constants)
        spans = *made.shortest(LEVEL), *np.quantile(centre, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
        known: dict[str, Any] = dict(zip(SPANS, spans, strict=True))
        known |= {"decided": by and by.share, "deal": by and by.deal, "actors": len(case.stances[issue])}
        stated = case.issues[issue].no_deal
        atoms = zip(made.points.tolist(), made.masses.tolist(), strict=True)
        return IssueOutlook(
            issue=issue,
            no_deal=None if stated is None else stated.mean,
            median=float(made.quantile(0.5)),
            atoms=tuple(sorted(atoms, key=lambda one: -one[1])),
            knots=tuple(made.knots.tolist()),
            smooth=tuple(made.smooth.tolist()),
            **known,
        )

    return tuple(of(issue) for issue in case.issues if case.stances.get(issue))
