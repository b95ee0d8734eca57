"""Where do the fields of a text stand, and which values do they hold? One pass over its bytes, compiled.

Tabs and line feeds are found first, 64 bytes at a time; lines with a wrong number of fields are told. Of all
others the fields that are wanted become numbers of values: each value of a column is kept once, and not looked up
where the row before has it too. Fields of which few combinations occur are one column first, and are split once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.compiled import kept
from detente.events.lanes import byte, equal, lowest, many, same, word

BLOCK = 1 << 15
MOST_VALUES = 1 << 20
NOT_UTF8 = 2
"""First byte of a line that was no UTF-8 (see `detente.events.unpack`)."""
DONE, FULL, MORE_VALUES, MORE_WORDS, MORE_NAMES, MORE_ODD = range(6)
"""What a scan ends with: the text, its room for rows, or room for something else, which is to grow."""
BAD_BYTES, BAD_WIDTH = 1, 2
POSITION, LINE, ROWS, ODD, VALUES, WORDS, NAMES = range(7)
"""Of a state: where to go on; last line; rows, odd lines, values, words of values and bytes of names so far."""
FIRST, SIZE, SPAN = range(3)
"""Of a value: first word among the words of all, bytes, and the column of which it is."""


@kept
def _value(
    base: Any, start: Any, size: Any, span: Any, state: Any, table: Any, entries: Any, values: Any
) -> Any:
    """Return the number of a value of a column, which is kept where it is new; number 0 is empty."""
    if size == 0:
        return 0
    seed = np.uint64(size * 64 + span)
    count, left = (size + 7) >> 3, size & 7
    found = seed * np.uint64(0x9E3779B97F4A7C15)
    for k in range(count - 1):
        found = (found ^ word(start + 8 * k)) * np.uint64(0xFF51AFD7ED558CCD)
        found ^= found >> np.uint64(32)
    if start + size - 8 >= base:  # what stands before the last bytes is shifted out
        end = word(start + size - 8) >> np.uint64(8 * ((8 - left) & 7))
    else:
        end = np.uint64(0)
        for k in range(size):
            end |= np.uint64(byte(start + k)) << np.uint64(8 * k)
    found = (found ^ end) * np.uint64(0xFF51AFD7ED558CCD)
    found ^= found >> np.uint64(32)
    mark = found << np.uint64(32)
    last = np.uint64(table.size - 1)
    slot = (mark >> np.uint64(32)) & last
    while True:
        held = table[slot]
        if held == 0:
            break
        at = np.int64(held & np.uint64(0xFFFFFFFF))
        if held ^ mark == np.uint64(at) and entries[at, SIZE] == size and entries[at, SPAN] == span:
            first = entries[at, FIRST]
            alike = values[first + count - 1] == end
            for k in range(count - 1):
                alike &= values[first + k] == word(start + 8 * k)
            if alike:
                return at
        slot = (slot + np.uint64(1)) & last
    at = state[VALUES]
    table[slot] = mark | np.uint64(at)
    first = state[WORDS]
    entries[at, FIRST], entries[at, SIZE], entries[at, SPAN] = first, size, span
    for k in range(count - 1):
        values[first + k] = word(start + 8 * k)
    values[first + count - 1] = end
    state[WORDS] += count
    state[VALUES] += 1
    return at


@kept
def _found(address: Any, begin: Any, stop: Any, marks: Any, breaks: Any) -> Any:
    """Find tabs and line feeds; return how many lines end.

    Args:
        address: of the text.
        begin: from where.
        stop: to where.
        marks: places of all, to be filled.
        breaks: which of them are line feeds, to be filled.
    """
    count, found, place = 0, 0, begin
    while place + 64 <= stop:
        feeds = equal(address + place, 10)
        both = equal(address + place, 9) | feeds
        while feeds:
            low = feeds & (~feeds + np.uint64(1))
            breaks[found] = count + many(both & (low - np.uint64(1)))
            found += 1
            feeds ^= low
        while both:
            marks[count] = place + lowest(both)
            count += 1
            both &= both - np.uint64(1)
        place += 64
    for last in range(place, stop):
        one = byte(address + last)
        if one == 10:
            breaks[found] = count
            found += 1
        if one in (9, 10):
            marks[count] = last
            count += 1
    return found


@kept
def scan(  # noqa: C901
    address: Any,
    stop: Any,
    least: Any,
    most: Any,
    begins: Any,
    closes: Any,
    named: Any,
    inner: Any,
    state: Any,
    codes: Any,
    lines: Any,
    starts: Any,
    odd: Any,
    table: Any,
    entries: Any,
    values: Any,
    ends: Any,
    names: Any,
) -> Any:
    """Read the lines of a text up to its end, or up to where something is full.

    Args:
        address: of the text.
        stop: where it ends: behind a line feed.
        least: fields of a line at least.
        most: at most.
        begins: first fields of the values that are wanted, −1 where a value is none.
        closes: last fields of them.
        named: field whose text is wanted as it is, −1 for none.
        inner: whether lines are values themselves, of which fields are taken without the spaces around them, as
            values of no column.
        state: see `POSITION`; changed.
        codes: shape (wanted, rows): numbers of values.
        lines: of every row.
        starts: where the line of every row begins.
        odd: shape (lines, 3): line, begin and fault of lines that are no rows.
        table: slot of a hash → half the hash and the value; a power of two.
        entries: of every value, see `FIRST`.
        values: words of all.
        ends: of the names of all rows, with 0 before.
        names: bytes of all.

    Returns:
        ``DONE``, ``FULL`` of rows, or what wants more room.
    """
    block = BLOCK
    marks, breaks = np.empty(block, np.int64), np.empty(block, np.int64)
    past = np.full(
        (3, begins.size), -1, np.int64
    )  # of the row before: where a value stands, its size and number
    while state[POSITION] < stop:
        begin = state[POSITION]
        found = _found(address, begin, min(stop, begin + block), marks, breaks)
        if found == 0:
            block *= 2
            marks, breaks = np.empty(block, np.int64), np.empty(block, np.int64)
            continue
        before = 0
        for k in range(found):
            begin = state[POSITION]
            row = state[ROWS]
            if row == lines.size:
                return FULL
            end = marks[breaks[k]]
            size = end - begin
            if state[VALUES] + begins.size >= len(entries):
                return MORE_VALUES
            if state[WORDS] + (size >> 3) + begins.size >= values.size:
                return MORE_WORDS
            if state[NAMES] + size >= names.size:
                return MORE_NAMES
            if state[ODD] == odd.shape[0]:
                return MORE_ODD
            state[LINE] += 1
            fields = breaks[k] - before + 1
            while not inner and end > begin and byte(address + end - 1) == 13:
                end -= 1
            blank = fields == 1 and not inner
            if blank:
                for place in range(begin, end):
                    if byte(address + place) != 32:
                        blank = False
                        break
            bad = 0
            if not inner and end > begin and byte(address + begin) == NOT_UTF8:
                bad = BAD_BYTES
            elif fields < least or fields > most:
                bad = BAD_WIDTH
            if bad and not blank:
                at = state[ODD]
                odd[at, 0], odd[at, 1], odd[at, 2] = state[LINE], begin, bad
                state[ODD] = at + 1
            elif not blank:
                for column in range(begins.size + 1):
                    one = named if column == begins.size else begins[column]
                    other = named if column == begins.size else closes[column]
                    first, last = begin, begin
                    if one >= 0 and other < fields:
                        if one > 0:
                            first = marks[before + one - 1] + 1
                        last = end if other == fields - 1 else marks[before + other]
                    if inner or column == begins.size:
                        while first < last and byte(address + first) == 32:
                            first += 1
                        while last > first and byte(address + last - 1) == 32:
                            last -= 1
                    if column < begins.size:
                        size = last - first
                        if past[1, column] != size or not same(
                            address + first, address + past[0, column], size
                        ):
                            span = 0 if inner else column
                            past[0, column], past[1, column] = first, size
                            past[2, column] = _value(
                                address, address + first, size, span, state, table, entries, values
                            )
                        codes[column, row] = past[2, column]
                    else:
                        at = state[NAMES]
                        for place in range(first, last):
                            names[at] = byte(address + place)
                            at += 1
                        state[NAMES] = at
                        ends[row + 1] = at
                lines[row], starts[row] = state[LINE], begin
                state[ROWS] = row + 1
            before = breaks[k] + 1
            state[POSITION] = marks[breaks[k]] + 1
    return DONE


@kept
def packed(entries: Any, values: Any, ends: Any, out: Any) -> None:
    """Write values one behind the other, with the end of each; `ends` begins with 0."""
    text = values.view(np.uint8)
    at = 0
    for number in range(len(entries)):
        first = entries[number, FIRST] << 3
        for place in range(first, first + entries[number, SIZE]):
            out[at] = text[place]
            at += 1
        ends[number + 1] = at


@kept
def copied(entries: Any, values: Any, numbers: Any, out: Any) -> Any:
    """Write values as lines, and return how many bytes they have; with no room they are only counted."""
    text = values.view(np.uint8)
    at: Any = 0
    for number in numbers:
        first, size = entries[number, FIRST] << 3, entries[number, SIZE]
        if out.size:
            for place in range(size):
                out[at + place] = text[first + place]
            out[at + size] = 10
        at += size + 1
    return at


class Scanned:
    """Lines of the same fields, as numbers of values.

    Attributes:
        state: see `POSITION`.
        codes: shape (values of a line, rows).
        lines: line of every row.
        starts: where it begins in the text that was read last.
        ends: of the names of all rows.
        names: bytes of all.
    """

    def __init__(self, count: int, rows: int, *, named: int = -1, inner: bool = False) -> None:
        """Make room for rows of some values; for more than that where they are values themselves."""
        self.named, self.inner = named, inner
        self.codes = np.zeros((count, rows), np.int32)
        self.lines, self.starts = np.empty(rows, np.int64), np.empty(rows, np.int64)
        self.ends = np.zeros(rows + 1, np.int64)
        self.table = np.zeros(1 << 18, np.uint64)
        self.entries, self.values = np.zeros((1 << 17, 3), np.int64), np.empty(1 << 20, np.uint64)
        self.names = np.empty(1 << 20, np.uint8)
        self.odd = np.empty((1 << 10, 3), np.int64)
        self.state = np.zeros(7, np.int64)
        self.state[VALUES], self.state[ROWS] = 1, int(inner)  # number 0 is empty, and so is its row

    @property
    def rows(self) -> int:
        """How many there are."""
        return int(self.state[ROWS])

    @property
    def line(self) -> int:
        """The last line that was read."""
        return int(self.state[LINE])

    @property
    def known(self) -> int:
        """How many values there are."""
        return int(self.state[VALUES])

    def read(
        self,
        text: NDArray[np.uint8],
        begin: int,
        line: int,
        fields: tuple[NDArray[np.int64], NDArray[np.int64]],
        widths: tuple[int, ...],
    ) -> int:
        """Read whole lines behind a line; return where it is full of rows, or the end of the text.

        Args:
            text: its bytes.
            begin: where to begin.
            line: number of the line before.
            fields: first and last field of every value.
            widths: numbers of fields that a line may have.
        """
        state = self.state
        state[POSITION], state[LINE] = begin, line
        while True:
            told = scan(
                text.ctypes.data, text.size, min(widths), max(widths), *fields, self.named, self.inner, state,
                self.codes, self.lines, self.starts, self.odd, self.table, self.entries, self.values, self.ends,
                self.names,
            )  # fmt: skip
            if told == DONE or (told == FULL and not self.inner):
                return int(state[POSITION])
            self._grow(told)

    def split(self, of: Scanned, numbers: NDArray[np.int64], fields: NDArray[np.int64], width: int) -> int:
        """Split values of another into fields; return the first of their rows here.

        Args:
            of: whose values they are.
            numbers: of them.
            fields: of a value, −1 for none.
            width: how many fields a value has.
        """
        text = np.empty(copied(of.entries, of.values, numbers, np.empty(0, np.uint8)), np.uint8)
        copied(of.entries, of.values, numbers, text)
        first = self.rows
        self.read(text, 0, 0, (fields, fields), (width,))
        return first

    def _grow(self, what: int) -> None:
        """Double what is short of room."""
        if what == MORE_VALUES:
            self.entries = _doubled(self.entries)
            held, self.table = self.table, np.zeros(2 * len(self.entries), np.uint64)
            rehash(self.table, held)
        elif what == FULL:
            self.codes = np.concatenate([self.codes, np.zeros_like(self.codes)], axis=1)
            self.lines, self.starts = _doubled(self.lines), _doubled(self.starts)
            self.ends = _doubled(self.ends)
        elif what == MORE_WORDS:
            self.values = _doubled(self.values)
        elif what == MORE_NAMES:
            self.names = _doubled(self.names)
        else:
            self.odd = _doubled(self.odd)

    def texts(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Return ends (0 before) and bytes of all values, in the order of their numbers."""
        count = int(self.state[VALUES])
        ends = np.zeros(count + 1, np.int64)
        out = np.empty(int(self.entries[:count, SIZE].sum()), np.uint8)
        packed(self.entries[:count], self.values, ends, out)
        return ends, out

    def text(self, number: int) -> str:
        """Return one value."""
        first, size = int(self.entries[number, FIRST]), int(self.entries[number, SIZE])
        return self.values[first : first + (size + 7) // 8].tobytes()[:size].decode()

    @property
    def many(self) -> bool:
        """Whether so many values are known that they should be forgotten."""
        return self.known > MOST_VALUES or bool(self.state[WORDS] > 8 * MOST_VALUES)

    def empty(self, *, values: bool) -> None:
        """Forget all rows, and the values if asked to."""
        self.state[ROWS], self.state[NAMES] = int(self.inner), 0
        if values:
            self.state[VALUES], self.state[WORDS] = 1, 0
            self.table[:] = 0


@kept
def rehash(table: Any, held: Any) -> None:
    """Enter the values of a table into a larger one."""
    last = np.uint64(table.size - 1)
    for one in held:
        if one != 0:
            slot = (one >> np.uint64(32)) & last
            while table[slot] != 0:
                slot = (slot + np.uint64(1)) & last
            table[slot] = one


def _doubled(array: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([array, np.empty_like(array)])
