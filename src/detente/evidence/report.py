"""What do the commands print as JSON? What became of files, which documents there are, and W3C annotations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import ConfigDict, Field

from detente.errors import DetenteError
from detente.evidence.exports import CONTEXT, page_of
from detente.evidence.held import Added, Held
from detente.evidence.records import Document
from detente.show.record import Published
from detente.show.record import Record as Part


class ReadFile(Part):
    """What became of one document.

    Attributes:
        id: under which it stands in the store.
        state: new, changed (another version), again (by another extractor) or known.
        records: how many were found.
        carried: decisions that moved with their words.
        review: of those, how many are to be looked at.
        notes: what to know of how it was read.
    """

    id: str
    state: Literal["new", "changed", "again", "known"]
    records: int
    carried: int
    review: int
    notes: tuple[str, ...]


class ReadReport(Published):
    """What ``read`` prints."""

    documents: tuple[ReadFile, ...]
    refused: tuple[str, ...]

    @classmethod
    def of(cls, added: Iterable[Added], faults: Iterable[DetenteError]) -> ReadReport:
        """Return the report of what was added and refused."""
        fields = ("id", "state", "records", "carried", "review", "notes")
        files = tuple(ReadFile(**{name: getattr(one, name) for name in fields}) for one in added)
        return cls(documents=files, refused=tuple(map(str, faults)))


class StoredDocument(Part):
    """A document in the store.

    Attributes:
        id: what a case writes.
        characters: length of the stored text, in code points.
        sha256: of the bytes of the file.
        text_sha256: of the stored text in UTF-8.
    """

    id: str
    title: str | None
    author: str | None
    publisher: str | None
    date: str | None
    url: str | None
    language: str | None
    licence: str | None
    media_type: str
    characters: int
    sha256: str
    text_sha256: str
    notes: tuple[str, ...]


class DocumentList(Published):
    """What ``evidence documents`` prints."""

    documents: tuple[StoredDocument, ...]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> DocumentList:
        """Return the list of documents."""
        own = [name for name in StoredDocument.model_fields if name not in {"date", "characters"}]
        return cls(
            documents=tuple(
                StoredDocument(
                    **{name: getattr(one, name) for name in own},
                    date=one.date.isoformat() if one.date else None,
                    characters=len(one.text),
                )
                for one in documents
            )
        )


class AnnotationPage(Published):
    """What ``evidence list`` and the decisions print: records as W3C annotations."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    context: str = Field(CONTEXT, alias="@context")
    type: Literal["AnnotationPage"] = "AnnotationPage"
    items: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, records: Iterable[Held]) -> AnnotationPage:
        """Return records as a page of annotations."""
        return cls.model_validate(page_of(records))
