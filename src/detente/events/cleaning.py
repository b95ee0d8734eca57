"""Which rows are not events? Named steps, each of which says how many rows it took and can be switched off."""

from __future__ import annotations

from collections.abc import Sequence

from detente.errors import OptionError, offering

LAGS = (7, 30, 365)
"""Days between event and report that come of words such as 'a year ago' in the text."""

STEPS = {
    "duplicates": "the same event of the same data set, loaded from two files",
    "reports": "rows of one report that say the same of the same day and the same two",
    "lags": f"dated {', '.join(map(str, LAGS))} days before it was reported",
    "self": "a country that acts on itself",
    "cities": "a city or another name that stands under its country's code",
    "daily": "a second act of the same code on the same day between the same two",
}
"""Name of a step → rows that it takes out."""
DEFAULT = ("duplicates", "reports", "lags", "self")

_CONDITIONS = {
    "duplicates": "row_number() OVER (PARTITION BY feed, date, coalesce(event_id, file || ':' || line) "
    "ORDER BY file, line) = 1",
    "reports": "row_number() OVER (PARTITION BY feed, date, source_raw, target_raw, code, "
    "coalesce(url, file || ':' || line) ORDER BY file, line) = 1",
    "lags": f"(added IS NULL OR date_diff('day', date, CAST(added AS DATE)) NOT IN ({', '.join(map(str, LAGS))}))",
    "self": "coalesce(source <> target, true)",
    "cities": "NOT (feed LIKE 'gdelt%' AND ("
    + " OR ".join(
        f"(length({side}_raw) = 3 AND {side}_name IN (SELECT name FROM cities))"
        for side in ("source", "target")
    )
    + "))",
    "daily": "row_number() OVER (PARTITION BY feed, date, source_raw, target_raw, code ORDER BY file, line) = 1",
}


def chosen(left_out: Sequence[str] = (), added: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the steps that are taken, in their order.

    Raises:
        OptionError: one of them does not exist.
    """
    for step in (*left_out, *added):
        if step not in STEPS:
            raise OptionError(offering(f"there is no cleaning step {step!r}", step, STEPS))
    return tuple(step for step in STEPS if (step in DEFAULT or step in added) and step not in left_out)


def cleaned(source: str, steps: Sequence[str]) -> str:
    """Return the query of a source's rows that all steps leave.

    Args:
        source: name of a table or view with the columns of the store.
        steps: names of steps; each sees what those before it left.
    """
    query = f"SELECT * FROM {source}"
    for step in steps:
        clause = "QUALIFY" if "OVER (" in _CONDITIONS[step] else "WHERE"
        query = f"SELECT * FROM ({query}) {clause} {_CONDITIONS[step]}"
    return query
