"""What does a Word document say? Its paragraphs as they would be printed: no macro, no link, no deleted words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from detente.evidence.documents.paper import Blocks, Paper

BODY, PROPERTIES = "word/document.xml", "docProps/core.xml"
PARTS = {"header": True, "document": False, "footnotes": False, "endnotes": False, "footer": True}
"""In their order; whether each is furniture."""
MOST_UNPACKED, MOST_RATIO, RATIO_FROM = 400_000_000, 200, 5_000_000
DEEPEST, MOST_ELEMENTS = 300, 20_000_000
SKIPPED = frozenset({"del", "moveFrom", "instrText", "pPr", "rPr", "sdtPr"})
BRANCHES = frozenset({"Choice", "Fallback"})
"""The same in several forms, as a text box is: the first is read."""
MOST_BOXES = 200
"""Text boxes of which it is seen whether they repeat the text."""
BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
STATED = {
    "title": "title",
    "creator": "author",
    "publisher": "publisher",
    "language": "language",
    "created": "date",
}


def extract(data: bytes, paper: Paper) -> Blocks:
    """Return the paragraphs of a document: headers, body, notes, footers.

    A text box is a paragraph before that which holds it; one that only repeats the text is furniture.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = sorted(archive.namelist())
            if BODY not in names:
                paper.refuse("is a ZIP archive, but no Word document", "unpack it, or save it as DOCX")
            for name, value in _part(archive, PROPERTIES, paper) if PROPERTIES in names else ():
                paper.state(STATED.get(name, ""), value)
            found = [
                (element, text, furniture)
                for kind, furniture in PARTS.items()
                for name in names
                if name.startswith(f"word/{kind}") and name.endswith(".xml") and "/" not in name[5:]
                for element, text in _part(archive, name, paper)
                if element in {"p", "box"}
            ]
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        paper.refuse(f"is a damaged Word document ({error})", "open it and save it again")
    boxes = dict.fromkeys(" ".join(text.split()) for element, text, _ in found if element == "box")
    body = " ".join(" ".join(text.split()) for element, text, _ in found if element == "p" and boxes)
    again = {box for box in [*filter(None, boxes)][:MOST_BOXES] if box in body}
    if boxes:
        told = f"; {len(again)} of them only repeat the text and are furniture" if again else ""
        paper.notes.append(f"text boxes: {len(boxes)}, each before the paragraph that holds it{told}")
    return [
        (text, furniture or (element == "box" and " ".join(text.split()) in again))
        for element, text, furniture in found
    ]


def _part(archive: zipfile.ZipFile, name: str, paper: Paper) -> list[tuple[str, str]]:
    from defusedxml.common import DefusedXmlException

    entry = archive.getinfo(name)
    if entry.flag_bits & 1:
        paper.refuse("is encrypted", "save a copy without a password")
    if entry.file_size > max(RATIO_FROM, MOST_RATIO * entry.compress_size) or entry.file_size > MOST_UNPACKED:
        paper.refuse(f"unpacks to over {MOST_RATIO} times its size; it is not opened")
    try:
        with archive.open(entry) as stream:
            return list(_texts(stream))
    except DefusedXmlException:
        paper.refuse(f"{name} declares a document type or entity; it is not opened")
    except Exception as error:  # no XML, a stream that is cut short, an encoding that does not exist
        paper.refuse(f"{name} cannot be read ({error})", "open it and save it again")


def _texts(stream: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Yield elements with their text: paragraphs, one in a text box before that which holds it, and others."""
    from defusedxml.ElementTree import iterparse

    path: list[Any] = []
    open_: list[list[str]] = []
    branched: set[Any] = set()
    skipped = 0
    for count, (event, element) in enumerate(iterparse(stream, ("start", "end"), forbid_dtd=True)):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            again = name in BRANCHES and path[-1:] and path[-1] in branched
            branched.update(path[-1:] if name in BRANCHES else ())
            path.append(element)
            if len(path) > DEEPEST or count > MOST_ELEMENTS:
                raise ValueError("nested too deep, or too many elements")
            skipped += bool(skipped or again or name in SKIPPED)
            if name == "p" and not skipped:
                open_.append([])
            elif name in BREAKS and open_ and not skipped:
                open_[-1].append(BREAKS[name])
            continue
        path.pop()
        branched.discard(element)
        if path:
            path[-1].remove(element)  # what was read is let go
        if skipped:
            skipped -= 1
        elif name == "p" and open_:
            text = "".join(open_.pop())
            yield "box" if open_ else "p", text
        elif name == "t" and open_:
            open_[-1].append(element.text or "")
        elif not open_ and element.text:
            yield name, element.text[:1000]
