"""Dates become intervals of days, and what only looks like a date is none. All sentences are invented."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.evidence.dates import candidates, dates, shapes
from detente.evidence.intervals import to_edtf
from detente.evidence.records import Document, Span
from detente.evidence.table import tables

THURSDAY = date(2024, 11, 7)


def document(text: str, day: date | None = THURSDAY) -> Document:
    """Return a document."""
    return Document(id="x", text=text, sha256="0", date=day)


FOUND = [  # text, words of the span, EDTF, granularity, anchor, certainty
    ("The accord of March 2011 lapsed.", "March 2011", "2011-03", "month", "explicit", "stated"),
    ("It lapsed before 2015.", "before 2015", "../2014", "year", "explicit", "stated"),
    ("Since 2011 the port is shut.", "Since 2011", "2011/2024-11-07", "year", "document", "stated"),
    ("It was so in the 1990s.", "the 1990s", "199X", "decade", "explicit", "stated"),
    ("It was so in the ’90s.", "the ’90s", "199X", "decade", "explicit", "stated"),
    ("The nineteenth century ended.", "The nineteenth century", "18XX", "century", "explicit", "stated"),
    ("It rained in spring 2014.", "spring 2014", "2014-21", "season", "explicit", "stated"),
    ("It rose in Q3 2024.", "Q3 2024", "2024-35", "quarter", "explicit", "stated"),
    ("The third quarter of 2024.", "The third quarter of 2024", "2024-35", "quarter", "explicit", "stated"),
    ("They met on 3–5 March 2014.", "3–5 March 2014", "2014-03-03/2014-03-05", "day", "explicit", "stated"),
    ("They met on March 3, 2014.", "March 3, 2014", "2014-03-03", "day", "explicit", "stated"),
    ("Signed 2024-11-05.", "2024-11-05", "2024-11-05", "day", "explicit", "stated"),
    ("Between 2009 and 2012 they met.", "Between 2009 and 2012", "2009/2012", "year", "explicit", "stated"),
    ("The winter of 2013-14 was mild.", "The winter of 2013-14", "2013-24", "season", "explicit", "stated"),
    ("The bridge was begun in 2011-12.", "2011-12", "2011/2012", "year", "explicit", "stated"),
    ("From 2015 onwards it fell.", "From 2015 onwards", "2015/..", "year", "explicit", "stated"),
    ("It was open until May 2015.", "until May 2015", "../2015-05", "month", "explicit", "stated"),
    ("It came about 2009.", "about 2009", "2009~", "year", "explicit", "approximate"),
    ("Early March 2014.", "Early March 2014", "2014-03-01~/2014-03-10~", "month", "explicit", "approximate"),
    ("By the end of 2025 it must go.", "By the end of 2025", "../2025~", "year", "explicit", "approximate"),
    ("They ask what comes today.", "today", "2024-11-07", "day", "document", "stated"),
    ("They left last Friday.", "last Friday", "2024-11-01", "day", "document", "stated"),
    ("They left on Sunday.", "Sunday", "2024-11-03", "day", "document", "inferred"),
    ("They will meet on Sunday.", "Sunday", "2024-11-10", "day", "document", "inferred"),
    ("The dam will open, Lobo said on Tuesday.", "Tuesday", "2024-11-05", "day", "document", "inferred"),
    ("They met three years ago.", "three years ago", "2021", "year", "document", "stated"),
    ("They met two weeks ago.", "two weeks ago", "2024-10-21/2024-10-27", "week", "document", "stated"),
    ("In the past two days.", "In the past two days", "2024-11-05/2024-11-07", "day", "document", "stated"),
    ("In March the envoys met.", "March", "2024-03", "month", "document", "inferred"),
    ("During the Six-Day War.", "the Six-Day War", "1967-06-05/1967-06-10", "period", "explicit", "stated"),
    ("After the 2017 vote they left.", "2017", "2017", "year", "explicit", "stated"),
    ("Signed on 25/06/2014.", "25/06/2014", "2014-06-25", "day", "explicit", "stated"),
    ("Signed on 05/06/2014.", "05/06/2014", "2014~", "year", "explicit", "approximate"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "edtf", "granularity", "anchor", "certainty"), FOUND)
def test_a_date_is_an_interval_with_its_granularity(
    text: str, words: str, edtf: str, granularity: str, anchor: str, certainty: str
) -> None:
    """The span holds the words; the value is exported as EDTF."""
    (found,) = dates(document(text))
    assert found.span.of(text) == words
    assert (to_edtf(found), found.granularity, found.anchor, found.certainty) == (
        edtf,
        granularity,
        anchor,
        certainty,
    )


@pytest.mark.parametrize(
    "text",
    [
        "The envoys may march to the border.",
        "He May be late, and they March on.",
        "Exactly 1,962 troops and 2/3 of the guns left.",
        "It rose by 15 percent under Resolution 1973.",
        "Flight 2014 to Odra was late.",
        "In 2000 troops came home.",
        "A cold war mentality persists; a Cold War mentality too.",
        "She quoted April Glaspie and Theresa May.",
        "The Sunday Times said so.",
        "There is no day like 2011-13-45 or 31/31/2011.",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    """Modal verbs, counts, shares, numbers of flights and resolutions, names."""
    assert [d.span.of(text) for d in dates(document(text))] == []


def test_without_a_date_of_the_document_a_relative_date_stays_open() -> None:
    """Today's date is never used."""
    found = dates(document("They left last Friday. Today they rest, and in 1973 they came.", None))
    assert [(d.anchor, d.lo, to_edtf(d)) for d in found] == [
        ("none", None, "XXXX"),
        ("none", None, "XXXX"),
        ("explicit", date(1973, 1, 1), "1973"),
    ]


def test_a_relative_date_in_a_quotation_counts_from_the_day_of_speaking() -> None:
    """The line names that day outside the quotation."""
    found = dates(document("“We will vote tomorrow,” Lobo said on 3 March 2014."))
    assert (found[0].lo, found[0].certainty) == (date(2014, 3, 4), "inferred")


def test_an_unambiguous_date_tells_the_order_of_day_and_month() -> None:
    """One 25/06 in a text settles its 05/06."""
    first, second = dates(document("Signed on 05/06/2014 and 25/06/2014."))
    assert (first.lo, second.lo) == (date(2014, 6, 5), date(2014, 6, 25))


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_document_at_the_end_of_the_calendar_has_no_relative_dates(day: date) -> None:
    """There is no day before the first."""
    found = dates(
        document(
            "They left yesterday, last year and 900 weeks ago; they come tomorrow and in 99 decades.", day
        )
    )
    assert {d.anchor for d in found} == {"none"}


def test_nothing_is_read_from_furniture() -> None:
    """Menus and bylines carry dates that are nobody's."""
    text = "Updated 5 May 2020. They met on 6 May 2020."
    furnished = Document(id="x", text=text, sha256="0", furniture=(Span(0, 19),))
    assert [d.lo for d in dates(furnished)] == [date(2020, 5, 6)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "in ",
                "March ",
                "2014",
                "-",
                "5 ",
                "last ",
                "Friday",
                "’",
                "the ",
                "1990s",
                "🙂",
                "\r\n",
                "\0",
                "é",
                "3/4/2011 ",
            ]
        ),
        max_size=30,
    )
)
def test_any_text_gives_ordered_intervals_at_exact_places(parts: list[str]) -> None:
    """Spans lie in the text and do not overlap; an interval is not empty."""
    text = "".join(parts)
    found = dates(document(text))
    assert all(0 <= d.span.start < d.span.end <= len(text) for d in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    assert all(d.lo is None or d.hi is None or d.lo < d.hi for d in found)
    assert all(to_edtf(d) for d in found)


PARTS = [
    "March",
    "May",
    "3",
    "5",
    "14",
    "2014",
    "1990s",
    "’90s",
    "Sept.",
    "the",
    "last",
    "this",
    "next",
    "past",
    "coming",
    "week",
    "month",
    "year",
    "day",
    "days",
    "Monday",
    "spring",
    "fall",
    "Fall",
    "2031-04-05",
    "03/04/2031",
    "Q3",
    "of",
    "in",
    "for",
    "over",
    "ago",
    "hence",
    "two",
    "second",
    "half",
    "quarter",
    "century",
    "from",
    "to",
    "until",
    "and",
    "end",
    "election",
    "early",
    "mid-",
    "since",
    "between",
    "–",
    ",",
    ".",
    "small",
    "today",
    "tonight",
    "morning",
    "night",
    "tomorrow",
    "not",
]


@given(st.lists(st.sampled_from(PARTS), max_size=40).map(" ".join))
@settings(max_examples=300)
def test_nothing_is_missed_where_the_words_are_looked_for_first(text: str) -> None:
    """Slow: every expression over every sentence."""
    (table,) = tables(document(text))
    slow = {
        (shape.name, match.span())
        for held in shapes()[0].values()
        for shape in held
        for sentence in table.sentences
        for match in shape.pattern.finditer(text, *sentence)
    }
    assert {(shape, match.span()) for shape, match in candidates(table)} == slow
