"""Which bodies come ready-made? Voting rules of well-known bodies, each a file with the law that it follows.

The rule of a body is written like one in a case, with roles in the place of actors; a role counts all its seats,
and ``everyone`` is all roles.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from detente.case.consent import MAX_COUNT, RuleOf
from detente.case.fields import Frozen, Part, PartialDate
from detente.case.reading import read_yaml
from detente.case.text import Identifier, Name, Text
from detente.errors import NotFoundError, offering

FOLDER = Path(__file__).parent
EVERYONE = "everyone"


class Law(Part):
    """Where a rule stands: the text of the law, or what the numbers were taken from."""

    title: Name
    url: Text | None = None


class Role(Part):
    """Seats of one kind; ``chamber`` is an id that other bodies share in which the same people sit."""

    name: Name
    seats: Annotated[int, Field(ge=1, le=MAX_COUNT)] = 1
    chamber: Identifier | None = None


class ReadyBody(Part):
    """A well-known body."""

    name: Name
    since: PartialDate | None = None
    until: PartialDate | None = None
    law: Annotated[tuple[Law, ...], Field(min_length=1)]
    roles: Annotated[Frozen[Role], Field(min_length=1)]
    rule: RuleOf

    @property
    def seats(self) -> int:
        """How many members it has."""
        return sum(role.seats for role in self.roles.values())


@cache
def ready_bodies() -> tuple[str, ...]:
    """Return the slugs of the ready-made bodies."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def ready_body(slug: str) -> ReadyBody:
    """Return a ready-made body.

    Raises:
        NotFoundError: there is none of that name; the message offers the nearest.
    """
    if slug not in ready_bodies():
        raise NotFoundError(offering(f"no ready-made body is called {slug[:80]!r}", slug, ready_bodies()))
    return ReadyBody.model_validate(read_yaml((FOLDER / f"{slug}.yaml").read_text(encoding="utf-8")).data)


__all__ = ["EVERYONE", "Law", "ReadyBody", "Role", "ready_bodies", "ready_body"]
