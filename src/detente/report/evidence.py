"""On what do the numbers rest? Each source with the numbers that cite it, and the numbers that cite none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from detente.case import Case, Game
from detente.show import words
from detente.show.record import Record
from detente.show.table import Table


class Cited(Record):
    """What rests on a source: one part of the case with its numbers.

    Attributes:
        path: of the part in the case (``stances.sanctions.kremlin``).
        about: whose numbers, in words.
        numbers: name → as written in the case; what is no number has no name.
    """

    path: str
    about: str
    numbers: dict[str, str]


class SourceUse(Record):
    """A source and what rests on it; ``rests`` is empty where nothing cites it."""

    id: str
    title: str
    author: str | None
    publisher: str | None
    date: str | None
    url: str | None
    note: str | None
    rests: tuple[Cited, ...]

    @property
    def count(self) -> int:
        """Return how many numbers rest on it."""
        return sum(len(cited.numbers) for cited in self.rests)


class Evidence(Record):
    """The sources of a case, and the numbers without one.

    Attributes:
        sources: in the order of the case.
        unsupported: parts with numbers that cite no source.
        numbers: how many numbers the case states.
    """

    sources: tuple[SourceUse, ...]
    unsupported: tuple[Cited, ...]
    numbers: int

    @cached_property
    def without_source(self) -> int:
        """Return how many numbers cite no source."""
        return sum(len(cited.numbers) for cited in self.unsupported)

    def table(self) -> Table:
        """Return one row per source and part that cites it, and per part that cites none."""
        columns = {
            "source": "id of the source, empty for numbers without one",
            "title": "of the source",
            "date": "of the source",
            "path": "part of the case that rests on it",
            "about": "the same in words",
            "numbers": "as written in the case",
        }
        rows = [
            (use.id, use.title, use.date, cited.path, cited.about, _joined(cited.numbers))
            for use in self.sources
            for cited in use.rests
        ]
        rows += [
            ("", "", None, cited.path, cited.about, _joined(cited.numbers)) for cited in self.unsupported
        ]
        return Table("evidence", columns, tuple(rows))


def evidence(case: Case) -> Evidence:
    """Return what rests on what in a case."""
    parts = list(_parts(case))
    resting: dict[str, list[Cited]] = {source: [] for source in case.sources}
    for cited, because in parts:
        for source in because:
            resting[source].append(cited)
    return Evidence(
        sources=tuple(
            SourceUse(
                id=source,
                title=of.title,
                author=of.author,
                publisher=of.publisher,
                date=of.date,
                url=of.url,
                note=of.note,
                rests=tuple(resting[source]),
            )
            for source, of in case.sources.items()
        ),
        unsupported=tuple(cited for cited, because in parts if not because),
        numbers=sum(len(cited.numbers) for cited, _ in parts),
    )


Part = tuple[Cited, tuple[str, ...]]


def _parts(case: Case) -> Iterator[Part]:
    """Yield every part of the case that states numbers, with the sources that it cites."""
    for actor_id, actor in case.actors.items():
        stated = {"influence": actor.influence, "cost of failure": actor.failure_cost}
        numbers = {name: quantity for name, quantity in stated.items() if quantity is not None}
        if numbers:
            yield _part(f"actors.{actor_id}", actor.name, numbers, actor.because)
    for issue_id, issue in case.issues.items():
        stated = {"no deal": issue.no_deal, "cost of failure": issue.failure_cost}
        numbers = {name: quantity for name, quantity in stated.items() if quantity is not None}
        if numbers:
            yield _part(f"issues.{issue_id}", issue.name, numbers, issue.because)
        if issue.outcome is not None:
            known = {"outcome": words.plain_number(issue.outcome.value)}
            yield _part(f"issues.{issue_id}.outcome", issue.name, known, issue.outcome.because)
    yield from _stances(case)
    yield from _payments(case)
    if case.game is not None:
        yield from _game(case, case.game)
    for k, pair in enumerate(case.correlations):
        about = " and ".join(words.input_name(case, path) for path in pair.between)
        yield _part(f"correlations.{k}", about, {"rank correlation": pair.rank}, pair.because)
    for scenario_id, scenario in case.scenarios.items():
        if scenario.changes:
            changed = {"changes": str(len(scenario.changes))}
            yield _part(f"scenarios.{scenario_id}", f"Scenario “{scenario.name}”", changed, scenario.because)


def _stances(case: Case) -> Iterator[Part]:
    for issue_id, stances in case.stances.items():
        for actor_id, stance in stances.items():
            numbers = {"position": stance.position, "salience": stance.salience}
            if stance.influence is not None:
                numbers["influence"] = stance.influence
            written = {name: words.quantity_text(quantity) for name, quantity in numbers.items()}
            if stance.concession_cost is not None:
                written["cost of conceding"] = words.quantity_text(stance.concession_cost)
            if stance.accepts is not None:
                written["red line"] = words.quantity_text(stance.accepts)
            about = f"{case.actors[actor_id].name} on {case.issues[issue_id].name}"
            yield _part(f"stances.{issue_id}.{actor_id}", about, written, stance.because)


def _payments(case: Case) -> Iterator[Part]:
    if case.payments is None:
        return
    for actor_id, payment in case.payments.actors.items():
        stated = {"gives": payment.gives, "takes": payment.takes, "worth of a unit": payment.worth}
        numbers = {name: quantity for name, quantity in stated.items() if quantity is not None}
        about = f"Side payments of {case.actors[actor_id].name}"
        yield _part(f"payments.actors.{actor_id}", about, numbers, payment.because)


def _game(case: Case, game: Game) -> Iterator[Part]:
    """Yield what can be done, what cannot be, and what each actor wants, in words where there is no number."""
    for option_id, option in game.options.items():
        who = f"{case.actors[option.actor].name} can" if option.actor is not None else "Can be done"
        yield _told(f"game.options.{option_id}", who, option.name or option_id, option.because)
    for k, ban in enumerate(game.infeasible):
        yield _told(f"game.infeasible.{k}", "Cannot be", ban.statement.text, ban.because)
    for actor_id, preference in game.preferences.items():
        path, name = f"game.preferences.{actor_id}", case.actors[actor_id].name
        for k, wish in enumerate(preference.statements):
            because = wish.because or preference.because
            yield _told(f"{path}.statements.{k}", f"{name} wants", wish.statement.text, because)
        for wish_id, weighed in preference.weights.items():
            about = f"{name} wants {weighed.statement.text}"
            because = weighed.because or preference.because
            yield _part(f"{path}.weights.{wish_id}", about, {"weight": weighed.weight}, because)
        if preference.ranking:
            yield _told(f"{path}.ranking", f"{name} ranks", "the outcomes", preference.because)


def _told(path: str, about: str, what: str, because: tuple[str, ...]) -> Part:
    return Cited(path=path, about=about, numbers={"": what}), because


def _part(path: str, about: str, numbers: Mapping[str, object], because: tuple[str, ...]) -> Part:
    written = {name: words.quantity_text(number) for name, number in numbers.items()}
    return Cited(path=path, about=about, numbers=written), because


def _joined(numbers: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {number}".strip() for name, number in numbers.items())
