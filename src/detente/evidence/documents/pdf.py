"""What does a PDF say? Its pages as paragraphs; what stands on top or below of many pages is furniture.

The file is taken apart by pypdf in a process of its own, with so much memory and time and no more: whatever a
hostile file makes of it, that process ends, and nothing else does.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from detente.errors import MissingPartError
from detente.evidence.documents.furniture import is_furniture
from detente.evidence.documents.lines import paragraphs
from detente.evidence.documents.paper import MOST_CHARACTERS, Paper, joined, refuse

SECONDS = 120
MEMORY = 3_000_000_000
FEWEST_ON_A_PAGE = 10
"""Characters per page under which a file with pictures is a scan."""
EDGE = 2
"""Lines at the top and at the bottom of a page that may repeat."""
OFTEN = 3


def extract(data: bytes, file: str, declared: str | None = None) -> Paper:
    """Return the text of a PDF.

    Raises:
        MissingPartError: pypdf is not installed.
        FormatError: encrypted, scanned, damaged, or too much for the time and memory that it is given.
    """
    del declared
    if find_spec("pypdf") is None:
        told = "reading PDF needs pypdf, which is not installed: pip install 'detente[documents]'"
        raise MissingPartError(told)
    read = _in_a_process(data, file)
    match read.get("fault"):
        case None:
            pages: list[str] = read["pages"]
        case "encrypted":
            refuse(file, "is encrypted", "save a copy without a password")
        case fault:
            refuse(file, f"is a damaged PDF ({fault})", "open it and print it to a new PDF")
    letters = sum(len(page.strip()) for page in pages)
    if letters < FEWEST_ON_A_PAGE * max(len(pages), 1):
        hint = "run a program that recognises text (OCR) over it first"
        refuse(file, f"holds no text on its {len(pages)} page(s), only pictures of it", hint)
    paper = joined(_blocks([page.split("\n") for page in pages]), file)
    for name, value in read["stated"].items():
        paper.state(name, value)
    if read["unread"]:
        paper.notes.append(f"{read['unread']} of {len(pages)} pages could not be read")
    return paper


def _in_a_process(data: bytes, file: str) -> dict[str, Any]:
    command = [sys.executable, "-X", "utf8", "-m", "detente.evidence.documents.pdf"]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command, input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        refuse(file, f"could not be read within {SECONDS} seconds", "open it and print it to a new PDF")
    try:
        read: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        refuse(file, "asks for more memory or time than a document should", "print it to a new PDF")
    return read


def _blocks(pages: Sequence[Sequence[str]]) -> Iterator[tuple[str, bool]]:
    """Yield paragraphs; those that a page break divides are joined, running heads and numbers are furniture."""
    running = _running(pages)
    held: list[str] = []
    for page in pages:
        lines = [line for line in page if line.strip()]
        for number, line in enumerate(lines):
            if _is_running(line, number, len(lines), running):
                yield line, True
            else:
                held.append(line)
        if held and re.search(r"[.!?:”\"’)]\s*$", held[-1]):
            yield from ((one, is_furniture(one)) for one in paragraphs(held))
            held = []
    yield from ((one, is_furniture(one)) for one in paragraphs(held))


def _is_running(line: str, number: int, count: int, running: frozenset[str]) -> bool:
    edge = number < EDGE or number >= count - EDGE
    return edge and (_shape(line) in running or line.strip().isdecimal())


def _running(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return the shapes of lines that stand at the edge of many pages."""
    counts: Counter[str] = Counter()
    for page in pages:
        lines = [line for line in page if line.strip()]
        counts.update({_shape(line) for line in [*lines[:EDGE], *lines[-EDGE:]]})
    return frozenset(shape for shape, count in counts.items() if count >= max(OFTEN, 0.4 * len(pages)))


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", " ".join(line.split()))


def _limit() -> None:
    """Give this process so much memory and time; where a system has no such limits, the time is kept outside."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _take_apart(data: bytes) -> dict[str, Any]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"fault": "encrypted"}
    pages: list[str] = []
    size = unread = 0
    for page in reader.pages:
        try:
            text = page.extract_text()
        except Exception:  # the library lets many kinds out for a damaged page
            text, unread = "", unread + 1
        pages.append(text.encode("utf-8", "replace").decode("utf-8"))
        size += len(text)
        if size > MOST_CHARACTERS:
            return {"fault": "more text than a document may have"}
    stated = {}
    about = reader.metadata
    for name, key in (("title", "/Title"), ("author", "/Author"), ("date", "/CreationDate")):
        value = about.get(key) if about else None
        if isinstance(value, str) and value.strip():
            stated[name] = str(value)
    if "date" in stated:
        match = re.match(r"(?:D:)?(\d{4})(\d{2})(\d{2})", stated.pop("date"))
        if match:
            stated["date"] = "-".join(match.groups())
    return {"pages": pages, "stated": stated, "unread": unread}


def _main() -> None:
    import logging
    import warnings

    _limit()
    logging.disable()
    warnings.simplefilter("ignore")
    try:
        told = _take_apart(sys.stdin.buffer.read())
    except MemoryError:
        raise SystemExit(1) from None
    except RecursionError:
        told = {"fault": "it refers to itself"}
    except Exception as error:  # as above
        needs = type(error).__name__ == "DependencyError"
        told = {"fault": "encrypted" if needs else f"{type(error).__name__}: {error}"[:120]}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _main()
