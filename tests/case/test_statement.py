"""Statements mean what their words mean, and every mistake in one is told with its place."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case import Statement
from detente.case.parts.game.statement import MAX_NESTED

NAMES = ["cut_aid", "b", "ease-it", "d4"]


def wordings() -> st.SearchStrategy[tuple[str, str]]:
    """Return a statement, fully bracketed, with the same in Python."""
    names = st.sampled_from(NAMES).map(lambda name: (name, f"v[{name!r}]"))
    return st.recursive(
        names,
        lambda inner: st.one_of(
            inner.map(lambda a: (f"not ({a[0]})", f"(not {a[1]})")),
            st.tuples(inner, inner, st.sampled_from(["and", "or"])).map(
                lambda t: (f"({t[0][0]}) {t[2]} ({t[1][0]})", f"({t[0][1]} {t[2]} {t[1][1]})")
            ),
            st.tuples(inner, inner).map(
                lambda t: (f"({t[0][0]}) if ({t[1][0]})", f"({t[0][1]} or not {t[1][1]})")
            ),
            st.tuples(inner, inner).map(
                lambda t: (f"({t[0][0]}) iff ({t[1][0]})", f"({t[0][1]} == {t[1][1]})")
            ),
        ),
        max_leaves=8,
    )


@given(wordings())
def test_a_statement_holds_exactly_when_its_words_say_so(wording: tuple[str, str]) -> None:
    text, python = wording
    statement = Statement.parse(text)
    for values in product([False, True], repeat=len(NAMES)):
        taken = dict(zip(NAMES, values, strict=True))
        assert statement.holds(taken) == eval(python, {"v": taken})  # noqa: S307 - the oracle, in a test


@given(wordings())
def test_arrays_are_judged_like_single_values(wording: tuple[str, str]) -> None:
    statement = Statement.parse(wording[0])
    columns = np.array(list(product([False, True], repeat=len(NAMES)))).T
    together = statement.holds(dict(zip(NAMES, columns, strict=True)))
    alone = [statement.holds(dict(zip(NAMES, row, strict=True))) for row in columns.T.tolist()]
    assert together.tolist() == alone


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("not a and b", "(not a) and b"),
        ("a or b and c", "a or (b and c)"),
        ("a or b if c and d", "(a or b) if (c and d)"),
        ("not a iff b or c", "(not a) iff (b or c)"),
        ("NOT a AND b", "not a and b"),
        ("not not a", "a"),
    ],
)
def test_words_bind_in_the_usual_order(short: str, long: str) -> None:
    first, second = Statement.parse(short), Statement.parse(long)
    for values in product([False, True], repeat=4):
        taken = dict(zip("abcd", values, strict=True))
        assert first.holds(taken) == second.holds(taken)


def test_names_stand_in_the_order_of_their_first_mention() -> None:
    assert Statement.parse("b if a and not b").names == ("b", "a")
    assert [*Statement.parse("b if a and not b").mentions()] == [("b", 0), ("a", 5), ("b", 15)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("a and", "character 6: ends where the name of an option is expected"),
        ("a b", "character 3: expected 'and', 'or', 'if' or 'iff' before 'b'"),
        ("a and or b", "character 7: expected the name of an option before 'or'"),
        ("(a and b", "character 1: this '[(]' is never closed"),
        ("a) or b", r"character 2: '\)' closes nothing"),
        ("a if b if c", "character 8: a second 'if' needs brackets"),
        ("a & b", "character 3: '&' does not belong in a statement"),
        ("__import__('os')", "character 1: '_' does not belong"),
        ("a if", "character 5: ends where"),
        (")", "expected the name of an option"),
        ("not " * (MAX_NESTED + 2) + "a", "nested more than"),
        ("a or " * 1000 + "a", "at most 2,000 characters"),
        (" or ".join(f"o{n}" for n in range(20)), "names at most 16 options"),
        (7, "a statement is a text"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Statement.parse(text)


def test_a_statement_prints_as_it_was_written() -> None:
    assert str(Statement.parse("not  a")) == "not  a"
    assert Statement.parse(Statement.parse("a")) == Statement.parse("a")
