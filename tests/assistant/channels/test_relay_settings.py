"""What `credentials.yml` says of the relay, and where connectors' clients run."""

import threading
from typing import Any

import pytest
from kiosk import KioskInput
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.exceptions import RasaException

from channels.relay import RelayInput
from channels.relay_outbound import Outgoing, Sender


class Recorder(OutputChannel):
    """Notes the thread that it is called in."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    async def send_text_message(
        self, recipient_id: str, text: str, **kwargs: Any
    ) -> None:
        self.threads.append(threading.current_thread())


def credentials(**more: Any) -> dict[str, Any]:
    return {
        "service_token": "token-of-the-tests",
        "bridge_url": "http://127.0.0.1:9",
        "connectors": {"kiosk.KioskInput": {"url": "http://127.0.0.1:9"}},
        **more,
    }


def test_connectors_are_known_by_their_own_names() -> None:
    relay = RelayInput.from_credentials(credentials(in_loop=["shop_kiosk"]))
    assert [*relay._connectors] == ["shop_kiosk"]
    assert relay.url_prefix() == "relay"


@pytest.mark.parametrize(
    "more",
    [
        {"service_token": None},
        {"bridge_url": ""},
        {"connectors": {}},
        {"connectors": {"kiosk.Gone": {}}},
        {"in_loop": ["mattermost"]},
    ],
)
def test_what_cannot_work_stops_the_start(more: dict[str, Any]) -> None:
    with pytest.raises(RasaException):
        RelayInput.from_credentials(credentials(**more))


@pytest.mark.parametrize("in_loop", [True, False])
async def test_a_client_of_rasas_loop_stays_there(in_loop: bool) -> None:
    output = Recorder()
    sender = Sender(KioskInput("http://127.0.0.1:9"), in_loop=in_loop)
    sender.remember(UserMessage("hi", output, "t-1"))
    await sender.send(Outgoing("shop_kiosk", "t-1", "m-1", "Hello"))
    (used,) = output.threads
    assert (used is threading.current_thread()) == in_loop
