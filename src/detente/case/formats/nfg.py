"""What does a strategic form of Gambit say? Files ``.nfg``, with payoffs or with outcomes.

The format is described in the documentation of Gambit (Savani & Turocy): a prologue with title, players and their
strategies, named or only counted; then payoffs, or outcomes with their payoffs and one number of an outcome per
combination of strategies, the first player's strategy changing fastest. Outcome 0 pays nobody anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple, NoReturn

from detente.case.formats.strategic import NOT_POSSIBLE, Payoffs, StrategicForm, read_form, too_large
from detente.case.reading import Document
from detente.case.text import clean
from detente.case.validation import shown
from detente.errors import FormatError, Problem

_TOKEN = re.compile(r'"(?P<text>(?:\\.|[^"\\])*)"|(?P<mark>[{}])|(?P<word>[^\s{},"]+)', re.DOTALL)
_NUMBER = re.compile(r"[+-]?(\d{1,30}/[1-9]\d{0,29}|(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,2})?)")
MAX_TOKENS = 200_000


class Token(NamedTuple):
    """A word, a number, a brace or a quoted text, with where it begins in the file."""

    text: str
    quoted: bool
    start: int


def is_nfg(text: str) -> bool:
    """Tell whether a text is a strategic or an extensive form of Gambit."""
    return re.match(r"\s*(NFG|EFG)\s+\d", text) is not None


def read_nfg(text: str, file: str, stem: str) -> Document:
    """Return the data of the case in a strategic form.

    Raises:
        FormatError: it cannot be read, with line and column.
    """
    return read_form(_Parser(text, file).form(stem), file)


class _Parser:
    def __init__(self, text: str, file: str) -> None:
        self.content, self.file, self.at = text, file, 0
        self.tokens: list[Token] = []
        for found in _TOKEN.finditer(text):
            quoted = found["text"] is not None
            said = re.sub(r"\\(.)", r"\1", found["text"]) if quoted else found.group()
            self.tokens.append(Token(said, quoted, found.start()))
            if len(self.tokens) > MAX_TOKENS:
                self.fail(f"more than {MAX_TOKENS:,} words and numbers", self.tokens[-1])

    def fail(self, message: str, token: Token | None = None, hint: str | None = None) -> NoReturn:
        """Refuse the file at a token, or at its end."""
        start = token.start if token is not None else len(self.content.rstrip())
        line = self.content.count("\n", 0, start) + 1
        column = start - self.content.rfind("\n", 0, start)
        given = None if token is None else shown(token.text)
        raise FormatError([Problem(message, "", given, hint, self.file, line, column)])

    def next_is(self, mark: str) -> bool:
        """Tell whether a brace or, for ``""``, a quoted text follows."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return token is not None and token.quoted == (not mark) and (not mark or token.text == mark)

    def take(self, what: str) -> Token:
        if self.at == len(self.tokens):
            self.fail(f"the file ends where {what} should follow")
        self.at += 1
        return self.tokens[self.at - 1]

    def inside(self, what: str) -> Iterator[None]:
        """Take an opening brace and, after as many steps as it takes, the closing one."""
        if not self.next_is("{"):
            self.fail(f"{what} should follow here, in braces", self.take(what))
        self.at += 1
        while not self.next_is("}"):
            if self.at == len(self.tokens):
                self.fail("a brace is never closed", None, "add '}'")
            yield
        self.at += 1

    def name(self, what: str) -> str:
        token = self.take(what)
        if not token.quoted:
            self.fail(f"{what} should follow here, in quotation marks", token)
        try:
            return " ".join(clean(token.text).split())
        except ValueError as error:
            self.fail(str(error), token)

    def number(self, what: str) -> Fraction:
        token = self.take(what)
        if token.quoted or not _NUMBER.fullmatch(token.text):
            hint = "payoffs are numbers such as 3, -1.5 or 2/3; only games of pure strategies are read"
            self.fail(f"{what} should follow here, a number", token, hint)
        return Fraction(token.text)

    def whole(self, what: str, least: int, most: int) -> int:
        number = self.number(what)
        if number.denominator != 1 or not least <= number <= most:
            self.fail(f"{what} is a whole number from {least} to {most:,}", self.tokens[self.at - 1])
        return int(number)

    # --- the game --------------------------------------------------------------------------------

    def form(self, stem: str) -> StrategicForm:
        head = [self.take("NFG 1 R"), self.take("NFG 1 R"), self.take("NFG 1 R")]
        if head[0].text == "EFG":
            hint = "write its strategic form first: game.to_nfg() in pygambit, or gambit-convert"
            self.fail("an extensive form (a tree of moves) is not read", head[0], hint)
        if head[0].text != "NFG" or head[1].text != "1" or head[2].text not in ("R", "D"):
            self.fail("only the format 'NFG 1 R' is read", head[1])
        title = self.name("the title") or stem
        names = [self.name("the name of a player") for _ in self.inside("the names of the players")]
        players = tuple(name or f"Player {number}" for number, name in enumerate(names, start=1))
        if not players:
            self.fail("the game has no players", self.tokens[self.at - 1])
        start = self.at + 1
        strategies = tuple(self.strategies() for _ in self.inside("the strategies of each player"))
        if len(strategies) != len(players) or not all(strategies):
            self.fail(f"each of the {len(players)} players needs its strategies", self.tokens[start])
        self.at += self.next_is("")  # a comment
        if large := too_large([len(of) for of in strategies]):
            left = self.tokens[self.at] if self.at < len(self.tokens) else None
            self.fail(large, left, "leave out strategies, or merge some")
        game = StrategicForm(title, players, strategies, {})
        payoffs = self.outcomes(game) if self.next_is("{") else {one: self.paid(game) for one in game.cells()}
        if self.at < len(self.tokens):
            self.fail("more follows than the game has combinations of strategies", self.tokens[self.at])
        return replace(game, payoffs=payoffs)

    def strategies(self) -> tuple[str, ...]:
        """Return the strategies of a player, named or only counted."""
        if self.next_is("{"):
            named = [self.name("the name of a strategy") for _ in self.inside("strategies")]
        else:
            named = [""] * self.whole("the number of strategies", 1, 1_000)
        return tuple(name or str(number) for number, name in enumerate(named, start=1))

    def paid(self, game: StrategicForm) -> Payoffs:
        return tuple(self.number("a payoff") for _ in game.players)

    def outcomes(self, game: StrategicForm) -> dict[tuple[int, ...], Payoffs]:
        names, paid = ["nobody gets anything"], [tuple(Fraction(0) for _ in game.players)]
        for _ in self.inside("the outcomes"):
            for turn, _ in enumerate(self.inside("an outcome")):
                if turn:
                    self.fail("an outcome has a payoff for each player and no more", self.tokens[self.at])
                names.append(self.name("the name of an outcome"))
                paid.append(self.paid(game))
        numbers = {cell: self.whole("the number of an outcome", 0, len(paid) - 1) for cell in game.cells()}
        return {cell: paid[number] for cell, number in numbers.items() if names[number] != NOT_POSSIBLE}
