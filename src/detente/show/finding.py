"""What should a reader take away? A sentence, its numbers, what drives it, and where it is shown."""

from __future__ import annotations

from detente.show.record import Record


class Finding(Record):
    """A sentence that a reader should take away.

    Attributes:
        id: stable name of the kind of finding and its subject.
        sentence: computed text.
        numbers: every number in the sentence, by name, as found in the table.
        drivers: paths in the case that the finding rests on.
        table: name of the result's table that holds the numbers.
        section: id of the chapter's section that shows it, where one does.
    """

    id: str
    sentence: str
    numbers: dict[str, float]
    drivers: tuple[str, ...] = ()
    table: str
    section: str | None = None
