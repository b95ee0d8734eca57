"""What do all draws say of a case? Deals decided in blocks of draws, scenarios on the same draws, one result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from detente.case import Case
from detente.errors import MissingPartError
from detente.lenses.draws import Progress, Workers, over_blocks
from detente.lenses.lens import RunRecord, checked_draws
from detente.lenses.summary import Array
from detente.lenses.winset.engine import DEAL, Verdicts, verdicts
from detente.lenses.winset.limits import few
from detente.lenses.winset.margins import flat, margins
from detente.lenses.winset.result import WinsetResult
from detente.lenses.winset.solve import Decided, Solved, joined, solve
from detente.lenses.winset.summarise import Summary
from detente.lenses.winset.view import WinsetView

BLOCK = 512
MOST_KEPT = 8
WORTH_KEEPING = 20_000
"""Draws up to which it is kept which deals there are: who follows deals asks about the scenarios told of here."""
_KEPT: dict[tuple[str, str | None, int, int], Decided] = {}


def simulate(
    case: Case, draws: int, seed: int, workers: Workers = None, progress: Progress | None = None
) -> WinsetSimulation:
    """Decide every deal of a case in every draw.

    Raises:
        MissingPartError: the case lacks consent rules, stances or no-deal points.
        OptionError: fewer than one draw, or too many.
    """
    view = WinsetView(case)
    draws = checked_draws(draws, exact=view.table.is_exact)
    return WinsetSimulation(view, decide(view, draws, seed, workers, progress), draws, seed, workers)


def decide(
    view: WinsetView, draws: int, seed: int, workers: Workers = None, progress: Progress | None = None
) -> Decided:
    """Return which deals there are in every draw; the same draws of the same case are not decided again."""
    key = view.case.fingerprint, view.case.scenario, draws, seed
    if key in _KEPT:
        if progress is not None:
            progress(draws, draws)
        return _KEPT[key]

    def block(start: int, count: int) -> dict[str, Verdicts]:
        values = view.table.sample(seed, start, count)
        return {one.id: verdicts(view.deal(one, values)) for one in view.deals}

    blocks = tuple(over_blocks(block, draws, workers, progress, size=few(BLOCK, view.weight)))
    statuses = {one.id: np.concatenate([part[one.id].status for part in blocks]) for one in view.deals}
    found = Decided(view.table.is_exact, statuses, blocks)
    if draws <= WORTH_KEEPING:
        for oldest in list(_KEPT)[: max(0, len(_KEPT) - MOST_KEPT + 1)]:
            _KEPT.pop(oldest, None)
        _KEPT[key] = found
    return found


@dataclass(frozen=True)
class WinsetSimulation:
    """All draws of the win-set lens on one case.

    Attributes:
        view: the case as the lens reads it.
        decided: which deals there are in every draw.
        draws: how many were made.
        seed: of the draws.
        workers: threads.
    """

    view: WinsetView
    decided: Decided
    draws: int
    seed: int
    workers: Workers

    @cached_property
    def solved(self) -> dict[str, Solved]:
        """Deal → its answers in all draws, found when somebody asks for more than whether there is one."""
        view, size = self.view, few(BLOCK, self.view.weight)

        def block(start: int, count: int) -> dict[str, Solved]:
            values, found = view.table.sample(self.seed, start, count), self.decided.verdicts[start // size]
            return {one.id: solve(view.deal(one, values), found[one.id]) for one in view.deals}

        blocks = list(over_blocks(block, self.draws, self.workers, size=size))
        return {one.id: joined([part[one.id] for part in blocks]) for one in view.deals}

    def outcomes(self) -> Mapping[str, Array]:
        """Return ``<deal>.deal`` → 1 where there is one, and ``<deal>.margin`` where all draws are alike."""
        found: dict[str, Callable[[], Array]] = {}
        for one in self.view.deals:
            there = self.decided.statuses[one.id] == DEAL
            found[f"{one.id}.deal"] = partial(there.astype, np.float64)
            if flat(there):
                found[f"{one.id}.margin"] = lambda deal=one.id: self.margins[deal]  # type: ignore[misc]
        return _Outcomes(found)

    @cached_property
    def margins(self) -> dict[str, Array]:
        """The margin of every deal that there is in all draws or in none, shape (draws,)."""
        alike = [one for one in self.view.deals if flat(self.decided.statuses[one.id] == DEAL)]

        def block(start: int, count: int) -> dict[str, Array]:
            values = self.view.table.sample(self.seed, start, count)
            status = {one.id: self.decided.statuses[one.id][start : start + count] for one in alike}
            return {one.id: margins(self.view.deal(one, values), status[one.id]) for one in alike}

        parts = list(
            over_blocks(block, self.draws if alike else 0, self.workers, size=few(BLOCK, self.view.weight))
        )
        return {one.id: np.concatenate([part[one.id] for part in parts]) for one in alike}

    def zones(self) -> dict[str, dict[str, Array]]:
        """Return deal → issue → the least and greatest value that all who must consent would accept, (draws, 2).

        On the issue's own scale; NaN where there is no deal, the whole scale where the ends were not found.
        """
        found: dict[str, dict[str, Array]] = {}
        for terms in self.view.deals:
            solved = self.solved[terms.id]
            there = (solved.status == DEAL)[:, None]
            ends = np.where(np.isnan(solved.ends), [0.0, 1.0], solved.ends)
            scales = [self.view.case.issues[issue] for issue in terms.issues]
            found[terms.id] = {
                issue: np.where(there, of.low + np.clip(ends[:, i], 0, 1) * (of.high - of.low), np.nan)
                for i, (issue, of) in enumerate(zip(terms.issues, scales, strict=True))
            }
        return found

    @cached_property
    def summary(self) -> Summary:
        """What the draws say: `Summary.deals` at once; what stands in the way, sought in some draws, on demand."""
        case = self.view.case
        options, exact = self.view.options.model_dump(mode="json"), self.view.table.is_exact
        record = RunRecord.of("winset", case, draws=self.draws, seed=self.seed, exact=exact, options=options)
        return Summary(self.view, self.solved, record, self._scenarios())

    def result(self) -> WinsetResult:
        """Summarise the draws, all that is told of them."""
        return self.summary.result()

    def _scenarios(self) -> dict[str, Decided]:
        """Return scenario → its deals in every draw, on the same draws; no deal that a scenario leaves out."""
        case, found = self.view.case, {}
        for name, of in case.scenarios.items() if case.scenario is None else ():
            if of.changes:
                found[name] = self._statuses(case.with_(scenario=name))
        return found

    def _statuses(self, case: Case) -> Decided:
        try:
            view = WinsetView(case)
        except MissingPartError:
            return Decided(exact=True, statuses={})
        return decide(view, 1 if view.table.is_exact else self.draws, self.seed, self.workers)


class _Outcomes(Mapping[str, Array]):
    """Outcomes that are made when somebody looks at one: who follows a deal asks for no margins."""

    def __init__(self, made: Mapping[str, Callable[[], Array]]) -> None:
        self._made = made

    def __getitem__(self, label: str) -> Array:
        return self._made[label]()

    def __contains__(self, label: object) -> bool:
        return label in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
