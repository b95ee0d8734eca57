"""A great many mutants in one process: how many were tried, which broke, which took longest.

    python -m tests.robustness.sweep --count 1000000 --workers 2
    python -m tests.robustness.sweep --kind csv --first 5000000 --seconds 600 --log build/csv.jsonl

Every kind of file has seeds of its own, so that `mutant(seed, kind)` makes one again; what broke is told with its
seed and kept in the log, one line of JSON each. A mutant may take five seconds of the processor.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from detente.case.formats import import_case
from detente.case.formats.draft import to_complete
from detente.errors import DetenteError
from tests.robustness.corpus import corpus, kinds
from tests.robustness.mutating import mutant

LONGEST = 5.0  # seconds of the processor
HEAVY = {"us-russia": 0.002, "matrix.csv": 0.3, "yaml": 2.0}  # share of the mutants; others 1
EVERY = 500  # mutants between two looks at the memory


class TookTooLong(BaseException):
    """The alarm went off; no `except Exception` on the way may swallow it."""


@dataclass
class Tally:
    """What became of the mutants of a kind."""

    kind: str
    tried: int = 0
    accepted: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_seed: int = -1
    memory: int = 0  # megabytes held after the first mutants and after the last
    grown: int = 0
    broken: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Interrupt what takes longer, of the processor's time."""

    def stop(*_: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def attempt(name: str, content: bytes, folder: Path) -> bool:
    """Read a mutant as commands do and say whether it is a case; what could be read of others is written."""
    path = folder / name
    path.write_bytes(content)
    try:
        found = import_case(path)
    except DetenteError:
        return False
    assert (found.case is None) == bool(found.errors)
    for problem in found.problems:
        assert str(problem)
    if found.partial is not None:
        to_complete(found.partial, found.errors, str(path))
    return found.case is not None


def sweep(kind: str, first: int, count: int, until: float, log: Path | None) -> Tally:
    """Try mutants of a kind, by their seeds, until so many are tried or the clock says so."""
    tally, held = Tally(kind), 0
    with TemporaryDirectory() as place:
        folder = Path(place)
        for name in kinds()[kind]:  # files of one folder are read together
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(corpus()[name])
        for seed in range(first, first + count):
            _try(tally, seed, folder, log)
            if tally.tried % EVERY == 0:
                held = held or resident()
                if time.time() > until:
                    break
    tally.memory, tally.grown = resident(), resident() - held if held else 0
    return tally


def _try(tally: Tally, seed: int, folder: Path, log: Path | None) -> None:
    name, content = mutant(seed, tally.kind)
    begun = time.process_time()
    try:
        with at_most(LONGEST):
            tally.accepted += attempt(name, content, folder)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        told = {
            "kind": tally.kind,
            "seed": seed,
            "file": name,
            "error": f"{type(error).__name__}: {error}"[:300],
            "at": f"{where.filename}:{where.lineno}",
        }
        tally.broken.append(told)
        if log is not None:
            with log.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(told) + "\n")
    took = time.process_time() - begun
    tally.tried += 1
    tally.seconds += took
    if took > tally.slowest:
        tally.slowest, tally.slowest_seed = took, seed
    if "/" in name:
        (folder / name).write_bytes(corpus()[name])


def resident() -> int:
    """Return how many megabytes the process holds."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_048_576


def shares(count: int) -> dict[str, int]:
    """Return kind → how many of so many mutants are of it: as many of each, fewer of what takes long."""
    weights = {kind: HEAVY.get(kind, 1.0) for kind in kinds()}
    return {kind: max(1, round(count * weight / sum(weights.values()))) for kind, weight in weights.items()}


def _job(job: tuple[str, int, int, float, Path | None]) -> Tally:
    return sweep(*job)


def main() -> int:
    """Try them, tell what became of them, and return 1 if any broke."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--count", type=int, default=20_000, help="mutants in all")
    asked.add_argument("--first", type=int, default=0, help="first seed")
    asked.add_argument("--kind", choices=sorted(kinds()), help="of this kind only")
    asked.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    asked.add_argument("--workers", type=int, default=1, help="processes")
    asked.add_argument("--log", type=Path, help="append what broke to this file")
    given = asked.parse_args()
    until, begun = time.time() + given.seconds, time.time()
    wanted = {given.kind: given.count} if given.kind else shares(given.count)
    step = max(1_000, given.count // 200)
    jobs = [
        (kind, given.first + at, min(step, count - at), until, given.log)
        for kind, count in wanted.items()
        for at in range(0, count, step)
    ]
    jobs.sort(key=lambda job: job[1])  # every kind has its turn
    total: dict[str, Tally] = {kind: Tally(kind) for kind in wanted}
    with get_context("spawn").Pool(given.workers, maxtasksperchild=50) as pool:
        for found in pool.imap_unordered(_job, jobs):
            _add(total[found.kind], found)
            sys.stdout.write(f"{time.time() - begun:6.0f} s: {sum(one.tried for one in total.values()):,}\r")
            for one in found.broken:
                sys.stdout.write(
                    f"broke: mutant({one['seed']}, {one['kind']!r}): {one['error']} at {one['at']}\n"
                )
            sys.stdout.flush()
            if time.time() > until:
                break
    _tell(list(total.values()), time.time() - begun)
    return 1 if any(tally.broken for tally in total.values()) else 0


def _add(total: Tally, found: Tally) -> None:
    total.tried += found.tried
    total.accepted += found.accepted
    total.seconds += found.seconds
    total.broken += found.broken
    total.memory, total.grown = max(total.memory, found.memory), max(total.grown, found.grown)
    if found.slowest > total.slowest:
        total.slowest, total.slowest_seed = found.slowest, found.slowest_seed


def _tell(tallies: list[Tally], took: float) -> None:
    heads = ("kind", "tried", "accepted", "broke", "s each", "slowest", "seed", "MB", "grown")
    rows = [
        *(
            f"{one.kind:14} {one.tried:9,} {one.accepted:9,} {len(one.broken):5} "
            f"{one.seconds / max(1, one.tried):7.4f} {one.slowest:7.2f} {one.slowest_seed:9} "
            f"{one.memory:5} {one.grown:5}"
            for one in tallies
        ),
        f"{sum(one.tried for one in tallies):,} mutants in {took:,.0f} s, "
        f"{sum(len(one.broken) for one in tallies)} broke",
    ]
    sys.stdout.write("{:14} {:>9} {:>9} {:>5} {:>7} {:>7} {:>9} {:>5} {:>5}\n".format(*heads))
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    sys.exit(main())
