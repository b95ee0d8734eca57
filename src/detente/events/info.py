"""What does a store hold? Data sets with their events, files, days, and rows that were set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.events.store import VERSION, Store
from detente.show.blocks import Block, tabled
from detente.show.record import Published, Record
from detente.show.table import Table, table_of


class HeldFeed(Record):
    """One data set of a store.

    Attributes:
        feed: its name.
        events: rows that are kept.
        files: from which they come.
        rejected: rows in quarantine.
        first: first day.
        last: last day.
        ontology: of its codes.
        score_tables: that produced its scores.
    """

    feed: str
    events: int
    files: int
    rejected: int
    first: str
    last: str
    ontology: str
    score_tables: str


class StoreInfo(Published):
    """What a store holds.

    Attributes:
        store: its folder.
        version: of its schema.
        feeds: its data sets.
    """

    store: str
    version: int
    feeds: tuple[HeldFeed, ...]

    def tables(self) -> Mapping[str, Table]:
        """Return its table."""
        return {"feeds": table_of([((), one) for one in self.feeds], HeldFeed, "feeds", {})}

    def blocks(self) -> Iterator[Block]:
        """Yield what is to be read of it."""
        rows = [(of.feed, of.events, of.files, of.rejected, f"{of.first} to {of.last}") for of in self.feeds]
        yield tabled(("data set", "events", "files", "set aside", "days"), rows, "Data sets")


def store_info(store: Store) -> StoreInfo:
    """Return what a store holds."""
    with store.connected() as connection:
        rows = connection.execute(
            "SELECT feed, count(*), min(date), max(date), string_agg(DISTINCT ontology, ', '), "
            "coalesce(string_agg(DISTINCT rtrim(score_table, '^'), ', '), '') FROM events GROUP BY feed "
            "ORDER BY feed"
        ).fetchall()
    files = list(store.files().values())
    return StoreInfo(
        store=str(store.folder),
        version=VERSION,
        feeds=tuple(
            HeldFeed(
                feed=feed,
                events=events,
                files=sum(one["feed"] == feed for one in files),
                rejected=sum(sum(one["rejected"].values()) for one in files if one["feed"] == feed),
                first=str(first),
                last=str(last),
                ontology=codes,
                score_tables=tables,
            )
            for feed, events, first, last, codes, tables in rows
        ),
    )
