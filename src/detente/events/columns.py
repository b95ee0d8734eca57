"""How do rows stand in a store? Each value is looked up once: country, class and score of an act, number, time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.events import ontology
from detente.events.arrays import listed, numeric, texts
from detente.events.rows import Ints, Rows, Source
from detente.events.states import country
from detente.events.store import COLUMNS, EVENTS, quoted

A_GROUP = 65_536
"""Rows of a group of a part: what a reader skips or reads together."""
PARTY = re.compile(r"^Government of (.+?)(?: \(.*\))?$", re.DOTALL)
"""'Government of Syria', 'Government of Russia (Soviet Union)'."""


def write(rows: Rows, sources: Sequence[Source], now: datetime, rule: str) -> None:
    """Write settled rows into parts, one per year, sorted by dyad and day; then they are forgotten."""
    chosen = np.flatnonzero(rows.reason[: rows.scanned.rows] == 0)
    if chosen.size:
        columns = Columns(rows, chosen, sources, now, rule)
        order = columns.order()
        days = columns.of(rows.feed.date[0], order, rows.day)
        years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
        for year in np.unique(years).tolist():
            columns.write(order[years == year], rows.part(f"{EVENTS}/feed={rows.feed.name}/year={year}"))
    rows.forget()


def write_part(path: Path, schema: Any, groups: Iterable[Any]) -> None:
    """Write tables of Arrow as groups of rows of a Parquet file."""
    from pyarrow import parquet

    often = [name for name, (kind, _) in COLUMNS.items() if kind == "VARCHAR" and name != "event_id"]
    with parquet.ParquetWriter(
        path, schema, compression="zstd", compression_level=1, use_dictionary=[*often, "date", "quad"],
        store_schema=False, dictionary_pagesize_limit=1 << 26, write_statistics=["source", "target", "date"],
        write_batch_size=1 << 13,
    ) as out:  # fmt: skip
        for table in groups:
            out.write_table(table, A_GROUP)


class Columns:
    """What the values of some rows mean, and how they stand in a store."""

    def __init__(self, rows: Rows, chosen: Ints, sources: Sequence[Source], now: datetime, rule: str) -> None:
        import pyarrow as pa

        self.rows, self.chosen, self.rule, self.now = rows, chosen, rule, now
        self.feed, self.scanned, self.values = rows.feed, rows.scanned, rows.values
        self.sources = {one.number: one for one in sources}
        ends, text = self.values.texts()
        self.texts = texts(ends, text).cast(pa.string())
        self.none = np.zeros(ends.size - 1, np.bool_)
        self.none[0] = True
        if self.feed.missing:
            self.none |= np.array([one == self.feed.missing for one in self.texts.to_pylist()])
        self.kinds = {
            "VARCHAR": pa.string(), "BIGINT": pa.int64(), "TIMESTAMP": pa.timestamp("us"), "DATE": pa.date32(),
            "TINYINT": pa.int8(), "DOUBLE": pa.float64(), "INTEGER": pa.int32(),
        }  # fmt: skip
        self.schema = pa.schema(
            [
                (
                    name,
                    pa.dictionary(pa.int32(), pa.string())
                    if kind == "VARCHAR" and name != "event_id"
                    else self.kinds[kind],
                )
                for name, (kind, _) in COLUMNS.items()
            ]
        )
        self.fields: dict[int, NDArray[np.int32]] = {}
        self.composed: dict[tuple[int, int], NDArray[Any]] = {}
        self.found: tuple[Ints, dict[int, NDArray[np.int32]], dict[int, Ints]] = chosen, {}, {}
        self.states: list[str] = []
        self.state = {side: self._states(side) for side in ("source", "target")}
        self._acts()
        self.numbers: dict[str, tuple[NDArray[Any], NDArray[np.bool_]]] = {}
        self._read("score", self.feed.score, "try_cast(c AS DOUBLE)")
        self._read("quad_given", self.feed.quad, "try_cast(c AS TINYINT)")
        self._read("mentions", self.feed.take.get("mentions"), "try_cast(c AS INTEGER)")
        place, forms = self.feed.added or (None, ())
        form = ", ".join(map(quoted, forms))
        self._read("added", place, f"epoch_us(try_strptime(c, [{form}]))")

    def of(self, place: int | str, order: Ints, table: NDArray[Any]) -> NDArray[Any]:
        """Return what a table by number of value says of a field in some rows; tables live as long as this."""
        key = int(place), id(table)
        if key not in self.composed:
            self.composed[key] = table[self._fields(place)]
        return self.composed[key].take(self._spans(place, order))

    def _fields(self, place: int | str) -> NDArray[np.int32]:
        """Return the value of a field by number of the value of its span."""
        if int(place) not in self.fields:
            self.fields[int(place)] = self.rows.fields(place)
        return self.fields[int(place)]

    def _spans(self, place: int | str, order: Ints) -> NDArray[np.int32]:
        """Return the values of the span of a field in some rows, by number."""
        if self.found[0] is not order:
            self.found = order, {}, {}
        found, span = self.found[1], self.rows.span(place)
        if span not in found:
            found[span] = self.scanned.codes[span].take(order)
        return found[span]

    def _present(self, place: int | str, order: Ints) -> Ints:
        """Return the numbers of the values of the span of a field that stand in some rows."""
        own, span = self._spans(place, order), self.rows.span(place)
        present = self.found[2]
        if span not in present:
            mark = np.zeros(self.scanned.known, np.bool_)
            mark[own] = True
            present[span] = np.flatnonzero(mark)
        return present[span]

    def _numbers(self, place: int | str) -> NDArray[np.int32]:
        """Return the numbers of the values that stand in a field of the chosen rows."""
        mark = np.zeros(self.none.size, np.bool_)
        mark[self._fields(place)[self._present(place, self.chosen)]] = True
        return np.flatnonzero(mark).astype(np.int32)

    def _read(self, name: str, place: int | str | None, expression: str) -> None:
        """Read the values of a field as numbers, by number of value."""
        if place is None:
            return
        used = self._numbers(place)
        found, missing = self.rows.asked(used, expression)
        kind = np.float64 if name == "score" else f"i{self.kinds[COLUMNS[name][0]].bit_width // 8}"
        values, nothing = np.zeros(self.none.size, kind), np.ones(self.none.size, np.bool_)
        values[used], nothing[used] = found, missing
        self.numbers[name] = values, nothing

    def _states(self, side: str) -> NDArray[np.int32] | None:
        """Return value → place in `states`, −1 for none; codes that name no state are counted."""
        place = self.feed.take.get(f"{side}_country")
        if place is None:
            return None
        system = "name" if self.feed.countries == "party" else self.feed.countries
        found = np.full(self.none.size, -1, np.int32)
        unknown: dict[int, str] = {}
        for number in self._numbers(place).tolist():
            if self.none[number]:
                continue
            code = self.values.text(number)
            if self.feed.countries == "cameo":
                code = code[:3]
            elif self.feed.countries == "party":
                match = PARTY.match(code)
                code = match[1] if match else ""
            iso = country(code, system) if code else None
            if iso is not None:
                if iso not in self.states:
                    self.states.append(iso)
                found[number] = self.states.index(iso)
            elif code:
                unknown[number] = code
        if unknown:
            at = np.zeros(self.none.size, np.int64)
            at[list(unknown)] = np.arange(1, len(unknown) + 1)
            own = at[self._fields(place)].take(self._spans(place, self.chosen))
            pairs = self.rows.file[self.chosen][own > 0] * np.int64(len(unknown) + 1) + own[own > 0]
            codes = ["", *unknown.values()]
            for pair, count in zip(
                *(one.tolist() for one in np.unique(pairs, return_counts=True)), strict=True
            ):
                file, code_at = divmod(pair, len(unknown) + 1)
                self.sources[file].unmatched[codes[code_at]] += count
        return found

    def _acts(self) -> None:
        """Find root, class, score and table of every code."""
        of, table = self.rows.ontology, ontology.DEFAULT_TABLE.get(self.rows.ontology)
        size = self.none.size
        self.quad, self.score = np.zeros(size, np.int8), np.full(size, np.nan)
        self.root, self.own_table = np.zeros(size, np.int32), np.zeros(size, np.int32)
        self.roots: list[str] = []
        self.tables = [self.feed.score_table, f"{table}", f"{table}^"]
        for number in self._numbers(self.feed.take["code"]).tolist():
            code = self.values.text(number)
            root = code[:2] if code.isdecimal() else code
            if root not in self.roots:
                self.roots.append(root)
            self.root[number] = self.roots.index(root)
            score, own = ontology.score(code, table) if table else (None, True)
            self.own_table[number] = -1 if score is None else 1 if own else 2
            self.score[number] = np.nan if score is None else score
            self.quad[number] = 4 if of == "ucdp" else ontology.quad(code, of, self.rule) or 0

    def order(self) -> Ints:
        """Return the chosen rows sorted by source, target and day, those without a country last."""
        key = np.zeros(self.chosen.size, np.int64)
        rank = (
            np.append(np.argsort(np.argsort(self.states)), len(self.states))
            if self.states
            else np.zeros(1, int)
        )
        for state, side in ((self.state["source"], "source"), (self.state["target"], "target")):
            key *= len(self.states) + 1
            if state is not None:
                key += rank.take(self.of(self.feed.take[f"{side}_country"], self.chosen, state))
        days = self.of(self.feed.date[0], self.chosen, self.rows.day)
        first = int(days.min())
        key = key * (int(days.max()) - first + 1) + (days - first)
        return self.chosen[np.argsort(key, kind="stable")]

    def write(self, order: Ints, path: Path) -> None:
        """Write some rows, in their order, into a file."""
        groups = (self.table(order[begin : begin + A_GROUP]) for begin in range(0, order.size, A_GROUP))
        write_part(path, self.schema, groups)

    def _text(self, place: int | str | None, order: Ints) -> Any:
        """Return the texts of a field."""
        import pyarrow as pa

        if place is None:
            return listed(np.zeros(order.size, np.int32), [""], np.ones(order.size, np.bool_))
        present = self._present(place, order)
        own = self._fields(place)[present]
        mark = np.zeros(self.none.size, np.bool_)
        mark[own] = True
        used = np.flatnonzero(mark & ~self.none)
        at = np.zeros(self.none.size, np.int32)
        at[used] = np.arange(used.size, dtype=np.int32)
        places = np.zeros(self.scanned.known, np.int32)
        places[present] = np.where(self.none[own], -1, at[own])
        found = places.take(self._spans(place, order))
        nothing = found < 0 if self.none[own].any() else None
        return listed(np.maximum(found, 0, out=found), self.texts.take(numeric(pa.int64(), used)), nothing)

    def _names(self, order: Ints) -> Any:
        """Return the ids of events."""
        import pyarrow as pa

        if self.scanned.named < 0:
            return pa.nulls(order.size, pa.string())
        ends, names = self.scanned.ends[: self.scanned.rows + 1], self.scanned.names
        sizes, missing = ends[order + 1] - ends[order], self.feed.missing.encode()
        nothing = sizes == 0
        for row in np.flatnonzero(sizes == len(missing)).tolist():
            begin = ends[order[row]]
            nothing[row] = names[begin : begin + len(missing)].tobytes() == missing
        made = texts(ends, names).take(numeric(pa.int64(), order)).cast(pa.string())
        _, *buffers = made.buffers()
        bits = pa.py_buffer(np.packbits(~nothing, bitorder="little"))
        return pa.Array.from_buffers(pa.string(), order.size, [bits, *buffers])

    def _number(self, name: str, place: int | str | None, order: Ints) -> Any:
        import pyarrow as pa

        kind = self.kinds[COLUMNS[name][0]]
        if place is None:
            return pa.nulls(order.size, kind)
        values, nothing = self.numbers[name]
        return numeric(kind, self.of(place, order, values), self.of(place, order, nothing))

    def table(self, order: Ints) -> Any:
        """Return some rows as the columns of a store."""
        import pyarrow as pa

        feed, rows = self.feed, self.rows
        take = feed.take.get
        act = feed.take["code"]
        score, table = self.of(act, order, self.score), self.of(act, order, self.own_table)
        missing, quad = np.isnan(score), self.of(act, order, self.quad)
        if feed.score is not None:
            values, none = self.numbers["score"]
            nothing = self.of(feed.score, order, none)
            score = np.where(nothing, score, self.of(feed.score, order, values))
            table = np.where(nothing, table, 0)
            missing &= nothing
        files = sorted(self.sources)
        place_of = {number: place for place, number in enumerate(files)}
        every = np.zeros(order.size, np.int32)
        sides = {}
        for side in ("source", "target"):
            found = self.state[side]
            own = every - 1 if found is None else self.of(feed.take[f"{side}_country"], order, found)
            sides[side] = listed(np.maximum(own, 0), self.states or [""], own < 0)
        at = np.zeros(max(files) + 1, np.int32)
        at[files] = [place_of[number] for number in files]
        columns = {
            "feed": listed(every, [feed.name]),
            "file": listed(at[rows.file[order]], [self.sources[number].name for number in files]),
            "line": numeric(pa.int64(), self.scanned.lines[order]),
            "loaded_at": numeric(self.kinds["TIMESTAMP"], np.full(order.size, np.datetime64(self.now, "us"))),
            "event_id": self._names(order),
            "date": numeric(pa.date32(), self.of(feed.date[0], order, rows.day).astype(np.int32)),
            "added": self._number("added", feed.added and feed.added[0], order),
            **sides,
            "ontology": listed(every, [rows.ontology]),
            "code": self._text(feed.take["code"], order),
            "root": listed(self.of(act, order, self.root), self.roots),
            "quad": numeric(pa.int8(), quad, quad == 0),
            "quad_rule": listed(every, [self.rule]),
            "quad_given": self._number("quad_given", feed.quad, order),
            "score": numeric(pa.float64(), score, missing),
            "score_table": listed(np.maximum(table, 0), self.tables, table < 0),
            "mentions": self._number("mentions", take("mentions"), order),
        }
        return pa.table(
            [columns[name] if name in columns else self._text(take(name), order) for name in COLUMNS],
            schema=self.schema,
        )
