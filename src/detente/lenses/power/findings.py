"""What should a reader take away of a rule? Its facts in sentences, and the power of its members in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from detente.lenses.power.result import AbstentionPower, MemberPower, MinimalCoalitions, RulePower, Share

MOST_SHOWN = 10
LONGEST_FRACTION = 14
COLUMNS = ("member", "seats", "Shapley-Shubik", "exactly", "Banzhaf", "absolute", "")
BLOCS = "Where members of a bloc join a side together, one bloc after the other:"
BLOC_COLUMNS = ("member", "with", "Owen", "exactly", "Banzhaf-Owen")
ABSTAINING = "Where each member may also abstain, which is not to vote no:"
SAMPLED = (
    "Too many different members to count: shares of random coalitions and orders, ± standard error; below what, "
    "where there was none."
)


def facts(found: RulePower) -> Iterator[str]:
    """Yield what is true of a rule as a whole, in sentences."""
    if found.deals:
        yield f"Needed for: {_several(found.deals)}."
    many = f"{found.voters} votes" if found.voters != 1 else "One vote"
    act = "" if found.power_to_act is None else f"; {_told(found.power_to_act)} of all coalitions win"
    yield f"{many}{act}."
    if found.dictator is not None:
        yield f"{found.dictator} decides alone."
    elif len(found.vetoers) == found.voters:
        yield "Everybody has a veto."
    elif found.vetoers:
        yield f"Veto: {_several(_kinds(power for power in found.power if power.veto))}."
    if found.dummies:
        yield f"Never matters: {_several(_kinds(power for power in found.power if power.dummy))}."
    for what, coalitions in (("to win", found.minimal_winning), ("to block", found.minimal_blocking)):
        if coalitions is not None:
            yield f"Just enough {what}: {_minimal(coalitions, found)}."
    within = [power.shapley_shubik.within for power in found.power if power.shapley_shubik.within is not None]
    if within:
        yield f"Counted in floating point: no share is off by more than {max(within):.0e} by rounding."
    if found.proper is False:
        yield "Two sides can win at once: the rule is not proper."
    if found.nakamura is not None:
        yield f"Nakamura number {found.nakamura}: that many winning coalitions can be without a common member."


def powers(found: RulePower) -> Iterator[tuple[str, ...]]:
    """Yield a row of texts per kind of members, the mightiest first: who, how many, and their power."""
    return _powers(found.power)


def abstention(found: RulePower) -> Iterator[tuple[str, ...]]:
    """Yield the same where members may abstain."""
    return _powers(found.with_abstention or ())


def _powers(found: Iterable[MemberPower | AbstentionPower]) -> Iterator[tuple[str, ...]]:
    for power in sorted(found, key=lambda power: -power.shapley_shubik.value):
        mark = ""
        if isinstance(power, MemberPower):
            mark = "veto" if power.veto else "no power" if power.dummy else ""
        yield (
            _several(power.members),
            str(power.count) if power.count > 1 else "",
            _told(power.shapley_shubik),
            _fraction(power.shapley_shubik),
            _told(power.banzhaf_normalised),
            _told(power.banzhaf),
            mark,
        )


def blocs(found: RulePower) -> Iterator[tuple[str, ...]]:
    """Yield a row of texts per member where some vote as blocs: who, with whom, and its power."""
    for power in sorted(found.with_blocs or (), key=lambda power: -power.owen.value):
        others = [name for name in power.bloc if name != power.member]
        yield (
            power.member,
            _several(others),
            _told(power.owen),
            _fraction(power.owen),
            _told(power.banzhaf_owen),
        )


def _minimal(coalitions: MinimalCoalitions, found: RulePower) -> str:
    """Return how many coalitions there are, and how they look if that is soon said."""
    count = coalitions.count
    told = f"{count:,}" if count < 10**9 else f"about {Decimal(count):.3g}"
    told += " coalition" if count == 1 else " coalitions"
    if coalitions.shapes is None or len(coalitions.shapes) > 3:
        return told
    looks = (
        " + ".join(_held(held, power) for held, power in zip(shape.holds, found.power, strict=True) if held)
        for shape in coalitions.shapes
    )
    return f"{told} ({'; '.join(looks)})"


def _held(held: int, power: MemberPower) -> str:
    """Return so many of some members who are alike."""
    if held == len(power.members) == power.count:
        return " + ".join(power.members)
    of = "of " if len(power.members) > 1 else ""
    return f"{held} {of}{_several(power.members)}"


def _kinds(powers: Iterable[MemberPower]) -> list[str]:
    """Return who some members are; seats that share a name once, with their number."""
    named: list[str] = []
    for power in powers:
        alike = power.count > len(power.members)
        named += [f"{', '.join(power.members)} (each of {power.count})"] if alike else power.members
    return named


def _several(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return ", ".join(names[:MOST_SHOWN]) + more


def _told(share: Share) -> str:
    """Return a share in per cent, with its standard error if it has one."""
    if share.below is not None:
        return f"below {100 * share.below:.3g} %" if share.below < 1 else "not seen"
    if share.value and share.value < 1e-6:
        error = f" ± {100 * share.error:.1g}" if share.error else ""
        return f"{100 * share.value:.2g}{error} %"
    error = f" ± {100 * share.error:.2f}" if share.error else ""
    return f"{100 * share.value:.4g}{error} %"


def _fraction(share: Share) -> str:
    exact = share.exact
    short = (
        exact is not None and exact.denominator < 10**LONGEST_FRACTION and len(str(exact)) <= LONGEST_FRACTION
    )
    return str(exact) if short else ""
