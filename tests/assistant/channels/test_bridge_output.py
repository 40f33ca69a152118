"""Messages that no request waits for."""

from fake_bridge import FakeBridge

from channels.bridge_output import BridgeOutput, reply_of


async def test_nothing_is_posted_during_a_turn(bridge: FakeBridge) -> None:
    output = BridgeOutput(bridge.url, "secret")
    await output.send_response("c-1", {"text": "hello"})
    assert bridge.posts.empty()


async def test_later_message_is_posted_to_the_bridge(bridge: FakeBridge) -> None:
    output = BridgeOutput(bridge.url, "secret").answered()
    await output.send_response("c-1", {"text": "still there?", "buttons": []})
    path, token, body = bridge.posts.get(timeout=5)
    assert path == "/api/v1/bot/messages"
    assert token == "Bearer secret"
    assert body["conversation_id"] == "c-1"
    assert body["reply"] == {"text": "still there?"}


async def test_refused_post_is_repeated_with_the_same_id(bridge: FakeBridge) -> None:
    bridge.refusals = 1
    output = BridgeOutput(bridge.url, "secret").answered()
    await output.send_response("c-1", {"text": "hello"})
    *_, first = bridge.posts.get(timeout=5)
    *_, second = bridge.posts.get(timeout=5)
    assert first == second


def test_reply_has_only_what_is_there() -> None:
    message = {
        "text": "Look",
        "image": "https://shop.example/a.png",
        "attachment": None,
        "buttons": [{"title": "Yes", "payload": "/affirm", "type": "postback"}],
        "custom": {"order": 1},
        "timestamp": 1.0,
    }
    assert reply_of(message) == {
        "text": "Look",
        "image": "https://shop.example/a.png",
        "buttons": [{"title": "Yes", "payload": "/affirm"}],
        "custom": {"order": 1},
    }


def test_a_promise_is_told_with_its_sentence() -> None:
    said = {"text": "By Friday.", "metadata": {"promise": True, "outcome": "done"}}
    assert reply_of(said) == {"text": "By Friday.", "promise": True}
    for beside in ({}, {"promise": False}, {"promise": "soon"}, None):
        assert "promise" not in reply_of({"text": "Hm.", "metadata": beside})
