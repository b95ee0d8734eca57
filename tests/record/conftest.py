"""How hard is a ledger tried? A few kills by default, two hundred in the full profile."""

from __future__ import annotations

import os

import pytest


@pytest.fixture
def kill_count() -> int:
    """Return how many writers are killed."""
    return 200 if os.environ.get("DETENTE_FULL") else 4
