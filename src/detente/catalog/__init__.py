"""PUBLISHED CASES AS FILES: cases that come with the package, and the one way to open any case."""

from detente.catalog.catalog import Entry, check_reference, entries, open_case, shipped_ledger, slugs

__all__ = ["Entry", "check_reference", "entries", "open_case", "shipped_ledger", "slugs"]
