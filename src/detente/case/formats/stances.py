"""Who wants what in a case that has actors and issues already: a table of stances beside them.

Actors and issues are given by their ids or their exact names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.case.formats import cells
from detente.case.formats.draft import Draft
from detente.case.formats.sheet import Row
from detente.case.formats.table import Table
from detente.case.formats.tidy import put_stance, tell_absent
from detente.case.reading import Document
from detente.case.validation import as_mapping
from detente.errors import did_you_mean

NEEDED = ("actor", "position", "salience")
READ = ("issue", "actor", "position", "salience", "influence", "accepts", "because", "note")
_LABELS = ("actor_name", "issue_name")


def put_stances(document: Document, table: Table) -> None:
    """Put the stances of a table into the data of a case; what is wrong is noted in the document."""
    unread = [table.heading(name) for name in table.columns if name not in READ + _LABELS]
    if unread:
        listed = ", ".join(repr(name) for name in unread)
        table.warn(f"not read in a table of stances: {listed}", "what it says belongs to the case itself")
    stances = _Stances(Draft(document), table)
    for row in table.rows:
        stances.take(row)
    tell_absent(table, stances.absent)
    document.problems += dict.fromkeys(table.problems)


class _Stances:
    """Takes rows one by one."""

    def __init__(self, draft: Draft, table: Table) -> None:
        self.draft = draft
        self.table = table
        self.absent = 0
        self.known = {
            "actor": as_mapping(draft.document.data.get("actors")),
            "issue": as_mapping(draft.document.data.get("issues")),
        }
        self.given: dict[tuple[str, str], int] = {}
        self.unknown: set[tuple[str, str]] = set()

    def take(self, row: Row) -> None:
        issue, actor = self._id(row, "issue"), self._id(row, "actor")
        if issue is None or actor is None:
            return
        path = ("stances", issue, actor)
        if (issue, actor) in self.given:
            rows = f"rows {self.given[issue, actor]} and {row.number}"
            message = f"{actor!r} stands twice on issue {issue!r} ({rows})"
            self.table.refuse(row, "actor", message, "keep one row per actor and issue")
            return
        self.given[issue, actor] = row.number
        if not self._has_room(row, path):
            return
        if not put_stance(self.draft, self.table, row, path):
            self.absent += 1
            return
        self._put_rest(row, path)

    def _put_rest(self, row: Row, path: tuple[str, str, str]) -> None:
        influence = self.table.quantity(row, "influence")
        self.draft.put((*path, "influence"), influence, self.table.place(row, "influence"))
        listed = [cells.labelled(entry)[0] for entry in cells.entries(self.table.text(row, "because"))]
        if listed:
            self.draft.put((*path, "because"), listed, self.table.place(row, "because"))

    def _has_room(self, row: Row, path: tuple[str, str, str]) -> bool:
        """Tell whether the stance may be put where it belongs; a stance that is already there is an error."""
        data: Any = self.draft.document.data
        for part in path[:-1]:
            if data.get(part) is None:
                data.pop(part, None)  # a part that is left empty is made when it is needed
                return True
            data = data[part]
            if not isinstance(data, dict):
                return False  # the case's own check tells
        if path[-1] not in data:
            return True
        place = self.draft.document.place(path)
        where = f" (line {place.line})" if place else ""
        message = f"the stance of {path[2]!r} on {path[1]!r} is also given in the case file{where}"
        self.table.refuse(row, "actor", message, "keep it in one of the two")
        return False

    def _id(self, row: Row, which: str) -> str | None:
        """Return the id of the actor or issue that a row names."""
        known = self.known[which]
        if which == "issue" and "issue" not in self.table.columns:
            return self._only_issue(known)
        text = self.table.text(row, which)
        if text in known:
            return text
        named = [key for key, part in known.items() if as_mapping(part).get("name") == text and text]
        if len(named) == 1:
            return named[0]
        if (which, text) not in self.unknown:
            self.unknown.add((which, text))
            self._refuse(row, which, text, named)
        return None

    def _refuse(self, row: Row, which: str, text: str, named: list[str]) -> None:
        if not text:
            self.table.refuse(row, which, "is blank", f"name the {which} of each row, or remove the row")
        elif named:
            hint = f"write its id: {' or '.join(named)}"
            self.table.refuse(row, which, f"{len(named)} {which}s are called {text!r}", hint)
        else:
            number = sum(self.table.text(other, which) == text for other in self.table.rows)
            times = f" ({number} rows)" if number > 1 else ""
            self.table.refuse(
                row, which, f"no {which} is called {text!r}{times}", did_you_mean(text, self.known[which])
            )

    def _only_issue(self, known: Mapping[str, Any]) -> str | None:
        if len(known) == 1:
            return str(next(iter(known)))
        if ("issue", "") not in self.unknown:
            self.unknown.add(("issue", ""))
            message = f"the table has no column 'issue', and the case has {len(known)} issues"
            self.table.refuse(self.table.header, "issue", message, "add the column")
        return None
