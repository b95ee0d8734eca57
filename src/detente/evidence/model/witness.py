"""What does a model add while many documents are read? Its statements, beside those of the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from detente.evidence.model.cache import Cache
from detente.evidence.model.endpoint import Endpoint
from detente.evidence.model.reading import Reading, statements
from detente.evidence.records import Document, Record, Statement


@dataclass(slots=True)
class Witness:
    """A model that reads each document after the rules.

    Attributes:
        endpoint: where it is asked.
        cache: its raw replies.
        readings: what came of each document, by its id.
    """

    endpoint: Endpoint
    cache: Cache
    readings: dict[str, Reading] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return what marks records that this model had a part in."""
        return f"model {self.endpoint.model}"

    def adds(self, document: Document, records: Sequence[Record]) -> tuple[Record, ...]:
        """Return the records with the statements of rules and model merged."""
        held = [one for one in records if isinstance(one, Statement)]
        others = [one for one in records if not isinstance(one, Statement)]
        reading = statements(document, self.endpoint, self.cache, rules=held)
        self.readings[document.id] = reading
        return tuple(sorted((*others, *reading.statements), key=lambda record: record.spans()))


__all__ = ["Witness"]
