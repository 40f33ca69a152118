"""An action server whose actions the tests can hold up, count and take away."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WAIT_SECS = 20


class FakeActions:
    """Speaks rasa-sdk's protocol on a loopback port of its own."""

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, str]] = Counter()
        self._gates: dict[str, tuple[threading.Event, threading.Event]] = {}
        self._server = self._listen(0)
        self.port = self._server.server_port

    def _listen(self, port: int) -> ThreadingHTTPServer:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = json.dumps(fake.run(body)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                try:
                    self.wfile.write(answer)
                except OSError:
                    pass  # the caller has left

            def log_message(self, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @contextmanager
    def dead(self) -> Iterator[None]:
        """Nobody listens on the port."""
        self.close()
        try:
            yield
        finally:
            self._server = self._listen(self.port)

    @contextmanager
    def held(self, sender: str) -> Iterator[threading.Event]:
        """Actions of a conversation wait until the block ends.

        Yields an event that says that the first of them has arrived.
        """
        arrived, released = threading.Event(), threading.Event()
        self._gates[sender] = (arrived, released)
        try:
            yield arrived
        finally:
            released.set()
            del self._gates[sender]

    def run(self, body: dict[str, Any]) -> dict[str, Any]:
        name, sender = body["next_action"], body["sender_id"]
        self.calls[sender, name] += 1
        gate = self._gates.get(sender)
        if gate is not None:
            arrived, released = gate
            arrived.set()
            released.wait(WAIT_SECS)
        events, responses = _ACTIONS[name](body["tracker"]["slots"])
        return {"events": events, "responses": responses}


Outcome = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def _validate(slots: dict[str, Any]) -> Outcome:
    number = slots["order_number"]
    if number is None or re.fullmatch(r"HP-\d{5}", number):
        return [_slot("order_number", number)], []
    return [_slot("order_number", None)], [{"text": "That is no order number."}]


def _look_up(slots: dict[str, Any]) -> Outcome:
    number = slots["order_number"]
    return [_slot("looked_up", number)], [{"text": f"{number} is on its way."}]


def _cancel(slots: dict[str, Any]) -> Outcome:
    done = [{"text": f"{slots['order_number']} is cancelled."}]
    return [_slot("order_number", None)], done


def _hand_off(slots: dict[str, Any]) -> Outcome:
    return [], [{"response": "utter_handoff"}]


def _greet_again(slots: dict[str, Any]) -> Outcome:
    outcome = slots["handback"].get("outcome", "all settled")
    return [], [{"text": f"I'm back. Outcome: {outcome}."}]


def _slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


_ACTIONS = {
    "validate_order_form": _validate,
    "action_look_up": _look_up,
    "action_cancel": _cancel,
    "action_handoff": _hand_off,
    "action_greet_after_handback": _greet_again,
}
