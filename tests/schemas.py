"""Do data keep to what is published of them? A schema is checked once: that takes longer than twenty briefs."""

from __future__ import annotations

import json
from functools import cache

from jsonschema import Draft202012Validator

from detente.show.record import Published


@cache
def _validator(text: str) -> Draft202012Validator:
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@cache
def _published(record: type[Published]) -> str:
    return json.dumps(record.published_schema())


def validate(data: object, schema: str | type[Published]) -> None:
    """Raise what the data break of a schema that was printed, or of the published one of a record."""
    _validator(schema if isinstance(schema, str) else _published(schema)).validate(data)
