"""A line that is full, a back office that is silent, and priority as a head start."""

from datetime import UTC, datetime, timedelta

from tests.bridge.support import House
from tests.bridge.test_offers import put

WEEK = "monday tuesday wednesday thursday friday saturday sunday".split()
OPEN = ", ".join(f"{day}: ['00:00-24:00']" for day in WEEK)


async def test_behind_a_full_line_there_is_a_date_at_once_and_no_place(
    each_house: House,
) -> None:
    house = each_house
    hours = f"{{zone: UTC, open: {{{OPEN}}}}}"
    team = f"{{longest_queue: 1, answer_hours: 2, hours: {hours}}}"
    await put(house, "routing", "steps: []\n")
    await put(house, "teams", f"default: {team}\n")
    maria = await house.agent()
    first, second = await house.customer(), await house.customer()
    await first.ask_for_human()
    await first.hears("first in line")
    await second.ask_for_human()
    promised = await second.until(
        lambda: [
            status
            for status in second.all("conversation_status")
            if status.get("promise")
        ]
    )
    answer_by = datetime.fromisoformat(promised[-1]["promise"]["answer_by"])
    left = answer_by - datetime.now(UTC)
    assert timedelta(hours=1.9) < left <= timedelta(hours=2)
    assert "eta_seconds" not in promised[-1]
    assert not any("in line" in text for text in second.texts())
    # They wait all the same, and are answered once somebody has time.
    rows = (await house.get("/handoffs", maria.token, state="queued")).json()
    assert len(rows["handoffs"]) == 2
    assert rows["handoffs"][0]["answer_by"] == promised[-1]["promise"]["answer_by"]


async def test_head_start_of_the_rules_is_that_of_the_line(each_house: House) -> None:
    house = each_house
    maria = await house.agent()
    usual, urgent = await house.customer(), await house.customer()
    for customer in (usual, urgent):
        await customer.say("hello")
        await customer.hears("You said: hello")
    places = []
    for secs in (0, 3600):
        await put(house, "routing", f"head_start_secs: {secs}\nsteps: []\n")
        if not places:
            await usual.ask_for_human()
            row = await maria.queued()
            asked = {"trigger": ["restricted_topic"], "evidence": {}}
            others = {turn["sender"] for turn in house.assistant.turns}
            [other] = others - {row["conversation_id"]}
            answer = await house.ask(conversation_id=other, **asked)
            assert answer.status_code == 200, answer.text
        rows = (await house.get("/handoffs", maria.token, state="queued")).json()
        places.append({r["trigger"]: r["position"] for r in rows["handoffs"]})
    assert places == [
        {"customer_request": 1, "restricted_topic": 2},
        {"customer_request": 2, "restricted_topic": 1},
    ]
