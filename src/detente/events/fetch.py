"""How are files of GDELT fetched? By its own lists, checked by their MD5, whole or not at all.

Nothing is asked of any address but the one that the user names, and files that are there and right are not asked
for again.
"""

from __future__ import annotations

import hashlib
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from detente.case.files import readable
from detente.errors import FormatError, OptionError, OutputError, Problem
from detente.events.gaps import moment
from detente.show.blocks import Block, Prose
from detente.show.record import Published, Record

BASE = "http://data.gdeltproject.org/gdeltv2/"
LIST = "masterfilelist.txt"
LISTED = re.compile(r"^(\d+) ([0-9a-f]{32}) (\S+/(\d{14})\.export\.CSV\.zip)$")
SECONDS, TRIES, PAUSE = 60, 4, 0.5
MOST_BYTES = 500_000_000
CHUNK = 1 << 16
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of GDELT's list.

    Attributes:
        name: of the file.
        size: in bytes.
        md5: of the file.
        stem: its time, ``20180326044500``.
    """

    name: str
    size: int
    md5: str
    stem: str


class Fetched(Record):
    """What became of one listed file.

    Attributes:
        file: its name.
        state: ``fetched``, ``there`` (and right), or ``failed``.
        reason: of a failure.
        tries: how often it was asked for.
    """

    file: str
    state: str
    reason: str = ""
    tries: int = 0


class FetchReport(Published):
    """What became of every listed file between two times.

    Attributes:
        base: address from which it was fetched.
        listed: files in the list between the times.
        fetched: now.
        there: before, and right.
        failed: not fetched.
        files: all of them.
    """

    base: str
    listed: int
    fetched: int
    there: int
    failed: int
    files: tuple[Fetched, ...]

    def blocks(self) -> Iterator[Block]:
        """Yield what is to be read of it."""
        counts = ", ".join(f"{getattr(self, name)} {name}" for name in ("fetched", "there", "failed"))
        yield Prose(text=f"{self.listed} files listed: {counts}")
        yield from (Prose(text=f"{one.file}: {one.reason}") for one in self.files if one.state == "failed")


def listed(base: str, start: str, end: str, *, seconds: float = SECONDS) -> list[Listed]:
    """Return the export files that GDELT's list has between two times; the list is read line by line.

    Raises:
        FormatError: the list cannot be had, or holds no line of the known form.
        OptionError: the times cannot be read, or the address is not one of HTTP.
    """
    first, last = (moment(text, "", last=later) for text, later in ((start, False), (end, True)))
    low, high = first.strftime("%Y%m%d%H%M%S"), last.strftime("%Y%m%d%H%M%S")
    found, sound = [], 0
    for line in _lines(_address(base, LIST), seconds):
        match = LISTED.match(line)
        sound += match is not None
        if match is not None and low <= match[4] <= high:
            found.append(Listed(match[3].rpartition("/")[2], int(match[1]), match[2], match[4]))
    if not sound:
        told = "holds no line of the form 'bytes md5 address'"
        raise FormatError([Problem(told, file=_address(base, LIST), hint="check the base address")])
    return sorted(set(found), key=lambda one: one.stem)


def of_list(path: Path) -> dict[str, str]:
    """Return name → MD5 of the export files of a list that is kept as a file."""
    with readable(path).open(encoding="utf-8", errors="replace") as stream:
        matches = [LISTED.match(line.rstrip("\r\n")) for line in stream]
    return {match[3].rpartition("/")[2]: match[2] for match in matches if match is not None}


def fetch(
    folder: Path,
    start: str,
    end: str,
    *,
    base: str = BASE,
    workers: int = 4,
    seconds: float = SECONDS,
    pause: float = PAUSE,
    progress: Progress | None = None,
) -> FetchReport:
    """Fetch the export files between two times into a folder.

    A file is asked for up to four times, with growing pauses; what arrives whole and with the MD5 of the list is
    renamed into place, everything else is thrown away.

    Args:
        folder: into which.
        start: first day or time.
        end: last.
        base: address of the folder that holds the lists and the files.
        workers: files that are asked for at once.
        seconds: to wait for an answer.
        pause: in seconds before the second try; doubled before each further one.
        progress: called with (files done, files in all).

    Raises:
        FormatError: the list cannot be had.
        OutputError: the folder cannot be written.
    """
    wanted = listed(base, start, end, seconds=seconds)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutputError(f"{folder}: cannot be made ({fault.strerror})") from fault
    for torn in folder.glob("*.part"):
        torn.unlink(missing_ok=True)
    reports: list[Fetched] = []
    with ThreadPoolExecutor(max(1, workers), thread_name_prefix="fetch") as pool:
        for report in pool.map(lambda one: _one(one, folder, base, seconds, pause), wanted):
            reports.append(report)
            if progress is not None:
                progress(len(reports), len(wanted))
    count = {state: sum(one.state == state for one in reports) for state in ("fetched", "there", "failed")}
    return FetchReport(base=base, listed=len(wanted), files=tuple(reports), **count)


def _one(one: Listed, folder: Path, base: str, seconds: float, pause: float) -> Fetched:
    """Fetch one file."""
    place = folder / one.name
    if place.is_file() and hashlib.md5(place.read_bytes(), usedforsecurity=False).hexdigest() == one.md5:
        return Fetched(file=one.name, state="there")
    reason = ""
    for tried in range(1, TRIES + 1):
        try:
            content = _content(_address(base, one.name), one.size, seconds)
        except (OSError, ValueError, HTTPException) as fault:
            reason = str(fault) or type(fault).__name__
            if isinstance(fault, urllib.error.HTTPError) and fault.code in (403, 404, 410):
                return Fetched(file=one.name, state="failed", reason=reason, tries=tried)
        else:
            if hashlib.md5(content, usedforsecurity=False).hexdigest() == one.md5:
                torn = place.with_name(f"{place.name}.part")
                torn.write_bytes(content)
                torn.replace(place)
                return Fetched(file=one.name, state="fetched", tries=tried)
            reason = "its MD5 is not that of the list"
        if tried < TRIES:
            time.sleep(pause * 2 ** (tried - 1))
    return Fetched(file=one.name, state="failed", reason=reason, tries=TRIES)


def _content(address: str, size: int, seconds: float) -> bytes:
    """Return what an address answers with, up to a bound."""
    most = min(MOST_BYTES, max(size, 1) * 2)
    content = bytearray()
    with _opened(address, seconds) as answer:
        while chunk := answer.read(CHUNK):
            content += chunk
            if len(content) > most:
                raise ValueError("is far longer than the list says")
    return bytes(content)


def _lines(address: str, seconds: float) -> Iterator[str]:
    """Yield the lines of a list, without holding all of it."""
    for tried in range(1, TRIES + 1):
        try:
            with _opened(address, seconds) as answer:
                for line in answer:
                    yield line.decode("utf-8", "replace").rstrip("\r\n")
                return
        except (OSError, HTTPException) as fault:
            if tried == TRIES or isinstance(fault, urllib.error.HTTPError):
                told = f"the list cannot be had ({fault})"
                raise FormatError(
                    [Problem(told, file=address, hint="check the address and the network")]
                ) from None
            time.sleep(PAUSE * tried)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no address but the one that was named."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Refuse."""
        return


def _opened(address: str, seconds: float) -> HTTPResponse:
    """Ask an address that `_address` has checked."""
    request = urllib.request.Request(address, headers={"User-Agent": "detente"})  # noqa: S310
    answer: HTTPResponse = urllib.request.build_opener(_Stay).open(request, timeout=seconds)
    return answer


def _address(base: str, name: str) -> str:
    if not re.match(r"^https?://", base):
        raise OptionError(f"{base!r} is no address of HTTP; one looks like {BASE}")
    return f"{base.rstrip('/')}/{name}"
