r"""How does a game in strategic form become a case? Who has which strategies, and who prefers which combination.

Only the order of each player's payoffs is kept: a combination that pays more is preferred, one that pays as much
is as good. Where every strategy is a set of options that are taken (``nothing``, ``a``, ``b``, ``a + b``, as we
write them for Gambit) the game is one of options; otherwise each combination is a state, and a player moves by
changing its own strategy. It may stand in a table of two players, as in textbooks: a row for each strategy of the
first, a column for each of the second, in each cell both payoffs (``3,3``, ``3; 3``, ``(3, 3)`` or ``3 / 3``), the
players in the corner (``USA \ Russia``), or above and beside the strategies. Or in a file ``.nfg`` of Gambit
(Savani & Turocy): a prologue with title, players and their strategies, named or only counted; then payoffs, or
outcomes with their payoffs and one number of an outcome per combination of strategies, the first player's strategy
changing fastest. Outcome 0 pays nobody anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from operator import add
from typing import Any, NamedTuple, NoReturn

from detente.case.formats.draft import Draft, new_ids
from detente.case.formats.sheet import Row, Sheet
from detente.case.parts.game import MAX_GAME_OPTIONS, MAX_STATEMENTS, MAX_STATES
from detente.case.parts.game.statement import WORDS
from detente.case.reading import Document
from detente.case.text import clean
from detente.case.validation import shown
from detente.errors import FormatError, Problem

NOTHING, AND, NOT_POSSIBLE = "nothing", " + ", "not possible"
MAX_MOVES = 20_000
_NOTE = "Read from payoffs, of which only the order counts; equal payoffs are equally good."

Cell = tuple[int, ...]
Payoffs = tuple[Fraction, ...]
_AMOUNT = r"[+\-−]?\d{1,15}(?:\.\d{1,15}|/[1-9]\d{0,14})?"
_PAIR = re.compile(rf"[(\[]?\s*({_AMOUNT})\s*(?:[,;/|]|\s)\s*({_AMOUNT})\s*[)\]]?")
_CORNER = re.compile(r"\s*(.+?)\s*(?:\\|/|\||\bvs\.?\b)\s*(.+?)\s*")
_PLAYERS = ("Row player", "Column player")


@dataclass(frozen=True, slots=True)
class StrategicForm:
    """A game in strategic form.

    Attributes:
        title: of the game.
        players: their names.
        strategies: of each player.
        payoffs: a strategy per player, by number → what each gets; without what is not possible.
        unread: combinations that are possible and whose payoffs could not be read.
    """

    title: str
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    payoffs: dict[Cell, Payoffs]
    unread: tuple[Cell, ...] = ()

    @property
    def possible(self) -> tuple[Cell, ...]:
        """The combinations that may occur."""
        return (*self.payoffs, *self.unread)

    def cells(self) -> Iterator[Cell]:
        """Yield every combination of strategies, possible or not, the first player's changing fastest."""
        for backwards in product(*(range(len(of)) for of in reversed(self.strategies))):
            yield tuple(reversed(backwards))


def too_large(counts: Sequence[int]) -> str | None:
    """Return why a game of so many strategies per player is not read, or ``None``."""
    cells = 1
    for count in counts:
        cells *= max(count, 1)
        if cells > MAX_STATES:
            return f"the game has more than {MAX_STATES:,} combinations of strategies"
    moves = cells * sum(count - 1 for count in counts)
    return f"the game has more than {MAX_MOVES:,} moves" if moves > MAX_MOVES else None


def read_form(form: StrategicForm, file: str, problems: Sequence[Problem] = ()) -> Document:
    """Return the data of the case that a strategic form says, and what was wrong with it."""
    draft = Draft(file=file, title=form.title)
    taken = set(WORDS)
    actors = new_ids(form.players, taken, "player")
    for actor, name in zip(actors, form.players, strict=True):
        draft.put(("actors", actor, "name"), name)
    options = [_options(of) for of in form.strategies]
    count = sum(len(of or ()) for of in options)
    banned = sum(1 for _ in form.cells()) - len(form.possible)
    if all(of is not None for of in options) and 0 < count <= MAX_GAME_OPTIONS and banned <= MAX_STATEMENTS:
        states = _put_options(draft, form, actors, [of or () for of in options], taken)
    else:
        states = _put_states(draft, form, actors, taken)
    for player, actor in enumerate(actors):
        order = _order(form, player, states)
        draft.put(("game", "preferences", actor), order)
        if form.unread:
            last = len(order["ranking"]) - 1
            draft.document.unknown.append(("game", "preferences", actor, "ranking", last))
    draft.put(("game", "note"), _NOTE)
    if not problems:
        draft.warn("payoffs were read as an order: by how much somebody prefers one outcome is not kept")
    draft.problems += problems
    return draft.document


def _options(strategies: Sequence[str]) -> tuple[str, ...] | None:
    """Return the options of which the strategies are all sets, the first changing fastest, or ``None``.

    >>> _options(["nothing", "a", "b", "a + b"]), _options(["swerve", "straight"])
    (('a', 'b'), None)
    """
    number = len(strategies).bit_length() - 1
    if len(strategies) != 1 << number or strategies[0] != NOTHING:
        return None
    single = tuple(strategies[1 << bit] for bit in range(number))
    sets = ([one for bit, one in enumerate(single) if chosen >> bit & 1] for chosen in range(1, 1 << number))
    return single if [NOTHING, *map(AND.join, sets)] == list(strategies) else None


def _put_options(
    draft: Draft, form: StrategicForm, actors: list[str], options: list[tuple[str, ...]], taken: set[str]
) -> dict[Cell, str]:
    for actor, own in zip(actors, options, strict=True):
        for key, name in zip(new_ids(own, taken, "option"), own, strict=True):
            draft.put(("game", "options", key), {"actor": actor, "name": name})
    bits = [(player, bit) for player, own in enumerate(options) for bit in range(len(own))]
    letters = {cell: "".join("NY"[cell[p] >> bit & 1] for p, bit in bits) for cell in form.cells()}
    banned = [text for cell, text in letters.items() if cell not in form.possible]
    draft.put(("game", "infeasible"), banned or None)
    return {cell: letters[cell] for cell in form.possible}


def _put_states(draft: Draft, form: StrategicForm, actors: list[str], taken: set[str]) -> dict[Cell, str]:
    shared = len({one for of in form.strategies for one in of}) < sum(map(len, form.strategies))
    whose = [f"{player}: " if shared else "" for player in form.players]
    chosen_in = {cell: [of[n] for n, of in zip(cell, form.strategies, strict=True)] for cell in form.possible}
    between = "; " if shared else ", "
    names = {cell: between.join(map(add, whose, chosen)) for cell, chosen in chosen_in.items()}
    short = map(" ".join, chosen_in.values())
    states = dict(zip(names, new_ids(short, taken, "state"), strict=True))
    for cell, state in states.items():
        draft.put(("game", "states", state), {"name": names[cell]})
    for player, actor in enumerate(actors):
        moves = [
            [state, states[other]]
            for cell, state in states.items()
            for chosen in range(len(form.strategies[player]))
            if (other := (*cell[:player], chosen, *cell[player + 1 :])) != cell and other in states
        ]
        draft.put(("game", "moves", actor), moves or None)
    return states


def _order(form: StrategicForm, player: int, states: dict[Cell, str]) -> Any:
    groups: dict[Fraction, list[str]] = {}
    for cell, payoffs in form.payoffs.items():
        groups.setdefault(payoffs[player], []).append(states[cell])
    if len(groups) == 1 and not form.unread:
        return "indifferent"
    ranked = [groups[payoff] for payoff in sorted(groups, reverse=True)]
    read = [group[0] if len(group) == 1 else group for group in ranked]
    unread = [states[cell] for cell in form.unread]
    return {"ranking": [*read, unread] if unread else read}


# --- a matrix of payoffs ---------------------------------------------------------------------------


def pair(text: str) -> Payoffs | None:
    """Return the payoffs in a cell, the first player's first, or ``None``.

    >>> pair("(3, -1.5)")
    (Fraction(3, 1), Fraction(-3, 2))
    """
    found = _PAIR.fullmatch(text.strip())
    return (_amount(found[1]), _amount(found[2])) if found else None


def _amount(text: str) -> Fraction:
    return Fraction(text.replace("−", "-"))


def pairs_in(sheet: Sheet) -> int:
    """Return how many cells of a sheet hold two payoffs."""
    return sum(pair(cell) is not None for row in sheet.rows for cell in row.cells)


def is_payoffs(sheet: Sheet) -> bool:
    """Tell whether a sheet is a pay-off matrix: beyond its headings most cells hold two payoffs."""
    rows = [[pair(cell) is not None for cell in row.cells] for row in sheet.rows]
    first = min((row.index(True) for row in rows if any(row)), default=0)
    grid = [is_pair for row in rows if any(row) for is_pair in row[first:]]
    most_rows = 2 * sum(map(any, rows)) + 2 > len(rows)
    return most_rows and sum(grid) >= 2 and len(grid) <= 2 * sum(grid)


def read_payoffs(sheet: Sheet, stem: str) -> Document:
    """Return the data of the game in a pay-off matrix, as far as it can be read, and what is wrong.

    Raises:
        FormatError: the game is too large.
    """
    draft = Draft(file=sheet.file)
    body = [row for row in sheet.rows if any(pair(cell) for cell in row.cells)]
    first = min(index for row in body for index, cell in enumerate(row.cells) if pair(cell))
    last = max(len(row.cells) for row in body)
    heads = [row for row in sheet.rows if row.number < body[0].number]
    strategies = (
        _named([row.cell(first - 1) if first else "" for row in body]),
        _named([heads[-1].cell(index) if heads else "" for index in range(first, last)]),
    )
    if large := too_large([len(of) for of in strategies]):
        raise FormatError([sheet.problem(large, body[0].number, None, "leave out strategies")])
    payoffs: dict[Cell, Payoffs] = {}
    hint = "write both payoffs in each cell, the row player's first: 3, 3; with a point in decimals: 2.5, 3"
    for r, row in enumerate(body):
        for c, index in enumerate(range(first, last)):
            text, found = row.cell(index), pair(row.cell(index))
            if found is not None:
                payoffs[r, c] = found
            else:
                message = f"{shown(text)!r} is no pair of payoffs" if text else "the payoffs are missing"
                draft.problems.append(sheet.problem(message, row.number, index + 1, hint))
    for row in sheet.rows:
        if row not in body and row not in heads:
            below = sheet.problem("a row below the matrix", row.number, 1, "leave only the matrix")
            draft.problems.append(below)
    unread = tuple(cell for cell in product(range(len(body)), range(last - first)) if cell not in payoffs)
    form = StrategicForm(stem, _players(heads, body, first), strategies, payoffs, unread)
    return read_form(form, sheet.file, draft.problems)


def _named(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name or str(number) for number, name in enumerate(names, start=1))


def _players(heads: list[Row], body: list[Row], first: int) -> tuple[str, str]:
    """Return the names of the players: in the corner, or above the columns and beside the rows."""
    corner = heads[-1].cell(max(first - 1, 0)) if heads and first else ""
    both = _CORNER.fullmatch(corner)
    if both:
        return both[1], both[2]
    above = [cell for cell in (heads[-2].cells if len(heads) > 1 else ()) if cell]
    beside = [row.cell(first - 2) for row in body if row.cell(first - 2)] if first > 1 else []
    return (beside[0] if beside else corner or _PLAYERS[0]), (above[-1] if above else _PLAYERS[1])


# --- strategic forms of Gambit -----------------------------------------------------------------------

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
