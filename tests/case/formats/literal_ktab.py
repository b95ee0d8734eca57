"""How KTAB's Spatial Model of Politics reads its comma-separated input, and what it refuses.

By its published source (smpread.cpp, minicsv 1.7.9). An empty line ends the file. A field begins with a quotation
mark or has none of its own; ``$$`` is a comma. Lengths are those of bytes, sums those of floating-point numbers,
and every check of the program is an assertion.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    """What the program holds after reading."""

    name: str
    dimensions: tuple[str, ...]
    actors: tuple[str, ...]
    power: tuple[float, ...]
    position: tuple[tuple[float, ...], ...]
    salience: tuple[tuple[float, ...], ...]


def fields(line: str) -> list[str]:
    found, field, quoted = [], "", False
    for place, sign in enumerate(line):
        if not quoted and sign == '"' and (place == 0 or line[place - 1] == ","):
            quoted = True
        elif quoted and sign == '"':
            quoted = False
        if sign == "," and not quoted:
            found.append(field)
            field = ""
        else:
            field += sign
    return [one.replace("$$", ",").strip('"').replace("&quot;", '"') for one in [*found, field]]


def read_ktab(content: bytes) -> Scenario:
    lines = content.decode().split("\n")
    lines = lines[: lines.index("")] if "" in lines else lines
    name, description, actors, dimensions = fields(lines[0])
    count, wide = int(actors), int(dimensions)
    assert len(name.encode()) <= 512
    assert len(description.encode()) <= 512
    assert wide >= 1
    assert 3 <= count <= 250
    headings = fields(lines[1])[3:]
    names, powers, positions, saliences = [], [], [], []
    for line in lines[2 : 2 + count]:
        who, what, power, *numbers = fields(line)
        assert 0 < len(who.encode()) <= 25
        assert len(what.encode()) <= 256
        assert 0 <= float(power) < 1e8
        own_positions, own_saliences, total = [], [], 0.0
        for d in range(wide):
            position, salience = float(numbers[2 * d]), float(numbers[2 * d + 1])
            assert 0 <= position <= 100
            assert 0 <= salience <= 100
            total += salience
            assert total <= 100
            own_positions.append(position)
            own_saliences.append(salience)
        names.append(who)
        powers.append(float(power))
        positions.append(tuple(own_positions))
        saliences.append(tuple(own_saliences))
    assert len(names) == count
    dims = tuple(headings[2 * d] for d in range(wide))
    assert all(len(one.encode()) <= 256 for one in dims)
    return Scenario(name, dims, tuple(names), tuple(powers), tuple(positions), tuple(saliences))
