"""Where is what the tests compile, and is it there? `python -m tests.loops` compiles what most of them need, once.

It is kept in `build` until a source of any compiled loop has changed, one folder for all processes that run tests.
Two briefs of a small case need most of it; the rest is compiled by the test that is the first to need it.
"""

from __future__ import annotations

import os
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "detente"
COMPILER = SOURCE / "compiled.py"
EVERY_PART = ROOT / "tests" / "contract" / "every_part.yaml"


def folder() -> Path:
    """Return the folder of what is compiled from the sources as they are; of other sources none is left."""
    sources = sorted(path for room in ("lenses", "events") for path in (SOURCE / room).rglob("*.py"))
    parts = [version("numba").encode(), *(path.read_bytes() for path in [*sources, COMPILER])]
    checked = os.environ.get("NUMBA_BOUNDSCHECK", "0") != "0"
    known = sha256(b"\0".join(parts)).hexdigest()[:16]
    found = ROOT / "build" / ("bounds" if checked else "compiled") / known
    for other in set(found.parent.glob("*")) - {found}:
        rmtree(other, ignore_errors=True)
    return found


def main() -> None:
    """Make the two briefs, unless it was done."""
    done = folder() / "done"
    if done.exists():
        return
    os.environ["NUMBA_CACHE_DIR"] = str(folder())
    from detente.catalog import open_case
    from detente.report import brief

    case = open_case(EVERY_PART)
    brief(case, draws=40, workers=1)
    brief(case.with_({"options.winset.loss": "quadratic"}), draws=40, workers=1)
    done.touch()


if __name__ == "__main__":
    main()
