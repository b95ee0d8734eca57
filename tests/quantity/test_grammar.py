"""Numbers with doubt are read as they are written, and what cannot be read is refused with a way out."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import DetenteError, QuantityError
from detente.quantity import Quantity, parse
from detente.quantity.expert import Statement
from detente.quantity.quantity import number_text
from tests.quantity.strategies import quantities

READ = [
    (40, "40"),
    (-3.5, "-3.5"),
    (np.float64(2.5), "2.5"),
    (np.int64(7), "7"),
    (Fraction(1, 4), "0.25"),
    ("40", "40"),
    (" 40 ", "40"),
    ("+4", "4"),
    ("−4", "-4"),
    (".5", "0.5"),
    ("1e3", "1000"),
    ("1E-2", "0.01"),
    ("40 ± 10", "40 ± 10"),
    ("40±10", "40 ± 10"),
    ("40 +- 10", "40 ± 10"),
    ("40 +/- 10", "40 ± 10"),
    ("-5 ± .5", "-5 ± 0.5"),
    ("20..60", "20..60"),
    ("20 .. 60", "20..60"),
    ("-20..-10", "-20..-10"),
    ("20..35..60", "20..35..60"),
    ("20..20..60", "20..20..60"),
    ("20..60..60", "20..60..60"),
    ([40], "40"),
    (["40 ± 10", 30, "20..60"], "[40 ± 10, 30, 20..60]"),
    ((30, 40), "[30, 40]"),
    ("[30, 45 ± 5, 20..60]", "[30, 45 ± 5, 20..60]"),
    ("[ 30 ]", "30"),
    ("[80,85,\n 90]", "[80, 85, 90]"),  # a list goes on in the next line
    ("[80, 85,\n90]", "[80, 85, 90]"),
    (1e15, "1000000000000000.0"),
    (-0.0, "0"),
]

REFUSED: list[tuple[Any, str]] = [
    ("20...80", "write 20..80"),  # .80 is no end that anybody means
    ("0...1", "write 0..1"),
    ("40,5", "with a point: 40.5"),
    ("0,8 ± 0.1", "with a point: 0.8 ± 0.1"),
    ("0,8 ± 0,1", "with a point: 0.8 ± 0.1"),
    ("10,5..20,5", "with a point: 10.5..20.5"),
    ("1,234", "with a point: 1.234; if it parts thousands: 1234"),
    ("1,234,567", "write 40, 40 ± 10"),  # and nothing that could not be read either
    ("1.234,5", "write 40, 40 ± 10"),
    ("1.5,2", "write 40, 40 ± 10"),
    ("abc %", "write 40, 40 ± 10"),
    ("10%..20%", "or as the scale has it: 10..20"),
    ("12,5 %", "or as the scale has it: 12.5"),
    ("[80,5, 70]", "has commas of two kinds"),
    ("[80,\t70,5]", "has commas of two kinds"),
    ("80 ± 5 %", "or as the scale has it: 80 ± 5"),
    ("", "'' is not a number; write 40, 40 ± 10"),
    ("forty", "'forty' is not a number"),
    ("40 percent", "not a number"),
    ("4 0", "not a number"),
    ("1,5", "not a number"),
    ("40 ±", "not a number"),
    ("± 10", "not a number"),
    ("20..", "not a number"),
    ("20..30..40..50", "not a number"),
    ("1e9999", "not a number"),
    ("1e200", "1e+200 is too large to compute with"),
    ("1e-200", "1e-200 is too small to compute with"),
    ("x" * 500, "'" + "x" * 37 + "...' is not a number"),
    ("9" * 20_000, "a text of 20000 characters is not a number"),
    ("9" * 400, "not finite"),
    (10**400, "too large to compute with"),
    (-(10**5000), "too large to compute with"),
    ("nan", "not a number"),
    (float("nan"), "not finite"),
    (float("inf"), "not finite"),
    ("40 ± 0", "a standard deviation must be above 0 (got 0); for a number without doubt write 40"),
    ("40 ± -2", "a standard deviation must be above 0 (got -2)"),
    ("60..20", "60..20 must rise from its low end to its high end"),
    ("20..20", "must rise"),
    ("20..70..60", "must rise"),
    ("5..5..5", "must rise"),
    ("[]", "an empty list says nothing"),
    ([], "an empty list says nothing"),
    ("[ ]", "an empty list says nothing"),
    ("[30,]", "'' is not a number"),
    ("[30, [40]]", "not further lists"),
    ([[30]], "not further lists"),
    ([(30, 40)], "not further lists"),
    ("[" * 100_000 + "1" + "]" * 100_000, "is not a number"),
    ("[" * 400 + "1" + "]" * 400, "not further lists"),
    ([1] * 101, "101 experts are too many; at most 100"),
    ("[" + "1," * 200 + "1]", "201 experts are too many"),
    ([None], "None is not a number"),
    (None, "None is not a number"),
    (True, "True is not a number"),
    (b"40", "a bytes is not a number"),
    ({"mean": 3}, "a dict is not a number"),
    (object(), "a object is not a number"),
]


@pytest.mark.parametrize(("written", "printed"), READ)
def test_every_way_of_writing_is_read(written: object, printed: str) -> None:
    quantity = parse(written)
    assert str(quantity) == printed
    assert parse(printed) == quantity
    assert parse(quantity) is quantity


@pytest.mark.parametrize(("written", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_read_is_refused_with_the_reason(written: object, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse(written)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 300


@given(quantities())
def test_a_quantity_prints_as_it_is_read(quantity: Quantity) -> None:
    assert parse(str(quantity)) == quantity
    assert parse(quantity.to_plain()) == quantity
    assert hash(parse(str(quantity))) == hash(quantity)


@given(st.text(max_size=30) | st.text("0123456789.±+-eE[], /−", max_size=30))
def test_any_text_is_a_quantity_or_a_quantity_error(text: str) -> None:
    try:
        quantity = parse(text)
    except DetenteError as error:
        assert isinstance(error, QuantityError)  # noqa: PT017
    else:
        assert parse(str(quantity)) == quantity


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_text_reads_back_as_the_same_number(value: float) -> None:
    assert float(number_text(value)) == value


def test_a_statement_needs_the_numbers_of_its_kind() -> None:
    with pytest.raises(QuantityError, match="normal takes 2 numbers, got 1"):
        Statement("normal", (3.0,))


def test_a_quantity_needs_a_statement() -> None:
    with pytest.raises(QuantityError, match="an empty list says nothing"):
        Quantity(())


def test_a_bare_number_is_plain_data_again() -> None:
    plain = [parse(value).to_plain() for value in ("40", "0.5", "40 ± 10", "[30, 0.5, 20..60]", "1e15")]
    assert plain == [40, 0.5, "40 ± 10", [30, 0.5, "20..60"], 1e15]
    assert isinstance(plain[0], int)
