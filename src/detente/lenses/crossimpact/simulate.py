"""How are the draws of a cross-impact matrix made, and what do they say? In blocks; then summed up as a result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case import Case
from detente.lenses.crossimpact.arguing import argue, claims_found, step_of, worth
from detente.lenses.crossimpact.balances import UNBEATEN, Scenarios, balances, margins, ties, total_impact
from detente.lenses.crossimpact.changes import breaking, withstands
from detente.lenses.crossimpact.findings import findings, firmest
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
from detente.lenses.crossimpact.succession import Basins, basins
from detente.lenses.crossimpact.survival import survival
from detente.lenses.crossimpact.view import MOST_FOUND, CrossImpactView, Found
from detente.lenses.draws import Progress, Workers, over_blocks
from detente.lenses.lens import Ask, Effort, RunRecord, checked_draws
from detente.lenses.summary import Array

BLOCK = 256
Block = tuple[Found | None, NDArray[np.intp], NDArray[np.int64]]
"""What was found, in which draws, and who was asked in every draw of the block."""
MOST_NEW = 12
LEAST_NEW = 0.02
"""Share of draws from which on a future that the best guesses do not have is told."""
MOST_DETAILED = 500
"""Futures up to which it is told what each withstands and which expert agrees."""
Held = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class CrossImpactSimulation:
    """All draws of the cross-impact lens on one case.

    Attributes:
        view: the futures.
        found: consistent scenarios of every draw.
        given: variant of each follower in every draw; ``None`` where nobody told.
        experts: who was asked in every draw.
        record: of the run.
    """

    view: CrossImpactView
    found: Found
    given: NDArray[np.int64] | None
    experts: NDArray[np.int64]
    record: RunRecord
    _basins: dict[tuple[Held, bool], Basins] = field(default_factory=dict)

    def outcomes(self) -> dict[str, Array]:
        """Return ``<descriptor>.<variant>`` → share of the consistent futures with it, shape (draws,)."""
        return self.view.labelled(self.found)

    def result(self) -> CrossImpactResult:
        """Summarise the draws; arguments, margins and basins are those of the best guesses."""
        view, found, shape = self.view, self.found, self.view.shape
        central = shape.spelt(np.sort(shape.numbered(self._guessed.scenarios)))
        new = self._newcomers()
        scenarios, newcomers = self._futures(central), self._futures(new, consistent=False)
        argued = firmest(view.futures, scenarios)
        claims, apart = claims_found(view, found, self.tested)
        followed = {view.keys[j]: one.follows for j, one in view.followers.items()}
        result = CrossImpactResult(
            record=self.record,
            case=view.case,
            findings=(),
            complete=bool(self._guessed.complete[0]),
            complete_draws=float(found.complete.mean()),
            nodes=self._guessed.nodes,
            states=float(shape.states),
            tolerance=view.options.tolerance,
            basins_exact=all(one.exact for one in self._basins.values()),
            survival_by="exact" if view.independent and view.doubt is not None else "drawn",
            scenarios=scenarios,
            newcomers=newcomers,
            cycles=tuple(self._cycles()),
            readings=dict(self._readings()),
            followed=followed if self.given is not None else {},
            arguments=tuple(one for s in argued for one in argue(view, central[s], s)),
            breaking=tuple(self._breaking(central, argued)),
            claims=claims,
            apart=apart,
            worth=worth(view, np.concatenate([central, new]), self.tested, found, self.experts),
            influences=tuple(sorted(_influences(view), key=lambda one: -one.strength)),
            unjudged=len(view.futures.unjudged()),
            expected=float(found.per_draw(found.free).mean()),
        )
        return result.model_copy(update={"findings": tuple(findings(result))})

    # --- futures ---------------------------------------------------------------------------------

    @cached_property
    def tested(self) -> NDArray[np.bool_]:
        """Whether each descriptor must be consistent."""
        return self.view.tested(self.view.open(1) if self.given is None else self.given)

    @cached_property
    def _guessed(self) -> Found:
        """What is consistent by the best guesses, whatever the answers that are followed."""
        view = self.view
        return view.found(view.central[None], view.open(1), MOST_FOUND, self.tested)

    @cached_property
    def _counts(self) -> dict[int, int]:
        """Number of a scenario → in how many draws it is consistent."""
        numbers, counts = np.unique(self.view.shape.numbered(self.found.scenarios), return_counts=True)
        return dict(zip(numbers.tolist(), counts.tolist(), strict=True))

    def _newcomers(self) -> Scenarios:
        """Return scenarios that are consistent in some draws but not by the best guesses, shape (s, n)."""
        shape, draws = self.view.shape, self.record.draws
        known = set(shape.numbered(self._guessed.scenarios).tolist())
        often = [n for n, count in self._counts.items() if count >= LEAST_NEW * draws and draws > 1]
        most = sorted(set(often) - known, key=lambda n: (-self._counts[n], n))[:MOST_NEW]
        return shape.spelt(np.array(most, np.int64))

    def _ends(self, scenario: Scenarios, *, local: bool) -> Basins:
        """Return the attractors of succession where descriptors that are not tested keep their variants."""
        held = tuple((j, int(scenario[j])) for j in np.flatnonzero(~self.tested).tolist())
        if (held, local) not in self._basins:
            view = self.view
            self._basins[held, local] = basins(view.central, view.shape, local=local, fixed=dict(held))
        return self._basins[held, local]

    def _cycles(self) -> Iterator[Cycle]:
        """Yield the cycles of global succession."""
        shape = self.view.shape
        if not self._basins and shape.states <= 1 << 40:  # nothing holds together
            self._basins[(), False] = basins(self.view.central, shape)
        for (_, local), found in self._basins.items():
            for number, size, many in zip(found.attractors, found.sizes, found.lengths, strict=True):
                if many > 1 and not local:
                    least = shape.spelt(np.array([number]))[0]
                    yield Cycle(length=int(many), least=tuple((least + 1).tolist()), basin=int(size))

    def _futures(self, scenarios: Scenarios, *, consistent: bool = True) -> tuple[Future, ...]:
        """Return scenarios with all that is told of them."""
        view, shape, few = self.view, self.view.shape, len(scenarios) <= MOST_DETAILED
        balance = balances(view.central, scenarios, shape)
        margin, total = margins(balance, scenarios, shape), total_impact(balance, scenarios, shape)
        families = ties(balance, scenarios, shape) if few else [0] * len(scenarios)
        order = {one: number for number, one in enumerate(dict.fromkeys(families))}
        agrees = {
            e: np.all(view.leads(view.guessed(e), scenarios)[:, self.tested] >= -view.tolerance, axis=1)
            for e in (view.futures.experts if few else ())
        }
        held, told = [*view.fixed, *([view.assumed[0]] if view.assumed else [])], []
        for s, scenario in enumerate(scenarios):
            own = np.where(self.tested, margin[s], UNBEATEN)
            weakest = int(own.argmin())
            told.append(
                Future(
                    numbers=tuple((scenario + 1).tolist()),
                    variants=tuple(view.variant(j, k) for j, k in enumerate(scenario.tolist())),
                    consistent=consistent,
                    margin=self._points(own[weakest]),
                    weakest=view.descriptor(weakest) if own[weakest] != UNBEATEN else "",
                    margins=tuple(map(self._points, margin[s])),
                    total_impact=view.points(total[s]),
                    pressure=view.points(max([0, *(-margin[s, held])])),
                    withstands=self._withstands(scenario) if consistent and few else None,
                    family=order[families[s]],
                    experts={e: bool(one[s]) for e, one in agrees.items()},
                    **self._firmness(scenario),
                )
            )
        return tuple(told)

    def _firmness(self, scenario: Scenarios) -> dict[str, Any]:
        """Return the basins and the survival of a scenario, as its record has them."""
        view, number = self.view, int(self.view.shape.numbered(scenario))
        everywhere = self._ends(scenario, local=False)
        count, tried = self._counts.get(number, 0), self.record.draws
        if self.given is not None:
            tried = int((self.given == scenario[list(view.followers)]).all(axis=1).sum())
        share, independent = count / max(tried, 1), None
        if view.doubt is not None:
            chances = survival(view.doubt, scenario[None], view.shape, self.tested, view.options.tolerance)
            independent = float(chances[0])
        exact = view.independent and independent is not None
        return {
            "basin": everywhere.of(number),
            "basin_error": everywhere.error(number),
            "local_basin": self._ends(scenario, local=True).of(number),
            "starts": everywhere.followed,
            "survival": independent if exact else share,
            "survival_error": 0.0 if exact else float(np.sqrt(share * (1 - share) / max(tried, 1))),
            "independent": independent,
            "drawn": count / self.record.draws,
        }

    def _withstands(self, scenario: Scenarios) -> Points | None:
        view = self.view
        doubted = np.zeros_like(view.central, dtype=np.bool_)
        for place in view.paths:
            doubted[place] = True
        holds = withstands(view.central, scenario, view.shape, self.tested, doubted, view.tolerance)
        return None if holds is None else view.points(holds)

    def _points(self, value: int) -> Points | None:
        """Return points of judgements; ``None`` where nothing could beat a variant."""
        return None if value == UNBEATEN else self.view.points(value)

    def _breaking(self, scenarios: Scenarios, argued: list[int]) -> Iterator[Breaking]:
        view = self.view
        for s in argued:
            lift = breaking(view.central, scenarios[s], view.shape, self.tested, view.tolerance)
            if lift is not None:
                yield Breaking(future=s, step=step_of(view, lift))

    # --- readings --------------------------------------------------------------------------------

    def _readings(self) -> Iterator[tuple[str, Reading]]:
        view, every = self.view, np.ones(self.record.draws, np.bool_)
        words = view.futures.assume.name if view.futures.assume is not None else ""
        told = {FREE: "all futures", WITH: f"with {words}", WITHOUT: f"without {words}"}
        if view.assumed is not None:
            told[FREE] = "as judged"
        for key, which in view.readings(self.found).items():
            yield key, self._reading(which, every, told[key])
        for j, told_ in zip(view.followers, () if self.given is None else self.given.T, strict=False):
            for k, variant in enumerate(view.variants[j]):
                if (told_ == k).any():
                    name = f"{view.descriptor(j)}: {view.variant(j, k)}"
                    yield f"{view.keys[j]}={variant}", self._reading(self.found.free, told_ == k, name)

    def _reading(self, which: NDArray[np.bool_], draws: NDArray[np.bool_], name: str) -> Reading:
        """Return what some scenarios say in some draws."""
        view = self.view
        shares, counts = view.shares(self.found, which)
        told = shares[draws & (counts > 0)]
        number = len(told)
        spread = told.std(axis=0, ddof=1) if number > 1 else np.zeros(shares.shape[1])
        found = np.stack([told, told > 0, told == 1]).sum(axis=1) / max(number, 1)
        return Reading(
            name=name,
            draws=int(draws.sum()),
            futures=float(counts[draws].mean()),
            none=1.0 - number / int(draws.sum()),
            shares=tuple(
                VariantShare(
                    descriptor=view.keys[j],
                    variant=view.variants[j][k],
                    share=float(mean),
                    mc_error=float(sd / np.sqrt(max(number, 1))),
                    some=float(some),
                    every=float(each),
                )
                for (j, k), mean, some, each, sd in zip(view.labels.values(), *found, spread, strict=True)
            ),
        )


def _influences(view: CrossImpactView) -> Iterator[Influence]:
    for i, source in enumerate(view.keys):
        for j, target in enumerate(view.keys):
            block = view.central[view.shape.block(i), view.shape.block(j)]
            leads = block[:, :, None] - block[:, None, :]
            strength = int((leads.max(axis=0) - leads.min(axis=0)).max())
            if strength:
                yield Influence(source=source, target=target, strength=view.points(strength))


# --- drawing --------------------------------------------------------------------------------------


def simulate(
    case: Case,
    draws: int,
    seed: int,
    workers: Workers = None,
    progress: Progress | None = None,
    ask: Ask | None = None,
    like: CrossImpactSimulation | None = None,
) -> CrossImpactSimulation:
    """Find what holds together in every draw; see `CrossImpactLens.simulate`.

    Draws in which a version of a case with the same futures, ``like``, is told the same are not searched again.
    """
    view = CrossImpactView(case)
    exact = view.table.is_exact
    given: NDArray[np.int64] | None = None
    if view.followers and ask is not None:
        effort = Effort(checked_draws(draws, exact=False), seed, workers)
        asking = ask
        given = view.heard(lambda name: asking(name, case, effort))
        exact = exact and len(given) == 1
    draws = checked_draws(draws, exact=exact)
    if given is not None and len(given) == 1:
        given = np.repeat(given, draws, axis=0)

    anew = np.ones(draws, np.bool_)
    if like is not None and like.given is not None and given is not None and like.given.shape == given.shape:
        anew = (given != like.given).any(axis=1)

    def block(start: int, count: int) -> Block:
        values = view.table.sample(seed, start, count)
        which = np.flatnonzero(anew[start : start + count])
        told = view.open(count) if given is None else given[start : start + count]
        found = view.found(view.matrices(values[which]), told[which]) if len(which) else None
        return found, which + start, view.experts(values)

    made = list(over_blocks(block, draws, workers, progress, size=BLOCK))
    found = _joined(made, like.found if like is not None and not anew.all() else None, view, draws)
    experts = np.concatenate([asked for *_, asked in made])
    options = view.options.model_dump(mode="json")
    record = RunRecord.of("crossimpact", case, draws=draws, seed=seed, exact=exact, options=options)
    return CrossImpactSimulation(view, found, given, experts, record)


def _joined(blocks: list[Block], like: Found | None, view: CrossImpactView, draws: int) -> Found:
    """Return what was found in all draws: in those that were not searched, what another version found."""
    none = np.zeros(draws, np.int64)
    old = like or Found(view.shape.spelt(none[:0]), none[:0], none[:0] > 0, none, 0, none == 0)
    counts, complete, kept = old.counts.copy(), old.complete.copy(), np.ones(draws, np.bool_)
    new = [(one, which) for one, which, _ in blocks if one is not None]
    for one, which in new:
        counts[which], complete[which], kept[which] = one.counts, one.complete, False
    here = kept[old.draw]
    parts = [(old.scenarios[here], old.draw[here], old.free[here])]
    parts += [(one.scenarios, which[one.draw], one.free) for one, which in new]
    scenarios, draw, free = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(draw, kind="stable")
    return Found(
        scenarios[order], draw[order], free[order], counts, sum(one.nodes for one, _ in new), complete
    )
