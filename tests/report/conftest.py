"""Briefs of the catalog's cases and of cases at the edges, made once for all tests of the report."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from detente.catalog import open_case
from detente.report import Brief
from tests.report.making import edge_cases
from tests.solving import briefed


@cache
def made(name: str) -> Brief:
    """Return the brief of a catalog case or of an edge case."""
    edges = edge_cases()
    return briefed(edges[name] if name in edges else open_case(name))


@cache
def page(name: str) -> str:
    """Return the page of a brief."""
    return made(name).to_html()


@pytest.fixture(scope="session")
def brief_of() -> Callable[[str], Brief]:
    """Make or recall a brief by the name of its case."""
    return made


@pytest.fixture(scope="session")
def page_of() -> Callable[[str], str]:
    """Make or recall a page by the name of its case."""
    return page
