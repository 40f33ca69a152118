"""Forged, expired and misplaced tokens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import socketio

from handoff_bridge.service.accounts import AUDIENCE
from tests.bridge.support import House
from tests.bridge.support.published import REFUSAL, check
from tests.bridge.support.refusals import http_refused, refused

LATER = datetime.now(UTC) + timedelta(hours=1)
EARLIER = datetime.now(UTC) - timedelta(seconds=1)
# Beyond what clocks may differ by.
LONG_AGO = datetime.now(UTC) - timedelta(minutes=2)
WRONG_KEY = "a key that nobody here has ever used"


def signed(key: str, algorithm: str = "HS256", **claims: Any) -> str:
    return jwt.encode(claims, key or None, algorithm=algorithm)


def tampered(token: str) -> str:
    head, _, tail = token.partition(".")
    body, _, signature = tail.partition(".")
    other = signed(WRONG_KEY, customer_id="someone-else", exp=LATER).split(".")[1]
    return f"{head}.{other}.{signature}" if other != body else token


async def test_identity_that_the_shop_did_not_sign_is_refused(house: House) -> None:
    customer = await house.customer()
    key = house.settings.identity_secret
    claims: dict[str, Any] = {"customer_id": "c-1", "exp": LATER}
    maria = await house.login("maria")
    cases = [
        ("", "token_invalid"),
        ("not a token", "token_invalid"),
        ("a.b.c", "token_invalid"),
        (signed(WRONG_KEY, **claims), "token_invalid"),
        (signed("", "none", **claims), "token_invalid"),
        (signed(key, "HS512", **claims), "token_invalid"),
        (tampered(signed(key, **claims)), "token_invalid"),
        (signed(key, exp=LATER), "token_invalid"),
        (signed(key, customer_id="c-1"), "token_invalid"),
        (signed(key, **claims, nbf=LATER), "token_invalid"),
        (maria["token"], "token_invalid"),
        (signed(key, **claims | {"exp": LONG_AGO}), "token_expired"),
        ("x" * 8_001, "bad_request"),
    ]
    for identity, code in cases:
        request = {"protocol": 1, "identity": identity}
        refused(await customer.call("session_request", request), code)
    assert len(customer.all("session_confirm")) == 1


async def agent_tokens(house: House) -> list[tuple[str, str]]:
    key = house.settings.secret_key
    maria = await house.login("maria")
    customer = await house.customer()
    own = jwt.decode(maria["token"], key, ["HS256"], audience=AUDIENCE)
    claims = {**own, "exp": LATER}
    jti = claims["jti"]
    assert (await house.get("/auth/me", signed(key, **claims))).status_code == 200
    return [
        ("not-a-token", "token_invalid"),
        (signed(WRONG_KEY, **claims), "token_invalid"),
        (signed("", "none", **claims), "token_invalid"),
        (signed(key, "HS512", **claims), "token_invalid"),
        (tampered(maria["token"]), "token_invalid"),
        (signed(key, **claims | {"aud": "shop"}), "token_invalid"),
        (signed(key, sub=claims["sub"], jti=jti, exp=LATER), "token_invalid"),
        (signed(key, **claims | {"sub": "nobody"}), "token_invalid"),
        (signed(key, **claims | {"jti": "no login"}), "token_invalid"),
        (signed(key, aud=AUDIENCE, jti=jti, exp=LATER), "token_invalid"),
        (signed(key, sub=claims["sub"], aud=AUDIENCE, exp=LATER), "token_invalid"),
        (signed(key, sub=claims["sub"], jti=jti, aud=AUDIENCE), "token_invalid"),
        (signed(key, **claims | {"exp": EARLIER}), "token_expired"),
        (customer.session_id, "token_invalid"),
        (house.identity("c-1"), "token_invalid"),
        (house.settings.service_token, "token_invalid"),
    ]


async def test_agents_routes_are_for_agents_alone(house: House) -> None:
    _, _, row = await house.claimed()
    paths = [
        "/auth/me",
        "/handoffs",
        f"/handoffs/{row['handoff_id']}",
        f"/conversations/{row['conversation_id']}/events",
        "/reports/today",
    ]
    for token, code in await agent_tokens(house):
        http_refused(await house.get("/auth/me", token), 401, code)
    for path in paths:
        http_refused(await house.http.get(path), 401, "unauthorized")
        basic = {"Authorization": "Basic bWFyaWE6cGFzc3dvcmQ="}
        answer = await house.http.get(path, headers=basic)
        http_refused(answer, 401, "unauthorized")
        answer = await house.get(path, house.settings.service_token)
        http_refused(answer, 401, "token_invalid")


async def test_inbox_is_open_to_agents_alone(house: House) -> None:
    tokens = await agent_tokens(house)
    maria = (await house.login("maria"))["token"]
    cases: list[tuple[Any, dict[str, str], str]] = [
        *[({"token": token}, {}, code) for token, code in tokens],
        (None, {}, "unauthorized"),
        ({"token": ""}, {}, "unauthorized"),
        ({"token": 5}, {}, "unauthorized"),
        ({"token": [maria]}, {}, "unauthorized"),
        (maria, {}, "unauthorized"),
        (None, {"Cookie": "tandem_agent=nonsense"}, "token_invalid"),
        (None, {"Cookie": "other=1; broken"}, "unauthorized"),
    ]
    for auth, headers, code in cases:
        refused(await refusal_of(house, auth, headers), code)


async def test_inbox_takes_the_cookie_of_our_own_pages(house: House) -> None:
    maria = (await house.login("maria"))["token"]
    own = {"Cookie": f"tandem_agent={maria}", "Origin": house.url}
    assert await refusal_of(house, None, own) is None


async def refusal_of(house: House, auth: Any, headers: dict[str, str]) -> Any:
    """Why the inbox lets nobody in; None if it does."""
    client = socketio.AsyncClient(reconnection=False)
    refusals: list[Any] = []
    client.on("connect_error", refusals.append, namespace="/inbox")
    try:
        await client.connect(
            house.url,
            headers=headers,
            auth=auth,
            namespaces=["/inbox"],
            transports=["websocket"],
        )
    except socketio.exceptions.ConnectionError:
        [first] = refusals
        if not isinstance(first, dict):
            return "no connection"  # refused before the protocol begins
        check(REFUSAL["$ref"], first["data"], "a refused connection")
        return first["data"]
    else:
        return None
    finally:
        await client.disconnect()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/handoffs", {"conversation_id": "c", "trigger": "customer_request"}),
        (
            "/bot/messages",
            {"conversation_id": "c", "message_id": "m", "reply": {"text": "hi"}},
        ),
    ],
)
async def test_assistants_routes_are_for_our_processes_alone(
    house: House, path: str, body: dict[str, Any]
) -> None:
    customer, dana = await house.customer(), await house.login("dana")
    strangers = [
        None,
        "Bearer wrong",
        f"Bearer {house.settings.service_token}x",
        f"Basic {house.settings.service_token}",
        f"Bearer {dana['token']}",
        f"Bearer {customer.session_id}",
    ]
    for stranger in strangers:
        headers = {"Authorization": stranger} if stranger else {}
        answer = await house.http.post(path, json=body, headers=headers)
        http_refused(answer, 401, "unauthorized")
    ours = {"Authorization": f"Bearer {house.settings.service_token}"}
    answer = await house.http.post(path, json=body, headers=ours)
    http_refused(answer, 404, "unknown_conversation")
