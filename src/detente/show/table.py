"""How does a result give its numbers away? As tidy tables: named columns, one row per fact."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from detente.show.record import Cell as Cell
from detente.show.record import Record

if TYPE_CHECKING:
    import pandas
    import polars


@dataclass(frozen=True, slots=True)
class Table:
    """A tidy table.

    Attributes:
        name: short name, used for files and sheets.
        columns: name → what it holds, with its unit.
        rows: one tuple per row, in the order of the columns; ``None`` where a cell is empty.
        heads: name → heading as people read it, where it is not the name itself.

    >>> Table("t", {"actor": "who", "pull": "0..1"}, (("a", 0.25),)).to_columns()
    {'actor': ['a'], 'pull': [0.25]}
    """

    name: str
    columns: Mapping[str, str]
    rows: tuple[tuple[Cell, ...], ...]
    heads: Mapping[str, str] = field(default_factory=dict)

    def only(self, names: Sequence[str]) -> Table:
        """Return the table with some of its columns, in the order of the names."""
        places = [list(self.columns).index(name) for name in names]
        rows = tuple(tuple(row[place] for place in places) for row in self.rows)
        return Table(self.name, {name: self.columns[name] for name in names}, rows, self.heads)

    def to_columns(self) -> dict[str, list[Cell]]:
        """Return column name → values."""
        return {name: [row[i] for row in self.rows] for i, name in enumerate(self.columns)}

    def to_records(self) -> list[dict[str, Cell]]:
        """Return one dict per row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas data frame; needs pandas."""
        import pandas

        return pandas.DataFrame(self.to_columns())

    def to_polars(self) -> polars.DataFrame:
        """Return a polars data frame; needs polars."""
        import polars

        return polars.DataFrame(self.to_columns(), strict=False)

    def to_csv(self) -> str:
        """Return the table as comma-separated text; texts that a spreadsheet would run are neutralised."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([[_harmless(cell) for cell in row] for row in self.rows])
        return stream.getvalue()

    def _repr_html_(self) -> str:
        """Show the table in a notebook, numbers to four significant digits."""
        head = "".join(
            f'<th title="{escape(told)}">{escape(name)}</th>' for name, told in self.columns.items()
        )
        rows = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _html_cell(cell: Cell) -> str:
    text = f"{cell:.4g}" if isinstance(cell, float) else "" if cell is None else escape(str(cell))
    return f"<td>{text}</td>"


def table_of(
    rows: Iterable[tuple[tuple[Cell, ...], Record]],
    of: type[Record],
    name: str,
    keys: Mapping[str, str],
    leave: Container[str] = (),
) -> Table:
    """Return records as a table: the keys of each, then a column for every field that fits a cell.

    What a column holds is what the docstring of the record says of the field, so that it is said once.

    Args:
        rows: the cells of the keys, and the record that belongs to them.
        of: the type of the records, which gives the columns also where there are no rows.
        name: of the table.
        keys: name → meaning of the columns before the record's own.
        leave: columns of the record to leave out.

    >>> class Pull(Record):
    ...     '''How far a compromise follows an actor.
    ...
    ...     Attributes:
    ...         share: 0..1.
    ...         reasons: for it; no cell.
    ...     '''
    ...
    ...     share: float
    ...     reasons: tuple[str, ...] = ()
    >>> table_of([(("kyiv",), Pull(share=0.25))], Pull, "pull", {"actor": "id"})
    Table(name='pull', columns={'actor': 'id', 'share': '0..1'}, rows=(('kyiv', 0.25),), heads={})
    """
    columns = {column: told for column, told in of.columns().items() if column not in leave}
    found = []
    for own, record in rows:
        cells = record.cells()
        found.append((*own, *(cells[column] for column in columns)))
    return Table(name, {**keys, **columns}, tuple(found))


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{cell}"
    return cell
