"""Stores for the tests of event data; without DuckDB they are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detente.events.store import Store

pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install 'detente[events]'")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an empty store."""
    return Store.at(tmp_path / "store", make=True)


@pytest.fixture(scope="session")
def often() -> int:
    """Return how often a loader is killed."""
    return 100 if os.environ.get("DETENTE_FULL") else 6
