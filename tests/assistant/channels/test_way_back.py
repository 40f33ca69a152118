"""How a customer is answered, written down without the connector's secrets."""

import json
from typing import Any

import pytest
from kiosk import KioskInput, KioskOutput
from rasa.core.channels.botframework import BotFramework
from rasa.core.channels.channel import InputChannel, OutputChannel
from rasa.core.channels.mattermost import MattermostBot, MattermostInput

from channels.way_back import restored, way_back

TOKEN = "a-token-of-the-team"


def mattermost() -> MattermostInput:
    return MattermostInput("https://chat.example/api/v4", TOKEN, "https://b.example/w")


class Bot(OutputChannel):
    def __init__(self, **values: Any) -> None:
        vars(self).update(values)


class BotInput(InputChannel):
    def __init__(self) -> None:
        self.token = TOKEN
        self.client = object()


def test_an_output_comes_back_as_it_was() -> None:
    connector = mattermost()
    output = MattermostBot(connector.url, TOKEN, "channel-3", connector.webhook_url)
    found = way_back(connector, output)
    again = restored(connector, json.loads(json.dumps(found)))
    assert isinstance(again, MattermostBot)
    assert vars(again) == vars(output)


def test_a_new_token_takes_the_place_of_the_old_one() -> None:
    connector = mattermost()
    found = way_back(connector, MattermostBot(connector.url, TOKEN, "c", None))
    assert found is not None
    assert TOKEN not in json.dumps(found)
    connector.token = "the-next-token"
    assert restored(connector, found).token == "the-next-token"


def test_what_the_platform_says_of_the_conversation_is_kept() -> None:
    connector = Bot(app_id="app-1", app_password="very-secret-password")
    output = BotFramework(
        "app-1", "very-secret-password", {"id": "c-1"}, {"id": "b"}, "https://s.example"
    )
    found = way_back(connector, output)  # type: ignore[arg-type]
    assert "very-secret" not in json.dumps(found)
    assert vars(restored(connector, found)) == vars(output)  # type: ignore[arg-type]


def test_a_client_that_is_shared_is_taken_from_the_connector() -> None:
    connector = BotInput()
    found = way_back(connector, Bot(client=connector.client, room="r-1"))
    assert found is not None
    again = restored(connector, found)
    assert (again.client, again.room) == (connector.client, "r-1")


def local() -> OutputChannel:
    class Output(OutputChannel):
        pass

    return Output()


@pytest.mark.parametrize(
    "output",
    [
        KioskOutput("http://127.0.0.1:1"),
        Bot(headers={"Authorization": f"Bearer {TOKEN}"}),
        Bot(rooms={1: "a"}),
        Bot(rooms=("a", "b")),
        Bot(text="x" * 3000),
        local(),
    ],
)
def test_what_cannot_be_written_down_is_not(output: OutputChannel) -> None:
    assert way_back(BotInput(), output) is None


@pytest.mark.parametrize(
    "found",
    [
        {"class": "os.path", "own": {}, "values": {}},
        {"class": "kiosk.KioskInput", "own": {}, "values": {}},
        {"class": "kiosk.Gone", "own": {}, "values": {}},
        {"class": "kiosk.KioskOutput", "own": {"url": "gone"}, "values": {}},
        {"own": {}},
    ],
)
def test_what_it_did_not_write_is_refused(found: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        restored(KioskInput("http://127.0.0.1:1"), found)
