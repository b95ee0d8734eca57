"""What does the win-set lens read in a case? Who must consent to which deal, what each wants, its red lines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from detente.case import Case, Issue, WinsetOptions
from detente.case.electorate import Electorate, Member
from detente.case.thresholds import Node, vetoers, voters
from detente.errors import MissingPartError, OptionError
from detente.lenses.outcomes import OutcomeWords
from detente.lenses.summary import Array
from detente.lenses.winset.deal import Deal, Names
from detente.lenses.winset.engine import DEAL, verdicts
from detente.lenses.winset.limits import MOST_ASKED, MOST_LISTED, weight
from detente.lenses.winset.margins import flat, margins
from detente.lenses.worth import anchors, as_loss, best
from detente.quantity import Quantity, QuantityTable, RankCorrelation

Columns = NDArray[np.intp]
ABSENT = -1
ALL = "all"
"""Id of the package of all issues, where the case names none."""
MOST_TOGETHER = 16
"""Issues of a package that is searched; each further one doubles the work, and soon no draw is finished."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A deal that is examined: some issues, and the rule over them.

    Attributes:
        id: of the package, or of the issue.
        name: in words.
        issues: ids.
        columns: number of each among the view's issues.
        rule: whose consent is needed.
    """

    id: str
    name: str
    issues: tuple[str, ...]
    columns: tuple[int, ...]
    rule: Node

    @property
    def single(self) -> bool:
        """Whether it is one issue alone."""
        return self.id == self.issues[0] and len(self.issues) == 1


class WinsetView:
    """Stances, red lines, no-deal points and consent rules as columns of one table of quantities.

    Attributes:
        case: the case.
        options: what the lens is asked for.
        voters: V of them: actors, or single members of a body who make up their own minds; last, those who have
            no say and could pay.
        issues: ids of the issues that can be part of a deal, m of them.
        table: every quantity that the lens reads.
        deals: what is examined, packages first.
        skipped: deal → why it is not examined.
        weight: as many voters as a draw is as heavy as, see `limits`.
    """

    def __init__(self, case: Case) -> None:
        """Read the case.

        Raises:
            MissingPartError: the case states no consent rule, no stances, or no issue says what happens without a
                deal.
            OptionError: very many vote on very many deals.
        """
        self.case = case
        self.options: WinsetOptions = case.options.winset
        if case.consent is None and not any(issue.consent for issue in case.issues.values()):
            raise MissingPartError(
                "the winset lens reads 'consent' and the case has none; add who must say yes, "
                "such as consent: {all_of: [...]}"
            )
        if not any(case.stances.values()):
            raise MissingPartError(
                "the winset lens reads 'stances' and the case has none; add who wants what"
            )
        self.skipped: dict[str, str] = {}
        self.issues = tuple(self._negotiable())
        asked = dict(self._asked())
        self._electorate = Electorate(case)
        heard = (self._electorate.members(issues) for _, issues in asked.values())
        self._consenting = tuple(dict.fromkeys(member for found in heard for member in found))
        self.voters: tuple[Member, ...] = (*self._consenting, *self._payers())
        self._actors = tuple(member.actor for member in self.voters)
        self.deals = tuple(self.terms(deal, name, issues) for deal, (name, issues) in asked.items())
        if not self.deals:
            why = "; ".join(f"{deal}: {reason}" for deal, reason in self.skipped.items())
            raise MissingPartError(f"no deal can be examined; {why}")
        self._read_columns()
        many, deals = len(self.voters), len(self.deals)
        if deals * many**2 > MOST_ASKED:
            told = f"{deals} deals among {many} who vote are too many to search"
            raise OptionError(f"{told}; leave out the issues or the voters that matter least")
        frees = (0 if vetoers(of.rule, many).any() else len(set(voters(of.rule))) for of in self.deals)
        discrete = (sum(case.issues[issue].discrete for issue in of.issues) for of in self.deals)
        self.weight = max(weight(many, *of, deals) for of in zip(frees, discrete, strict=True))

    def _negotiable(self) -> list[str]:
        found = []
        for name, issue in self.case.issues.items():
            if not self.case.stances.get(name):
                self.skipped[name] = "nobody has a stance on it"
            elif issue.no_deal is None and any(
                stance.no_deal is None for stance in self.case.stances[name].values()
            ):
                self.skipped[name] = "the case does not say where it ends without a deal (no_deal)"
            else:
                found.append(name)
        return found

    def _asked(self) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
        """Yield deal → (name, issues) for every deal that can be examined, packages first."""
        case = self.case
        packages = {name: (deal.name, tuple(deal.issues)) for name, deal in case.deals.items()}
        if not packages and len(self.issues) > 1:
            packages = {ALL: ("All issues together", self.issues)}
        singles = {issue: (case.issues[issue].name, (issue,)) for issue in self.issues}
        for deal, (name, issues) in (packages | singles).items():
            missing = [issue for issue in issues if issue not in self.issues]
            if missing:
                self.skipped[deal] = f"{missing[0]}: {self.skipped.get(missing[0], 'it is not negotiable')}"
            elif len(issues) > MOST_TOGETHER:
                way = f"list at most {MOST_TOGETHER} in each of 'deals', such as those in dispute"
                self.skipped[deal] = f"{len(issues)} issues together are too many to search; {way}"
            elif case.consent is None and not any(case.issues[issue].consent for issue in issues):
                self.skipped[deal] = "no rule says who must consent to it"
            elif large := self._too_many(issues):
                self.skipped[deal] = large
            else:
                yield deal, (name, issues)

    def _too_many(self, issues: tuple[str, ...]) -> str | None:
        """Return why a deal in which somebody values settlements one by one cannot be examined, if so."""
        of = [self.case.issues[issue] for issue in issues]
        valued = any(stance.values for issue in issues for stance in self.case.stances[issue].values())
        if valued and not all(one.discrete for one in of):
            other = next(one.name for one in of if not one.discrete)
            return f"some value settlements one by one, so every issue must be discrete, and {other!r} is not"
        count = prod(len(one.scale) for one in of)
        if valued and count > MOST_LISTED:
            told = f"there are {count:,} packages, and at most {MOST_LISTED:,} are looked at one by one"
            return f"{told}; name smaller deals"
        return None

    def _payers(self) -> Iterator[Member]:
        """Yield who could pay or be paid without having a say, such as a donor."""
        known = {member.actor for member in self._consenting}
        stated = self.case.payments.actors if self.case.payments is not None else ()
        yield from (Member(actor) for actor in stated if actor not in known)

    def terms(self, deal: str, name: str, issues: tuple[str, ...]) -> Terms:
        """Return a deal on some of the view's issues."""
        rows = {member: row for row, member in enumerate(self.voters)}
        columns = tuple(self.issues.index(issue) for issue in issues)
        return Terms(deal, name, issues, columns, self._electorate.rule(issues, rows))

    # --- columns ---------------------------------------------------------------------------------

    def _read_columns(self) -> None:
        self._paths: dict[str, int] = {}
        self._quantities: dict[str, Quantity] = {}
        consenting = len(self._consenting)  # what the others want does not matter

        def grid(name: str, rows: int) -> Columns:
            """Return the column of a number of every stance, (V, m), of the first voters."""
            found = np.full((len(self.voters), len(self.issues)), ABSENT)
            for v, member in enumerate(self.voters[:rows]):
                for i, issue in enumerate(self.issues):
                    found[v, i] = self._column(f"stances.{issue}.{member.actor}.{name}", member.number)
            return found

        numbers = ("position", "salience", "accepts.lower", "accepts.upper")
        self._stance = {name: grid(name, consenting) for name in numbers}
        self._valued = [self._values(issue) for issue in self.issues]
        self._own_no_deal = grid("no_deal", consenting)
        self._failure: Columns = np.array(
            [self._column(f"actors.{member.actor}.failure_cost", member.number) for member in self.voters]
        )
        self._concession = grid("concession_cost", len(self.voters))
        self._payments: list[Columns] = [
            np.array([self._column(f"payments.actors.{member.actor}.{name}") for member in self.voters])
            for name in ("gives", "takes", "worth")
        ]
        self._no_deal, self._today, self._cost = (
            np.array([self._column(f"issues.{issue}.{name}") for issue in self.issues])
            for name in ("no_deal", "today", "failure_cost")
        )
        self.table = QuantityTable(self._quantities, self._correlations())
        self._low = np.array([self.case.issues[issue].low for issue in self.issues])
        self._width = np.array([self.case.issues[issue].high for issue in self.issues]) - self._low

    def _values(self, issue: str) -> Columns | None:
        """Return the columns of the values of an issue's settlements, (V, L), ``None`` where nobody has any."""
        found = np.full((len(self.voters), len(self.case.issues[issue].scale)), ABSENT)
        for v, member in enumerate(self._consenting):
            stance = self.case.stances[issue].get(member.actor)
            for n, key in enumerate(anchors(stance.values) if stance is not None else ()):
                found[v, n] = self._column(f"stances.{issue}.{member.actor}.values.{key}", member.number)
        return None if (found == ABSENT).all() else found

    def _column(self, path: str, number: int = 0) -> int:
        """Return the column of a quantity; members who make up their own minds have columns of their own."""
        if path not in self.case.quantities:
            return ABSENT
        own = f"{path}#{number}" if number else path
        self._quantities.setdefault(own, self.case.quantities[path])
        return self._paths.setdefault(own, len(self._paths))

    def _correlations(self) -> list[RankCorrelation]:
        pairs = self.case.rank_correlations
        return [pair for pair in pairs if pair.first in self._paths and pair.second in self._paths]

    # --- deals as arrays -------------------------------------------------------------------------

    def deal(self, terms: Terms, values: Array) -> Deal:
        """Return a deal in some draws.

        Args:
            terms: one of `deals`.
            values: shape (rows, columns of the table).
        """
        chosen = list(terms.columns)
        low, width = self._low[chosen], self._width[chosen]

        def read(columns: Columns) -> Array:  # a copy of all columns for each of 200 deals takes minutes
            return np.where(columns == ABSENT, np.nan, values[:, columns])

        def stance(name: str, scaled: bool = True) -> Array:
            numbers = read(self._stance[name][:, chosen])
            return (numbers - low) / width if scaled else numbers

        no_deal = (read(self._no_deal[chosen]) - low) / width
        ideal = stance("position")
        salience = np.nan_to_num(stance("salience", scaled=False), nan=0.0)
        total = salience.sum(axis=-1, keepdims=True)
        salience = np.divide(salience, total, out=np.zeros_like(salience), where=total > 0)
        levels = tuple(self._levels(self.case.issues[issue]) for issue in terms.issues)
        tables = tuple(None if one is None else 1.0 - read(one) for one in (self._valued[i] for i in chosen))
        for i, (own, table) in enumerate(zip(levels, tables, strict=True)):
            if own is not None and table is not None:
                stated = ~np.isnan(table[..., 0])
                ideal[..., i][stated] = best(own, -table[stated])
        ideal = np.nan_to_num(np.where(np.isnan(ideal), no_deal[:, None, :], ideal))
        valued = any(table is not None for table in tables)
        deal = Deal(
            ideal=np.ascontiguousarray(ideal),
            salience=np.ascontiguousarray(salience),
            radius=np.zeros(ideal.shape[:2]),
            floor=np.ascontiguousarray(np.nan_to_num(stance("accepts.lower"), nan=0.0)),
            ceiling=np.ascontiguousarray(np.nan_to_num(stance("accepts.upper"), nan=1.0)),
            no_deal=np.ascontiguousarray(no_deal),
            levels=levels,
            rule=terms.rule,
            loss=self.options.loss,
            tables=tables if valued else (),
            without=1.0 - read(self._own_no_deal[:, chosen]) if valued else None,
            acceptance=self.options.acceptance,
            names=Names(self._actors, terms.issues, tuple(low.tolist()), tuple(width.tolist())),
        )
        if (self._today[chosen] != ABSENT).any():
            deal = replace(deal, today=(read(self._today[chosen]) - low) / width)
        deal.radius[:] = self._radius(deal, read, chosen, total[..., 0])
        return deal

    def _radius(self, deal: Deal, read: Callable[[Columns], Array], chosen: list[int], total: Array) -> Array:
        """Return the loss without a deal, with what failing costs; infinite for who has no stance on it.

        A cost says that failing costs as much as an outcome so far from what one wants, so it is squared where
        losses are; where settlements are valued one by one it is a share of what they are worth. An actor's own
        cost is that of no deal on anything. A deal on some issues saves the share of it that they have in what the
        actor cares about, by salience, among all issues that have a no-deal point. ``total`` (D, V) are the sums
        of the saliences of the deal's issues, the numbers of ``chosen``, before they were scaled.
        """
        apart = np.where(deal.salience > 0, deal.apart_without(), 0.0)
        without = np.einsum("dvi,dvi->dv", apart, deal.salience)
        exponent = 2 if deal.loss == "quadratic" else 1
        stated = np.nan_to_num(read(self._cost[chosen]), nan=0.0)
        of_issues = np.repeat(as_loss(stated, exponent)[:, None], deal.voters, axis=1)
        for i, table in enumerate(deal.tables):
            if table is not None:
                of_issues[..., i] = np.where(np.isnan(table[..., 0]), of_issues[..., i], stated[:, None, i])
        cost = np.einsum("dvi,dvi->dv", deal.salience, of_issues)
        if (self._failure != ABSENT).any():
            own = as_loss(np.nan_to_num(read(self._failure), nan=0.0), exponent)
            everything = np.nan_to_num(read(self._stance["salience"]), nan=0.0).sum(axis=-1)
            cost += own * np.divide(total, everything, out=np.zeros_like(total), where=total > 0)
        return np.where(total > 0, without + cost, np.inf)

    @staticmethod
    def _levels(issue: Issue) -> Array | None:
        if not issue.discrete:
            return None
        return (np.array(sorted(issue.scale)) - issue.low) / (issue.high - issue.low)

    def width(self, issue: str) -> float:
        """Return the width of an issue's scale."""
        of = self.case.issues[issue]
        return of.high - of.low

    @property
    def names(self) -> dict[str, str]:
        """Actor → its name."""
        return {actor: of.name for actor, of in self.case.actors.items()}

    @property
    def unit(self) -> str | None:
        """Unit of side payments."""
        return None if self.case.payments is None else self.case.payments.unit

    def cares(self, row: int, issue: str) -> bool:
        """Whether a voter has a stance on an issue."""
        return bool(self._stance["salience"][row, self.issues.index(issue)] != ABSENT)

    def money(self, values: Array) -> tuple[Array, Array, Array] | None:
        """Return what each voter can give and take and what a unit is worth to it, (V,) each.

        Args:
            values: one row of numbers, shape (1, columns of the table).

        Returns:
            ``None`` where the case allows no side payments.
        """
        if self.case.payments is None:
            return None
        padded = np.append(values[0], np.nan)
        gives, takes, worth = (np.nan_to_num(padded[columns], nan=0.0) for columns in self._payments)
        return gives, takes, worth

    def costs(self, terms: Terms, values: Array) -> Array:
        """Return what concessions cost per whole scale, (V, d): as stated, else the normalised salience.

        ``values`` is one row of numbers, shape (1, columns of the table).
        """
        chosen = list(terms.columns)
        stated = np.append(values[0], np.nan)[self._concession[:, chosen]]
        return np.where(np.isnan(stated), self.deal(terms, values).salience[0], stated)

    def outcomes(self, values: Array, wanted: Collection[str] | None = None) -> dict[str, Array]:
        """Turn numbers into ``<deal>.deal`` → 1 where there is one, shape (rows,).

        Where that is the same in all rows, ``<deal>.margin`` says how far inside or outside agreement each is.

        Args:
            values: shape (rows, columns of the table).
            wanted: labels that are needed, all when ``None``.
        """
        found = {}
        for one in self.deals:
            deal, margin = (f"{one.id}.{what}" for what in ("deal", "margin"))
            if wanted is None or not {deal, margin}.isdisjoint(wanted):
                status = verdicts(at := self.deal(one, values)).status
                found[deal] = (status == DEAL).astype(np.float64)
                if flat(status == DEAL) and (wanted is None or margin in wanted):
                    found[margin] = margins(at, status)
        return found

    def margins(self, values: Array, wanted: Collection[str]) -> dict[str, Array]:
        """Return how far inside or outside agreement each row is: label of a share → shape (rows,).

        Args:
            values: shape (rows, columns of the table).
            wanted: labels ``<deal>.deal``.
        """
        found = {}
        for one in self.deals:
            if (label := f"{one.id}.deal") in wanted:
                deal = self.deal(one, values)
                found[label] = margins(deal, verdicts(deal).status)
        return found

    def told(self) -> Mapping[str, OutcomeWords]:
        """Return whether there is each deal, and how far inside or outside agreement it is."""
        told = {}
        for one in self.deals:
            share = told[f"{one.id}.deal"] = OutcomeWords(
                subject=one.name,
                kind="share",
                about=one.issues,
                yes="has a deal",
                no="has no deal",
                first=one.single == self.deals[0].single,  # packages or, without any, issues alone
            )
            margin = {"kind": "position", "low": -1.0, "stands_for": f"{one.id}.deal"}
            margin["by"] = "Margin of agreement, a share of the scale (below 0: outside)"
            told[f"{one.id}.margin"] = share.model_copy(update=margin)
        return told
