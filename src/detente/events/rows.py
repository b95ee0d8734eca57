"""What do the rows of one data set say? Its values are looked up once each, before rows are written.

A row whose day or code cannot be is set aside with its reason. What DuckDB reads out of a text (days, times,
numbers) is asked of it once per value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import OptionError
from detente.events import ontology
from detente.events.arrays import grown, numeric, strings
from detente.events.feeds import Feed
from detente.events.scan import BAD_BYTES, BAD_WIDTH, ODD, SPAN, Scanned
from detente.events.store import QUARANTINE, quoted

if TYPE_CHECKING:
    import duckdb

ROWS = 220_000
"""Rows of a part at most; memory holds two such."""
ASIDE = 20_000
TEXT = 1 << 23
"""Bytes of text that are held until it is known which of their rows are sound."""
EPOCH = date(1970, 1, 1)
EARLIEST = date(1900, 1, 1)
NO_DAY, NO_SUCH_DAY, NO_CODE, REFUSED = range(3, 7)
REASONS = {
    BAD_BYTES: "is not UTF-8",
    BAD_WIDTH: "has a wrong number of fields",
    NO_DAY: "has no date that can be read",
    NO_SUCH_DAY: "has a date that cannot be",
    NO_CODE: "has no code that can be read",
}
Ints = NDArray[np.int64]
Block = bytes | bytearray


def agreed(codes: Iterable[str], feed: Feed, stated: str | None) -> str:
    """Return the ontology of codes: of their data set, as stated, or as they prove.

    Raises:
        OptionError: they prove another one than is stated, or none and none is stated.
    """
    if feed.ontology in ("plover", "ucdp"):
        return feed.ontology
    proven, said = ontology.detected(codes), stated or feed.ontology
    if proven and said and proven != said:
        raise OptionError(f"its codes are of {proven.upper()}, not of {said.upper()}")
    if not (proven or said):
        raise OptionError("its codes fit CAMEO and WEIS; say which with --ontology")
    return proven or said


@dataclass(slots=True)
class Source:
    """A file whose rows are read.

    Attributes:
        name: of the file.
        number: its place in the batch.
        rows: read so far, those set aside included.
        rejected: reason → rows.
        unmatched: country code that names no state → rows.
        codes: of its sound rows, one for each ontology that any of them proves; empty for those that prove none.
        encoded: encoding other than UTF-8 → lines.
    """

    name: str
    number: int
    rows: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    unmatched: Counter[str] = field(default_factory=Counter)
    codes: set[str] = field(default_factory=set)
    encoded: Counter[str] = field(default_factory=Counter)


class Rows:
    """Rows of files of one data set and width, until they are written.

    Attributes:
        feed: the data set.
        ontology: of the codes; empty while it is not known.
        parts: pairs of the file in which a part was written, and the part's place in a store without its name.
    """

    def __init__(
        self, feed: Feed, widths: tuple[int, ...], work: Path, connection: duckdb.DuckDBPyConnection
    ) -> None:
        """Begin with none; parts are written into a folder, and values read by DuckDB."""
        self.feed, self.work, self.connection, self.widths = feed, work, connection, widths
        self.ontology = feed.ontology
        own = [feed.date[0], feed.score, feed.quad, feed.added and feed.added[0]]
        identity = int(feed.take.get("event_id", -1))
        self.places = sorted(
            {int(one) for one in (*own, *feed.take.values()) if one is not None} - {identity}
        )
        single = [one for one in self.places if not any(a <= one <= b for a, b in feed.together)]
        self.spans = [*feed.together, *((one, one) for one in single)]
        self.bounds = np.array([a for a, _ in self.spans]), np.array([b for _, b in self.spans])
        self.scanned = Scanned(len(self.spans), ROWS, named=identity)
        self.values = Scanned(len(self.places), 1 << 16, inner=True)
        self.reason, self.file = np.zeros(ROWS, np.uint8), np.zeros(ROWS, np.int32)
        self.held = 0  # bytes of text
        self.settled = 0  # rows of which it is known whether they are sound
        self.pending: list[tuple[Source, int, int, Ints | None, NDArray[np.uint8]]] = []
        self.aside: list[tuple[int, str, int, str, str]] = []
        self.flushed: set[int] = set()  # files of which rows are written
        self._unjudged()
        self.parts: list[tuple[Path, str]] = []
        latest = (datetime.now(UTC) + timedelta(days=1)).date()
        self.days = ((EARLIEST - EPOCH).days, (latest - EPOCH).days)
        pattern = {"plover": "[A-Za-z]+", "ucdp": "[A-Za-z0-9]+"}.get(feed.ontology, "[0-9]{1,4}")
        self.code = re.compile(pattern)

    def _unjudged(self) -> None:
        """Begin with no value, no day and no code looked at."""
        self.proofs = [""]  # a code for every ontology that one proves
        self.proof = np.zeros(0, np.uint8)  # value → its place there
        self.day = np.zeros(0, np.int64)
        self.fault_day, self.fault_code = np.zeros(0, np.uint8), np.zeros(0, np.uint8)
        self.split = np.zeros(1, np.int32)  # value of a span → its row in `values`
        self.apart = 1  # values that are split

    def span(self, place: int | str) -> int:
        """Return the span in which a field stands."""
        return next(k for k, (a, b) in enumerate(self.spans) if a <= int(place) <= b)

    def fields(self, place: int | str) -> NDArray[np.int32]:
        """Return the value of a field by number of the value of its span."""
        return np.asarray(self.values.codes[self.places.index(int(place))][self.split[: self.scanned.known]])

    def column(self, place: int | str, rows: slice) -> NDArray[np.int32]:
        """Return the values of a field in some rows, by number."""
        found = self.split[self.scanned.codes[self.span(place), rows]]
        return np.asarray(self.values.codes[self.places.index(int(place))][found])

    def _split(self) -> None:
        """Split values into their fields that were not known before."""
        first, count = self.apart, self.scanned.known
        self.split = grown(self.split, count)
        spans = self.scanned.entries[first:count, SPAN]
        for span, (begin, close) in enumerate(self.spans):
            new = first + np.flatnonzero(spans == span)
            if new.size:
                fields = np.array([one - begin if begin <= one <= close else -1 for one in self.places])
                at = self.values.split(self.scanned, new, fields, close - begin + 1)
                self.split[new] = np.arange(at, at + new.size)
        self.apart = count

    def read(self, source: Source, block: Block, line: int, numbers: Ints | None = None) -> Iterator[None]:
        """Read whole lines behind a line of a file; yield where rows must be written before it goes on.

        Args:
            source: the file.
            block: the lines.
            line: number of the line before.
            numbers: of the lines, where they are others than they seem.
        """
        if self.held + len(block) > TEXT:
            self.settle()
        self.held += len(block)
        text, begin = np.frombuffer(block, np.uint8), 0
        while True:
            first = self.scanned.rows
            begin = self.scanned.read(text, begin, line, self.bounds, self.widths)
            last = self.scanned.rows
            self.file[first:last] = source.number
            self.pending.append((source, first, last, numbers, text))
            line = self.scanned.line
            if self.scanned.state[ODD]:
                self._odd(source, numbers, text)
            if begin == text.size:
                return
            self.settle()
            yield

    def _odd(self, source: Source, numbers: Ints | None, text: NDArray[np.uint8]) -> None:
        """Set lines aside that are no rows."""
        for line, begin, fault in self.scanned.odd[: self.scanned.state[ODD]].tolist():
            self._set_aside(source, line if numbers is None else int(numbers[line - 1]), text[begin:], fault)
            source.rows += 1
        self.scanned.state[ODD] = 0

    def _set_aside(self, source: Source, line: int, text: NDArray[np.uint8], fault: int) -> None:
        own = text[:8_001].tobytes().partition(b"\n")[0].rstrip(b"\r")
        self.aside.append(
            (source.number, source.name, line, REASONS[fault], own.decode("utf-8", "ignore")[:2000])
        )
        source.rejected[REASONS[fault]] += 1

    def settle(self) -> None:
        """Find which rows are sound, and set the others aside; then their text is forgotten."""
        first, last = self.settled, self.scanned.rows
        acts = np.zeros(0, np.int32)
        if last > first:
            self._split()
            days = self.column(self.feed.date[0], slice(first, last))
            acts = self.column(self.feed.take["code"], slice(first, last))
            self._judge(days, acts)
            self.reason[first:last] = np.where(
                self.fault_day[days] > 1, self.fault_day[days], self.fault_code[acts]
            )
            self.reason[first:last][self.reason[first:last] == 1] = 0
        for source, begin, end, numbers, text in self.pending:
            source.rows += end - begin
            faults = self.reason[begin:end]
            if faults.any():
                for row in (begin + np.flatnonzero(faults)).tolist():
                    line = int(self.scanned.lines[row])
                    line = line if numbers is None else int(numbers[line - 1])
                    self._set_aside(source, line, text[self.scanned.starts[row] :], int(self.reason[row]))
            if numbers is not None:
                self.scanned.lines[begin:end] = numbers[self.scanned.lines[begin:end] - 1]
            sound = acts[begin - first : end - first][faults == 0]
            source.codes.update(self.proofs[one] for one in np.flatnonzero(np.bincount(self.proof[sound])))
        self.pending.clear()
        self.settled = last
        self.held = 0
        if len(self.aside) > ASIDE:
            self.write_aside()

    def _judge(self, days: NDArray[np.int32], acts: NDArray[np.int32]) -> None:
        """Find what is wrong with days and codes that were not seen before; 1 is nothing, 0 not known."""
        count = self.values.known
        self.day, self.fault_day, self.fault_code, self.proof = (
            grown(one, count) for one in (self.day, self.fault_day, self.fault_code, self.proof)
        )
        new = np.unique(days[self.fault_day[days] == 0])
        if new.size:
            forms = ", ".join(map(quoted, self.feed.date[1]))
            found, missing = self.asked(
                new, f"date_diff('day', DATE '1970-01-01', CAST(try_strptime(c, [{forms}]) AS DATE))"
            )
            self.day[new] = found
            first, last = self.days
            cannot = (found < first) | (found > last)
            self.fault_day[new] = np.where(missing, NO_DAY, np.where(cannot, NO_SUCH_DAY, 1))
        for number in np.unique(acts[self.fault_code[acts] == 0]).tolist():
            text = self.values.text(number)
            sound = text != self.feed.missing and self.code.fullmatch(text)
            self.fault_code[number] = 1 if sound else NO_CODE
            if sound and (proven := ontology.proven(text)):
                known = [ontology.proven(one) for one in self.proofs]
                if proven not in known:
                    self.proofs.append(text)
                    known.append(proven)
                self.proof[number] = known.index(proven)

    def asked(self, numbers: NDArray[Any], expression: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return what DuckDB makes of values, and which are nothing."""
        nothing = ("", self.feed.missing)
        texts = [self.values.text(one) for one in numbers.tolist()]
        given = [None if one in nothing else one for one in texts]
        query = f"SELECT {expression} AS v FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS c)"
        found: Any = self.connection.execute(query, [given]).fetchnumpy()["v"]
        return np.ma.getdata(found), np.ma.getmaskarray(found)

    def drop(self, source: Source) -> None:
        """Forget the rows of a file that is refused, none of which is written."""
        self.settle()
        rows = self.scanned.rows
        self.reason[:rows][self.file[:rows] == source.number] = REFUSED
        self.aside = [one for one in self.aside if one[0] != source.number]

    def forget(self) -> None:
        """Begin anew behind rows that are written."""
        self.flushed.update(np.unique(self.file[: self.scanned.rows]).tolist())
        self.write_aside()
        self.settled = 0
        many = self.scanned.many or self.values.many
        self.scanned.empty(values=many)
        if many:
            self.values.empty(values=True)
            self._unjudged()

    def part(self, where: str) -> Path:
        """Return where a part is to be written that belongs somewhere in the store."""
        path = self.work / f"{id(self)}-{len(self.parts)}.parquet"
        self.parts.append((path, where))
        return path

    def write_aside(self) -> None:
        """Write the rows that were set aside."""
        import pyarrow as pa
        from pyarrow import parquet

        if not self.aside:
            return
        self.flushed.update(one[0] for one in self.aside)
        _, files, lines, reasons, texts = zip(*self.aside, strict=True)
        columns = [strings(files), numeric(pa.int64(), np.array(lines)), strings(reasons), strings(texts)]
        made = pa.table(columns, names=["file", "line", "reason", "text"])
        parquet.write_table(made, self.part(QUARANTINE), compression="zstd")
        self.aside.clear()
