"""The interval of a share: the formula as printed, its ends, and cases that are not independent."""

from __future__ import annotations

import pytest

from detente.quantity.shares import wilson


# Hits and trials → the 95 % interval of Wilson, from the formula as printed.
def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(13, 16) == pytest.approx((0.5699, 0.9341), abs=5e-5)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1
    assert wilson(0, 0) == (0, 1)
    assert wilson(6.5, 8)[0] < wilson(13, 16)[0]
