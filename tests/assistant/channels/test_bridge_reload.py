"""A new model in the running assistant: who is talking notices new words at most."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fake_actions import FakeActions
from fake_bridge import FakeBridge
from rasa_process import RasaProcess, new_id, running_rasa, texts, train

OLD, NEW = "Hello there.", "Good to see you."
CLIENTS = 16


class Copy:
    """A running assistant of this file's own, and two models to choose from."""

    def __init__(
        self, rasa: RasaProcess, served: Path, models: dict[str, Path]
    ) -> None:
        self.rasa = rasa
        self.served = served
        self._models = models

    def put(self, model: Path) -> None:
        """Replaces the served file at once, as training does."""
        fresh = self.served.with_suffix(".fresh")
        shutil.copy(model, fresh)
        fresh.replace(self.served)

    def reload(self, wording: str) -> dict[str, Any]:
        self.put(self._models[wording])
        response = self.rasa.post("reload", None, timeout=120)
        assert response.status_code == 200, response.text
        return response.json()

    def memory_kb(self) -> int:
        status = Path(f"/proc/{self.rasa.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        OLD: train(tmp_path_factory.mktemp("old")),
        NEW: train(tmp_path_factory.mktemp("new"), (OLD, NEW)),
    }


@pytest.fixture(scope="module")
def running(
    models: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
    actions: FakeActions,
    bridge: FakeBridge,
) -> Iterator[Copy]:
    folder = tmp_path_factory.mktemp("reload")
    served = folder / "assistant.tar.gz"
    shutil.copy(models[OLD], served)
    with running_rasa(served, folder, actions.port, bridge.url) as rasa:
        yield Copy(rasa, served, models)


@pytest.fixture
def copy(running: Copy) -> Iterator[Copy]:
    """Each test finds the old wording."""
    running.reload(OLD)
    yield running


def test_answers_come_from_the_new_model_afterwards(copy: Copy, sender: str) -> None:
    assert texts(copy.rasa.say(sender, "hello")) == [OLD]
    done = copy.reload(NEW)
    assert texts(copy.rasa.say(sender, "hello")) == [NEW]
    assert done["model_id"] != done["replaced"]
    assert copy.rasa.get_health()["model_id"] == done["model_id"]


def test_an_open_form_goes_on(copy: Copy, sender: str) -> None:
    assert copy.rasa.say(sender, "where is my order")["turn"]["active_loop"]
    copy.reload(NEW)
    answered = copy.rasa.say(sender, "HP-10428")["turn"]
    assert answered["slots"]["order_number"] == "HP-10428"
    assert answered["active_loop"] is None


def test_a_known_message_is_answered_as_before(copy: Copy, sender: str) -> None:
    message_id = new_id()
    first = copy.rasa.say(sender, "hello", message_id=message_id)
    copy.reload(NEW)
    assert copy.rasa.say(sender, "hello", message_id=message_id) == first


def test_only_the_bridge_may_reload(copy: Copy) -> None:
    assert copy.rasa.post("reload", None, headers={}).status_code == 401


@pytest.mark.parametrize("content", [b"", b"not an archive", None])
def test_a_broken_model_is_refused_and_the_old_one_stays(
    copy: Copy, models: dict[str, Path], tmp_path: Path, sender: str, content: Any
) -> None:
    broken = tmp_path / "broken.tar.gz"
    half = models[NEW].read_bytes()
    broken.write_bytes(half[: len(half) // 2] if content is None else content)
    copy.put(broken)
    response = copy.rasa.post("reload", None)

    assert response.status_code == 422, response.text
    assert response.json()["error"] == "bad_model"
    assert "assistant.tar.gz" in response.json()["message"]
    assert texts(copy.rasa.say(sender, "hello")) == [OLD]
    copy.reload(NEW)
    assert texts(copy.rasa.say(sender, "hello")) == [NEW]


def test_a_missing_model_is_refused(copy: Copy, sender: str) -> None:
    os.remove(copy.served)
    assert copy.rasa.post("reload", None).status_code == 422
    assert texts(copy.rasa.say(sender, "hello")) == [OLD]


def test_nothing_is_lost_or_doubled_under_load(copy: Copy) -> None:
    """16 customers, one conversation after the other, during three reloads."""
    over = threading.Event()

    def customer(_: int) -> list[Talk]:
        talks = []
        while not over.is_set():
            talks.append(talk(copy.rasa))
        return talks

    with ThreadPoolExecutor(CLIENTS) as pool:
        customers = [pool.submit(customer, number) for number in range(CLIENTS)]
        try:
            for wording in (NEW, OLD, NEW):
                copy.reload(wording)
        finally:
            over.set()
        talks = [talk for each in customers for talk in each.result()]

    for sender, sent, _ in talks:
        assert stored_messages(copy.rasa, sender) == sent
    assert {greeting for _, _, greeting in talks} == {OLD, NEW}
    assert texts(copy.rasa.say(talks[0][0], "hello")) == [NEW]


Talk = tuple[str, list[str], str]


def talk(rasa: RasaProcess) -> Talk:
    """A greeting, then a form that is open over one message; nothing may fail."""
    sender, sent = new_id(), [new_id(), new_id(), new_id()]
    greeted = rasa.say(sender, "hello", message_id=sent[0])
    asked = rasa.say(sender, "where is my order", message_id=sent[1])
    given = rasa.say(sender, "HP-10428", message_id=sent[2])
    for answer in (greeted, asked, given):
        assert answer["turn"]["failed_action"] is None
        assert texts(answer)
    assert asked["turn"]["active_loop"] == "order_form"
    assert given["turn"]["slots"]["order_number"] == "HP-10428"
    assert given["turn"]["active_loop"] is None
    return sender, sent, texts(greeted)[0]


def test_memory_does_not_grow_with_every_reload(copy: Copy) -> None:
    for wording in (NEW, OLD, NEW):
        copy.reload(wording)
    before = copy.memory_kb()
    for wording in (OLD, NEW) * 4:
        copy.reload(wording)

    # A model that stayed would be ten times this for eight reloads.
    assert copy.memory_kb() - before < 12 * 1024


def stored_messages(rasa: RasaProcess, sender: str) -> list[str]:
    query = "SELECT json_extract(data, '$.message_id') FROM events"
    with sqlite3.connect(rasa.tracker_db) as database:
        where = "WHERE sender_id = ? AND type_name = 'user' ORDER BY id"
        return [row[0] for row in database.execute(f"{query} {where}", (sender,))]
