"""Runs single actions as the action server does, against a real back office."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from rasa.shared.importers.importer import TrainingDataImporter
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import topic
from actions.shop import Shop
from actions.shop.settings import Settings
from benchmarks.ports import free_ports

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "token-of-the-tests"


@pytest.fixture(scope="session")
def domain() -> dict[str, Any]:
    """The assistant's domain, as the action server gets it."""
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml")
    )
    return importer.get_domain().as_dict()


@dataclass
class Ran:
    """What an action did."""

    events: list[dict[str, Any]]
    messages: list[dict[str, Any]]

    @property
    def responses(self) -> list[str]:
        return [message["response"] for message in self.messages]

    @property
    def slots(self) -> dict[str, Any]:
        return {
            event["name"]: event["value"]
            for event in self.events
            if event["event"] == "slot"
        }


@dataclass
class Chat:
    """A conversation before an action runs: say what is known, then run it."""

    domain: dict[str, Any]
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    loop: str | None = None
    message: dict[str, Any] = field(default_factory=dict)
    message_id: str = field(default_factory=lambda: uuid4().hex)

    def knows(self, **slots: Any) -> "Chat":
        """Sets slots before the customer's next message."""
        self.slots.update(slots)
        self.events += [_slot(name, value) for name, value in slots.items()]
        return self

    def verified(self, customer_id: str, **changes: Any) -> "Chat":
        """Lets the customer have passed the code a minute ago."""
        at = datetime.now(timezone.utc) - timedelta(minutes=1)
        passed = {
            "method": "one_time_code",
            "level": "verified",
            "at": at.isoformat(),
            "customer_id": customer_id,
        }
        return self.knows(authentication={**passed, **changes})

    def asked(self, form: str, slot: str) -> "Chat":
        """Opens a form that has asked for a slot."""
        self.loop = form
        self.events.append({"event": "active_loop", "name": form})
        if slot == "confirm":
            self.hears_question()
        return self.knows(requested_slot=slot)

    def hears_question(self, text: str = "Shall I?", **titles: str) -> "Chat":
        """Lets the assistant have asked for a yes or a no."""
        buttons = [
            {"title": titles.get("yes", "Yes, do it"), "payload": "/affirm"},
            {"title": titles.get("no", "No, leave it"), "payload": "/deny"},
        ]
        data = {"buttons": buttons}
        self.events.append({"event": "bot", "text": text, "data": data})
        return self

    def left(self) -> "Chat":
        """Ends the open form."""
        self.loop = None
        self.events.append({"event": "active_loop", "name": None})
        return self.knows(requested_slot=None)

    def says(
        self, text: str, intent: str = "inform", confidence: float = 0.9
    ) -> "Chat":
        self.message = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "entities": [],
            "message_id": self.message_id,
        }
        self.events.append({"event": "user", "text": text})
        return self

    def starts(self, form: str) -> "Chat":
        """Opens a form in this turn."""
        self.loop = form
        self.events.append({"event": "active_loop", "name": form})
        return self

    async def run(self, action: Action, **candidates: Any) -> Ran:
        """Runs an action; `candidates` are the slots a form shall validate."""
        extracted = [_slot(name, value) for name, value in candidates.items()]
        if self.loop:  # Rasa notes the form's own run before what it has found
            extracted.insert(0, {"event": "action", "name": self.loop})
        tracker = Tracker(
            "conversation-1",
            {**dict.fromkeys(self.domain["slots"]), **self.slots, **candidates},
            self.message or {"message_id": self.message_id},
            [*self.events, *extracted],
            False,
            None,
            {"name": self.loop} if self.loop else {},
            "action_listen",
        )
        dispatcher = CollectingDispatcher()
        events = await action.run(dispatcher, tracker, self.domain)
        return Ran(events, dispatcher.messages)


def _slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


@pytest.fixture
def chat(domain: dict[str, Any]) -> Chat:
    return Chat(domain)


@dataclass(frozen=True)
class Backoffice:
    """The sandbox, reached past the clients."""

    url: str

    def fail(self, **failure: object) -> None:
        self._ask("POST", "/sandbox/failure", json=failure)

    def order(self, number: str) -> dict[str, Any]:
        return self._ask("GET", f"/orders/{number}")

    def mails(self, number: str, kind: str) -> list[str]:
        mails = self._ask("GET", "/outbox.json", params={"order_number": number})
        return [mail["body"] for mail in mails["mails"] if mail["kind"] == kind]

    def mails_to(self, email: str) -> list[dict[str, Any]]:
        """Returns the mails to an address, the newest first."""
        answer = self._ask("GET", "/outbox.json", params={"email": email})
        return answer["mails"]

    def reviews(self) -> list[dict[str, Any]]:
        """Returns all reviews, the newest first."""
        return self._ask("GET", "/reviews")["reviews"]

    def account(self, customer_id: str) -> dict[str, Any]:
        return self._ask("GET", f"/accounts/{customer_id}")

    def code(self, number: str) -> str:
        """Returns the newest code sent for an order."""
        found = re.search(r"\d{6}", self.mails(number, "one_time_code")[0])
        assert found
        return found.group()

    def _ask(self, method: str, path: str, **request: Any) -> Any:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = requests.request(
            method, self.url + path, headers=headers, timeout=10, **request
        )
        answer.raise_for_status()
        return answer.json()


@pytest.fixture
def use_shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Points the actions to a back office."""
    monkeypatch.setenv("SERVICE_TOKEN", TOKEN)

    def use(url: str) -> None:
        monkeypatch.setenv("BACKOFFICE_URL", url)
        topic.shop.cache_clear()

    yield use
    topic.shop.cache_clear()


@pytest.fixture
def backoffice(sandbox: str, use_shop: Any) -> Iterator[Backoffice]:
    use_shop(sandbox)
    backoffice = Backoffice(sandbox)
    yield backoffice
    backoffice.fail(mode="none")


@pytest.fixture
def no_backoffice(use_shop: Any) -> None:
    """Nobody listens where the back office should be."""
    use_shop(f"http://127.0.0.1:{next(free_ports())}")


@pytest.fixture
def shop(sandbox: str) -> Iterator[Shop]:
    shop = Shop(Settings(sandbox, TOKEN))
    yield shop
    shop.close()
