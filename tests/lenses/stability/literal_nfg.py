"""A plain reader of Gambit's strategic form with outcomes, and what a Nash equilibrium is by definition."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[{}]|[^\s{},"]+')


@dataclass(frozen=True)
class StrategicForm:
    """What a file says.

    Attributes:
        title: of the game.
        players: names.
        strategies: player → names.
        outcomes: name and payoffs, in their order.
        cells: strategies by number, one per player → number of the outcome.
    """

    title: str
    players: list[str]
    strategies: list[list[str]]
    outcomes: list[tuple[str, list[float]]]
    cells: dict[tuple[int, ...], int]

    def payoffs(self, cell: tuple[int, ...]) -> list[float]:
        """Return what every player gets."""
        return self.outcomes[self.cells[cell]][1]

    def equilibria(self) -> set[str]:
        """Return the names of the outcomes from which no player gains by another strategy of its own."""
        return {self.outcomes[self.cells[cell]][0] for cell in self.cells if not self.gains(cell)}

    def gains(self, cell: tuple[int, ...]) -> bool:
        """Say whether some player gains by changing its own strategy alone."""
        return any(
            self.payoffs((*cell[:i], other, *cell[i + 1 :]))[i] > self.payoffs(cell)[i]
            for i, strategies in enumerate(self.strategies)
            for other in range(len(strategies))
        )


def read_nfg(text: str) -> StrategicForm:
    """Read a file in the outcome version of the format, the first player's strategy changing fastest."""
    tokens = TOKEN.findall(text)
    assert tokens[:3] == ["NFG", "1", "R"]
    title, rest = unquoted(tokens[3]), tokens[4:]
    players, rest = group(rest)
    strategies, rest = groups(rest)
    assert rest[0].startswith('"')  # a comment
    outcomes, rest = groups(rest[1:])
    counts = [range(len(names)) for names in strategies]
    cells = [tuple(reversed(cell)) for cell in product(*reversed(counts))]
    assert len(rest) == len(cells)
    return StrategicForm(
        title,
        [unquoted(one) for one in players],
        [[unquoted(one) for one in names] for names in strategies],
        [(unquoted(name), [float(payoff) for payoff in payoffs]) for name, *payoffs in outcomes],
        {cell: int(number) - 1 for cell, number in zip(cells, rest, strict=True)},
    )


def group(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Return what stands between a pair of braces, and what follows."""
    assert tokens[0] == "{"
    end = tokens.index("}")
    return tokens[1:end], tokens[end + 1 :]


def groups(tokens: list[str]) -> tuple[list[list[str]], list[str]]:
    """Return the groups within a pair of braces, and what follows."""
    assert tokens[0] == "{"
    found, rest = [], tokens[1:]
    while rest[0] == "{":
        one, rest = group(rest)
        found.append(one)
    assert rest[0] == "}"
    return found, rest[1:]


def unquoted(token: str) -> str:
    """Return what a quoted string says."""
    assert token[0] == token[-1] == '"'
    return re.sub(r"\\(.)", r"\1", token[1:-1])
