"""Records what a bridge stores: chats of every kind, played, then dumped as SQL.

`python -m tests.bridge.old_data.record NAME` (PYTHONPATH=handoff_bridge:.) writes
`NAME.sql` beside this file. Record before stored shapes change; keep the old files.
"""

import asyncio
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bridge.conftest import SERVICE_TOKEN, prepare, settings_for
from tests.bridge.support import AgentClient, Customer, House, ScriptedAssistant
from tests.bridge.support.assistant import says
from tests.bridge.support.house import serving
from tests.bridge.support.photos import photo

HERE = Path(__file__).parent
LABELS = {"en": "Flooded cellar", "de": "Keller unter Wasser"}
FLOOD = {"name": "flooded_cellar", "labels": LABELS, "priority": 7, "skill": "pumps"}
BUTTONS = [
    {"title": "Yes", "payload": "/affirm"},
    {"title": "No", "payload": "/deny"},
]


def turn(text: str, intent: str, *actions: str, **more: Any) -> Any:
    """A whole report of the assistant's, as its connector sends them."""
    return says(
        text,
        intent={"name": intent, "confidence": 0.93},
        intent_ranking=[{"name": intent, "confidence": 0.93}],
        entities=[{"entity": "order_number", "value": "100234", "start": 0, "end": 6}],
        sentiment={"label": "negative", "score": -0.6},
        actions=[
            {"name": name, "policy": "RulePolicy", "confidence": 1.0, "events": 1}
            | {"result": f"utter_{name}", "arguments": {"order_number": "100234"}}
            for name in actions
        ],
        slots={"order_number": "100234", "authentication": {"level": "verified"}},
        slots_set={"order_number": "100234"},
        articles=[
            {"article_id": "returns", "title": "Returns", "score": 0.7, "answer": "30"}
        ],
        duration_ms=40,
        **more,
    )


async def script(body: dict[str, Any]) -> Any:
    """The assistant of the recording."""
    text = body["message"]
    if not text:
        return turn("A nice photo.", "share_photo")
    if "where is" in text:
        return turn("It comes on Friday.", "order_status", "action_order_status")
    if "cancel" in text:
        answer = turn("Shall I cancel it?", "cancel_order", active_loop="cancel_form")
        answer["replies"][0]["buttons"] = BUTTONS
        return answer
    if "water" in text:
        trigger = {"triggers": [FLOOD], "evidence": {"centimetres": 40}}
        return turn("I'm getting somebody.", "flood", trigger=trigger)
    if "fail" in text:
        return 500, {}
    return turn(f"You said: {text}", "greet")


async def returned(house: House, maria: AgentClient) -> None:
    """Every kind of message, a handoff of a declared trigger, and the way back."""
    customer = await house.customer(locale="de-AT", timezone="Europe/Vienna")
    await customer.say("where is my order 100234", metadata={"page": "/orders"})
    await customer.hears("Friday")
    await customer.say("my card is 4111 1111 1111 1111")
    await customer.hears("You said")
    await customer.say("cancel it")
    await customer.hears("Shall I cancel it?")
    await send_photo(house, customer)
    await customer.hears("A nice photo")
    await customer.say("there is water everywhere")
    row = await maria.claim(await maria.queued())
    conversation = {"conversation_id": row["conversation_id"]}
    await maria.act("note_add", text="A nice one.", **conversation)
    await maria.act("message_send", text="Hello, Maria here.", **conversation)
    await customer.hears("Maria here")
    ack = await customer.say("thank you")
    ended = {"disposition": "resolved", "outcome": "A pump is on its way."}
    handoff = {"handoff_id": row["handoff_id"], "seen_seq": ack["seq"]}
    slots = {"order_number": "100235"}
    ack = await maria.act("handoff_return", slots=slots, **ended, **handoff)
    assert ack["ok"], ack
    await customer.hears("pump is on its way")
    survey = {"session_id": customer.session_id, "score": 5, "comment": "Good"}
    await customer.call("survey", survey)


async def send_photo(house: House, customer: Customer) -> None:
    """A message of one photo."""
    headers = {"Authorization": f"Bearer {customer.session_id}"}
    files = {"file": ("a.png", photo("PNG"), "image/png")}
    sent = await house.http.post("/uploads", files=files, headers=headers)
    await customer.say("", attachments=[sent.json()["attachment_id"]])


async def closed(house: House, maria: AgentClient) -> None:
    """A signed-in customer whose chat is closed by the agent, with the bot failing."""
    identity = house.identity("C-1007", name="Jo Marsh", email="jo@example.com")
    customer = await house.customer(identity=identity)
    await customer.say("please fail")
    row = await claimed(maria, "bot_failure")
    ended = {"handoff_id": row["handoff_id"], "disposition": "follow_up"}
    assert (await maria.act("handoff_close", note="Call back.", **ended))["ok"]
    await customer.status("closed")


async def abandoned(house: House) -> None:
    """A customer who leaves the line."""
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    await customer.ask_for_human()
    await customer.call("leave", {"session_id": customer.session_id})
    await customer.status("bot")


async def waiting(house: House) -> str:
    """A bare name of version 1, in line when the bridge stops. Gives the session."""
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    sender = house.assistant.turns[-1]["sender"]
    answer = await house.ask(
        conversation_id=sender,
        trigger="restricted_topic",
        triggers=["negative_sentiment"],
        evidence={"matched": "lawyer"},
    )
    assert answer.status_code == 200, answer.text
    await customer.say("anybody there?")
    return customer.session_id


async def claimed(maria: AgentClient, trigger: str) -> dict[str, Any]:
    """Claims the handoff of that trigger."""
    found = await maria.until(
        lambda: [
            queued["handoff"]
            for queued in maria.all("handoff_queued")
            if queued["handoff"]["trigger"] == trigger
        ]
    )
    return await maria.claim(found[-1])


async def play(folder: Path) -> str:
    """Plays all of it on a database in `folder`; gives the waiting one's session."""
    assistant = ScriptedAssistant(SERVICE_TOKEN)
    assistant.script = script
    async with serving(assistant.app) as port:
        assistant.port = port
        url = f"sqlite:///{folder / 'bridge.db'}"
        settings = settings_for(url, port, folder, rasa_deadline_secs=1.0)
        async with House.open(settings, assistant) as house:
            maria = await house.agent()
            await maria.act("presence_set", status="available", capacity=9)
            await returned(house, maria)
            await closed(house, maria)
            await abandoned(house)
            return await waiting(house)


def main(name: str) -> None:
    """Plays and dumps."""
    folder = Path(tempfile.mkdtemp())
    prepare(f"sqlite:///{folder / 'bridge.db'}")
    session_id = asyncio.run(play(folder))
    with sqlite3.connect(folder / "bridge.db") as connection:
        lines = list(connection.iterdump())
    dump = "\n".join([f"-- session_id of the one who waits: {session_id}", *lines])
    (HERE / f"{name}.sql").write_text(dump + "\n", encoding="utf-8")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1])
