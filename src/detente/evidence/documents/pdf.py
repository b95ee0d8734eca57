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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from detente.errors import MissingPartError
from detente.evidence.documents.paper import MOST_CHARACTERS, Blocks, Paper, paragraphs

SECONDS = 120
MEMORY = 3_000_000_000
FEWEST_ON_A_PAGE = 10  # characters per page under which a file with pictures is a scan
EDGE = 2  # lines at the top and at the bottom of a page that may repeat
OFTEN = 3
PRINT = "open it and print it to a new PDF"


def extract(data: bytes, paper: Paper) -> Blocks:
    """Return the paragraphs of a PDF.

    Raises:
        MissingPartError: pypdf is not installed.
        FormatError: encrypted, scanned, damaged, or too much for the time and memory that it is given.
    """
    if find_spec("pypdf") is None:
        told = "reading PDF needs pypdf, which is not installed: pip install 'detente[documents]'"
        raise MissingPartError(told)
    command = [sys.executable, "-X", "utf8", "-m", __name__]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command, input=data, capture_output=True, timeout=SECONDS, check=False
        )
        read: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        paper.refuse(f"could not be read within {SECONDS} seconds", PRINT)
    except ValueError:
        paper.refuse("asks for more memory or time than a document should", PRINT)
    if (fault := read.get("fault")) == "encrypted":
        paper.refuse("is encrypted", "save a copy without a password")
    if fault:
        paper.refuse(f"is a damaged PDF ({fault})", PRINT)
    pages: list[str] = read["pages"]
    if sum(len(page.strip()) for page in pages) < FEWEST_ON_A_PAGE * max(len(pages), 1):
        hint = "run a program that recognises text (OCR) over it first"
        paper.refuse(f"holds no text on its {len(pages)} page(s), only pictures of it", hint)
    for name, value in read["stated"].items():
        paper.state(name, value)
    if read["unread"]:
        paper.notes.append(f"{read['unread']} of {len(pages)} pages could not be read")
    return _blocks([[line for line in page.split("\n") if line.strip()] for page in pages])


def _blocks(pages: Sequence[Sequence[str]]) -> Iterator[tuple[str, bool]]:
    """Yield paragraphs; those that a page break divides are joined, running heads and numbers are furniture."""
    counts: Counter[str] = Counter()
    for lines in pages:
        counts.update({_shape(line) for line in [*lines[:EDGE], *lines[-EDGE:]]})
    running = {shape for shape, count in counts.items() if count >= max(OFTEN, 0.4 * len(pages))}
    held: list[str] = []
    for page, lines in enumerate((*pages, ()), start=1):
        for number, line in enumerate(lines):
            edge = number < EDGE or number >= len(lines) - EDGE
            if edge and (_shape(line) in running or line.strip().isdecimal()):
                yield line, True
            else:
                held.append(line)
        if page > len(pages) or (held and re.search(r"[.!?:”\"’)]\s*$", held[-1])):
            yield from ((one, False) for one in paragraphs(held))
            held = []


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", " ".join(line.split()))


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
    about: Mapping[str, object] = reader.metadata or {}
    told = {name: about.get(key) for name, key in (("title", "/Title"), ("author", "/Author"))}
    stated = {name: str(value) for name, value in told.items() if isinstance(value, str)}
    if made := re.match(r"(?:D:)?(\d{4})(\d{2})(\d{2})", str(about.get("/CreationDate"))):
        stated["date"] = "-".join(made.groups())
    return {"pages": pages, "stated": stated, "unread": unread}


def _main() -> None:
    import logging
    import warnings

    with suppress(ImportError):  # where a system has no such limits, the time is kept outside
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
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
