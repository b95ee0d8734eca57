"""What is a deal to those who must consent to it? Arrays over draws × voters × issues, on scales from 0 to 1.

A voter loses by how far a package is from what it wants, weighted by how much it cares,

    l(x) = Σ s_i |x_i - p_i|   (city-block)        or        l(x) = Σ s_i (x_i - p_i)²   (quadratic)

where somebody values the settlements of a discrete issue one by one, 1 - v_i stands for what is apart there. It
accepts what loses no more than the lack of a deal, l(x) ≤ ρ, within its red lines. The margin ρ - l(x) is what
it gains; -∞ outside its red lines (Putnam 1988; Tsebelis 2002; see the lens for the assumptions).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.case.thresholds import Node, margin, voters
from detente.lenses.worth import worth

Array = NDArray[np.float64]
Loss = Literal["city_block", "quadratic"]
Acceptance = Literal["strict", "weak"]
"""``strict``: who gains nothing over no deal does not agree; ``weak``: who loses nothing agrees."""
BLOCK = 4096
MOST_COUNTED = 200_000
"""Up to how many packages of discrete issues are looked at one by one."""
PER_VOTER = ("ideal", "salience", "radius", "floor", "ceiling", "tables", "without")
PER_ISSUE = ("ideal", "salience", "floor", "ceiling", "no_deal", "without", "today")
PER_DRAW = (*PER_VOTER, "no_deal", "today")
"""Which arrays of a deal have an axis of voters, the second; of issues, the last; of draws, the first."""
TOLERANCE = 1e-7
"""How close to 0 a margin counts as touching; margins are shares of the whole scale, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows and columns of a deal are called, and on which scales it is told; by default numbers.

    Attributes:
        actors: (V,), ids: several rows of one actor are members who make up their own minds.
        issues: (d,), ids.
        low: (d,), least value of each scale.
        width: (d,), of each scale.
    """

    actors: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    low: tuple[float, ...] = ()
    width: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Deal:
    """One deal (a set of issues) in D draws, V voters, d issues.

    Attributes:
        ideal: (D, V, d), 0..1; any finite number where the salience is 0.
        salience: (D, V, d) ≥ 0; a voter's saliences add up to 1 over the deal's issues, or are all 0 for a voter
            that has no stance on any: it agrees to whatever its red lines allow.
        radius: (D, V): ρ, the loss without a deal plus the cost of failure; negative for who gains from failure,
            ``inf`` for a voter without stances.
        floor: (D, V, d): least that a voter's red lines allow, 0 where there is none.
        ceiling: (D, V, d): most that they allow, 1 where there is none.
        no_deal: (D, d): where issues end without a deal; NaN where the case does not say.
        levels: per issue the values that can be agreed, shape (L,), ascending; ``None`` where any can be.
        rule: whose consent is needed; indexes are rows of the arrays.
        loss: the form of the loss.
        tables: nothing, or per issue what each level is apart from what a voter wants, (D, V, L), NaN for a voter
            whose distance says it; ``None`` for an issue where that is so for all.
        today: (D, d): where issues stand today, NaN where the case does not say; ``None`` if nowhere.
        without: (D, V, d): as ``tables``, of no deal; NaN where the no-deal point says it. ``None`` if for all.
        acceptance: who agrees.
        names: of voters and issues.
    """

    ideal: Array
    salience: Array
    radius: Array
    floor: Array
    ceiling: Array
    no_deal: Array
    levels: tuple[Array | None, ...]
    rule: Node
    loss: Loss = "city_block"
    tables: tuple[Array | None, ...] = ()
    without: Array | None = None
    today: Array | None = None
    acceptance: Acceptance = "strict"
    names: Names = Names()

    @property
    def draws(self) -> int:
        """Number of draws, D."""
        return len(self.ideal)

    @property
    def voters(self) -> int:
        """Number of voters, V."""
        return int(self.ideal.shape[1])

    @property
    def issues(self) -> int:
        """Number of issues, d."""
        return int(self.ideal.shape[2])

    # --- how it is told --------------------------------------------------------------------------

    @property
    def consenting(self) -> tuple[int, ...]:
        """Rows of the voters who have a say."""
        return tuple(sorted(set(voters(self.rule))))

    def actor(self, v: int) -> str:
        """Return whose row it is."""
        return self.names.actors[v] if self.names.actors else str(v)

    def groups(self) -> dict[str, tuple[int, ...]]:
        """Return actor → its rows, of all who have a say."""
        rows: dict[str, list[int]] = {}
        for v in self.consenting:
            rows.setdefault(self.actor(v), []).append(v)
        return {actor: tuple(own) for actor, own in rows.items()}

    def issue(self, i: int) -> str:
        """Return the id of an issue."""
        return self.names.issues[i] if self.names.issues else str(i)

    def width(self, i: int | None) -> float:
        """Return the width of the scale of an issue; 1 of none, for losses."""
        return self.names.width[i] if self.names.width and i is not None else 1.0

    def on_scale(self, i: int, share: float) -> float:
        """Return a value on an issue's own scale from its share of the scale's width."""
        return (self.names.low[i] if self.names.low else 0.0) + float(share) * self.width(i)

    def terms(self, package: Array) -> dict[str, float]:
        """Return a package, (d,), on the scales of its issues."""
        return {self.issue(i): self.on_scale(i, x) for i, x in enumerate(package.tolist())}

    # --- some of it ------------------------------------------------------------------------------

    def draw(self, k: int) -> Deal:
        """Return draw ``k`` alone, as a deal with D = 1."""
        return self.rows(slice(k, k + 1))

    def rows(self, chosen: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Deal:
        """Return some of the draws."""
        return self.changed(PER_DRAW, lambda one: one[chosen])

    def one_issue(self, i: int) -> Deal:
        """Return the arrays of one issue; saliences and radii stay as they are in the whole."""
        only = replace(
            self,
            levels=self.levels[i : i + 1],
            tables=self.tables[i : i + 1],
            names=Names(self.names.actors),
        )
        return only.changed(PER_ISSUE, lambda one: one[..., [i]])

    def changed(self, names: Sequence[str], change: Callable[[Array], Array]) -> Deal:
        """Return the deal with some of its arrays changed, all in the same way; what is absent stays so."""

        def of(one: Any) -> Any:
            return tuple(map(of, one)) if isinstance(one, tuple) else None if one is None else change(one)

        return replace(self, **{name: of(getattr(self, name)) for name in names})

    # --- what packages cost and gain ---------------------------------------------------------------

    def accepted(self, packages: Array) -> NDArray[np.bool_]:
        """Return which of many packages, (P, d), win consent (weakly) in the only draw, (P,)."""
        blocks = np.array_split(packages, len(packages) // BLOCK + 1)
        return np.concatenate([margin(self.rule, self.margins(block[None])[0]) >= 0 for block in blocks])

    def every_package(self) -> Array | None:
        """Return all combinations of levels, (P, d); ``None`` where they cannot be counted, or are too many."""
        levels = [own for own in self.levels if own is not None]
        if len(levels) < self.issues or prod(map(len, levels)) > MOST_COUNTED:
            return None
        return np.stack([axis.reshape(-1) for axis in np.meshgrid(*levels, indexing="ij")], axis=-1)

    def losses(self, package: Array) -> Array:
        """Return what packages cost the voters.

        Args:
            package: (D, P, d), or (D, 1, d) …: P packages per draw.

        Returns:
            (D, P, V).
        """
        return np.asarray(np.einsum("dpvi,dvi->dpv", self.apart(package), self.salience))

    def apart(self, package: Array) -> Array:
        """Return how far packages, (D, P, d), are from what voters want, before saliences, (D, P, V, d)."""
        apart = np.abs(package[:, :, None, :] - self.ideal[:, None, :, :])
        if self.loss == "quadratic":
            apart = apart * apart
        for i, (levels, table) in enumerate(zip(self.levels, self.tables, strict=False)):
            if levels is not None and table is not None:
                valued = worth(package[:, None, :, i], levels, table).transpose(0, 2, 1)
                own = ~np.isnan(table[:, None, :, 0])
                apart[..., i] = np.where(own, valued, apart[..., i])
        return np.asarray(apart)

    def apart_without(self) -> Array:
        """Return how far no deal is from what voters want, (D, V, d); NaN where that is not known."""
        apart = self.apart(self.no_deal[:, None])[:, 0]
        return apart if self.without is None else np.where(np.isnan(self.without), apart, self.without)

    def now(self) -> Array:
        """Return where issues stand today, (D, d): as stated, else where no deal leaves them."""
        if self.today is None:
            return self.no_deal
        return np.where(np.isnan(self.today), self.no_deal, self.today)

    def apart_now(self) -> Array:
        """Return how far today is from what voters want, (D, V, d); NaN where that is not known."""
        without = self.apart_without()
        if self.today is None:
            return without
        return np.where(np.isnan(self.today)[:, None], without, self.apart(self.now()[:, None])[:, 0])

    def margins(self, package: Array, slack: float = 1e-9) -> Array:
        """Return what packages gain the voters over no deal; ``-inf`` outside their red lines.

        Args:
            package: (D, P, d).
            slack: how far outside a red line still counts as on it.

        Returns:
            (D, P, V).
        """
        x = package[:, :, None, :]
        within = ((x >= self.floor[:, None] - slack) & (x <= self.ceiling[:, None] + slack)).all(axis=-1)
        return np.where(within, self.radius[:, None, :] - self.losses(package), -np.inf)


def stacked(deals: Sequence[Deal]) -> Deal:
    """Return deals on the same issues under the same rule as one, their draws one after the other."""

    def joined(*of: Any) -> Any:
        if isinstance(of[0], tuple):
            return tuple(joined(*one) for one in zip(*of, strict=True))
        return None if any(one is None for one in of) else np.concatenate(of)

    return replace(deals[0], **{name: joined(*(getattr(one, name) for one in deals)) for name in PER_DRAW})
