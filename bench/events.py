"""How fast are event data read and counted, beside what the machine allows and what pandas does?

Two real files of GDELT are repeated to a million rows, in their order and in files of their size, with ids, days
and addresses of their own, plain and zipped. In one run: a plain scan for line feeds, inflating alone (zlib, two
threads), inflating as we do (libdeflate), that with the search for the fields and values that are kept, pandas
with the usual options, our loader, and the writing of its Parquet files alone, each in processor seconds and by
the clock; then a series by month over ten million stored rows, and the peak memory of a loader in a process of its
own. Where others use the machine, compare processor seconds.

Run: ``DETENTE_SHARED_DATA=… python -m bench.events``; ``DETENTE_BENCH_ROWS`` for more rows in the loader;
``python -m bench.events memory 100`` for the memory that loading 100 million rows takes, a million at a time.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from bench.clock import THREADS, table
from detente.events.columns import write_part
from detente.events.feeds import GDELT2
from detente.events.load import load
from detente.events.scan import Scanned
from detente.events.series import series
from detente.events.store import COLUMNS, Store
from detente.events.unpack import unpack

SHARED = Path(os.environ.get("DETENTE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
ROWS = int(os.environ.get("DETENTE_BENCH_ROWS", "1000000"))
A_FILE = 1_584
"""Rows of a file of 15 minutes."""
LONG = 50_000
"""Rows of a file where memory is measured."""
TIMES = 10
"""How often the stored rows are repeated, on other days, before a series is counted."""


def make(folder: Path, rows: int, size: int = A_FILE, *, zips: bool = True) -> tuple[list[Path], list[Path]]:
    """Write the rows as plain and as zipped files."""
    real = [
        row.split("\t")
        for name in ("20180326044500.export.CSV", "20190121220000.export.CSV")
        for row in (SHARED / "events" / "gdelt" / name).read_text(encoding="utf-8").split("\n")
        if row
    ]
    plain, zipped = [], []
    for number, begin in enumerate(range(0, rows, size)):
        day = f"{date(2017, 1, 1) + timedelta(days=begin // 150_000):%Y%m%d}"
        lines = []
        for place in range(begin, min(rows, begin + size)):
            row = real[place % len(real)]
            url = f"{row[60]}?{place // len(real)}"  # as many rows to an address as in the real files
            lines.append("\t".join((str(place), day, day[:6], day[:4], *row[4:59], day + "120000", url)))
        plain.append(folder / "plain" / f"{number:05}.export.CSV")
        plain[-1].parent.mkdir(exist_ok=True)
        plain[-1].write_text("\n".join([*lines, ""]), encoding="utf-8")
        if not zips:
            continue
        zipped.append(folder / "zipped" / f"{number:05}.export.CSV.zip")
        zipped[-1].parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(zipped[-1], "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(plain[-1], plain[-1].name)
    return plain, zipped


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Return processor seconds of all threads, and seconds by the clock, of one run."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.perf_counter() - start


def scan(paths: list[Path]) -> int:
    return sum(path.read_bytes().count(b"\n") for path in paths)


def inflate(paths: list[Path]) -> None:
    def one(path: Path) -> None:
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as stream:
            while stream.read(1 << 20):
                pass

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, paths))


def inflate_faster(paths: list[Path]) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda path: unpack(path, path.parent), paths))


def found(paths: list[Path]) -> None:
    """Inflate, sum up, and find the fields and values that are kept: a loader that writes nothing."""
    spans = [*GDELT2.together, (1, 1)]
    fields = np.array([a for a, _ in spans]), np.array([b for _, b in spans])

    def some(own: list[Path]) -> None:
        scanned = Scanned(len(spans), len(own) * A_FILE + 1, named=0)
        for path in own:
            text = unpack(path, path.parent).text
            if not isinstance(text, Path):
                scanned.read(np.frombuffer(text, np.uint8), 0, 0, fields, (61,))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(some, [paths[at : at + 120] for at in range(0, len(paths), 120)]))


def written(store: Store, folder: Path) -> Callable[[], object]:
    """Return what writes the rows of a store once more, as they stand in memory then."""
    from pyarrow import parquet

    texts = [name for name, (kind, _) in COLUMNS.items() if kind == "VARCHAR" and name != "event_id"]
    held = [parquet.read_table(part, read_dictionary=texts, partitioning=None) for part in store.parts()]

    def write() -> None:
        for number, one in enumerate(held):
            write_part(folder / f"{number}.parquet", one.schema, [one])

    return write


def in_pandas(paths: list[Path]) -> None:
    """Read as gdeltPyR and most notebooks do: all columns, types guessed from the whole file."""
    import pandas as pd

    for path in paths:
        pd.read_csv(path, sep="\t", header=None, low_memory=False, quoting=3)


def repeated(store: Store) -> int:
    """Repeat the rows of a store on other days, with ids of their own; return how many there are then."""
    with store.connected() as connection:
        parts = []
        for number in range(1, TIMES):
            part = f"events/feed=gdelt2/year={2030 + number}/more{number}.parquet"
            path = store.folder / part
            path.parent.mkdir(parents=True)
            days = f"CAST(date + INTERVAL {number * 30} DAY AS DATE) AS date"
            later = f"added + INTERVAL {number * 30} DAY AS added, event_id || '-{number}' AS event_id"
            connection.execute(
                f"COPY (SELECT * REPLACE ({days}, {later}) FROM events ORDER BY source, target, date) "  # noqa: S608
                f"TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
            )
            parts.append(part)
    store.commit({"batch": "more", "at": "", "files": [], "parts": parts})
    with store.connected() as connection:
        found = connection.execute("SELECT count(*) FROM events").fetchone()
    return int(found[0]) if found else 0


def main() -> None:
    """Measure and print."""
    if not (SHARED / "events").is_dir():
        print("the published files are not there (DETENTE_SHARED_DATA)")
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        plain, zipped = make(folder, ROWS)
        size = sum(path.stat().st_size for path in plain)
        stores = [Store.at(folder / f"store{number}", make=True) for number in range(2)]
        tasks: dict[str, Callable[[], object]] = {
            "scan for line feeds": lambda: scan(plain),
            "inflate, two threads": lambda: inflate(zipped),
            "inflate and sum, libdeflate": lambda: inflate_faster(zipped),
            "the same, find and look up": lambda: found(zipped),
            "pandas, usual options": lambda: in_pandas(plain),
            "plain CSV to Parquet": lambda: load(stores[0], plain),
            "zipped to Parquet": lambda: load(stores[1], zipped),
        }
        warm = Store.at(folder / "warm", make=True)
        load(warm, zipped)  # loops are compiled once
        tasks["write Parquet"] = written(warm, folder)
        times = {name: spent(task) for name, task in tasks.items()}
        rows = [
            (
                name,
                f"{used:.2f}",
                f"{clock:.2f}",
                f"{size / used / 1e9:.2f}",
                f"{ROWS / clock:,.0f}",
                f"{ROWS * THREADS / used:,.0f}",
            )
            for name, (used, clock) in times.items()
        ]
        table(
            ("task", "processor s", "clock s", "GB/s a core", "rows/s by the clock", "rows/s of two cores"),
            rows,
        )
        used = {name: one for name, (one, _) in times.items()}
        share = used["inflate, two threads"] / used["zipped to Parquet"]
        print(f"zipped files load at {share:.0%} of what inflating allows (at least 60 %)")
        bare = used["the same, find and look up"]
        most = (
            used["inflate, two threads"] / bare,
            used["inflate, two threads"] / (bare + used["write Parquet"]),
        )
        print(
            f"that wrote nothing would reach {most[0]:.0%}; that did nothing but find and write, {most[1]:.0%}"
        )
        beside = used["plain CSV to Parquet"] / used["pandas, usual options"]
        print(
            f"CSV to Parquet takes {beside:.1f} times what pandas takes to read alone (at least 600,000 rows/s)"
        )
        count = repeated(stores[0])
        taken = min(spent(lambda: series(stores[0], "USA", "RUS")) for _ in range(3))
        print(
            f"a series by month over {count:,} rows: {taken[0]:.2f} processor s, {taken[1]:.2f} s (at most 0.3)"
        )
    memory(4)


def memory(millions: int) -> None:
    """Load rows into one store in a process of its own, a million at a time, and print its peak memory."""
    with tempfile.TemporaryDirectory() as temporary:
        make(Path(temporary), LONG, LONG, zips=False)
        code = f"from bench.events import fill; fill({temporary!r}, {millions})"
        subprocess.run([sys.executable, "-c", code], check=True)


def fill(temporary: str, millions: int) -> None:
    """Load files, each like the first with days and ids of its own, and remove them."""
    folder = Path(temporary)
    like = next((folder / "plain").iterdir())
    store = Store.at(folder / "store", make=True)
    start, rows = time.perf_counter(), 0
    for million in range(millions):
        paths = []
        for number in range(1_000_000 // LONG):
            day = date(1980, 1, 1) + timedelta(days=million * 20 + number)
            paths.append(folder / f"{number:05}.CSV")
            with like.open("rb") as lines, paths[-1].open("wb") as out:
                own = f"{day:%Y%m%d}".encode()
                out.writelines(line.replace(b"20170101", own) for line in lines)
        rows += load(store, paths).kept
        if million + 1 in (1, 4, millions) or (million + 1) % 10 == 0:
            status = Path("/proc/self/status").read_text().splitlines()
            peak = int(next(line for line in status if "VmHWM" in line).split()[1]) // 1024
            taken = time.perf_counter() - start
            print(f"peak memory of loading {rows:,} rows: {peak} MB (at most 500), {taken:.0f} s", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["memory"]:
        memory(int(sys.argv[2]))
    else:
        main()
