"""Where is what was read kept? In one SQLite file beside the case, to which lines are only ever added.

``lists/store.sql`` documents the tables, and the views ``found`` and ``words`` for other programs; its triggers
refuse to change or remove a line. A batch is one transaction, on the disk before it is acknowledged, by a rollback
journal and ``synchronous = EXTRA``: there is no second file which one could forget to copy. Two programs write by
turns; one waits for the other.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from detente.case.text import slug
from detente.errors import (
    CaseError,
    FormatError,
    NotFoundError,
    OptionError,
    OutputError,
    Problem,
    did_you_mean,
)
from detente.evidence.held import DECIDED, Added, Held, Read, Row, Verdict, corrected, dumped, loaded, moved
from detente.evidence.lists import listed
from detente.evidence.records import Document, Record, Span

VERSION = 1  # of `lists/store.sql`, as `PRAGMA user_version`
APPLICATION = int.from_bytes(b"dtnt", "big")
WAIT = 60.0  # seconds to wait for another program that writes
MOST_RELABELLED = 5_000  # records of a document that keep their labels when its text has changed
PLAIN = ("id", "sha256", "media_type", "title", "author", "publisher", "url", "language", "licence")
NOW = "SELECT max(number) FROM documents WHERE id = ?"
LAST_DECISIONS = """SELECT x.* FROM decisions x JOIN documents d ON d.number = x.document WHERE d.id = ?
AND x.number = (SELECT max(number) FROM decisions WHERE record = x.record)
AND NOT EXISTS (SELECT 1 FROM decisions y WHERE y.moved_from = x.number) ORDER BY x.number"""
"""Of every record of a document, those that were carried on left out."""
LAST_READING = "SELECT extractor, records FROM readings WHERE document = ? ORDER BY number DESC LIMIT 1"
EVER = """SELECT r.id, r.label, r.kind, r.fields, d.id AS document FROM records r
JOIN readings g ON g.number = r.reading JOIN documents d ON d.number = g.document"""
LAST = """SELECT id, label, kind, fields FROM records
WHERE reading = (SELECT max(number) FROM readings WHERE document = ?)"""


class Store:
    """The evidence of a case; `opened` gives one."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    @contextmanager
    def opened(cls, path: Path, *, make: bool = False) -> Iterator[Store]:
        """Open a store; with ``make`` begin one where there is no file.

        Raises:
            NotFoundError: there is none.
            FormatError: the file is another, damaged, or of a newer version.
            OutputError: it cannot be written, or another program keeps it for too long.
        """
        if not make and not path.is_file():
            told = f"{path}: no store of evidence is there; 'detente read FILE --store {path}' begins one"
            raise NotFoundError(told)
        try:
            with closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as connection:
                connection.row_factory = sqlite3.Row
                connection.executescript("PRAGMA foreign_keys = ON; PRAGMA synchronous = EXTRA")
                store = cls(path, connection)
                store._prepare(make)
                yield store
        except sqlite3.OperationalError as fault:
            told = "another program keeps it" if "locked" in str(fault) else str(fault)
            if "unable to open" in told:
                told = f"it cannot be opened; is the folder {path.parent} there, and may it be written to?"
            raise OutputError(f"{path}: the store cannot be used ({told})") from fault
        except sqlite3.DatabaseError as fault:
            problem = Problem(f"cannot be read as a store ({fault})", file=str(path))
            raise FormatError([problem]) from fault

    def _prepare(self, make: bool) -> None:
        # counted before the mark is asked for: another program may begin it now
        tables = self._one("SELECT count(*) FROM sqlite_master")[0]
        version = self._one("PRAGMA user_version")[0]
        told, hint = "is a database, but no store of evidence", "name another file"
        if self._one("PRAGMA application_id")[0] == APPLICATION:
            if version <= VERSION:
                return
            told = f"the store has version {version} of the schema; this program knows up to {VERSION}"
            hint = "use a newer détente"
        elif make and not tables:
            marks = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"
            self._connection.executescript(f"BEGIN IMMEDIATE; {listed('store.sql')}; {marks} COMMIT")
            return
        raise FormatError([Problem(told, file=str(self.path), hint=hint)])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Do all that is done meanwhile, or nothing of it; on the disk when it is over."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield

    def _all(self, query: str, *given: object) -> list[sqlite3.Row]:
        return self._connection.execute(query, given).fetchall()

    def _one(self, query: str, *given: object) -> Any:
        return self._connection.execute(query, given).fetchone()

    def _insert(self, table: str, **values: object) -> int:
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        done = self._connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
        return int(done.lastrowid or 0)

    def add(self, batch: Iterable[Read], extractor: str, *, again: bool = False) -> list[Added]:
        """Store documents with what was found in them, all or none; carry over decisions on earlier versions.

        With ``again`` what it found is stored even where the same extractor read the same text before.
        """
        with self._transaction():
            return [self._add(one, extractor, again) for one in batch]

    def _add(self, one: Read, extractor: str, again: bool) -> Added:
        file = None if one.file is None else _relative(one.file, self.path.parent)
        document = replace(one.document, id=self._id(one, file))
        last = number = self._one(NOW, document.id)[0]
        before = None if last is None else self._document(last)
        rows = {row.id: row for row in one.rows}
        about: dict[str, Any] = {"state": "again", "records": len(rows), "notes": document.notes}
        if before is None or replace(before, notes=()) != replace(document, notes=()):
            about["state"] = "new" if before is None else "changed"
            held = {name: getattr(document, name) for name in (*PLAIN, "text_sha256")}
            held |= {"file": file, "date": document.day, "text": _kept(document.text), "read_at": _now()}
            held |= {"furniture": json.dumps(document.furniture)}
            number = self._insert("documents", **held, notes=json.dumps(document.notes, ensure_ascii=False))
        elif (done := self._one(LAST_READING, last)) and done["extractor"] == extractor and not again:
            return Added(id=document.id, **about | {"state": "known", "records": done["records"]})
        labels: dict[str, str] = {}
        if before is not None:
            about["carried"], about["review"] = self._carry(before, document, number, rows)
            labels = self._labels(last, before, document, rows)
        self._insert_records(document.id, number, rows, extractor, labels)
        return Added(id=document.id, **about)

    def _id(self, one: Read, file: str | None) -> str:
        """Return the id of a document: that was asked for, of the same bytes or file before, or a new one."""
        wanted = one.document.id
        if one.named:
            return wanted
        for column, value in (("sha256", one.document.sha256), ("file", file)):
            if (row := self._current(column, value)) is not None:
                return str(row["id"])
        taken = self._one(NOW, wanted)[0] is not None
        return slug(wanted, {row["id"] for row in self._all("SELECT id FROM latest")}) if taken else wanted

    def _current(self, column: str, value: object) -> Any:
        """Return number and id of the document whose last version has a value in a column."""
        last = "SELECT max(number) FROM documents WHERE id = d.id"
        return self._one(
            f"SELECT number, id FROM documents d WHERE {column} = ? AND number = ({last})", value
        )

    def _labels(self, last: int, before: Document, after: Document, found: dict[str, Row]) -> dict[str, str]:
        """Return the labels that records had in this text before, or in the version before, by id."""
        ever = self._all(f"{EVER} WHERE d.id = ?", after.id)
        given: dict[str, str] = {row["id"]: row["label"] for row in ever if row["id"] in found}
        if before.text != after.text:
            for row in self._all(f"{LAST} LIMIT ?", last, MOST_RELABELLED):
                there, rung = moved(loaded(row["kind"], row["fields"]), before.text, after.text)
                if there is not None and rung != "fuzzy" and (id_ := there.id(after)) in found:
                    given.setdefault(id_, row["label"])
        return given

    def _insert_records(
        self, document: str, number: int, found: dict[str, Row], extractor: str, given: dict[str, str]
    ) -> None:
        """Store what a reading found; a label that was once given stays, and is never another record's."""
        counts = Counter[str]()
        for (label,) in self._all(f"SELECT DISTINCT label FROM ({EVER} WHERE d.id = ?)", document):
            counts[label[0]] = max(counts[label[0]], int(label[1:]))
        about = {"document": number, "extractor": extractor, "at": _now(), "records": len(found)}
        reading = self._insert("readings", **about)
        rows = []
        for start, stop, id_, kind, *rest in found.values():
            label = given.get(id_)
            if label is None:
                counts[kind[0]] += 1
                label = f"{kind[0]}{counts[kind[0]]}"
            rows.append((reading, id_, label, kind, start, stop, *rest))
        self._connection.executemany(f"INSERT INTO records VALUES (NULL{', ?' * 9})", rows)

    def _carry(
        self, before: Document, after: Document, number: int, found: dict[str, Row]
    ) -> tuple[int, int]:
        """Carry decisions to a version of a document; what was accepted stays, found again or not."""
        carried = review = 0
        for row in self._all(LAST_DECISIONS, after.id):
            record: Record = loaded(row["kind"], row["fields"])
            there, id_ = (record if row["rung"] != "lost" else None), row["record"]
            if before.text != after.text:
                old = self._document(row["document"]).text
                there, rung = moved(record, old, after.text)
                if there is not None:  # of a corrected record the id is that which it had before
                    first = self._one(f"{EVER} WHERE d.id = ? AND r.id = ? ORDER BY r.number", after.id, id_)
                    own = first and moved(loaded(first["kind"], first["fields"]), old, after.text)[0]
                    id_ = (own or there).id(after)
                held = row["document"] if there is None else number
                self._decide(held, id_, there or record, row, moved_from=row["number"], rung=rung)
                carried += 1
                review += rung in {"fuzzy", "lost"}
            if there is not None and row["verdict"] != "reject":
                kept = replace(there, witnesses=("analyst",))
                found.setdefault(id_, Row.of(after, kept, kept.spans(), id_))
        for one in sorted(found.values()):  # those that were carried at their places
            found[one.id] = found.pop(one.id)
        return carried, review

    def decide(
        self, names: Iterable[str], verdict: Verdict, by: str,
        *, changes: dict[str, Any] | None = None, note: str | None = None,
    ) -> list[Held]:  # fmt: skip
        """Accept, correct or reject records, all or none; on the disk when it returns.

        Args:
            names: ids, or a document and a label such as ``medvedev-2024-11#s3``.
            verdict: what was decided.
            by: who decided.
            note: why.
            changes: field → value, of a correction.

        Raises:
            CaseError: names that are not known; all are told.
            OptionError: nobody decided, or a change does not fit the record.
        """
        if not by.strip():
            raise OptionError("say who decides, with --by NAME")
        made = {"verdict": verdict, "by": by.strip(), "at": _now(), "note": note}
        with self._transaction():
            held = self.named(*names)
            for one in held:
                record = corrected(one.record, changes) if changes else one.record
                self._decide(self._one(NOW, one.document.id)[0], one.id, record, made)
        return self.named(*(f"{one.document.id}#{one.id}" for one in held))

    def _decide(self, document: int, id_: str, record: Record, of: Any, **how: object) -> None:
        made = {name: of[name] for name in ("verdict", "by", "at", "note")}
        made |= {"kind": record.record, "fields": dumped(record), **how}
        self._insert("decisions", document=document, record=id_, **made)

    def known(self, sha256: str, extractor: str) -> str | None:
        """Return the id under which a file's bytes are stored and were last read by an extractor, else None."""
        row = self._current("sha256", sha256)
        done = row and self._one(LAST_READING, row["number"])
        return str(row["id"]) if done and done["extractor"] == extractor else None

    def documents(self) -> Iterator[Document]:
        """Yield the last version of every document, in the order in which they came."""
        for row in self._all("SELECT max(number) FROM documents GROUP BY id ORDER BY min(number)"):
            yield self._document(row[0])

    def document(self, id_: str) -> Document:
        """Return the last version of a document.

        Raises:
            NotFoundError: there is none of that id; the message offers the nearest.
        """
        number = self._one(NOW, id_)[0]
        if number is None:
            known = [row["id"] for row in self._all("SELECT id FROM latest LIMIT 2000")]
            hint = did_you_mean(id_, known) or "'detente evidence documents' lists them"
            raise NotFoundError(f"{self.path}: no document {id_!r}; {hint}")
        return self._document(number)

    def of_text(self, sha256: str) -> Document | None:
        """Return the document whose last version has a text of this hash, if there is one."""
        row = self._current("text_sha256", sha256)
        return None if row is None else self._document(row["number"])

    def _document(self, number: int) -> Document:
        row = self._one("SELECT * FROM documents WHERE number = ?", number)
        text = row["text"]
        return Document(
            **{name: row[name] for name in PLAIN},
            text=text if isinstance(text, str) else text.decode("utf-8", "surrogatepass"),
            date=None if row["date"] is None else date.fromisoformat(row["date"]),
            furniture=tuple(Span(*pair) for pair in json.loads(row["furniture"])),
            notes=tuple(json.loads(row["notes"])),
        )

    def records(self, document: str | None = None, kind: str | None = None) -> Iterator[Held]:
        """Yield what stands in the store now, decisions applied: document by document, in the order of the text.

        Decisions whose words are lost come last of their document.
        """
        for one in [self.document(document)] if document else self.documents():
            decided = {row["record"]: row for row in self._all(LAST_DECISIONS, one.id)}
            query = f"{LAST} AND kind = coalesce(?, kind) ORDER BY number"
            for row in self._all(query.replace("document = ?", f"document = ({NOW})"), one.id, kind):
                yield _held(row["id"], row["label"], one, row, decided.pop(row["id"], None))
            for id_, row in decided.items():
                if row["rung"] == "lost" and row["kind"] == (kind or row["kind"]):
                    yield _held(id_, "–", replace(self._document(row["document"]), id=one.id), row, row)

    def named(self, *names: str) -> list[Held]:
        """Return records by their ids, or by document and label (or id).

        Raises:
            CaseError: names that are not known; all are told.
        """
        bare = [name for name in names if "#" not in name]
        asked = f"{EVER} WHERE r.id IN (SELECT value FROM json_each(?))"
        documents = {row["id"]: row["document"] for row in self._all(asked, json.dumps(bare)) if bare}
        shelves: dict[str, dict[str, Held]] = {}
        found, unknown = list[Held](), list[Problem]()
        for name in names:
            document, _, label = name.rpartition("#")
            document = document or documents.get(name, "")
            try:
                if document and document not in shelves:
                    held = list(self.records(document))
                    shelves[document] = {key: one for one in held for key in (one.label, one.id)}
                found.append(shelves[document][label])
            except (NotFoundError, KeyError) as fault:
                told = f"{self.path}: no record {name!r}; 'detente evidence list' shows ids and labels"
                unknown.append(Problem(str(fault) if isinstance(fault, NotFoundError) else told))
        if unknown:
            raise CaseError(unknown)
        return found


def _held(id_: str, label: str, document: Document, row: sqlite3.Row, decision: sqlite3.Row | None) -> Held:
    if decision is None:
        return Held(id_, label, document, loaded(row["kind"], row["fields"]))
    state = {"fuzzy": "review", "lost": "lost"}.get(decision["rung"] or "", DECIDED[decision["verdict"]])
    record = loaded(decision["kind"], decision["fields"])
    return Held(id_, label, document, record, state, decision["by"], decision["at"], decision["note"])


def _kept(text: str) -> str | bytes:
    """Return a text as it is stored: as bytes where other programs would stop at a NUL, or it is no UTF-8."""
    encoded = text.encode("utf-8", "surrogatepass")
    with suppress(UnicodeDecodeError):
        return encoded if "\0" in text else encoded.decode("utf-8")
    return encoded


def _relative(file: Path, folder: Path) -> str:
    with suppress(ValueError):  # another drive
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    return file.resolve().as_posix()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
