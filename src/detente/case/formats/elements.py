"""What stands in an XML file, and where? Elements with their attributes, texts and places; nothing is executed.

Document types and entities are refused, and so is what is nested too deep or too large.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.sax import ContentHandler, SAXException

from detente.case.formats import cells
from detente.errors import FormatError, Problem

MAX_DEPTH = 32
MAX_ELEMENTS = 500_000


@dataclass
class Element:
    """An element with its attributes, its text, and the line and column (from 1) where it begins."""

    tag: str
    line: int
    column: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        """Return the children with a tag."""
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> Element | None:
        """Return the first child with a tag, or ``None``."""
        return next(iter(self.all(tag)), None)

    def text_of(self, tag: str) -> str:
        """Return the text of the first child with a tag, ``""`` if there is none."""
        child = self.first(tag)
        return cells.content(child.text) if child else ""


class _Handler(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None
        self.stack: list[Element] = []
        self.count = 0
        self.locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 - name of the interface
        self.locator = locator

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - name of the interface
        place = self.locator.getLineNumber(), self.locator.getColumnNumber() + 1
        element = Element(name, *place, attributes=dict(attrs))
        self.count += 1
        if len(self.stack) >= MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise SAXException("nested too deep, or too many elements")
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def endElement(self, name: str) -> None:  # noqa: N802, ARG002
        self.stack.pop()

    def place(self) -> tuple[int | None, int | None]:
        """Return the line and the column, from 1, at which reading is."""
        if self.locator is None or self.locator.getLineNumber() is None:
            return None, None
        return self.locator.getLineNumber(), self.locator.getColumnNumber() + 1

    def characters(self, content: str) -> None:
        self.stack[-1].text += content


def read_elements(content: bytes, file: str) -> Element:
    """Return the root element of an XML file.

    Raises:
        FormatError: not XML, or with a document type, entities, too deep or too many elements.
    """
    root, problem = read_as_far(content, file)
    if root is None or problem is not None:
        raise FormatError([problem or Problem("not XML: no element", file=file)])
    return root


def read_as_far(content: bytes, file: str) -> tuple[Element | None, Problem | None]:
    """Return the root element of an XML file with all in it before the first damage, and the damage, if any.

    Raises:
        FormatError: with a document type or entities; nothing of such a file is read.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parseString

    handler = _Handler()
    problem = None
    try:
        parseString(content, handler, forbid_dtd=True)
    except DefusedXmlException as error:
        declared = Problem("declares a document type or entity", file=file, hint="remove the declaration")
        raise FormatError([declared]) from error
    except SAXException as error:
        line, column = handler.place()
        problem = Problem(f"not XML: {error.getMessage()}", file=file, line=line, column=column)
    except (ValueError, LookupError) as error:  # an encoding that does not exist or does not fit
        problem = Problem(f"not XML: {error}", file=file)
    return handler.root, problem
