"""Who can do what, what cannot go together, and who wants what? The game of a case on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from detente.cli.output import Output, star
from detente.show.columns import Column, item, paragraph
from detente.show.words import listed, tally

if TYPE_CHECKING:
    from detente.case import Case, Game, Preference

MOST_RANKED, MANY = 6, 99
MOVES = {"both": "", "forward": "cannot be taken back", "back": "cannot be taken up again"}


def show_game(case: Case, game: Game, before: Game | None, out: Output) -> None:
    """Print the game of a case; a star marks preferences that a scenario or a change made another.

    Args:
        case: with a game.
        game: that game.
        before: the game of the case as it stands.
        out: where to.
    """
    told = _Told(case, game)
    out.say()
    out.title("What each can do")
    if game.options:
        _options(case, game, out)
    else:
        _states(case, game, out)
    for text in told.limits():
        out.lines(paragraph(text))
    out.say()
    out.title("Who wants what, first things first")
    for actor, preference in game.preferences.items():
        mark = "" if before is None else star(preference, before.preferences.get(actor))
        out.lines(paragraph(f"{case.actors[actor].name}{mark}"))
        out.lines(line for text in told.wants(preference) for line in item(text, "    "))


def _options(case: Case, game: Game, out: Output) -> None:
    today = _taken(game, game.status_quo)
    rows = []
    for key, option in game.options.items():
        who = [case.actors[one].name for one in (option.actor, *option.actors) if one is not None]
        cells = (" and ".join(who) or "nobody", option.name or "", MOVES[option.moves])
        rows.append((key, *cells, "yes" if key in today else ""))
    heads = (Column("id"), Column("who", wraps=True), Column("option", wraps=True))
    out.table([*heads, Column("", wraps=True), Column("today")], rows)


def _taken(game: Game, state: str | tuple[str, ...] | None) -> Sequence[str]:
    """Return the options that are taken in a state; none where it is not stated."""
    if not isinstance(state, str):
        return state or ()
    return [key for key, letter in zip(game.options, state, strict=True) if letter == "Y"]


def _states(case: Case, game: Game, out: Output) -> None:
    rows = [
        (key, state.name or "", "yes" if key == game.status_quo else "") for key, state in game.states.items()
    ]
    out.table([Column("state"), Column("name", wraps=True), Column("today")], rows)
    told = (f"{case.actors[actor].name} {tally(len(moves), 'move')}" for actor, moves in game.moves.items())
    out.lines(paragraph("; ".join(told)))


class _Told:
    """Statements, states and preferences of a game in words."""

    def __init__(self, case: Case, game: Game) -> None:
        self.case, self.game = case, game
        actors = {key: actor.name for key, actor in case.actors.items()}
        self.names: Mapping[str, str] = game.option_names(actors) if game.options else game.state_names()

    def state(self, text: str) -> str:
        """Return a state: the name of a listed one, or letters as what is taken and what is not."""
        from detente.case import Statement

        return Statement.parse(text).told(self.names)

    def limits(self) -> Iterator[str]:
        """Yield today and what is wanted, what cannot be, what is one, and who can act together."""
        game = self.game
        for what, state in (("Today", game.status_quo), ("The case asks what it takes for", game.wanted)):
            if state is not None and game.options:
                taken = [f"“{self.names[key]}”" for key in _taken(game, state)]
                yield f"{what}: {listed(taken, MANY) or 'nothing is done'}."
            elif isinstance(state, str):
                yield f"{what}: “{self.names.get(state, state)}”."
        yield from (f"Cannot be: {ban.statement.told(self.names)}." for ban in game.infeasible)
        for merge in game.merged:
            named = f", called “{merge.name}”" if merge.name else ""
            yield f"Treated as one: {merge.statement.told(self.names)}{named}."
        for actor, unseen in game.misperceives.items():
            told = "; ".join(one.statement.told(self.names) for one in unseen)
            yield f"Not perceived by {self.case.actors[actor].name}: {told}."
        for joint in game.together:
            yield f"{self._who(joint.actors)} together {tally(len(joint.moves), 'move')}."
        if game.coalitions is not None:
            formed = "; ".join(self._who(group) for group in game.coalitions)
            yield f"Can act together: {formed or 'nobody'}."

    def _who(self, actors: Iterable[str]) -> str:
        return " and ".join(self.case.actors[one].name for one in actors)

    def wants(self, preference: Preference) -> Iterator[str]:
        """Yield what an actor wants, the most important first."""
        if preference.statements:
            for wish in preference.statements:
                marks = (", strongly" if wish.strong else "") + (", or the opposite" if wish.unknown else "")
                yield f"{wish.statement.told(self.names)}{marks}"
        elif preference.weights:
            heaviest = sorted(preference.weights.values(), key=lambda wish: -wish.weight.mean)
            yield from (f"{wish.statement.told(self.names)}: weight {wish.weight}" for wish in heaviest)
        elif preference.ranking:
            yield from self._ranked(preference)
        else:
            yield "what is near to its positions on the issues"
        if preference.strong_gap is not None:
            yield f"strongly from a difference of {preference.strong_gap}"
        for pair in preference.unknown:
            yield f"which is better is not known: {' against '.join(map(self.state, pair))}"

    def _ranked(self, preference: Preference) -> Iterator[str]:
        """Yield the best of a ranking, one group of equally good states per line."""
        groups, levels = preference.groups, preference.levels
        for n, group in enumerate(groups[:MOST_RANKED]):
            much = n and levels[n] > levels[n - 1]
            alike = "; or alike, ".join(map(self.state, group))
            yield f"{'much less: ' if much else ''}{alike}"
        if len(groups) > MOST_RANKED:
            yield f"and {tally(len(groups) - MOST_RANKED, 'step')} more"
