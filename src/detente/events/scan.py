"""Where do the fields of a text stand, and which values do they hold? One pass over its bytes, compiled.

Tabs and line feeds are found first, block by block; lines with a wrong number of fields are told, of all others the
fields that are wanted become numbers of values: each value is kept once, whatever field it stands in.
"""

from __future__ import annotations

from typing import Any, cast

import numba
import numpy as np
from numpy.typing import NDArray

BLOCK = 1 << 16
MOST_VALUES = 1 << 20
NOT_UTF8 = 2
"""First byte of a line that was no UTF-8 (see `detente.events.unpack`)."""
DONE, FULL, MORE_VALUES, MORE_WORDS, MORE_NAMES, MORE_ODD = range(6)
"""What a scan ends with: the text, its room for rows, or room for something else, which is to grow."""
BAD_BYTES, BAD_WIDTH = 1, 2
POSITION, LINE, ROWS, ODD, VALUES, WORDS, NAMES = range(7)
"""Places of a state: where to go on; last line; rows, odd lines, values, words of values and bytes of names so far."""
HASH, SIZE, FIRST, END = range(4)
"""Of a value: its hash, bytes, first word among the words of all, and its last word."""

_njit: Any = numba.njit(cache=True, nogil=True, error_model="numpy")


@_njit
def _value(words: Any, start: Any, size: Any, state: Any, table: Any, entries: Any, values: Any) -> Any:
    """Return the number of a value, which is kept where it is new; eight bytes at a time, number 0 is empty."""
    if size == 0:
        return 0
    one = np.uint64(1)
    place, count = start >> 3, (size + 7) >> 3
    right = np.uint64(start & 7) << np.uint64(3)
    left = np.uint64(63) - right
    mask = np.uint64(0xFFFFFFFFFFFFFFFF) >> (np.uint64((-size) & 7) << np.uint64(3))
    found = np.uint64(size) * np.uint64(0x9E3779B97F4A7C15)
    for k in range(count - 1):
        word = (words[place + k] >> right) | ((words[place + k + 1] << one) << left)
        found = (found ^ word) * np.uint64(0xFF51AFD7ED558CCD)
        found ^= found >> np.uint64(32)
    place += count - 1
    end = ((words[place] >> right) | ((words[place + 1] << one) << left)) & mask
    found = (found ^ end) * np.uint64(0xFF51AFD7ED558CCD)
    found ^= found >> np.uint64(32)
    last = np.uint64(table.size - 1)
    slot = found & last
    while True:
        at = table[slot]
        if at < 0:
            break
        entry = entries[at]
        if entry[END] == end and entry[SIZE] == np.uint64(size):
            same, first = True, np.int64(entry[FIRST]) + count - 1
            for k in range(1, count):
                word = (words[place - k] >> right) | ((words[place - k + 1] << one) << left)
                same &= values[first - k] == word
            if same:
                return at
        slot = (slot + one) & last
    at = state[VALUES]
    table[slot] = at
    entries[at, HASH], entries[at, SIZE], entries[at, END] = found, np.uint64(size), end
    entries[at, FIRST] = np.uint64(state[WORDS])
    first = state[WORDS] + count - 1
    values[first] = end
    for k in range(1, count):
        values[first - k] = (words[place - k] >> right) | ((words[place - k + 1] << one) << left)
    state[WORDS] += count
    state[VALUES] += 1
    return at


@_njit
def scan(  # noqa: C901
    words: Any,
    stop: Any,
    least: Any,
    most: Any,
    places: Any,
    named: Any,
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
        words: the text, eight bytes a word, with two words behind it.
        stop: where it ends: behind a line feed.
        least: fields of a line at least.
        most: at most.
        places: fields whose values are wanted.
        named: field whose text is wanted as it is, −1 for none.
        state: see `POSITION`; changed.
        codes: shape (wanted, rows): numbers of values.
        lines: of every row.
        starts: where the line of every row begins.
        odd: shape (lines, 3): line, begin and fault of lines that are no rows.
        table: slot of a hash → value, a power of two.
        entries: of every value, see `HASH`.
        values: words of all.
        ends: of the names of all rows, with 0 before.
        names: bytes of all.

    Returns:
        ``DONE``, ``FULL`` of rows, or what wants more room.
    """
    text = words.view(np.uint8)
    block = BLOCK
    marks, breaks = np.empty(block + 1, np.int64), np.empty(block + 1, np.int64)
    while state[POSITION] < stop:
        begin = state[POSITION]
        count, found = 0, 0
        for place in range(begin, min(stop, begin + block)):
            byte = text[place]
            marks[count] = place
            breaks[found] = count
            feed = byte == 10
            count += feed | (byte == 9)
            found += feed
        if found == 0:
            block *= 2
            marks, breaks = np.empty(block + 1, np.int64), np.empty(block + 1, np.int64)
            continue
        before = 0
        for k in range(found):
            begin = state[POSITION]
            row = state[ROWS]
            if row == lines.size:
                return FULL
            end = marks[breaks[k]]
            size = end - begin
            if state[VALUES] + places.size >= len(entries):
                return MORE_VALUES
            if state[WORDS] + (size >> 3) + places.size >= values.size:
                return MORE_WORDS
            if state[NAMES] + size >= names.size:
                return MORE_NAMES
            if state[ODD] == odd.shape[0]:
                return MORE_ODD
            state[LINE] += 1
            fields = breaks[k] - before + 1
            while end > begin and text[end - 1] == 13:
                end -= 1
            blank = fields == 1
            if blank:
                for place in range(begin, end):
                    if text[place] != 32:
                        blank = False
                        break
            bad = 0
            if end > begin and text[begin] == NOT_UTF8:
                bad = BAD_BYTES
            elif fields < least or fields > most:
                bad = BAD_WIDTH
            if bad and not blank:
                at = state[ODD]
                odd[at, 0], odd[at, 1], odd[at, 2] = state[LINE], begin, bad
                state[ODD] = at + 1
            elif not blank:
                for column in range(places.size + 1):
                    field = named if column == places.size else places[column]
                    first, last = begin, begin
                    if 0 <= field < fields:
                        if field > 0:
                            first = marks[before + field - 1] + 1
                        last = end if field == fields - 1 else marks[before + field]
                        while first < last and text[first] == 32:
                            first += 1
                        while last > first and text[last - 1] == 32:
                            last -= 1
                    if column < places.size:
                        codes[column, row] = _value(words, first, last - first, state, table, entries, values)
                    else:
                        at = state[NAMES]
                        for place in range(first, last):
                            names[at] = text[place]
                            at += 1
                        state[NAMES] = at
                        ends[row + 1] = at
                lines[row], starts[row] = state[LINE], begin
                state[ROWS] = row + 1
            before = breaks[k] + 1
            state[POSITION] = marks[breaks[k]] + 1
    return DONE


@_njit
def packed(entries: Any, values: Any, ends: Any, out: Any) -> None:
    """Write values one behind the other, with the end of each; `ends` begins with 0."""
    text = values.view(np.uint8)
    at = 0
    for number in range(len(entries)):
        first = np.int64(entries[number, FIRST]) << 3
        for place in range(first, first + np.int64(entries[number, SIZE])):
            out[at] = text[place]
            at += 1
        ends[number + 1] = at


class Scanned:
    """Rows of files that have the same fields, as numbers of values.

    Attributes:
        state: see `POSITION`.
        codes: shape (wanted fields, rows).
        lines: line of every row.
        starts: where it begins in the text that was read last.
        ends: of the names of all rows.
        names: bytes of all.
    """

    def __init__(self, places: list[int], named: int, widths: tuple[int, ...], rows: int) -> None:
        """Make room for some rows."""
        self.places, self.named, self.widths = np.array(places, np.int64), named, widths
        self.codes = np.empty((len(places), rows), np.int32)
        self.lines, self.starts = np.empty(rows, np.int64), np.empty(rows, np.int64)
        self.ends = np.zeros(rows + 1, np.int64)
        self.table = np.full(1 << 15, -1, np.int32)
        self.state = np.zeros(7, np.int64)
        self.state[VALUES] = 1  # the empty one
        self.entries, self.values = np.zeros((1 << 14, 4), np.uint64), np.empty(1 << 16, np.uint64)
        self.names = np.empty(1 << 20, np.uint8)
        self.odd = np.empty((1 << 10, 3), np.int64)

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

    def read(self, words: NDArray[np.uint64], begin: int, stop: int, line: int) -> int:
        """Read a text behind line number `line`; return where it is full of rows, or its end."""
        state = self.state
        state[POSITION], state[LINE] = begin, line
        while True:
            told = scan(
                words, stop, min(self.widths), max(self.widths), self.places, self.named, state, self.codes,
                self.lines, self.starts, self.odd, self.table, self.entries, self.values, self.ends, self.names,
            )  # fmt: skip
            if told in (DONE, FULL):
                return int(state[POSITION])
            self._grow(told)

    def _grow(self, what: int) -> None:
        """Double what is short of room."""
        if what == MORE_VALUES:
            self.entries = _doubled(self.entries)
            self.table = np.full(2 * len(self.entries), -1, np.int32)
            rehash(self.table, self.entries, int(self.state[VALUES]))
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

    def emptied(self) -> bool:
        """Forget all rows, and the values where they are many; tell whether these are forgotten too."""
        self.state[ROWS] = self.state[NAMES] = 0
        many = self.known > MOST_VALUES or self.state[WORDS] > 8 * MOST_VALUES
        if many:
            self.state[VALUES], self.state[WORDS] = 1, 0
            self.table[:] = -1
        return many


@_njit
def rehash(table: Any, entries: Any, count: Any) -> None:
    """Enter the values into a larger table."""
    last = np.uint64(table.size - 1)
    for at in range(1, count):
        slot = entries[at, HASH] & last
        while table[slot] >= 0:
            slot = (slot + np.uint64(1)) & last
        table[slot] = at


def _doubled(array: NDArray[Any]) -> NDArray[Any]:
    return cast("NDArray[Any]", np.concatenate([array, np.empty_like(array)]))
