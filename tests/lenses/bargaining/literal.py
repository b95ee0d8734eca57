"""The bargaining solvers as their sources define them: one game at a time, plain loops, nothing clever.

Oracles of the fast solvers; positions, saliences and weights are lists over actors. ``margin`` collects how near
a decision was to going the other way, so that a test can leave out what rounding would decide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

Vector = list[float]
Matrix = list[list[float]]

EQUAL = 1e-12


def literal_mean(x: Vector, w: Vector) -> float:
    """Weighted mean."""
    return sum(a * b for a, b in zip(w, x, strict=True)) / sum(w)


def literal_median(x: Vector, w: Vector) -> float:
    """Lower weighted median (half the weight within rounding)."""
    total, running = sum(w), 0.0
    for position, weight in sorted(zip(x, w, strict=True)):
        running += weight
        if running >= total / 2 * (1 - EQUAL):
            return position
    raise AssertionError("unreachable: the running sum ends at the total")


@dataclass
class LiteralChallenge:
    """One round after another of the challenge model.

    Attributes:
        s: saliences.
        w: weights.
        variant: ``printed`` or ``published_table``; the switches are those of ``challenge``.
        margin: smallest distance of any decision so far from its threshold.
    """

    s: Vector
    w: Vector
    variant: str = "printed"
    view: str = "own"
    conflict: str = "none"
    choice: str = "strongest"
    span: str = "dynamic"
    stay: float = 1.0
    risk: bool = True
    first_range: float = 0.0
    exponents: Vector = field(default_factory=list)
    margin: float = inf

    def play(self, x: Vector, rounds: int) -> Matrix:
        """Return the positions after 0, 1, … rounds."""
        self.first_range = max(x) - min(x)
        path = [list(x)]
        for _ in range(rounds):
            path.append(self.round(path[-1]))
        return path

    def round(self, x: Vector) -> Vector:
        """Return where everybody goes from ``x``."""
        fixed = self.variant == "published_table" or self.span == "fixed"
        r_now = self.first_range if fixed else max(x) - min(x)
        if max(x) == min(x):
            return list(x)
        return self._table(x, r_now) if self.variant == "published_table" else self._printed(x, r_now)

    # --- shared ------------------------------------------------------------------------------------

    def _near(self, distance: float) -> None:
        """Remember how near a decision was; an exact tie is a declared case, not a near miss."""
        if abs(distance) > EQUAL:
            self.margin = min(self.margin, abs(distance))

    def _utility(self, x: Vector, p: Matrix, span: float, i: int, j: int, r: float) -> float:
        """E(i→j) with exponent r."""
        mu = literal_median(x, self.w)
        d, m, s, chance, q = abs(x[i] - x[j]) / span, abs(x[i] - mu) / span, self.s[j], p[i][j], self.stay
        us, uf, usq = (
            2 - 4 * _base(0.5 - 0.5 * d) ** r,
            2 - 4 * _base(0.5 + 0.5 * d) ** r,
            2 - 4 * _base(0.5) ** r,
        )
        ub, uw = 2 - 4 * _base(0.5 - 0.25 * (m + d)) ** r, 2 - 4 * _base(0.5 + 0.25 * (m + d)) ** r
        if q < 1:
            self._near(m - d)
        change = ub if m < d - EQUAL else uw
        worth: float = s * (chance * us + (1 - chance) * uf) + (1 - s) * us - q * usq - (1 - q) * change
        return worth

    def _exponents(self, x: Vector, p: Matrix, span: float) -> Vector:
        actors = range(len(x))
        if not self.risk:
            return [1.0 for _ in actors]
        security = [sum(self._utility(x, p, span, j, i, 1.0) for j in actors if j != i) for i in actors]
        high, low = max(security), min(security)
        if high - low < EQUAL * len(x):
            return [1.0 for _ in actors]
        self._near((high - low) * 1e-3)  # ranks are quotients by this
        ranks = [(2 * value - high - low) / (high - low) for value in security]
        return [(1 - rank / 3) / (1 + rank / 3) for rank in ranks]

    # --- as printed --------------------------------------------------------------------------------

    def _printed(self, x: Vector, span: float) -> Vector:
        actors = range(len(x))
        p = [[literal_chance(x, self.w, i, j) for j in actors] for i in actors]
        r = self._exponents(x, p, span)
        self.exponents = self.exponents or r
        new = list(x)
        for j in actors:
            offers = [offer for i in actors if (offer := self._offer(x, p, span, r, i, j)) is not None]
            offers.sort(key=lambda offer: offer[:2])
            if len(offers) > 1:
                self._near(offers[1][0] - offers[0][0])
            best = [o for o in offers if o[0] <= offers[0][0] + EQUAL]
            if len(best) > 1:
                least = min(o[1] for o in best)
                best = [o for o in best if o[1] <= least + EQUAL]
            if best:
                new[j] = min(best, key=lambda offer: offer[2])[3]
        return new

    def _offer(
        self, x: Vector, p: Matrix, span: float, r: Vector, i: int, j: int
    ) -> tuple[float, float, int, float] | None:
        """What i makes j do: (first key, second key, i, where j ends), or nothing."""
        if x[i] == x[j]:
            return None
        a = self._utility(x, p, span, i, j, r[i] if self.view == "own" else r[j])
        b = self._utility(x, p, span, j, i, r[j])
        for value in (a, b, abs(a) - abs(b)):
            self._near(value)
        if a <= EQUAL or abs(b) <= EQUAL:
            return None
        if b > 0:
            if self.conflict == "none" or a <= b + EQUAL:
                return None
            end = x[i]
        elif abs(a) >= abs(b):
            end = x[j] + abs(b / a) * (x[i] - x[j])
        else:
            end = x[i]
        move = abs(end - x[j]) / span
        return (-a, move, i, end) if self.choice == "strongest" else (move, -a, i, end)

    # --- for the published table -------------------------------------------------------------------

    def _table(self, x: Vector, span: float) -> Vector:
        actors = range(len(x))
        p = literal_shares(x, self.w, span, [1.0 for _ in actors])
        r = self._exponents(x, p, span)
        self.exponents = self.exponents or r
        p = literal_shares(x, self.w, span, r)
        return [self._react(x, p, span, r, i) for i in actors]

    def _react(self, x: Vector, p: Matrix, span: float, r: Vector, i: int) -> float:
        confrontations, compromises = [], []
        for j in range(len(x)):
            if x[i] == x[j]:
                continue
            a, b = self._utility(x, p, span, i, j, r[i]), self._utility(x, p, span, j, i, r[i])
            for value in (a, b, b - abs(a)):
                self._near(value)
            if b > a + EQUAL and a > EQUAL:
                confrontations.append((abs(x[i] - x[j]), j, x[j]))
            elif b > abs(a) + EQUAL and a < -EQUAL:
                middle = (abs(a) * x[i] + abs(b) * x[j]) / (abs(a) + abs(b))
                compromises.append((middle, j, x[i] + (x[j] - x[i]) * abs(a / b)))
        options = sorted(confrontations or compromises)
        if not options:
            return x[i]
        if len(options) > 1:
            self._near((options[1][0] - options[0][0]) / span)
        tied = [option for option in options if option[0] <= options[0][0] + EQUAL * span]
        return min(tied, key=lambda option: option[1])[2]


def literal_chance(x: Vector, w: Vector, i: int, j: int) -> float:
    """P_ij as printed: votes for i over all votes, ½ without any."""
    votes = [weight * (abs(y - x[j]) - abs(y - x[i])) for y, weight in zip(x, w, strict=True)]
    total = sum(abs(vote) for vote in votes)
    return sum(max(vote, 0.0) for vote in votes) / total if total > 0 else 0.5


def literal_shares(x: Vector, w: Vector, span: float, r: Vector) -> Matrix:
    """P of the published table: votes with each voter's exponent, over the votes of all ordered pairs."""
    actors = range(len(x))
    d = [[(abs(x[k] - x[a]) / span) ** r[k] for a in actors] for k in actors]
    votes = [[[w[k] * (d[k][b] - d[k][a]) for k in actors] for b in actors] for a in actors]
    total = sum(abs(vote) for row in votes for cell in row for vote in cell)
    return [
        [0.0 if x[a] == x[b] else sum(max(v, 0.0) for v in votes[a][b]) / total for b in actors]
        for a in actors
    ]


def _base(value: float) -> float:
    return min(1.0, max(0.0, value))
