"""Who can do what, what cannot go together, and who wants what? The game of a case on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from detente.cli.output import Output
from detente.show.columns import Column, paragraph
from detente.show.words import tally

if TYPE_CHECKING:
    from detente.case import Case, Game, Preference

MOST_RANKED = 6
CHANGED = " *"
MOVES = {"both": "", "forward": "cannot be taken back", "back": "cannot be taken up again"}


def show_game(case: Case, game: Game, before: Game | None, out: Output) -> None:
    """Print the game of a case; a star marks preferences that a scenario or a change made another.

    Args:
        case: with a game.
        game: that game.
        before: the game of the case as it stands.
        out: where to.
    """
    out.say()
    out.say("What each can do", bold=True)
    if game.options:
        _options(case, game, out)
    else:
        _states(case, game, out)
    for text in _limits(case, game):
        out.lines(paragraph(text))
    out.say()
    out.say("Who wants what", bold=True)
    for actor, preference in game.preferences.items():
        same = before is None or before.preferences.get(actor) == preference
        out.lines(
            paragraph(f"{case.actors[actor].name}{'' if same else CHANGED}: {'; '.join(_parts(preference))}")
        )


def _limits(case: Case, game: Game) -> Iterator[str]:
    """Yield what cannot be, what is one, what somebody does not perceive and who can act together."""
    if game.infeasible:
        yield f"cannot be: {'; '.join(str(ban.statement) for ban in game.infeasible)}"
    for merge in game.merged:
        yield f"treated as one: {merge.statement}{f' ({merge.name})' if merge.name else ''}"
    for actor, unseen in game.misperceives.items():
        yield f"not perceived by {case.actors[actor].name}: {'; '.join(str(one.statement) for one in unseen)}"
    for joint in game.together:
        yield f"{_who(case, joint.actors)} together {tally(len(joint.moves), 'move')}"
    if game.coalitions is not None:
        formed = "; ".join(_who(case, group) for group in game.coalitions)
        yield f"coalitions that can form: {formed or 'none'}"


def _who(case: Case, actors: Iterable[str]) -> str:
    return " and ".join(case.actors[one].name for one in actors)


def _options(case: Case, game: Game, out: Output) -> None:
    today = game.status_quo or ()
    rows = []
    for place, (key, option) in enumerate(game.options.items()):
        taken = today[place] == "Y" if isinstance(today, str) else key in today
        who = [case.actors[one].name for one in (option.actor, *option.actors) if one is not None]
        cells = (" and ".join(who) or "nobody", option.name or "", MOVES[option.moves])
        rows.append((key, *cells, "yes" if taken and game.status_quo is not None else ""))
    heads = (Column("id"), Column("who", wraps=True), Column("option", wraps=True))
    out.table([*heads, Column("", wraps=True), Column("today")], rows)


def _states(case: Case, game: Game, out: Output) -> None:
    rows = [
        (key, state.name or "", "yes" if key == game.status_quo else "") for key, state in game.states.items()
    ]
    out.table([Column("state"), Column("name", wraps=True), Column("today")], rows)
    told = (f"{case.actors[actor].name} {tally(len(moves), 'move')}" for actor, moves in game.moves.items())
    out.lines(paragraph("; ".join(told)))


def _parts(preference: Preference) -> Iterator[str]:
    """Yield what an actor wants, the most important first."""
    if preference.statements:
        for wish in preference.statements:
            marks = f"{' [strong]' if wish.strong else ''}{' [unknown]' if wish.unknown else ''}"
            yield f"{wish.statement}{marks}"
    elif preference.weights:
        heaviest = sorted(preference.weights.values(), key=lambda wish: -wish.weight.mean)
        yield from (f"{wish.statement} ({wish.weight})" for wish in heaviest)
    elif preference.ranking:
        yield _ranked(preference)
    else:
        yield "what is near to its positions on the issues"
    if preference.strong_gap is not None:
        yield f"strongly from a difference of {preference.strong_gap}"
    yield from (f"{one} or {two} [unknown]" for one, two in preference.unknown)


def _ranked(preference: Preference) -> str:
    """Return the best of a ranking; ``>>`` stands where what follows is strongly less preferred."""
    groups, levels = preference.groups[:MOST_RANKED], preference.levels
    text = " = ".join(groups[0])
    for n, group in enumerate(groups[1:], start=1):
        text += f" {'>>' if levels[n] > levels[n - 1] else '>'} {' = '.join(group)}"
    more = len(preference.groups) - len(groups)
    return text + (f" and {more} more" if more > 0 else "")
