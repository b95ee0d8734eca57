"""What do the commands print as JSON? What became of files, which documents there are, and W3C annotations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, Field

from detente.errors import DetenteError
from detente.evidence.exports import CONTEXT, page_of
from detente.evidence.held import Added, Held
from detente.evidence.records import Document
from detente.show.record import Published
from detente.show.record import Record as Part

if TYPE_CHECKING:
    from detente.evidence.model import Witness


class Nearly(Part):
    """A statement that a model worded a little otherwise than the document; for an analyst to look at.

    Attributes:
        document: its id.
        content: where it most likely stands, as pairs of offsets.
        score: how much of it agrees, from 0.85 to 1.
    """

    document: str
    content: tuple[tuple[int, int], ...]
    score: float


class ModelReport(Part):
    """What a language model added.

    Attributes:
        requests: sent; answers that were kept from before do not count.
        found: statements of the model that stand in the documents.
        alone: of these, those that the rules had not found.
        disputed: statements for which rules and model name different speakers.
        invented: statements that do not stand in the documents, and were refused.
        nearly: statements that stand there only nearly, and were not stored.
        failures: what could not be asked, document by document; there the rules' statements stand.
    """

    model: str
    address: str
    requests: int
    found: int
    alone: int
    disputed: int
    invented: int
    nearly: tuple[Nearly, ...]
    failures: tuple[str, ...]

    @classmethod
    def of(cls, witness: Witness) -> ModelReport:
        """Return the tally of all documents."""
        readings = witness.readings
        near = [(name, one) for name, reading in readings.items() for one in reading.review]
        return cls(
            model=witness.endpoint.model,
            address=witness.endpoint.address,
            requests=sum(reading.requests for reading in readings.values()),
            found=sum(len(reading.grounded) for reading in readings.values()),
            alone=sum(one.witnesses == ("model",) for r in readings.values() for one in r.statements),
            disputed=sum(len(reading.disputed) for reading in readings.values()),
            invented=sum(len(reading.invented) for reading in readings.values()),
            nearly=tuple(
                Nearly(document=name, content=one.statement.content, score=one.score) for name, one in near
            ),
            failures=tuple(f"{name}: {told}" for name, r in readings.items() for told in r.failures),
        )


class ReadReport(Published):
    """What ``read`` prints.

    Attributes:
        documents: what became of each.
        refused: files that could not be read, and why.
        model: what a language model added, where one was asked.
    """

    documents: tuple[Added, ...]
    refused: tuple[str, ...]
    model: ModelReport | None = None

    @classmethod
    def of(
        cls, added: Iterable[Added], faults: Iterable[DetenteError], witness: Witness | None = None
    ) -> ReadReport:
        """Return the report of what was added and refused."""
        model = None if witness is None else ModelReport.of(witness)
        return cls(documents=tuple(added), refused=tuple(map(str, faults)), model=model)


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
        rows = ({name: getattr(one, name) for name in own} for one in documents)
        days = (one.date.isoformat() if one.date else None for one in documents)
        each = zip(rows, days, documents, strict=True)
        return cls(
            documents=tuple(
                StoredDocument(**row, date=day, characters=len(one.text)) for row, day, one in each
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
