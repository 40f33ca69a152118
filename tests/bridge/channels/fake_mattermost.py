"""A made-up Mattermost: its API as bots use it, outgoing webhooks and buttons.

As the server of version 10 does it: what it requires, refuses, and takes for an answer.
"""

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.bridge.channels.fake_platform import FakePlatform, Shown

BOT_TOKEN = "b6g3mattermostbottoken4x7k"
PASSWORD = "the-admins-password"
WEBHOOK_TOKEN = "w8g3outgoingwebhooktoken9q"
MAX_MESSAGE = 16_383
TRIGGER = "@help"


def new_id() -> str:
    """26 letters and digits, as everything has there."""
    letters = "ybndrfg8ejkmcpqxot1uwisza345h769"
    return "".join(secrets.choice(letters) for _ in range(26))


@dataclass(frozen=True)
class Member:
    """Somebody who writes in a channel of their own with the bot."""

    user_id: str
    channel_id: str
    name: str


class FakeMattermost(FakePlatform):
    """One team, whose outgoing webhook goes to `hook_url` for a trigger word."""

    def __init__(self) -> None:
        super().__init__()
        self.hook_url = ""
        self.members: list[Member] = []
        self.tokens = {BOT_TOKEN}
        self.team_id = new_id()
        # What the server would write into its log.
        self.complaints: list[str] = []
        self._actions: dict[str, dict[str, Any]] = {}
        api = "/api/v4"
        self.app.router.add_post(f"{api}/posts", self._create_post)
        self.app.router.add_post(f"{api}/users/login", self._log_in)
        self.app.router.add_get(f"{api}/teams", self._teams)
        self.app.router.add_get(f"{api}/teams/{{team}}/members", self._team_members)
        self.app.router.add_get(f"{api}/teams/{{team}}/channels", self._channels)
        self.app.router.add_get(f"{api}/users/{{user}}", self._user)

    def member(self, name: str) -> Member:
        """Somebody new."""
        member = Member(new_id(), new_id(), name)
        self.members.append(member)
        return member

    def post_of(self, member: Member, text: str) -> dict[str, Any]:
        """What the webhook tells of a post with the trigger word."""
        return {
            "token": WEBHOOK_TOKEN,
            "team_id": self.team_id,
            "team_domain": "shop",
            "channel_id": member.channel_id,
            "channel_name": f"with-{member.name}",
            "timestamp": int(time.time() * 1000),
            "user_id": member.user_id,
            "user_name": member.name,
            "post_id": new_id(),
            "text": f"{TRIGGER} {text}",
            "trigger_word": TRIGGER,
            "file_ids": "",
        }

    async def say(self, member: Member, text: str) -> dict[str, Any]:
        """They write; gives what the webhook told. The server tells it once."""
        told = self.post_of(member, text)
        await self.tell(told)
        return told

    async def tell(self, told: dict[str, Any]) -> None:
        """One outgoing webhook, whose answer is nothing or JSON without a text."""
        headers = {"Accept": "application/json"}
        response = await self.post(self.hook_url, json=told, headers=headers)
        if not _is_empty_answer(response.content, ("text", "attachments")):
            self.complaints.append(f"webhook: {response.status_code} {response.text}")

    async def press(self, member: Member, shown: Shown, name: str) -> None:
        """They press one of a post's buttons."""
        button = next(one for one in shown.buttons if one["name"] == name)
        integration = self._actions[button["id"]]
        asked = {
            "user_id": member.user_id,
            "user_name": member.name,
            "channel_id": shown.address,
            "channel_name": f"with-{member.name}",
            "team_id": self.team_id,
            "team_domain": "shop",
            "post_id": shown.message_id,
            "trigger_id": secrets.token_urlsafe(60),
            "type": "button",
            "data_source": "",
            "context": integration["context"],
        }
        response = await self.post(integration["url"], json=asked)
        keys = ("update", "ephemeral_text")
        if response.status_code != 200 or not _is_empty_answer(response.content, keys):
            self.complaints.append(f"button: {response.status_code} {response.text}")

    async def _create_post(self, request: web.Request) -> web.Response:
        if (refusal := self._refused(request)) is not None:
            return refusal
        try:
            post = json.loads(await request.read())
        except ValueError:
            post = None
        if not isinstance(post, dict):
            return _error(400, "api.context.invalid_body_param.app_error", "Invalid")
        channels = {member.channel_id for member in self.members}
        if post.get("channel_id") not in channels:
            text = "You do not have the appropriate permissions."
            return _error(403, "api.context.permissions.app_error", text)
        message = post.get("message", "")
        if len(message) > MAX_MESSAGE:
            text = "Post Message property is longer than the maximum permitted length."
            return _error(400, "model.post.is_valid.message_length.app_error", text)
        actions = [
            action
            for attachment in post.get("props", {}).get("attachments", [])
            for action in attachment.get("actions", [])
        ]
        buttons = [self._button(action) for action in actions]
        shown = Shown(post["channel_id"], new_id(), message, buttons)
        await self.show(shown)
        created = {"id": shown.message_id, "channel_id": shown.address}
        return web.json_response({**created, "message": message}, status=201)

    def _button(self, action: dict[str, Any]) -> dict[str, Any]:
        """As clients see it: what it stands for stays with the server."""
        action_id = new_id()
        integration = action["integration"]
        assert integration["url"].startswith("http")
        self._actions[action_id] = integration
        return {"id": action_id, "name": action["name"], "type": "button"}

    async def _log_in(self, request: web.Request) -> web.Response:
        asked = json.loads(await request.read())
        if asked.get("password") != PASSWORD:
            return _error(401, "api.user.login.invalid_credentials", "Enter a valid")
        token = new_id()
        self.tokens.add(token)
        user = {"id": new_id(), "username": asked["login_id"]}
        return web.json_response(user, headers={"Token": token})

    async def _teams(self, request: web.Request) -> web.Response:
        found = [{"id": self.team_id, "name": "shop"}]
        return self._refused(request) or web.json_response(found)

    async def _team_members(self, request: web.Request) -> web.Response:
        found = [
            {"team_id": request.match_info["team"], "user_id": member.user_id}
            for member in self.members
        ]
        return self._refused(request) or web.json_response(found)

    async def _channels(self, request: web.Request) -> web.Response:
        found = [
            {"id": member.channel_id, "name": f"with-{member.name}", "type": "O"}
            for member in self.members
        ]
        return self._refused(request) or web.json_response(found)

    async def _user(self, request: web.Request) -> web.Response:
        if (refusal := self._refused(request)) is not None:
            return refusal
        for member in self.members:
            if member.user_id == request.match_info["user"]:
                user = {"id": member.user_id, "username": member.name}
                return web.json_response(user)
        return _error(404, "app.user.missing_account.const", "Unable to find the user.")

    def _refused(self, request: web.Request) -> web.Response | None:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind == "Bearer" and token in self.tokens:
            return None
        text = "Invalid or expired session, please login again."
        return _error(401, "api.context.session_expired.app_error", text)


def _is_empty_answer(content: bytes, keys: tuple[str, ...]) -> bool:
    """Whether the server makes nothing of an answer, and nothing wrong either."""
    if not content:
        return True
    try:
        found = json.loads(content)
    except ValueError:
        return False
    return isinstance(found, dict) and not any(found.get(key) for key in keys)


def _error(status: int, code: str, message: str) -> web.Response:
    body = {"id": code, "message": message, "request_id": "", "status_code": status}
    return web.json_response(body, status=status)
