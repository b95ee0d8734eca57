"""What does a case state? Who must agree to what, who wants what, who can do what; for a screen and a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from detente.case import Case, Game, Issue, Preference, Statement
from detente.case.words import power_of_votes_told
from detente.show.blocks import Block, Heading, Listing, Notes, Prose, Section, Strip, tabled
from detente.show.words import capital, consent, listed, tally

CHANGED = " *"
MOST_RANKED, MANY = 6, 99
MOVES = {"both": "", "forward": "cannot be taken back", "back": "cannot be taken up again"}
DRAWN = "o: the position; --: 80 % of its doubt{}."


def size(case: Case) -> str:
    """Return how much there is in a case."""
    parts = [tally(len(case.actors), "actor")]
    if case.issues:
        parts += [tally(len(case.issues), "issue"), tally(sum(map(len, case.stances.values())), "stance")]
    if case.game is not None:
        options, states = len(case.game.options), len(case.game.states)
        parts.append(f"a game of {tally(options, 'option') if options else tally(states, 'listed state')}")
    return ", ".join([*parts, tally(len(case.sources), "source")])


def section(case: Case) -> Section:
    """Return the section of a page."""
    intro = f"{size(case)}. All numbers with the doubt that the case gives them; the sources stand under Evidence."
    title, blocks = "What the case states", tuple(stated(case))
    return Section(id="stated", title=title, intro=intro, blocks=blocks, annex=True)


def stated(case: Case, base: Case | None = None, issues: Sequence[str] = ()) -> Iterator[Block]:
    """Yield what a case states.

    Args:
        case: a version of the base.
        base: the case as it stands; a star marks what differs from it.
        issues: of them alone; of everything by default.
    """
    told = _Version(case, base or case)
    if not issues:
        yield Heading(text="Actors")
        heads = ("id", "name", "bloc", "cost of failure")
        yield tabled(heads, map(told.actor, case.actors), "Who takes part", on="screen")
        yield tabled(heads[1:], (told.actor(key)[1:] for key in case.actors), "Who takes part", on="page")
        yield from told.agreeing()
    keys = issues or tuple(case.issues)
    aside = "; |: where no deal leaves it" * any(case.issues[key].no_deal is not None for key in keys)
    yield from chain.from_iterable(told.issue(key, DRAWN.format(aside)) for key in keys)
    if not issues:
        if case.game is not None:
            yield from _Played(told, case.game).blocks()
        if scenarios := [(key, of.name, len(of.changes)) for key, of in case.scenarios.items()]:
            yield Heading(text="Scenarios", on="screen")
            yield tabled(("id", "name", "changes"), scenarios, on="screen")
        if sources := [(key, str(of.date or ""), of.title) for key, of in case.sources.items()]:
            yield Heading(text="Sources", on="screen")
            yield tabled(("id", "date", "title"), sources, on="screen")


class _Version:
    """What a version of a case states, in words, with a star where the base has another."""

    def __init__(self, case: Case, base: Case) -> None:
        self.case, self.base = case, base
        self.numbers: Mapping[str, Any] = case.quantities
        self.before: Mapping[str, Any] = base.quantities

    def star(self, now: object, before: object) -> str:
        return "" if now == before else CHANGED

    def number(self, path: str, *, rounded: bool = False) -> str:
        number = self.numbers[path]
        text = f"{number.mean:.4g}" if rounded else str(number).replace(" ± ", "\u00a0±\u00a0")
        return f"{text}{self.star(number, self.before.get(path))}"

    def actor(self, key: str) -> tuple[str, str, str, str]:
        of, groups = self.case.actors[key], self.case.groups
        blocs = ", ".join(groups[one].name if one in groups else one for one in of.groups)
        cost = "" if of.failure_cost is None else self.number(f"actors.{key}.failure_cost")
        return key, of.name, blocs, cost

    def names(self, actors: Iterable[str], joint: str = " and ") -> str:
        return joint.join(self.case.actors[one].name if one in self.case.actors else one for one in actors)

    def agreeing(self) -> Iterator[Block]:
        """Yield whose consent is needed, by which rules, and what is examined."""
        case, base = self.case, self.base
        if asked := [*self._asked()]:
            yield Heading(text="Who must agree")
            yield from (Prose(text=text) for text in asked)
        found: dict[str, list[str]] = {}
        for key, body in case.bodies.items():
            away = f"; abstaining: {self.names(body.abstain, ', ')}" if body.abstain else ""
            told = f"{body.name} ({key}): {consent(case, body.rule, unfold=True)}{away}"
            told += self.star(body, base.bodies.get(key))
            found.setdefault("Bodies, and what each asks for", []).append(told)
        for key, deal in case.deals.items():
            told = f"{deal.name} ({key}): {'; '.join(case.issues[issue].name for issue in deal.issues)}"
            found.setdefault("Deals to examine, beside every issue alone", []).append(told)
        if (paid := case.payments) is not None:
            for actor, of in paid.actors.items():
                both = {"pays": of.gives, "receives": of.takes}
                ways = " and ".join(f"{what} at most {most}" for what, most in both.items() if most)
                told = f"{case.actors[actor].name} {ways}; a unit is worth {of.worth} to it"
                found.setdefault(f"What can be paid, in {paid.unit}", []).append(told)
        if case.relations is not None:
            events = case.relations.chronology.values()
            for key, dyad in case.relations.dyads.items():
                met = sum(set(dyad.between) <= set(event.between) for event in events)
                told = f"{dyad.name or self.names(dyad.between)} ({key}): {tally(met, 'dated event')}"
                found.setdefault("Relations that are followed", []).append(told)
        for head, items in found.items():
            yield Heading(text=head)
            yield Listing(items=tuple(items))

    def _asked(self) -> Iterator[str]:
        """Yield whose consent every deal needs, and what an issue asks for besides, each with its mark."""
        case, base = self.case, self.base
        if case.consent is not None:
            yield f"To every deal: {consent(case, case.consent)}.{self.star(case.consent, base.consent)}"
        alike: dict[str, list[str]] = {}
        marks: dict[str, str] = {}
        for key, issue in case.issues.items():
            if issue.consent is not None:
                rule = consent(case, issue.consent)
                alike.setdefault(rule, []).append(issue.name)
                before = base.issues[key].consent if key in base.issues else None
                marks[rule] = marks.get(rule) or self.star(issue.consent, before)
        besides = "besides, " if case.consent is not None else ""
        for rule, issues in alike.items():
            yield capital(f"{besides}to {listed(issues, MANY)}: {rule}.{marks[rule]}")

    def issue(self, key: str, drawn: str) -> Iterator[Block]:
        """Yield an issue: its question, its scale, what follows without agreement, and who wants what on it."""
        case, issue = self.case, self.case.issues[key]
        yield Heading(text=f"{issue.name} ({key})")
        if issue.question:
            yield Prose(text=issue.question)
        anchors = [(f"{anchor:.15g}", told) for anchor, told in issue.scale.items()]
        yield Notes(items=tuple((at, told.removeprefix(f"{at}, ")) for at, told in anchors))
        yield from (Prose(text=text) for text in self._terms(issue, f"issues.{key}"))
        stances = case.stances.get(key, {})
        actors = sorted(stances, key=lambda actor: stances[actor].aim.mean)
        if not actors:
            yield Prose(text="Nobody has a stance on it.")
            return
        yield tabled(
            ("actor", "position", "salience", "influence", "accepts"),
            (self._stance(key, actor) for actor in actors),
            "Who wants what, by position; the line holds 80 % of its doubt, dashes are where no deal leaves it",
            strips=tuple(self._strip(key, actor) for actor in actors),
            drawn=drawn,
        )
        yield from (Prose(text=text) for text in power_of_votes_told(case, key, actors))

    def _stance(self, issue: str, actor: str) -> tuple[str, ...]:
        path, stance = f"stances.{issue}.{actor}", self.case.stances[issue][actor]
        worths = (f"{one} worth {self.number(f'{path}.values.{one}')}" for one in stance.values)
        wants = "; ".join(worths) if stance.values else self.number(f"{path}.position")
        power = self.case.voting_power(issue, actor) is not None
        weight = self.number(self.case.influence_path(issue, actor), rounded=power)
        before = self.base.stances.get(issue, {}).get(actor)
        line = (
            f"{stance.accepts}{self.star(stance.accepts, before and before.accepts)}"
            if stance.accepts
            else ""
        )
        return self.case.actors[actor].name, wants, self.number(f"{path}.salience"), weight, line

    def _strip(self, issue: str, actor: str) -> Strip:
        of, stance = self.case.issues[issue], self.case.stances[issue][actor]
        at = self.numbers[f"stances.{issue}.{actor}.position"] if stance.position else stance.aim
        span = (float(at.quantile(0.1)), float(at.quantile(0.9)))
        aside = self.numbers[f"issues.{issue}.no_deal"].mean if of.no_deal is not None else None
        told = f"80 % from {span[0]:.3g} to {span[1]:.3g}"
        return Strip(low=of.low, high=of.high, at=at.mean, spans={"80": span}, no_deal=aside, words=told)

    def _terms(self, issue: Issue, path: str) -> Iterator[str]:
        if issue.unit:
            yield f"unit: {issue.unit}"
        said = {"without agreement": "no_deal", "today": "today", "cost of failure": "failure_cost"}
        terms = [
            f"{told} {self.number(f'{path}.{of}')}"
            for told, of in said.items()
            if getattr(issue, of) is not None
        ]
        if terms := [*terms, *(["only these values can be agreed"] if issue.discrete else ())]:
            yield "; ".join(terms)
        if issue.outcome is not None:
            dated = f" ({issue.outcome.date})" if issue.outcome.date else ""
            yield f"what happened: {issue.outcome.value:g}{dated}"


class _Played:
    """The game of a case in words: who can do what, what cannot go together, and who wants what."""

    def __init__(self, of: _Version, game: Game) -> None:
        self.of, self.game, self.case = of, game, of.case
        actors = {key: actor.name for key, actor in self.case.actors.items()}
        self.names: Mapping[str, str] = game.option_names(actors) if game.options else game.state_names()

    def blocks(self) -> Iterator[Block]:
        """Yield the game; a star marks preferences that the base has otherwise."""
        yield Heading(text="What each can do")
        yield from self._options() if self.game.options else self._states()
        yield from (Prose(text=text) for text in self._limits())
        yield Heading(text="Who wants what, first things first")
        before = self.of.base.game
        for actor, preference in self.game.preferences.items():
            mark = "" if before is None else self.of.star(preference, before.preferences.get(actor))
            head = f"{self.case.actors[actor].name}{mark}"
            yield Listing(head=head, items=tuple(self._wants(preference)))

    def _options(self) -> Iterator[Block]:
        today = self._taken(self.game.status_quo)
        rows = []
        for key, option in self.game.options.items():
            who = self.of.names(one for one in (option.actor, *option.actors) if one is not None)
            now = "yes" if key in today else ""
            rows.append((key, who or "nobody", option.name or "", MOVES[option.moves], now))
        yield tabled(("id", "who", "option", "", "today"), rows, "What each can do, and what is done today")

    def _taken(self, state: str | tuple[str, ...] | None) -> Sequence[str]:
        """Return the options that are taken in a state; none where it is not stated."""
        if not isinstance(state, str):
            return state or ()
        return [key for key, letter in zip(self.game.options, state, strict=True) if letter == "Y"]

    def _states(self) -> Iterator[Block]:
        now = self.game.status_quo
        rows = [
            (key, state.name or "", "yes" if key == now else "") for key, state in self.game.states.items()
        ]
        yield tabled(("state", "name", "today"), rows, "The states of the game")
        told = (
            f"{self.case.actors[one].name} {tally(len(moves), 'move')}"
            for one, moves in self.game.moves.items()
        )
        yield Prose(text="; ".join(told))

    def _limits(self) -> Iterator[str]:
        """Yield today and what is wanted, what cannot be, what is one, and who can act together."""
        game, who = self.game, self.of.names
        for what, state in (("Today", game.status_quo), ("The case asks what it takes for", game.wanted)):
            if state is not None and game.options:
                taken = [f"“{self.names[key]}”" for key in self._taken(state)]
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
            yield f"{who(joint.actors)} together {tally(len(joint.moves), 'move')}."
        if game.coalitions is not None:
            yield f"Can act together: {'; '.join(map(who, game.coalitions)) or 'nobody'}."

    def _wants(self, preference: Preference) -> Iterator[str]:
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
            yield f"which is better is not known: {' against '.join(map(self._state, pair))}"

    def _ranked(self, preference: Preference) -> Iterator[str]:
        """Yield the best of a ranking, one group of equally good states per line."""
        groups, levels = preference.groups, preference.levels
        for n, group in enumerate(groups[:MOST_RANKED]):
            much = n and levels[n] > levels[n - 1]
            yield f"{'much less: ' if much else ''}{'; or alike, '.join(map(self._state, group))}"
        if len(groups) > MOST_RANKED:
            yield f"and {tally(len(groups) - MOST_RANKED, 'step')} more"

    def _state(self, text: str) -> str:
        """Return a state: the name of a listed one, or letters as what is taken and what is not."""
        return Statement.parse(text).told(self.names)
