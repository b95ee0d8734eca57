"""What the compiled pass over a text must find, line by line in plain Python."""

from __future__ import annotations


def rows(lines: list[str], most: int) -> tuple[dict[int, list[str]], list[int]]:
    """Return line → fields of the rows, and the numbers of lines with too many; blank ones are none."""
    cells = {
        number: line.rstrip("\r").split("\t")
        for number, line in enumerate(lines, 1)
        if line.rstrip("\r").strip(" ") or "\t" in line
    }
    sound = {number: row for number, row in cells.items() if len(row) <= most}
    return sound, [number for number in cells if number not in sound]
