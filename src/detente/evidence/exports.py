"""How does evidence leave the program? As W3C annotations, a table, BibTeX, CSL-JSON, and as commands print it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, Field

from detente.errors import DetenteError
from detente.evidence.anchors import anchor
from detente.evidence.held import CELLS, Added, Held, dumped
from detente.evidence.records import Document, digest
from detente.show.record import Published
from detente.show.record import Record as Part
from detente.show.table import Table

if TYPE_CHECKING:
    from detente.evidence.model import Witness

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
CSL = {"publisher": "publisher", "URL": "url", "language": "language", "license": "licence"}
_TEX = str.maketrans(
    {mark: f"\\{mark}" for mark in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def annotation(held: Held) -> dict[str, Any]:
    """Return a record as an annotation of the W3C Web Annotation Data Model, both selectors for every span."""
    document, record = held.document, held.record
    described = json.loads(dumped(record)) | {"label": held.label, "state": held.state}
    source = document.url or f"urn:sha256:{document.sha256}"
    body = [
        {"purpose": "tagging", "value": record.record},
        {"purpose": "describing", "format": "application/json", "value": json.dumps(described)},
        *([{"purpose": "commenting", "value": held.note}] if held.note else []),
    ]
    decided = {"creator": {"type": "Person", "name": held.by}, "modified": held.at} if held.by else {}
    return {
        "id": f"urn:detente:{held.id}",
        "type": "Annotation",
        "motivation": "tagging",
        "body": [{"type": "TextualBody", **one} for one in body],
        "target": [
            {"source": source, "selector": anchor(document.text, span).selectors()} for span in record.spans()
        ],
        **decided,
    }


def as_csv(records: Iterable[Held]) -> str:
    """Return records as CSV; what a spreadsheet program would compute begins with an apostrophe."""
    return Table("evidence", dict.fromkeys(CELLS, ""), tuple(held.cells() for held in records)).to_csv()


def as_csl(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """Return sources as CSL-JSON, for reference managers."""
    return [
        {
            "id": one.id,
            "type": "webpage" if one.url else "document",
            "title": one.title or one.id,
            **({"author": [{"literal": one.author}]} if one.author else {}),
            **({"issued": {"date-parts": [[*one.date.timetuple()[:3]]]}} if one.date else {}),
            **{name: value for name, key in CSL.items() if (value := getattr(one, key))},
        }
        for one in documents
    ]


def as_bibtex(documents: Iterable[Document]) -> str:
    """Return sources as BibTeX; keys are the ids of the documents."""
    entries = []
    for one in documents:
        fields = {
            "title": _escaped(one.title or one.id),
            "author": f"{{{_escaped(one.author)}}}" if one.author else "",
            "publisher": _escaped(one.publisher or ""),
            "year": str(one.date.year) if one.date else "",
            "date": str(one.date or ""),
            "url": one.url,
            "note": f"SHA-256 of the text: {one.text_sha256}",
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        key = re.sub(r"[^A-Za-z0-9_:.-]", "-", one.id)
        entries.append(f"@{'online' if one.url else 'misc'}{{{key},\n{lines}\n}}\n")
    return "\n".join(entries)


def _escaped(text: str) -> str:
    return " ".join(text.translate(_TEX).split())


class AnnotationPage(Published):
    """What ``evidence list`` and the decisions print: records as W3C annotations; ``id`` follows from theirs."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    context: str = Field(default=CONTEXT, alias="@context")
    id: str
    type: Literal["AnnotationPage"] = "AnnotationPage"
    items: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, records: Iterable[Held]) -> AnnotationPage:
        """Return records as a page of annotations."""
        items = tuple(map(annotation, records))
        return cls.model_validate(
            {"id": f"urn:sha256:{digest(' '.join(one['id'] for one in items))}", "items": items}
        )


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
    def of(cls, documents: Iterable[Document]) -> DocumentList:
        """Return the list of documents."""
        told = [
            {name: getattr(one, name, None) for name in StoredDocument.model_fields}
            | {"date": one.day, "characters": len(one.text)}
            for one in documents
        ]
        return cls.model_validate({"documents": told})


class ModelReport(Part):
    """What a language model added.

    Attributes:
        requests: sent; answers that were kept from before do not count.
        found: statements of the model that stand in the documents.
        alone: of these, those that the rules had not found.
        disputed: statements for which rules and model name different speakers.
        invented: statements that do not stand in the documents, and were refused.
        nearly: statements that stand there only nearly, and were not stored: document, place, and how much agrees.
        failures: what could not be asked, document by document; there the rules' statements stand.
    """

    model: str
    address: str
    requests: int
    found: int
    alone: int
    disputed: int
    invented: int
    nearly: tuple[tuple[str, tuple[tuple[int, int], ...], float], ...]
    failures: tuple[str, ...]

    @classmethod
    def of(cls, witness: Witness) -> ModelReport:
        """Return the tally of all documents."""
        readings = witness.readings.items()
        return cls(
            model=witness.endpoint.model,
            address=witness.endpoint.address,
            requests=sum(one.requests for _, one in readings),
            found=sum(len(one.grounded) for _, one in readings),
            alone=sum(found.witnesses == ("model",) for _, one in readings for found in one.statements),
            disputed=sum(len(one.disputed) for _, one in readings),
            invented=sum(len(one.invented) for _, one in readings),
            nearly=tuple(
                (name, one.statement.content, one.score) for name, r in readings for one in r.review
            ),
            failures=tuple(f"{name}: {told}" for name, one in readings for told in one.failures),
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
