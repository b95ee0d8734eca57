"""Which intervals are missing, and which were never there? What a store holds of GDELT, against its own lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from detente.errors import OptionError
from detente.events.store import Store
from detente.show.blocks import Block, Prose, tabled
from detente.show.record import Published, Record

STEM = re.compile(r"^(\d{14})\.")
QUARTER = timedelta(minutes=15)


class Gap(Record):
    """A stretch of 15-minute intervals that are missing for one reason.

    Attributes:
        start: first interval, UTC.
        end: last interval.
        intervals: how many.
        state: ``not fetched`` (listed), ``not listed``, or ``missing`` where no list was given.
    """

    start: str
    end: str
    intervals: int
    state: str


class GapReport(Published):
    """What is missing between two times.

    Attributes:
        start: first interval.
        end: last interval.
        expected: intervals between them.
        loaded: of them.
        gaps: the rest, in order.
    """

    start: str
    end: str
    expected: int
    loaded: int
    gaps: tuple[Gap, ...]

    def blocks(self) -> Iterator[Block]:
        """Yield what is to be read of it."""
        many = f"{self.loaded:,} of {self.expected:,} intervals"
        yield Prose(text=f"{many} from {self.start} to {self.end} are loaded.")
        if rows := [(one.start, one.end, one.intervals, one.state) for one in self.gaps]:
            yield tabled(("from", "to", "intervals", "why"), rows, "What is missing")


def gaps(
    store: Store, start: str | None = None, end: str | None = None, listed: Mapping[str, str] | None = None
) -> GapReport:
    """Return which 15-minute files of GDELT 2.0 a store lacks.

    Args:
        store: the store.
        start: first day or time; that of the first file where left out.
        end: last.
        listed: name of a file → its MD5, from GDELT's list.

    Raises:
        OptionError: there is nothing to compare with, or the times cannot be read.
    """
    held = {stem[1] for one in store.files().values() if (stem := STEM.match(one["file"]))}
    if not held and (start is None or end is None):
        raise OptionError("the store holds no file of GDELT 2.0; say from when to when with --from and --to")
    first = moment(start, min(held, default=""), last=False)
    last = moment(end, max(held, default=""), last=True)
    if last < first:
        raise OptionError(f"{end} lies before {start}")
    known = None if listed is None else {stem[1] for name in listed if (stem := STEM.match(name))}
    states = [(moment, _state(moment, held, known)) for moment in _quarters(first, last)]
    return GapReport(
        start=first.isoformat(),
        end=last.isoformat(),
        expected=len(states),
        loaded=sum(state == "loaded" for _, state in states),
        gaps=tuple(_runs(states)),
    )


def _quarters(first: datetime, last: datetime) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += QUARTER


def _state(moment: datetime, held: set[str], known: set[str] | None) -> str:
    stem = moment.strftime("%Y%m%d%H%M%S")
    if stem in held:
        return "loaded"
    if known is None:
        return "missing"
    return "not fetched" if stem in known else "not listed"


def _runs(states: list[tuple[datetime, str]]) -> Iterator[Gap]:
    start = 0
    for k in range(1, len(states) + 1):
        if k == len(states) or states[k][1] != states[start][1]:
            if states[start][1] != "loaded":
                yield Gap(
                    start=states[start][0].isoformat(),
                    end=states[k - 1][0].isoformat(),
                    intervals=k - start,
                    state=states[start][1],
                )
            start = k


def moment(text: str | None, stem: str, *, last: bool) -> datetime:
    """Return a time on a quarter of an hour from a day, a time or a file's stem."""
    written = text or stem
    for form in ("%Y%m%d%H%M%S", "%Y-%m-%d", "%Y%m%d", "%Y-%m-%dT%H:%M"):
        try:
            found = datetime.strptime(written, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        whole_day = form in ("%Y-%m-%d", "%Y%m%d")
        found += timedelta(days=1) - QUARTER if whole_day and last else timedelta(0)
        return found - timedelta(minutes=found.minute % 15, seconds=found.second)
    raise OptionError(f"{written!r} is no day or time; write 2018-03-26, or 2018-03-26T04:45")
