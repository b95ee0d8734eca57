"""What does a Word document say? Its paragraphs as they would be printed: no macro, no link, no deleted words."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.sax import ContentHandler, SAXException

from detente.evidence.documents.furniture import is_furniture
from detente.evidence.documents.paper import Paper, joined, refuse

BODY, PROPERTIES = "word/document.xml", "docProps/core.xml"
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


def extract(data: bytes, file: str, declared: str | None = None) -> Paper:
    """Return the text of a document: headers, body, notes, footers.

    Raises:
        FormatError: damaged, hostile, or no Word document.
    """
    del declared
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = sorted(entry.filename for entry in archive.infolist())
            if BODY not in names:
                refuse(file, "is a ZIP archive, but no Word document", "unpack it, or save it as DOCX")
            kinds = {"header": True, "document": False, "footnotes": False, "endnotes": False, "footer": True}
            blocks = [
                (text, furniture or is_furniture(text))
                for kind, furniture in kinds.items()
                for name in names
                if name.startswith(f"word/{kind}") and name.endswith(".xml") and "/" not in name[5:]
                for text in _parsed(archive, name, file, _Words()).paragraphs
            ]
            stated = _parsed(archive, PROPERTIES, file, _Properties()).found if PROPERTIES in names else {}
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        refuse(file, f"is a damaged Word document ({error})", "open it and save it again")
    paper = joined(blocks, file)
    for tag, value in stated.items():
        paper.state(STATED[tag], value)
    return paper


def _parsed(archive: zipfile.ZipFile, name: str, file: str, handler: _Handler) -> Any:
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parse

    entry = archive.getinfo(name)
    if entry.flag_bits & 1:
        refuse(file, "is encrypted", "save a copy without a password")
    if entry.file_size > max(RATIO_FROM, MOST_RATIO * entry.compress_size) or entry.file_size > MOST_UNPACKED:
        refuse(file, f"unpacks to over {MOST_RATIO} times its size; it is not opened")
    try:
        with archive.open(entry) as stream:
            parse(stream, handler, forbid_dtd=True)
    except DefusedXmlException:
        refuse(file, f"{name} declares a document type or entity; it is not opened")
    except SAXException as error:
        refuse(file, f"{name} cannot be read ({error.getMessage()})", "open it and save it again")
    except Exception as error:  # a stream that is cut short, an encoding that does not exist
        refuse(file, f"{name} cannot be read ({error})", "open it and save it again")
    return handler


@dataclass
class _Handler(ContentHandler):
    depth: int = 0
    count: int = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - name of the interface
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise SAXException("nested too deep, or too many elements")
        self.begun(name, attrs)

    def endElement(self, name: str) -> None:  # noqa: N802
        self.depth -= 1
        self.ended(name)

    def begun(self, name: str, attrs: Any) -> None:
        """Take the beginning of an element."""

    def ended(self, name: str) -> None:
        """Take the end of an element."""


@dataclass
class _Words(_Handler):
    """Gathers paragraphs; one in a text box stands before that which holds the box."""

    paragraphs: list[str] = field(default_factory=list)
    stack: list[list[str]] = field(default_factory=list)
    skipped: int = 0
    taking: bool = False

    def begun(self, name: str, attrs: Any) -> None:
        del attrs
        if name in SKIPPED or self.skipped:
            self.skipped += 1
        elif name == "w:p":
            self.stack.append([])
        elif name == "w:t":
            self.taking = True
        elif name in BREAKS and self.stack:
            self.stack[-1].append(BREAKS[name])

    def ended(self, name: str) -> None:
        if self.skipped:
            self.skipped -= 1
        elif name == "w:t":
            self.taking = False
        elif name == "w:p" and self.stack:
            self.paragraphs.append("".join(self.stack.pop()))

    def characters(self, content: str) -> None:
        if self.taking and self.stack:
            self.stack[-1].append(content)


@dataclass
class _Properties(_Handler):
    found: dict[str, str] = field(default_factory=dict)
    now: str = ""

    def begun(self, name: str, attrs: Any) -> None:
        del attrs
        self.now = name if name in STATED else ""

    def ended(self, name: str) -> None:
        del name
        self.now = ""

    def characters(self, content: str) -> None:
        if self.now:
            self.found[self.now] = (self.found.get(self.now, "") + content)[:1000]
