"""How do draws become a result? Readings, futures with their doubt, claims, and what is worth settling."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detente.lenses.crossimpact.arguing import argue, claims_found, step_of
from detente.lenses.crossimpact.balances import (
    UNBEATEN,
    Scenarios,
    Whole,
    balances,
    margins,
    ties,
    total_impact,
)
from detente.lenses.crossimpact.changes import breaking, withstands
from detente.lenses.crossimpact.findings import findings
from detente.lenses.crossimpact.records import (
    Breaking,
    Cycle,
    Future,
    Influence,
    Points,
    Reading,
    VariantShare,
)
from detente.lenses.crossimpact.result import FREE, WITH, WITHOUT, CrossImpactResult
from detente.lenses.crossimpact.succession import Basins, basins, length
from detente.lenses.crossimpact.survival import survival
from detente.lenses.crossimpact.view import MOST_FOUND, CrossImpactView, Found
from detente.lenses.crossimpact.worth import worth
from detente.lenses.lens import RunRecord

MOST_NEW = 12
LEAST_NEW = 0.02
"""Share of draws from which on a future that the best guesses do not have is told."""
MOST_DETAILED = 500
"""Futures up to which it is told what each withstands and which expert agrees."""
MOST_ARGUED = 4
Held = tuple[tuple[int, int], ...]


def summarise(
    view: CrossImpactView,
    found: Found,
    given: NDArray[np.int64] | None,
    experts: NDArray[np.int64],
    record: RunRecord,
) -> CrossImpactResult:
    """Return the result.

    Args:
        view: the futures.
        found: consistent scenarios of every draw.
        given: variant of each follower in every draw, ``None`` where nobody told.
        experts: who was asked in every draw.
        record: of the run.
    """
    told = _Futures(view, found, given, record.draws)
    central, new = told.central, told.newcomers()
    scenarios, newcomers = told.records(central, consistent=True), told.records(new, consistent=False)
    argued = _argued(view, scenarios)
    readings = dict(_readings(view, found, given))
    claims, apart = claims_found(view, found, told.tested, readings)
    result = CrossImpactResult(
        record=record,
        case=view.case,
        findings=(),
        complete=told.complete,
        complete_draws=float(found.complete.mean()),
        nodes=told.nodes,
        states=float(view.shape.states),
        tolerance=view.options.tolerance,
        basins_exact=told.basins_exact,
        survival_by="exact" if told.exact_survival else "drawn",
        scenarios=scenarios,
        newcomers=newcomers,
        cycles=tuple(told.cycles()),
        readings=readings,
        followed={
            view.keys[j]: one.follows for j, one in (view.followers if given is not None else {}).items()
        },
        arguments=tuple(one for number in argued for one in argue(view, central[number], number)),
        breaking=tuple(_breaking(view, told, argued)),
        claims=claims,
        apart=apart,
        worth=worth(view, np.concatenate([central, new]), told.tested, found, experts),
        influences=tuple(sorted(_influences(view), key=lambda one: -one.strength)),
        unjudged=len(view.futures.unjudged()),
        expected=float(np.bincount(found.draw[found.free], minlength=record.draws).mean()),
    )
    return result.model_copy(update={"findings": tuple(findings(result))})


def _influences(view: CrossImpactView) -> Iterator[Influence]:
    for i in range(view.shape.count):
        for j in range(view.shape.count):
            block = view.central[view.shape.block(i), view.shape.block(j)]
            leads = block[:, :, None] - block[:, None, :]
            strength = int((leads.max(axis=0) - leads.min(axis=0)).max())
            if strength:
                told = strength if view.unit == 1 else strength / view.unit
                yield Influence(source=view.keys[i], target=view.keys[j], strength=told)


# --- futures --------------------------------------------------------------------------------------


class _Futures:
    """The futures that are told of, with their margins, basins and survival."""

    def __init__(
        self, view: CrossImpactView, found: Found, given: NDArray[np.int64] | None, draws: int
    ) -> None:
        self.view, self.found, self.given, self.draws = view, found, given, draws
        self.tested = view.tested.copy()
        if given is not None:
            self.tested[list(view.followers)] = False
        by_guess = view.found(view.central[None], view.open(1), MOST_FOUND, self.tested)
        self.complete, self.nodes = bool(by_guess.complete[0]), by_guess.nodes
        order = np.argsort(view.shape.numbered(by_guess.scenarios))
        self.central: Scenarios = by_guess.scenarios[order]
        numbers, counts = np.unique(view.shape.numbered(found.scenarios), return_counts=True)
        self.numbers, self.counts = numbers, counts
        self._basins: dict[tuple[Held, bool], Basins] = {}
        self.exact_survival = view.independent and view.doubt is not None

    def newcomers(self) -> Scenarios:
        """Return scenarios that are consistent in some draws but not by the best guesses, shape (s, n)."""
        known = np.isin(self.numbers, self.view.shape.numbered(self.central))
        frequent = np.flatnonzero(~known & (self.counts >= LEAST_NEW * self.draws) & (self.draws > 1))
        most = frequent[np.argsort(-self.counts[frequent], kind="stable")][:MOST_NEW]
        return self.view.shape.spelt(self.numbers[most])

    def held(self, scenario: Scenarios) -> Held:
        """Return descriptors that do not move in this scenario's basin, with its variants."""
        return tuple((j, int(scenario[j])) for j in np.flatnonzero(~self.tested).tolist())

    def basins(self, held: Held, *, local: bool) -> Basins:
        """Return the attractors of succession where some descriptors do not move."""
        key = held, local
        if key not in self._basins:
            view = self.view
            self._basins[key] = basins(view.central, view.shape, local=local, fixed=dict(held))
        return self._basins[key]

    @property
    def basins_exact(self) -> bool:
        """Whether every starting point was followed."""
        return all(one.exact for one in self._basins.values())

    def cycles(self) -> Iterator[Cycle]:
        """Yield the cycles of global succession."""
        view = self.view
        free_held = () if self.tested.all() else None
        for (held, local), found in list(self._basins.items()):
            if local or (free_held is not None and held != free_held):
                continue
            free = np.array([j not in dict(held) for j in range(view.shape.count)])
            for number, size in zip(found.attractors.tolist(), found.sizes.tolist(), strict=True):
                many = length(view.central, view.shape, number, free)
                if many > 1:
                    least = view.shape.spelt(np.array([number]))[0]
                    yield Cycle(length=many, least=tuple(int(k) + 1 for k in least), basin=size)

    def records(self, scenarios: Scenarios, *, consistent: bool) -> tuple[Future, ...]:
        """Return scenarios with all that is told of them."""
        view, shape = self.view, self.view.shape
        if not len(scenarios):
            if consistent and shape.states <= 1 << 40:
                self.basins((), local=False)
            return ()
        balance = balances(view.central, scenarios, shape)
        margin = margins(balance, scenarios, shape)
        total = total_impact(balance, scenarios, shape)
        families = (
            ties(balance, scenarios, shape) if len(scenarios) <= MOST_DETAILED else [0] * len(scenarios)
        )
        order = {one: number for number, one in enumerate(dict.fromkeys(families))}
        independent = (
            survival(view.doubt, scenarios, shape, self.tested, view.options.tolerance)
            if view.doubt is not None
            else None
        )
        experts = {e: view.guessed(e) for e in view.futures.experts}
        return tuple(
            self._record(
                scenario,
                margin[s],
                int(total[s]),
                None if independent is None else float(independent[s]),
                order[families[s]],
                experts if len(scenarios) <= MOST_DETAILED else {},
                consistent=consistent,
                detailed=len(scenarios) <= MOST_DETAILED,
            )
            for s, scenario in enumerate(scenarios)
        )

    def _record(
        self,
        scenario: Scenarios,
        margin: Whole,
        total: int,
        independent: float | None,
        family: int,
        experts: dict[str, Whole],
        *,
        consistent: bool,
        detailed: bool,
    ) -> Future:
        view, shape = self.view, self.view.shape
        number = int(shape.numbered(scenario[None])[0])
        own = np.where(self.tested, margin, UNBEATEN)
        weakest = int(own.argmin())
        everywhere, locally = (self.basins(self.held(scenario), local=one) for one in (False, True))
        drawn, survived, error = self._survival(scenario, number, independent)
        doubted = np.zeros_like(view.central, dtype=np.bool_)
        for place in view.paths:
            doubted[place] = True
        holds = withstands(view.central, scenario, shape, self.tested, doubted, view.tolerance)
        return Future(
            numbers=tuple(int(k) + 1 for k in scenario),
            variants=tuple(view.variant(j, int(k)) for j, k in enumerate(scenario)),
            consistent=consistent,
            margin=self.points(own[weakest]),
            weakest=view.descriptor(weakest) if own[weakest] != UNBEATEN else "",
            margins=tuple(self.points(one) for one in margin),
            total_impact=self.points(total) or 0,
            basin=everywhere.of(number),
            basin_error=everywhere.error(number),
            local_basin=locally.of(number),
            starts=everywhere.followed,
            survival=survived,
            survival_error=error,
            independent=independent,
            drawn=drawn,
            pressure=self.points(max(0, *(-int(margin[j]) for j in self._assumptions()), 0)) or 0,
            withstands=self.points(holds) if consistent and detailed and holds is not None else None,
            family=family,
            experts={
                expert: bool((view.leads(cells, scenario[None])[0][self.tested] >= -view.tolerance).all())
                for expert, cells in experts.items()
            },
        )

    def _assumptions(self) -> list[int]:
        view = self.view
        return [*view.fixed, *([view.assumed[0]] if view.assumed else [])]

    def _survival(
        self, scenario: Scenarios, number: int, independent: float | None
    ) -> tuple[float, float, float]:
        """Return in what share of draws a scenario was found, its survival, and the error of that."""
        at = int(np.searchsorted(self.numbers, number))
        count = int(self.counts[at]) if at < len(self.numbers) and self.numbers[at] == number else 0
        tried = self.draws
        if self.given is not None:
            tried = int((self.given == scenario[list(self.view.followers)]).all(axis=1).sum())
        share = count / max(tried, 1)
        if self.exact_survival and independent is not None:
            return count / self.draws, independent, 0.0
        return count / self.draws, share, float(np.sqrt(share * (1 - share) / max(tried, 1)))

    def points(self, value: int | np.int64) -> Points | None:
        """Return points of judgements in the unit of the case; ``None`` where nothing could beat it."""
        if value == UNBEATEN:
            return None
        return int(value) if self.view.unit == 1 else int(value) / self.view.unit


# --- readings -------------------------------------------------------------------------------------


def _readings(
    view: CrossImpactView, found: Found, given: NDArray[np.int64] | None
) -> Iterator[tuple[str, Reading]]:
    every = np.ones(len(found.counts), np.bool_)
    name = "as judged" if view.assumed is not None else "all futures"
    yield FREE, _reading(view, found, found.free, every, name)
    if view.assumed is not None and view.futures.assume is not None:
        j, variants = view.assumed
        has = np.isin(found.scenarios[:, j], variants)
        words = view.futures.assume.name
        yield WITH, _reading(view, found, has, every, f"with {words}")
        yield WITHOUT, _reading(view, found, ~has, every, f"without {words}")
    if given is not None:
        for column, j in enumerate(view.followers):
            for k, variant in enumerate(view.variants[j]):
                where = given[:, column] == k
                if where.any():
                    words = f"{view.descriptor(j)}: {view.variant(j, k)}"
                    yield f"{view.keys[j]}={variant}", _reading(view, found, found.free, where, words)


def _reading(
    view: CrossImpactView, found: Found, which: NDArray[np.bool_], draws: NDArray[np.bool_], name: str
) -> Reading:
    """Return what some scenarios say in some draws."""
    shares, counts = view.shares(found, which)
    some = draws & (counts > 0)
    told, number = shares[some], int(some.sum())
    spread = told.std(axis=0, ddof=1) if number > 1 else np.zeros(shares.shape[1])
    mean = told.mean(axis=0) if number else np.zeros(shares.shape[1])
    return Reading(
        name=name,
        draws=int(draws.sum()),
        futures=float(counts[draws].mean()),
        none=1.0 - number / int(draws.sum()),
        shares=tuple(
            VariantShare(
                descriptor=view.keys[j],
                variant=variant,
                share=float(mean[c]),
                mc_error=float(spread[c] / np.sqrt(max(number, 1))),
                some=float((told[:, c] > 0).mean()) if number else 0.0,
                every=float((told[:, c] == 1).mean()) if number else 0.0,
            )
            for j in range(view.shape.count)
            for c, variant in enumerate(view.variants[j], start=int(view.shape.offsets[j]))
        ),
    )


# --- arguments ------------------------------------------------------------------------------------


def _argued(view: CrossImpactView, scenarios: tuple[Future, ...]) -> list[int]:
    """Return the futures that are argued: the likeliest to survive, on either side of what is assumed."""
    order = sorted(
        range(len(scenarios)), key=lambda s: (-scenarios[s].survival, -(scenarios[s].margin or 0), s)
    )
    if view.assumed is None:
        return order[: 2 * MOST_ARGUED]
    j, variants = view.assumed
    has = [s for s in order if scenarios[s].numbers[j] - 1 in variants]
    return [*has[:MOST_ARGUED], *[s for s in order if s not in set(has)][:MOST_ARGUED]]


def _breaking(view: CrossImpactView, told: _Futures, argued: list[int]) -> Iterator[Breaking]:
    for number in argued:
        lift = breaking(view.central, told.central[number], view.shape, told.tested, view.tolerance)
        if lift is not None:
            yield Breaking(future=number, step=step_of(view, lift))
