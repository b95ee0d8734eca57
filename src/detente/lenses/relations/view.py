"""What does the lens read? The followed pairs of a case: their dated events in order, grades as columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.case import Case, DatedEvent
from detente.case.countries import country_name
from detente.case.parts.relations import EVERYONE, HIGH, LOW, concerns, members, party
from detente.errors import MissingPartError
from detente.lenses.outcomes import OutcomeWords
from detente.lenses.relations.standing import EARLIEST, weights, years
from detente.lenses.summary import Array
from detente.quantity import QuantityTable

if TYPE_CHECKING:
    from detente.events.dyads import DyadCounts

PART = "chronology"


@dataclass(frozen=True, slots=True)
class Pair:
    """One followed pair.

    Attributes:
        id: in the case.
        name: of the relation.
        sides: of the two, as stores name them: a country's code, an actor or a group, or ``everyone``.
        members: of each side; empty for everyone.
        names: of the two in words.
        events: ids of its events, in order of time.
        times: shape (events,), in years.
        columns: of the view's table, one per event.
        doers: per event, who acted, or empty where all did.
    """

    id: str
    name: str
    sides: tuple[str, str]
    members: tuple[frozenset[str], frozenset[str]]
    names: tuple[str, str]
    events: tuple[str, ...]
    times: Array
    columns: NDArray[np.int64]
    doers: tuple[str, ...]


class RelationsView:
    """The chronology of every pair as arrays.

    Attributes:
        case: that is read.
        table: the grades of all events that are of a followed pair.
        pairs: in the order of the case.
        today: the date of the case, or of the last event, in years.
    """

    def __init__(self, case: Case) -> None:
        part = case.relations
        if part is None:
            raise MissingPartError(
                "the relations lens reads 'relations' and the case has none; add dyads: and a chronology:"
            )
        self.case, self.part = case, part
        concerned = {
            key: frozenset(str(party(one, case.actors)) for one in event.between)
            for key, event in part.chronology.items()
        }
        met = {
            key: [one for one, of in concerned.items() if concerns(of, *self._members(key))]
            for key in part.dyads
        }
        used = sorted({one for events in met.values() for one in events})
        self.table = QuantityTable(
            {f"relations.{PART}.{key}.grade": part.chronology[key].grade for key in used}
        )
        self.pairs = tuple(self._pair(key, met[key]) for key in part.dyads)
        last = [pair.times[-1] for pair in self.pairs if len(pair.times)]
        self.today = max([*last, *([years(case.as_of)] if case.as_of else [])], default=0.0)
        if not last and part.store is None:
            raise MissingPartError(
                "the relations lens found no event of the pairs in 'relations'; add some to its chronology"
            )

    def _pair(self, key: str, events: list[str]) -> Pair:
        dyad, case = self.part.dyads[key], self.case
        first, second = (
            one if one == EVERYONE or one in self.part.groups else str(party(one, case.actors))
            for one in dyad.between
        )
        names = tuple(self.name(one, side) for one, side in zip(dyad.between, (first, second), strict=True))
        chronology = self.part.chronology
        ordered = sorted(events, key=lambda one: (years(chronology[one].date), chronology[one].date, one))
        doers = tuple(
            str(party(by, case.actors)) if (by := chronology[one].by) is not None else "" for one in ordered
        )
        return Pair(
            id=key,
            name=dyad.name or f"{names[0]} and {names[1]}",
            sides=(first, second),
            members=self._members(key),
            names=(names[0], names[1]),
            events=tuple(ordered),
            times=np.array([years(chronology[one].date) for one in ordered]),
            columns=np.array(
                [self.table.column(f"relations.{PART}.{one}.grade") for one in ordered], dtype=np.int64
            ),
            doers=doers,
        )

    def _members(self, key: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return whom the two sides of a pair mean."""
        first, second = (
            members(one, self.case.actors, self.part.groups) for one in self.part.dyads[key].between
        )
        return first, second

    def name(self, written: str, side: str) -> str:
        """Return who is meant in words."""
        if written == EVERYONE:
            return "everyone"
        if written in self.part.groups:
            return self.part.groups[written].name
        actor = self.case.actors.get(written)
        return country_name(side) or (actor.name if actor is not None else side)

    def event(self, key: str) -> DatedEvent:
        """Return an event of the chronology."""
        return self.part.chronology[key]

    @cached_property
    def counts(self) -> DyadCounts | None:
        """Counts of all pairs in the store that the case names, ``None`` where it names none."""
        if self.part.store is None:
            return None
        from detente.events.dyads import dyad_counts
        from detente.events.store import Store

        sides = {
            side: of
            for pair in self.pairs
            for side, of in zip(pair.sides, pair.members, strict=True)
            if of != {side}
        }
        until = self.case.as_of if self.case.as_of and len(self.case.as_of) == 10 else None
        return dyad_counts(
            Store.at(Path(self.part.store)),
            by=self.part.by,
            feed=self.part.feed,
            until=until,
            keep=frozenset(way for pair in self.pairs for way in (pair.sides, pair.sides[::-1])),
            groups=sides,
        )

    def path(self, pair: Pair, values: Array) -> Array:
        """Return the standing after every event and, last, today; shape (rows, events + 1)."""
        at = np.append(pair.times, max(self.today, pair.times[-1]))
        return values[:, pair.columns] @ weights(pair.times, at, self.table.means[pair.columns]).T

    def outcomes(self, values: Array) -> dict[str, Array]:
        """Turn grades into standings and into how much worse they were before, per pair."""
        found: dict[str, Array] = {}
        for pair in self.pairs:
            if len(pair.times):
                path = self.path(pair, values)
                found[f"{pair.id}.standing"] = path[:, -1]
                if len(pair.times) > EARLIEST:
                    worse = path[:, EARLIEST - 1 : -1] < path[:, -1:]
                    found[f"{pair.id}.worse_before"] = np.asarray(worse.mean(axis=1))
        counts = None if found else self.counts
        if counts is None:
            return found
        for pair in self.pairs:
            for number, way in enumerate((pair.sides, pair.sides[::-1]), 1):
                row = counts.row(*way)
                if row is not None and counts.events[row].any():
                    last = np.flatnonzero(counts.events[row])[-1]  # in which something was reported
                    share = counts.conflict[row, last] / counts.events[row, last]
                    found[f"{pair.id}.conflict{number}"] = np.full(len(values), share)
        return found

    def told(self) -> dict[str, OutcomeWords]:
        """Return label → words of every pair's standing."""
        return {
            f"{pair.id}.standing": OutcomeWords(subject=f"Standing of {pair.name}", low=LOW, high=HIGH)
            for pair in self.pairs
            if len(pair.times)
        } or {
            f"{pair.id}.conflict1": OutcomeWords(subject=f"Conflict share, {' to '.join(pair.names)}")
            for pair in self.pairs
        }
