"""The answer contradicts nothing: its numbers stand in tables, and where consent says no, so does the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from detente.catalog import open_case, slugs
from detente.report import Brief
from detente.show.ladder import STEPS
from detente.study.answer import OPENINGS, opening, parted
from detente.study.lines import leading
from tests.report.making import PageReader
from tests.solving import briefed

NOT_WHERE_CONSENT_SAYS_NO = re.compile(
    r"\bsettles\b|would settle|an agreement would|look(s)? open|open to a settlement", re.IGNORECASE
)
REFUSED = {"linked-issues": "firmer", "divided-government": "content"}  # a scenario without any deal


@pytest.fixture(params=slugs())
def made(request: pytest.FixtureRequest, brief_of: Callable[[str], Brief]) -> Brief:
    return brief_of(request.param)


def refused(slug: str) -> Brief:
    """Return the brief of a case in a scenario in which nothing is agreed."""
    case = open_case(slug)
    found = next(one for one in case.scenarios if one.startswith(REFUSED[slug]))
    return briefed(case.with_(scenario=found))


def text_of(page: str) -> str:
    return " ".join(" ".join(PageReader.of(page).text).split())


def test_the_verdict_opens_with_what_the_deals_come_to(made: Brief) -> None:
    words, _ = parted(made.verdict)
    asked = leading(made.deals)
    assert words == (f"{OPENINGS[opening(asked)]}." if asked else "")
    assert made.verdict.sentence.endswith((".", ".”"))


def test_no_deal_is_called_agreed_that_most_draws_do_not_have(made: Brief) -> None:
    for deal in made.deals:
        assert deal.agreed == (deal.share > 0.5)
        assert (deal.size == "none") == (deal.share == 0)
        assert deal.low95 <= deal.share <= deal.high95
        assert bool(deal.terms) == (deal.share > 0)


def test_the_numbers_of_the_deals_stand_in_the_tables_of_the_lens(made: Brief) -> None:
    tables = made.tables()
    if not made.deals:
        return
    chances = {(row[0], row[1]): row for row in tables["deal_probability"].rows}
    placed = {(row["deal"], row["issue"]): row for row in tables["moved"].to_records()}
    for deal in made.deals:
        assert deal.share in chances["as_it_stands", deal.deal]
        for term in deal.terms:
            row = placed[deal.deal, term.issue]
            assert (row["value"], row["without"]) == (term.value, term.without)
            assert (row["low80"], row["high80"]) == (term.low80, term.high80)
        names = {of.name: actor for actor, of in made.case.actors.items()}
        stops = {(row["deal"], row["actor"]): row["stops"] for row in tables["stopping"].to_records()}
        for one in deal.signatures:
            assert one.stops == (stops.get((deal.deal, names[one.name])) or 0.0)


def test_every_issue_has_one_verdict_and_it_follows_from_the_deals(made: Brief) -> None:
    deals = {one.deal: one for one in made.deals}
    assert [one.issue for one in made.issues] == list(made.case.issues)
    for one in made.issues:
        if one.standing in ("possible", "package", "stays"):
            assert one.deal is not None
            assert deals[one.deal].agreed
            assert one.share == deals[one.deal].share
        if one.standing == "blocked":
            assert not any(deal.agreed for deal in made.deals if one.issue in deal.issues)
            assert one.terms is None
        if one.standing == "pull":
            assert not any(one.issue in deal.issues for deal in made.deals)


def test_steps_stand_in_the_order_of_the_ladder_and_only_where_something_is_said(made: Brief) -> None:
    order = [list(STEPS).index(one.step) for one in made.ladder]
    assert order == sorted(order)
    page = made.to_html()
    for step in {*STEPS.values()} - {name for name, _ in made.steps}:
        assert f"<dt>{step}</dt>" not in page
    assert page.count('<dl class="ladder">') == 1


def test_what_the_page_says_first_is_what_json_says_first(made: Brief) -> None:
    plain = json.loads(json.dumps(made.to_dict()))
    assert list(plain)[:7] == ["title", "question", "as_of", "verdict", "deals", "issues", "ladder"]


@pytest.mark.parametrize("slug", REFUSED)
def test_where_consent_says_no_nothing_settles(slug: str) -> None:
    made = refused(slug)
    assert parted(made.verdict)[0] == "There is no deal."
    assert {one.standing for one in made.issues} == {"blocked"}
    for full in (False, True):
        assert not NOT_WHERE_CONSENT_SAYS_NO.findall(text_of(made.to_html(full=full)))


def test_where_anybody_must_consent_a_pull_never_leads(made: Brief) -> None:
    if made.deals:
        assert next(iter(made.results)) != "bargaining"
        first = text_of(made.to_html()).partition("Who signs, and who stops it")[0]
        assert not NOT_WHERE_CONSENT_SAYS_NO.findall(first)


def test_the_annex_is_on_the_full_page_only_and_no_link_leads_nowhere(made: Brief) -> None:
    short, full = made.sections(), made.sections(full=True)
    assert {one.id for one in short} <= {one.id for one in full}
    assert not any(one.annex for one in short)
    for page, shown in ((made.to_html(), short), (made.to_html(full=True), full)):
        ids = {one.attributes.get("id") for one in PageReader.of(page).elements}
        links = {str(one.attributes.get("href")) for one in PageReader.of(page).elements if one.tag == "a"}
        assert {one.removeprefix("#") for one in links if one.startswith("#")} <= ids
        assert {one.id for one in shown} <= ids


def test_two_lenses_never_name_a_table_alike(made: Brief) -> None:
    names = [name for result in made.results.values() for name in result.tables()]
    assert len(names) == len(set(names))
