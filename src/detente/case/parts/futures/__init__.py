"""Which futures can follow, and what pushes towards what? Descriptors, variants and judgements.

A judgement says how far one variant of a descriptor promotes (above 0) or hinders (below 0) each variant of
another, or of its own descriptor. A row of judgements that is stated has been judged: what it does not name
gets no push. A row that is not stated has not been judged; it counts as no push too, but it is listed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from detente.case.fields import (
    EMPTY,
    LISTED,
    Asserts,
    Citations,
    Doubtful,
    Each,
    Frozen,
    Keyed,
    Number,
    Part,
    Refers,
    Stated,
    bare,
    spelt,
)
from detente.case.parts.game.statement import Statement
from detente.case.text import Identifier, Name, Text
from detente.quantity import Quantity

MAX_DESCRIPTORS = 60
MAX_VARIANTS = 30
MAX_CONSTRAINTS = 500
LIMIT = 3
"""Judgements run from -3 to 3 where the case declares nothing else (Weimer-Jehle 2006)."""


_DESCRIPTORS = "futures.descriptors"
DescriptorId = Annotated[Identifier, Refers(_DESCRIPTORS)]
VariantId = Annotated[Identifier, Refers(f"{_DESCRIPTORS}.*.variants")]
ExpertId = Annotated[Identifier, Refers("futures.experts", way="add it under futures.experts")]


def _ascending(cuts: tuple[float, ...]) -> tuple[float, ...]:
    if any(not math.isfinite(cut) for cut in cuts) or list(cuts) != sorted(set(cuts)):
        raise ValueError("cuts are numbers, each above the one before")
    return cuts


class Variant(Part):
    """One way in which a descriptor may turn out.

    Attributes:
        means: the name spelt out.
        when: of a descriptor that follows what holds in a game: a statement about its options.
    """

    name: Name
    means: Text | None = None
    when: Statement | None = None


Worded = Annotated[Variant, spelt("name", Variant), bare("name")]


class Descriptor(Part):
    """Something that may turn out in several ways.

    Attributes:
        theme: the region or theme under which it is told.
        variants: the ways; of a descriptor with cuts from the low end of the scale to the high end.
        follows: an answer to another question, such as ``winset.ukraine``, that decides the variant.
        cuts: where the scale of that answer passes from one variant to the next.
    """

    name: Name
    theme: Name | None = None
    variants: Annotated[Frozen[Worded], Field(min_length=1, max_length=MAX_VARIANTS)]
    follows: Name | None = None
    cuts: Annotated[tuple[Number, ...], AfterValidator(_ascending)] = ()
    because: Citations = ()


def _names(case: Any, source: str, variant: str, target: str) -> tuple[str, str]:
    """Return the row's name, and the name of its target."""
    by, on = (case.futures.descriptors.get(one) for one in (source, target))
    of = by.variants.get(variant) if by else None
    return f"{by.name if by else source}, {of.name if of else variant}", on.name if on else target


def push_words(case: Any, steps: Sequence[str]) -> tuple[str, str, str]:
    """Return whose a push is, what it is, and the whole as the subject of a sentence.

    The steps are ``futures.judgements.SOURCE.VARIANT.TARGET.pushes.VARIANT``, or ``….experts.EXPERT.VARIANT``.
    """
    name, on = _names(case, *steps[2:5])
    descriptor = case.futures.descriptors.get(steps[4])
    towards = descriptor.variants.get(steps[-1]) if descriptor else None
    end = towards.name if towards else steps[-1]
    expert = case.futures.experts.get(steps[6]) if steps[5] == "experts" else None
    by = f", as {expert.name} has it" if expert else ""
    return name, f"push on {on}, {end}{by}", f"how far “{name}” pushes {on} towards “{end}”{by}"


def row_words(case: Any, steps: Sequence[Any]) -> str:
    """Return a row of judgements in words."""
    return ", on ".join(_names(case, *steps[2:5]))


Push = Annotated[Quantity, Doubtful("push", told=push_words)]


class Judgement(Part):
    """What one variant does to all variants of a descriptor: one row of the matrix.

    Attributes:
        pushes: variant → how far it is promoted (above 0) or hindered (below 0); no push where it is not named.
        experts: expert → the same, for those who see it otherwise.
        because_each: variant → what the push on it alone rests on.
    """

    pushes: Keyed[VariantId, Push] = EMPTY
    experts: Keyed[ExpertId, Keyed[VariantId, Push]] = EMPTY
    because: Citations = ()
    because_each: Each[VariantId] = EMPTY

    @property
    def summary(self) -> str:
        """Return the pushes as they are written."""
        said = {f"{expert}: ": pushes for expert, pushes in self.experts.items()}
        told = [f"{variant} {push}" for variant, push in self.pushes.items()]
        told += [
            by + ", ".join(f"{one} {push}" for one, push in pushes.items()) for by, pushes in said.items()
        ]
        return "; ".join(told) or "none"


class Expert(Part):
    """Somebody who judges; ``weight``: how often that is taken, beside the others (≥ 0; only ratios matter)."""

    name: Name
    weight: Annotated[Number, Field(ge=0)] = 1.0


Settings = Keyed[DescriptorId, Annotated[tuple[VariantId, ...], LISTED]]
"""Descriptor → some of its variants."""


class Constraint(Part):
    """What cannot be: variants that never come together, or variants that others imply.

    Attributes:
        never: descriptor → variants, of at least one descriptor, that do not come together.
        when: descriptor → variants that imply …
        then: … that these descriptors have one of these variants.
    """

    never: Settings = EMPTY
    when: Settings = EMPTY
    then: Settings = EMPTY
    because: Citations = ()

    @property
    def words(self) -> str:
        """Return what cannot be, by ids."""
        if self.never:
            return f"not {_joined(self.never)}"
        return f"{_joined(self.then)} if {_joined(self.when)}"


def _joined(settings: Mapping[str, Sequence[str]]) -> str:
    return " and ".join(f"{key} {' or '.join(variants)}" for key, variants in settings.items())


class Assumption(Part):
    """What is assumed in one answer and excluded in the other: its name follows “with”, and “without”."""

    name: Name
    holds: Annotated[Settings, Field(min_length=1, max_length=1)]


class Claim(Part):
    """What somebody says, in a clause, would follow: does it hold together, and what would it take?"""

    name: Name
    holds: Annotated[Settings, Field(min_length=1)]
    because: Citations = ()


class Futures(Part):
    """What may follow, and what pushes towards what.

    Attributes:
        scale: the largest push; judgements run from ``-scale`` to ``scale``.
        whole: whether judgements are whole numbers; drawn ones are then rounded.
        descriptors: what may turn out in several ways, in the order of the matrix.
        judgements: source → its variant → target → what that does to the target's variants.
        experts: who judges, where several do; in each draw one of them is taken, with all that this one said.
        constraints: what cannot be.
        fixed: descriptor → variant that is taken as given.
        assume: what is assumed in one answer and excluded in the other.
        claims: what somebody says would follow, or wants.
    """

    scale: Annotated[Number, Field(gt=0, le=1_000)] = LIMIT
    whole: bool = True
    descriptors: Annotated[Frozen[Descriptor], Field(min_length=1, max_length=MAX_DESCRIPTORS)]
    judgements: Keyed[
        DescriptorId,
        Keyed[VariantId, Keyed[DescriptorId, Annotated[Judgement, Asserts("", "{summary}", told=row_words)]]],
    ] = EMPTY
    experts: Annotated[
        Frozen[Expert],
        Stated("whose judgements are taken", owner="Experts", phrase="which expert’s judgements are taken"),
    ] = EMPTY
    constraints: Annotated[
        tuple[Annotated[Constraint, Asserts("Futures that cannot be", "{words}")], ...],
        Field(max_length=MAX_CONSTRAINTS),
    ] = ()
    fixed: Keyed[DescriptorId, VariantId] = EMPTY
    assume: Assumption | None = None
    claims: Annotated[
        Frozen[Annotated[Claim, Asserts("What would follow", "{name}")]], Field(max_length=100)
    ] = EMPTY

    def rows(self) -> Iterator[tuple[str, str, str, Judgement]]:
        """Yield source, its variant, target and judgement of every row that is stated."""
        for source, by_variant in self.judgements.items():
            for variant, by_target in by_variant.items():
                yield from ((source, variant, target, row) for target, row in by_target.items())

    def unjudged(self) -> list[tuple[str, str, str]]:
        """Return source, variant and target of rows that are missing where another variant has one."""
        stated = {(source, variant, target) for source, variant, target, _ in self.rows()}
        blocks = dict.fromkeys((source, target) for source, _, target in stated)
        return [
            (source, variant, target)
            for source, target in sorted(blocks)
            for variant in self.descriptors[source].variants
            if (source, variant, target) not in stated
        ]
