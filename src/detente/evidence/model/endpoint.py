"""How is a language model asked? By one POST of the chat protocol, with patience and bounds."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from detente.errors import OptionError

KEY = "DETENTE_MODEL_KEY"
"""The variable of the environment that holds the key; nothing else is ever sent as one."""
TRIES, LONGEST_WAIT = 4, 20.0
MOST = 4_000_000  # bytes of a reply


class Unanswered(Exception):  # noqa: N818  (it is caught and told, never shown as an error)
    """No usable reply; ``lasting`` says that asking on is of no use."""

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


class Refused(Exception):  # noqa: N818
    """The server does not take the request as it is (400, 404, 422)."""


class Reply(NamedTuple):
    """What came back: the text, and whether it was cut off."""

    text: str
    cut: bool


@dataclass(slots=True)
class Endpoint:
    """Where a model is asked.

    Requests go to ``BASE/chat/completions`` only, redirects are not followed. The key is sent as a bearer token,
    never shown, never stored.
    """

    base_url: str  # up to ``/v1``
    model: str
    key: str | None = field(default_factory=lambda: os.environ.get(KEY), repr=False)
    timeout: float = 120.0  # seconds for one reply
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            told = f"the address of the model is {self.base_url!r}; write it whole, such as http://localhost:8080/v1"
            raise OptionError(told)
        if parts.username or parts.password:
            raise OptionError(f"the address of the model holds a password; put the key into {KEY} instead")
        if not self.model.strip():
            raise OptionError("the model has no name; give --model NAME")
        self.base_url = self.base_url.rstrip("/")

    @property
    def address(self) -> str:
        """Return where requests go."""
        return f"{self.base_url}/chat/completions"

    def ask(self, body: dict[str, Any]) -> Reply:
        """Send one request and return its reply; 429 and 5xx are tried again, after a wait.

        Raises:
            Refused: the server does not take this form of request.
            Unanswered: no reply that can be used.
        """
        data = json.dumps(body, ensure_ascii=True).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        for attempt in range(TRIES):
            request = urllib.request.Request(self.address, data, headers)  # noqa: S310  (http or https, see above)
            try:
                with _OPENER.open(request, timeout=self.timeout) as response:
                    return _reply(response.read(MOST + 1))
            except urllib.error.HTTPError as error:
                with error:
                    told = error.read(300).decode("utf-8", "replace").strip()
                if error.code in (400, 404, 422):
                    raise Refused(f"{self.address} refused the request ({error.code}): {told}") from error
                if error.code != 429 and error.code < 500:
                    told = f"{self.address} answered {error.code} ({error.reason}); is {KEY} right?"
                    raise Unanswered(told, lasting=True) from error
                asked = str(error.headers.get("Retry-After", "")) if error.headers else ""
                wait = min(float(asked), 60.0) if asked.isdigit() else min(2.0**attempt, LONGEST_WAIT)
            except (OSError, HTTPException) as error:
                told = f"{self.address} does not answer ({getattr(error, 'reason', error)})"
                raise Unanswered(told, lasting=True) from error
            if attempt < TRIES - 1:
                self.sleep(wait)
        raise Unanswered(f"{self.address} was too busy {TRIES} times")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry document and key to an address that nobody named."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


_OPENER = urllib.request.build_opener(_NoRedirects)


def _reply(data: bytes) -> Reply:
    if len(data) > MOST:
        raise Unanswered(f"the reply is longer than {MOST:,} bytes")
    try:
        choice = json.loads(data)["choices"][0]
        reply = Reply(choice["message"]["content"], choice.get("finish_reason") == "length")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        told = "the reply is not one of the chat protocol (no choices[0].message.content)"
        raise Unanswered(told) from error
    if not isinstance(reply.text, str):
        raise Unanswered("the reply holds no text")
    return reply
