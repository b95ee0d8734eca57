"""What does a language model add? Documents are sent where the user says; what stands in them is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from detente.evidence import model
from detente.evidence.documents.languages import READ
from detente.evidence.held import Read
from detente.evidence.reading import extractor, read
from detente.evidence.records import Document
from detente.evidence.report import ModelReport
from detente.evidence.store import Store


def unasked(store: Store, ids: Sequence[str], endpoint: model.Endpoint) -> list[Document]:
    """Return those documents that are read at all and that this model was not asked about."""
    documents = [store.document(id_) for id_ in dict.fromkeys(ids)]
    return [
        one
        for one in documents
        if (one.language or "en").partition("-")[0] in READ
        and store.known(one.sha256, _name(endpoint)) is None
    ]


def ask(
    store: Store,
    documents: Sequence[Document],
    endpoint: model.Endpoint,
    cache: model.Cache,
    progress: Callable[[int, int], None] | None = None,
) -> ModelReport:
    """Ask a model about documents and store what it and the rules find; where it fails, the rules' records stay.

    What is only nearly in the text is told for review, what is not in it is told as invented; neither is stored.
    """
    report = ModelReport(address=endpoint.address, model=endpoint.model)
    for number, document in enumerate(documents, start=1):
        found = model.statements(document, endpoint, cache)
        if found.grounded or not found.failures:
            records = read(document, found.statements)
            store.add([Read(document, records, named=True)], _name(endpoint), again=True)
        at = f"{document.id}: "
        by_model = sum("model" in one.witnesses for one in found.statements)
        words = (" … ".join(span.of(document.text) for span in one.statement.content) for one in found.review)
        report = ModelReport(
            address=report.address,
            model=report.model,
            documents=number,
            requests=report.requests + found.requests,
            statements=report.statements + by_model,
            disputed=report.disputed + len(found.disputed),
            review=(*report.review, *(at + one for one in words)),
            invented=(*report.invented, *(f"{at}{getattr(one.item, one.field)}" for one in found.invented)),
            failures=(*report.failures, *(at + one for one in found.failures)),
        )
        if progress is not None:
            progress(number, len(documents))
    return report


def _name(endpoint: model.Endpoint) -> str:
    return f"{extractor()}, model {endpoint.model}"
