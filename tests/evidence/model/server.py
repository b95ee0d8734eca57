"""A server on the loopback that speaks the chat protocol, well or badly, as a test wants it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What the server sends."""

    text: str = '{"statements": []}'
    status: int = 200
    finish: str = "stop"
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None


@dataclass
class Server:
    """Where it listens and what it was asked."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def modes(self) -> list[str]:
        """Return the mode of each request."""
        return [body.get("response_format", {}).get("type", "plain") for body in self.bodies]


@contextmanager
def serving(answer: Callable[[dict[str, Any], int], Answer]) -> Iterator[Server]:
    """Serve until the block ends; ``answer`` gets the body and the number of the request."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.bodies.append(body)
            server.keys.append(self.headers["Authorization"])
            said = answer(body, len(server.bodies) - 1)
            choice = {"message": {"role": "assistant", "content": said.text}, "finish_reason": said.finish}
            data = said.raw if said.raw is not None else json.dumps({"choices": [choice]}).encode()
            self.send_response(said.status)
            for name, value in said.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        server.url = f"http://127.0.0.1:{running.server_address[1]}/v1"
        try:
            yield server
        finally:
            running.shutdown()
            thread.join()
