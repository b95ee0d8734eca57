"""Which cases come with détente, and how is one named? By slug, file, folder, or another format's file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from detente.case import Case, Checked, check
from detente.case.files import CASE_FILE, SUFFIXES
from detente.errors import NotFoundError, nearest, offering

FOLDER = Path(__file__).parent
MOST_BESIDE = 1000
"""Files of a folder among which the nearest name is looked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A case of the catalog."""

    slug: str
    title: str
    question: str | None
    actors: int
    issues: int
    path: Path


def slugs() -> tuple[str, ...]:
    """Return the names of the cases that come with the package."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def shipped_ledger(slug: str) -> Path | None:
    """Return the ledger of forecasts that comes with a case, ``None`` where there is none."""
    path = FOLDER / "ledgers" / f"{slug}.jsonl"
    return path if slug in slugs() and path.is_file() else None


@cache
def _shipped(slug: str) -> Checked:
    return check(FOLDER / f"{slug}.yaml")  # a case is never changed, so that it need not be read again


@cache
def entries() -> tuple[Entry, ...]:
    """Return what the catalog holds, in the order of the slugs."""
    found = []
    for slug in slugs():
        case = open_case(slug)
        path = FOLDER / f"{slug}.yaml"
        found.append(Entry(slug, case.title, case.question, len(case.actors), len(case.issues), path))
    return tuple(found)


def open_case(reference: str | Path) -> Case:
    """Return the case that a slug, case file, case folder or importable file holds.

    Raises:
        NotFoundError: neither a case of the catalog nor a file; the message offers the nearest name of either.
        CaseError: with every problem in it.
    """
    return check_reference(reference).require()


def check_reference(reference: str | Path) -> Checked:
    """Check the case that a slug, case file, case folder or importable file holds.

    Raises:
        NotFoundError: neither a case of the catalog nor a file; the message offers the nearest slug. Or it lies in
            a folder that may not be opened.
    """
    path = Path(reference)
    if isinstance(reference, str) and reference in slugs():
        return _shipped(reference)
    try:
        exists = path.exists()
    except PermissionError as error:
        raise NotFoundError(f"{path}: may not be opened; check the permissions of its folder") from error
    except (OSError, ValueError):  # a name that no file can have
        exists = False
    if not exists:
        beside: list[str] = []
        with suppress(OSError, ValueError):
            beside = [str(one) for one in islice(path.parent.glob("*"), MOST_BESIDE)]
        meant = nearest(str(reference), [*slugs(), *beside])
        told = f"{str(reference)[:200]!r} is neither a file nor a case of the catalog"
        raise NotFoundError(offering(told, str(reference), slugs() if meant is None else [meant]))
    if path.is_dir() or path.suffix.lower() in SUFFIXES or path.name == CASE_FILE:
        return check(path)
    from detente.case.formats import import_case

    return import_case(path)
