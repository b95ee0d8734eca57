"""What does a Word document say? Its paragraphs as they would be printed: no macro, no link, no deleted words."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.sax import ContentHandler, SAXException

from detente.evidence.documents.paper import Blocks, Paper

BODY, PROPERTIES = "word/document.xml", "docProps/core.xml"
PARTS = {"header": True, "document": False, "footnotes": False, "endnotes": False, "footer": True}
"""In their order; whether each is furniture."""
MOST_UNPACKED = 400_000_000
MOST_RATIO = 200
RATIO_FROM = 5_000_000
DEEPEST = 300
MOST_ELEMENTS = 20_000_000
SKIPPED = frozenset({"w:del", "w:moveFrom", "w:instrText", "mc:Fallback", "w:pPr", "w:rPr", "w:sdtPr"})
BREAKS = {"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
STATED = {
    "dc:title": "title",
    "dc:creator": "author",
    "dc:publisher": "publisher",
    "dc:language": "language",
    "dcterms:created": "date",
}


def extract(data: bytes, paper: Paper) -> Blocks:
    """Return the paragraphs of a document: headers, body, notes, footers."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = sorted(archive.namelist())
            if BODY not in names:
                paper.refuse("is a ZIP archive, but no Word document", "unpack it, or save it as DOCX")
            blocks = [
                (text, furniture)
                for kind, furniture in PARTS.items()
                for name in names
                if name.startswith(f"word/{kind}") and name.endswith(".xml") and "/" not in name[5:]
                for text in _parsed(archive, name, paper).paragraphs
            ]
            if PROPERTIES in names:
                for name, value in _parsed(archive, PROPERTIES, paper).stated.items():
                    paper.state(name, value)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        paper.refuse(f"is a damaged Word document ({error})", "open it and save it again")
    return blocks


def _parsed(archive: zipfile.ZipFile, name: str, paper: Paper) -> _Words:
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parse

    entry, words = archive.getinfo(name), _Words()
    if entry.flag_bits & 1:
        paper.refuse("is encrypted", "save a copy without a password")
    if entry.file_size > max(RATIO_FROM, MOST_RATIO * entry.compress_size) or entry.file_size > MOST_UNPACKED:
        paper.refuse(f"unpacks to over {MOST_RATIO} times its size; it is not opened")
    try:
        with archive.open(entry) as stream:
            parse(stream, words, forbid_dtd=True)
    except DefusedXmlException:
        paper.refuse(f"{name} declares a document type or entity; it is not opened")
    except Exception as error:  # no XML, a stream that is cut short, an encoding that does not exist
        why = error.getMessage() if isinstance(error, SAXException) else error
        paper.refuse(f"{name} cannot be read ({why})", "open it and save it again")
    return words


@dataclass
class _Words(ContentHandler):
    """Gathers paragraphs, and what is stated; a paragraph in a text box stands before that which holds the box."""

    paragraphs: list[str] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=dict)
    stack: list[list[str]] = field(default_factory=list)
    skipped: int = 0
    within: str = ""
    depth: int = 0
    count: int = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - name of the interface
        del attrs
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise SAXException("nested too deep, or too many elements")
        if name in SKIPPED or self.skipped:
            self.skipped += 1
        elif name == "w:p":
            self.stack.append([])
        elif name == "w:t" or name in STATED:
            self.within = name
        elif name in BREAKS and self.stack:
            self.stack[-1].append(BREAKS[name])

    def endElement(self, name: str) -> None:  # noqa: N802
        self.depth -= 1
        if self.skipped:
            self.skipped -= 1
        elif name == self.within:
            self.within = ""
        elif name == "w:p" and self.stack:
            self.paragraphs.append("".join(self.stack.pop()))

    def characters(self, content: str) -> None:
        if self.within in STATED:
            name = STATED[self.within]
            self.stated[name] = (self.stated.get(name, "") + content)[:1000]
        elif self.within and self.stack:
            self.stack[-1].append(content)
