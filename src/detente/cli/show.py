"""Who wants what in a case? Its actors, its issues, and every stance with its doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from detente.cli.options import case_argument, known_issues, opened, version_of, version_options
from detente.cli.output import Output, output_options, star

if TYPE_CHECKING:
    from detente.case import Case, Game, Issue
    from detente.show.columns import Column

LEAST_TEXT = (
    18  # columns that a name or a position keeps beside the drawing of its scale, where there is room
)


@click.command("show")
@case_argument
@version_options
@click.option("--issue", "issues", multiple=True, metavar="ID", help="Only this issue. Repeatable.")
@output_options
def command(
    reference: str,
    scenario: str | None,
    changes: tuple[tuple[str, Any], ...],
    issues: tuple[str, ...],
    out: Output,
) -> None:
    """Show CASE in words: consent, stances, deals, game.

    Who must agree to what, who wants what on every issue, and who can do what.
    Actors stand in the order of their positions. With --scenario or --set, a
    star marks what differs from the case as it stands.
    """
    base = opened(reference, out)
    case = version_of(base, scenario, dict(changes))
    known_issues(case, issues)
    if out.as_json:
        out.json(_record(case))
        return
    if not issues:
        from detente.cli.agreeing import show_agreeing

        _head(case, base, out)
        show_agreeing(case, base, out)
    for number, issue in enumerate(issues or case.issues):
        _issue(case, base, issue, out, first=not number)
    if issues:
        return
    if case.game is not None:
        from detente.cli.game import show_game

        show_game(case, case.game, base.game, out)
    _tail(case, out)


def size(case: Case) -> str:
    """Return how much there is in a case."""
    from detente.show.words import tally

    stances = sum(map(len, case.stances.values()))
    parts = [tally(len(case.actors), "actor")]
    if case.issues:
        parts += [tally(len(case.issues), "issue"), tally(stances, "stance")]
    if case.game is not None:
        parts.append(f"a game of {_played(case.game)}")
    return ", ".join([*parts, tally(len(case.sources), "source")])


def _played(game: Game) -> str:
    from detente.show.words import tally

    return tally(len(game.options), "option") if game.options else tally(len(game.states), "listed state")


def _record(case: Case) -> dict[str, Any]:
    from detente.cli.records import QuantitySummary, ShownCase

    quantities = {
        path: QuantitySummary(
            text=str(quantity),
            mean=quantity.mean,
            sd=quantity.sd,
            low80=float(quantity.quantile(0.1)),
            high80=float(quantity.quantile(0.9)),
        )
        for path, quantity in case.quantities.items()
    }
    return ShownCase(
        scenario=case.scenario, fingerprint=case.fingerprint, case=case.to_dict(), quantities=quantities
    ).to_dict()


def titles(case: Case, out: Output) -> None:
    """Print the title of a case, and its scenario."""
    from detente.show.columns import wrapped

    out.title(case.title)
    if case.scenario is not None and case.scenario in case.scenarios:
        out.lines(wrapped(f"Scenario: {case.scenarios[case.scenario].name}"))


def _head(case: Case, base: Case, out: Output) -> None:
    from detente.show.columns import Column, wrapped

    titles(case, out)
    if case.question:
        out.lines(wrapped(case.question))
    dated = f"as of {case.as_of}; " if case.as_of else ""
    out.lines(wrapped(f"{dated}{size(case)}; fingerprint {case.fingerprint}"))
    out.say()
    out.title("Actors")
    columns = Column("id"), Column("name", wraps=True), Column("bloc", wraps=True), Column("cost of failure")
    marks = _Marks(case, base)
    rows = []
    for key, of in case.actors.items():
        cost = "" if of.failure_cost is None else marks.text(f"actors.{key}.failure_cost")
        rows.append((key, of.name, _blocs(case, of.groups), cost))
    out.table(columns, rows)


def _tail(case: Case, out: Output) -> None:
    from detente.show.columns import Column

    if case.scenarios:
        out.say()
        out.title("Scenarios")
        columns = Column("id"), Column("name", wraps=True), Column("changes", right=True)
        out.table(columns, [(key, of.name, str(len(of.changes))) for key, of in case.scenarios.items()])
    if case.sources:
        out.say()
        out.title("Sources")
        columns = Column("id"), Column("date"), Column("title", wraps=True)
        out.table(columns, [(key, str(of.date or ""), of.title) for key, of in case.sources.items()])


def _blocs(case: Case, groups: Iterable[str]) -> str:
    return ", ".join(case.groups[group].name if group in case.groups else group for group in groups)


def _issue(case: Case, base: Case, issue_id: str, out: Output, *, first: bool) -> None:
    from detente.case.words import power_of_votes_told
    from detente.show.columns import Column, paragraph

    issue = case.issues[issue_id]
    marks = _Marks(case, base)
    out.say()
    out.title(f"{issue.name} ({issue_id})")
    if issue.question:
        out.lines(paragraph(issue.question))
    out.lines(_scale(issue))
    out.lines(line for text in _terms(issue, issue_id, marks) for line in paragraph(text))
    stances = case.stances.get(issue_id, {})
    out.say()
    if not stances:
        out.say("  Nobody has a stance on it.")
        return
    texts = Column("actor", wraps=True), Column("position", wraps=True)
    columns = (*texts, Column("salience"), Column("influence"), Column("accepts"))
    ordered = sorted(stances, key=lambda actor: stances[actor].aim.mean)
    rows = []
    for actor in ordered:
        path, stance = f"stances.{issue_id}.{actor}", stances[actor]
        weight = case.influence_path(issue_id, actor)
        power = case.voting_power(issue_id, actor) is not None
        numbers = (marks.text(f"{path}.salience"), marks.text(weight, rounded=power))
        worths = (f"{one} worth {marks.text(f'{path}.values.{one}')}" for one in stance.values)
        wants = "; ".join(worths) if stance.values else marks.text(f"{path}.position")
        red_line = f"{stance.accepts}{marks.red_line(issue_id, actor)}" if stance.accepts else ""
        rows.append([case.actors[actor].name, wants, *numbers, red_line])
    size = _room(columns, rows)
    drawn = _drawn(case, issue_id, ordered, size)
    out.table(
        (*columns, Column(_ends(issue, size))), [[*row, one] for row, one in zip(rows, drawn, strict=True)]
    )
    out.lines(line for text in power_of_votes_told(case, issue_id, ordered) for line in paragraph(text))
    if first:
        aside = "; |: where no deal leaves it" if issue.no_deal is not None else ""
        out.styled((line, "dim") for line in paragraph(f"o: the position; --: 80 % of its doubt{aside}."))


def _ends(issue: Issue, size: int) -> str:
    """Return the ends of a scale above its drawing."""
    from detente.show.columns import TOGETHER

    low, high = f"{issue.low:g}", f"{issue.high:g}"
    return low + TOGETHER * (size - len(low) - len(high)) + high if len(low) + len(high) < size else ""


def _room(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> int:
    """Return how many characters are left beside the columns for the drawing of a scale."""
    from detente.show.columns import GAP, width
    from detente.show.screen import LONGEST_STRIP, SHORTEST_STRIP

    taken = 2
    for number, column in enumerate(columns):
        longest = max(len(text) for text in (column.head, *(row[number] for row in rows)))
        filled = any(row[number] for row in rows)
        taken += (min(longest, LEAST_TEXT) if column.wraps else longest) + len(GAP) if filled else 0
    return min(max(width() - taken, SHORTEST_STRIP), LONGEST_STRIP)


def _drawn(case: Case, issue_id: str, actors: Iterable[str], size: int) -> Iterator[str]:
    """Yield the scale of an issue for each actor: where it stands, with its doubt, and where no deal leaves it."""
    from detente.show.columns import strip

    issue, numbers = case.issues[issue_id], case.quantities
    aside = numbers[f"issues.{issue_id}.no_deal"].mean if issue.no_deal is not None else None
    for actor in actors:
        stance = case.stances[issue_id][actor]
        position = numbers[f"stances.{issue_id}.{actor}.position"] if stance.position else stance.aim
        span = float(position.quantile(0.1)), float(position.quantile(0.9))
        yield strip(issue.low, issue.high, span, position.mean, also=aside, size=size)


def _scale(issue: Issue) -> Iterator[str]:
    from detente.show.columns import width, wrapped

    anchors = [f"{anchor:g}" for anchor in issue.scale]
    size = max(map(len, anchors))
    for anchor, meaning in zip(anchors, issue.scale.values(), strict=True):
        text = meaning.removeprefix(f"{anchor}, ")
        first, *more = wrapped(text, width() - size - 6) or [""]
        yield f"    {anchor:>{size}}  {first}"
        yield from (f"    {'':{size}}  {line}" for line in more)


def _terms(issue: Issue, issue_id: str, marks: _Marks) -> Iterator[str]:
    if issue.unit:
        yield f"unit: {issue.unit}"
    terms = []
    if issue.no_deal is not None:
        terms.append(f"without agreement {marks.text(f'issues.{issue_id}.no_deal')}")
    if issue.today is not None:
        terms.append(f"today {marks.text(f'issues.{issue_id}.today')}")
    if issue.failure_cost is not None:
        terms.append(f"cost of failure {marks.text(f'issues.{issue_id}.failure_cost')}")
    if issue.discrete:
        terms.append("only these values can be agreed")
    if terms:
        yield "; ".join(terms)
    if issue.outcome is not None:
        dated = f" ({issue.outcome.date})" if issue.outcome.date else ""
        yield f"what happened: {issue.outcome.value:g}{dated}"


class _Marks:
    """Numbers of a version, with a star where the base has another."""

    def __init__(self, case: Case, base: Case) -> None:
        self.now: Mapping[str, Any] = case.quantities
        self.before: Mapping[str, Any] = base.quantities
        self.case, self.base = case, base

    def text(self, path: str, *, rounded: bool = False) -> str:
        number = self.now[path]
        text = (
            f"{number.mean:.4g}"
            if rounded
            else str(number).replace(" ± ", "\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}")
        )
        return f"{text}{star(number, self.before.get(path))}"

    def red_line(self, issue: str, actor: str) -> str:
        before = self.base.stances.get(issue, {}).get(actor)
        now = self.case.stances[issue][actor]
        return star(now.accepts, before and before.accepts)
