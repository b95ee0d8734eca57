"""What was said, by whom, in which words?"""

from __future__ import annotations

from detente.evidence.records import Document, Statement
from detente.evidence.statements.extract import found


def statements(document: Document) -> tuple[Statement, ...]:
    """Return the statements that a document reports, in the order of their cues."""
    return tuple(item for _, item in found(document))


__all__ = ["found", "statements"]
