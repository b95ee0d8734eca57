"""What does a reply say? Its JSON, past reasoning, fences and prose, checked here."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["statements"],
    "properties": {
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["sent", "speaker", "cue", "quote"],
                "properties": {
                    "sent": {"type": "integer"},
                    "speaker": {"type": "string"},
                    "cue": {"type": "string"},
                    "quote": {"type": "string"},
                },
            },
        }
    },
}
_REASONING = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)


class Item(NamedTuple):
    """One statement as a model words it: strings that have to be found in the text."""

    sent: int
    speaker: str
    cue: str
    quote: str


def items(text: str) -> list[Item]:
    """Return the items of a reply; ``ValueError`` says what is wrong, in words for the repair turn."""
    found = _first_json(_REASONING.sub("", text))
    if isinstance(found, list):
        found = {"statements": found}
    if not isinstance(found, dict) or not isinstance(found.get("statements"), list):
        raise ValueError('the reply must be one JSON object with the key "statements", a list')
    return [_item(number, item) for number, item in enumerate(found["statements"])]


def _first_json(text: str) -> Any:
    decoder = json.JSONDecoder()
    for start in re.finditer(r"[{\[]", text):
        try:
            value, _ = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) or (
            isinstance(value, list) and all(isinstance(one, dict) for one in value)
        ):
            return value
    raise ValueError("the reply holds no JSON object that can be read to its end")


def _item(number: int, item: Any) -> Item:
    where = f"statements[{number}]"
    if not isinstance(item, dict):
        raise ValueError(f"{where} must be an object")
    sent = item.get("sent")
    if isinstance(sent, str) and sent.strip("[] ").isdecimal():
        sent = int(sent.strip("[] "))
    if not isinstance(sent, int) or isinstance(sent, bool):
        raise ValueError(f"{where}.sent must be the number of a sentence")
    words = {}
    for key in ("speaker", "cue", "quote"):
        value = item.get(key)
        if not isinstance(value, str):
            raise ValueError(f'{where}.{key} must be a string copied from the text, "" for none')
        words[key] = value.strip()
    if not words["quote"]:
        raise ValueError(f"{where}.quote is empty")
    return Item(sent, **words)


__all__ = ["SCHEMA", "Item", "items"]
