"""Fixtures shared by all rooms' tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data that is kept beside the checkout, or a skip that says it is absent."""
    folder = Path(os.environ.get("DETENTE_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"real data not found at {folder}; set DETENTE_SHARED_DATA to run this test")
    return folder
