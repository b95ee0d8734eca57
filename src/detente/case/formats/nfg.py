"""What does a strategic form of Gambit say? Files ``.nfg``, with payoffs or with outcomes.

The format is described in the documentation of Gambit (Savani & Turocy): a prologue with title, players and their
strategies, named or only counted; then payoffs, or outcomes with their payoffs and one number of an outcome per
combination of strategies, the first player's strategy changing fastest. Outcome 0 pays nobody anything.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import prod
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

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, what: str) -> Token:
        token = self.peek()
        if token is None:
            self.fail(f"the file ends where {what} should follow")
        self.at += 1
        return token

    def mark(self, mark: str, what: str) -> None:
        token = self.take(what)
        if token.quoted or token.text != mark:
            self.fail(f"{what} should follow here, in braces", token)

    def ended(self) -> bool:
        """Take a closing brace, if one follows."""
        token = self.peek()
        if token is None:
            self.fail("a brace is never closed", None, "add '}'")
        closes = not token.quoted and token.text == "}"
        self.at += closes
        return closes

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
        start = self.peek()
        number = self.number(what)
        if number.denominator != 1 or not least <= number <= most:
            self.fail(f"{what} is a whole number from {least} to {most:,}", start)
        return int(number)

    # --- the game --------------------------------------------------------------------------------

    def form(self, stem: str) -> StrategicForm:
        head = [self.take("NFG 1 R"), self.take("NFG 1 R"), self.take("NFG 1 R")]
        if head[0].text == "EFG":
            hint = "write its strategic form first: game.to_nfg() in pygambit, or gambit-convert"
            self.fail("an extensive form (a tree of moves) is not read", head[0], hint)
        if head[1].text != "1" or head[2].text not in ("R", "D"):
            self.fail("only the format 'NFG 1 R' is read", head[1])
        title = self.name("the title") or stem
        self.mark("{", "the names of the players")
        players = list[str]()
        while not self.ended():
            players.append(self.name("the name of a player") or f"Player {len(players) + 1}")
        if not players:
            self.fail("the game has no players", self.tokens[self.at - 1])
        strategies = self.strategies(len(players))
        if (follows := self.peek()) is not None and follows.quoted:  # a comment
            self.at += 1
        large = too_large([len(of) for of in strategies])
        if large:
            self.fail(large, self.peek(), "leave out strategies, or merge some")
        cells = StrategicForm(title, tuple(players), strategies, {})
        payoffs = self.outcomes(cells) if self.opens() else self.payoffs(cells)
        if (left := self.peek()) is not None:
            self.fail("more follows than the game has combinations of strategies", left)
        return StrategicForm(title, tuple(players), strategies, payoffs)

    def opens(self) -> bool:
        token = self.peek()
        return token is not None and not token.quoted and token.text == "{"

    def strategies(self, players: int) -> tuple[tuple[str, ...], ...]:
        self.mark("{", "the strategies of each player")
        start, found = self.peek(), list[tuple[str, ...]]()
        while not self.ended():
            if self.opens():
                self.at += 1
                own: list[str] = []
                while not self.ended():
                    own.append(self.name("the name of a strategy") or str(len(own) + 1))
                found.append(tuple(own))
            else:
                count = self.whole("the number of strategies", 1, 1_000)
                found.append(tuple(str(number) for number in range(1, count + 1)))
        if len(found) != players or not all(found):
            self.fail(f"each of the {players} players needs its strategies", start)
        return tuple(found)

    def payoffs(self, form: StrategicForm) -> dict[tuple[int, ...], Payoffs]:
        return {cell: tuple(self.number("a payoff") for _ in form.players) for cell in form.cells()}

    def outcomes(self, form: StrategicForm) -> dict[tuple[int, ...], Payoffs]:
        self.mark("{", "the outcomes")
        names, paid = ["nobody gets anything"], [tuple(Fraction(0) for _ in form.players)]
        while not self.ended():
            self.mark("{", "an outcome")
            names.append(self.name("the name of an outcome"))
            paid.append(tuple(self.number("a payoff") for _ in form.players))
            if not self.ended():
                self.fail("an outcome has a payoff for each player and no more", self.peek())
        count = prod(len(of) for of in form.strategies)
        numbers = [self.whole("the number of an outcome", 0, len(paid) - 1) for _ in range(count)]
        return {
            cell: paid[number]
            for cell, number in zip(form.cells(), numbers, strict=True)
            if names[number] != NOT_POSSIBLE
        }
