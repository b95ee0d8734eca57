"""How fast are documents read into a store? Ten thousand of 5 KB, made up, by all processors.

The limit is what the extractors themselves take: the same texts read one after another in one process, without
files and without a store, divided by the number of processors. The aim is 60 seconds and 500 MB on two cores. On a
machine with other work look at the time of the processors: by two, it is what two idle cores would take.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

SENTENCES = (
    "Envoy Ana Lobo said the port of Talvia would reopen in May {n}.",
    "“We will wait for the {n} inspectors,” Lobo added on Monday.",
    "According to the harbour council, {n} ships are waiting outside the strait.",
    "If the levy goes, Talvia will sign the treaty of {n} articles.",
    "The coastal state insisted on a toll of {n} percent, and ruled out a smaller one.",
    "Ship owners hinted that they could live with half of it, {n} days after the hearing.",
    "In April 20{n:02d} the coast guard seized two tankers near the northern lighthouse.",
    "Nothing else of note happened in the harbour that week, as the {n} members of the crew recall.",
)
DOCUMENTS, BYTES = 10_000, 5_000


def text(dice: random.Random) -> str:
    """Return a made-up report of about 5 KB."""
    parts: list[str] = []
    while sum(map(len, parts)) < BYTES:
        parts.append(" ".join(dice.choice(SENTENCES).format(n=dice.randrange(3, 40)) for _ in range(5)))
    return "\n\n".join(parts)


def main(documents: int = DOCUMENTS) -> None:
    """Print what reading takes, and its limit."""
    from detente.evidence.documents import open_document
    from detente.evidence.reading import read, read_into
    from detente.evidence.store import Store

    dice = random.Random(14)  # noqa: S311 - not for secrets
    cores = min(os.cpu_count() or 1, 2)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"report-{number}.txt" for number in range(documents)]
        for file in files:
            file.write_text(text(dice), encoding="utf-8")
        some = [open_document(file) for file in files[:100]]
        read(some[0])
        started = time.process_time()
        found = sum(len(read(one)) for one in some)
        limit = (time.process_time() - started) / len(some) * documents / cores
        started, before = time.perf_counter(), sum(os.times()[:4])
        with Store.opened(Path(folder) / "evidence.sqlite", make=True) as store:
            added, faults = read_into(store, files, workers=cores)
        taken = time.perf_counter() - started
        time.sleep(1)  # until the others have ended and their time is counted
        used = sum(os.times()[:4]) - before
        size = (Path(folder) / "evidence.sqlite").stat().st_size
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    unit = 1024**2 if sys.platform == "darwin" else 1024
    refused = f", {len(faults)} refused" if faults else ""
    records = f"about {found * documents // len(some):,} records"
    print(f"{len(added):,} documents{refused}, {records}; {cores} processes; a store of {size / 1e6:.0f} MB")
    print(
        f"{taken:.1f} s; processors' time by {cores}: {used / cores:.1f} s; the extractors alone {limit:.1f} s"
    )
    print(
        f"at most {own / unit:.0f} MB in the first process and {largest / unit:.0f} MB in each of the others"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS)
