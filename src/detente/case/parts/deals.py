"""Which issues would be settled together, and does somebody agree to it for want of a stance?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.case.consent_use import needs, rules, satisfied, voices
from detente.case.reading import Path
from detente.case.validation import Fault, warning


def deal_warnings(case: Any, _: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield deals to which somebody, or everybody who counts, agrees for want of a stance."""
    packages: dict[Path, tuple[str, ...]] = {("deals", key): deal.issues for key, deal in case.deals.items()}
    alone: dict[Path, tuple[str, ...]] = {("issues", issue): (issue,) for issue in case.issues}
    for path, issues in (packages or alone).items():
        asked = [needs(case, rule) for rule in rules(case, issues)]
        voters = list(dict.fromkeys(actor for rule in asked for actor in voices(rule)))
        heard = {actor for issue in issues for actor in case.stances.get(issue, {})}
        silent = [actor for actor in voters if actor not in heard]
        if silent and all(satisfied(rule, silent.__contains__) for rule in asked):
            told = "those whose consent is enough have no stance here, so they agree to anything"
            yield warning(path, told, "give them one, or change who must consent")
        elif silent and packages:
            listed = ", ".join(silent[:5]) + (f" and {len(silent) - 5} more" if len(silent) > 5 else "")
            told = (
                f"asked for consent, but without a stance here: {listed}; whoever has none agrees to anything"
            )
            yield warning(path, told, "give them one on an issue of the deal")
