"""What stands in an XML file, and where? Elements with their attributes, texts and places; nothing is executed.

Document types and entities are refused, and so is what is nested too deep or too large. Names of elements and
attributes stand without their namespace.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from detente.case.formats import cells
from detente.case.formats.sheet import refusal
from detente.case.reading import Place
from detente.errors import Problem

MAX_DEPTH = 32
MAX_ELEMENTS = 500_000
_LINE, _COLUMN = "\0line", "\0column"  # attributes that no file can have


class _Builder(TreeBuilder):
    """Builds elements that know where they begin."""

    expat: Any = None
    depth = count = 0

    def start(self, tag: Any, attrs: Any) -> Element:
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise ValueError("nested too deep, or too many elements")
        bare = {name.rpartition("}")[2]: value for name, value in attrs.items()}
        place = {_LINE: self.expat.CurrentLineNumber, _COLUMN: self.expat.CurrentColumnNumber + 1}
        return super().start(tag.rpartition("}")[2], {**bare, **place})

    def end(self, tag: Any) -> Element:
        self.depth -= 1
        return super().end(tag.rpartition("}")[2])


def place_of(element: Element, file: str | None = None) -> Place:
    """Return where an element begins."""
    found: Any = element.attrib
    return Place(found[_LINE], found[_COLUMN], file=file)


def text_of(element: Element | None, tag: str | None = None) -> str:
    """Return the text of an element, or of its first child with a tag; ``""`` if there is none."""
    found = element if element is None or tag is None else element.find(tag)
    return "" if found is None else cells.content(found.text or "")


def read_elements(content: bytes, file: str, damage: list[Problem] | None = None) -> Element:
    """Return the root element of an XML file; of one that breaks off, where ``damage`` takes it, all before that.

    Raises:
        FormatError: not XML, or with a document type, entities, too deep or too many elements; with the place.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import XMLParser

    builder = _Builder()
    parser = XMLParser(target=builder, forbid_dtd=True)
    builder.expat = expat = parser.parser
    try:
        parser.feed(content)
        root: Element = parser.close()
        return root
    except DefusedXmlException as error:
        raise refusal("declares a document type or entity", file, "remove the declaration") from error
    except ParseError as error:
        line, column = error.position
        told = refusal(f"not XML: {str(error).split(':')[0]}", file, None, line, column + 1)
        left: Element | None = builder.close()
        if damage is None or left is None:
            raise told from error
        damage += told.problems
        return left
    except (ValueError, LookupError) as error:  # too much, or an encoding that does not exist or does not fit
        line, column = expat.CurrentLineNumber, expat.CurrentColumnNumber
        raise refusal(f"not XML: {error}", file, None, line, column + 1) from error
