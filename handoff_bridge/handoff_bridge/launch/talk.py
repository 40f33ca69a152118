"""`make talk`: a conversation with the trained assistant, in the terminal.

Speaks to the copy that runs, or else starts what it needs. The assistant answers by
itself here; where a human would take over, the shell says so.
"""

import re
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx

from handoff_bridge.launch import Console, run_command
from handoff_bridge.launch.environment import ROOT, read_environment
from handoff_bridge.launch.processes import dev_processes, find_running

TURNS_PER_SESSION = 40  # as the bridge begins new ones, with no form open
ANSWER_SECS = 30
HELP = (
    "Write as a customer would. A number taps a button. /why shows what was "
    "understood, /new begins another conversation, /quit ends. Any other /intent is "
    "sent as a button would send it."
)


class Shell:
    """Reads a customer's lines, sends them over the connector, shows the answers."""

    def __init__(self, environment: dict[str, str], console: Console) -> None:
        """Speaks to the assistant and the back office of this environment."""
        headers = {"Authorization": f"Bearer {environment['SERVICE_TOKEN']}"}
        self._http = httpx.Client(headers=headers, timeout=ANSWER_SECS, trust_env=False)
        self._rasa = f"{environment['RASA_URL']}/webhooks/bridge/webhook"
        self._outbox = f"{environment['BACKOFFICE_URL']}/outbox.json"
        self._console = console
        self._explains = False
        self._mails_seen = 0
        list(self._new_codes())  # what was there before is none of ours
        self._begin()

    def _begin(self) -> None:
        self._sender = uuid.uuid4().hex
        self._buttons: list[dict[str, str]] = []
        self._turn: dict[str, Any] = {}

    def run(self) -> None:
        """Until /quit or the end of the input."""
        self._console.print(HELP, style="dim")
        prompt = "you   " if sys.stdin.isatty() else ""
        while True:
            try:
                line = input(prompt).strip()
            except EOFError:
                return
            if line == "/quit":
                return
            if line == "/new":
                self._begin()
                self._console.print("A new conversation.", style="dim")
            elif line == "/why":
                self._explains = not self._explains
                state = "on" if self._explains else "off"
                self._console.print(f"Explanations are {state}.", style="dim")
            elif line == "/help":
                self._console.print(HELP, style="dim")
            elif line:
                self._say(line)

    def _say(self, line: str) -> None:
        try:
            answer = self._send(line)
        except httpx.HTTPError as error:
            self._console.print(f"No answer: {error}", style="bold red")
            return
        self._turn = turn = answer["turn"]
        self._show(answer["replies"])
        if self._explains:
            for name, what in explained(turn):
                self._console.print(f"  {name:<10}{what}", style="dim")
        for code, to in self._new_codes():
            self._console.print(f"  a mail to {to} says: {code}", style="cyan")
        if turn.get("trigger"):
            why = turn["trigger"]["trigger"]
            self._console.print(f"  a human takes over here: {why}", style="yellow")
        elif turn.get("failed_action"):
            failed = f"  {turn['failed_action']} failed: see the actions' log"
            self._console.print(failed, style="red")
        elif not answer["replies"]:
            self._console.print("The assistant says nothing.", style="dim")

    def _send(self, line: str) -> dict[str, Any]:
        """Sends a text, a button by its number, or an intent."""
        is_long = (self._turn.get("turns") or 0) >= TURNS_PER_SESSION
        body: dict[str, Any] = {
            "message": line,
            "sender": self._sender,
            "message_id": uuid.uuid4().hex,
            "new_session": is_long and not self._turn.get("active_loop"),
        }
        if line.isdecimal() and 0 < int(line) <= len(self._buttons):
            button = self._buttons[int(line) - 1]
            body |= {"message": button["title"], "payload": button["payload"]}
        elif line.startswith("/"):
            body["payload"] = line
        response = self._http.post(self._rasa, json=body).raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer

    def _show(self, replies: list[dict[str, Any]]) -> None:
        self._buttons = []
        for reply in replies:
            if reply.get("text"):
                self._console.print(f"bot   {reply['text']}", style="bold")
            for button in reply.get("buttons") or []:
                self._buttons.append(button)
                self._console.print(f"      {len(self._buttons)}  {button['title']}")

    def _new_codes(self) -> Iterator[tuple[str, str]]:
        """Yields each one-time code that was mailed since, and to whom."""
        try:
            response = self._http.get(self._outbox, params={"limit": 5})
            mails = response.raise_for_status().json()["mails"]
        except (httpx.HTTPError, ValueError, KeyError):
            return  # a shop's own back office shows no mails
        new = [mail for mail in mails if mail["mail_id"] > self._mails_seen]
        for mail in reversed(new):
            self._mails_seen = mail["mail_id"]
            for code in re.findall(r"\b\d{6}\b", mail["body"]):
                yield code, mail["to"]


def explained(turn: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields what was understood and done, a name and a line each."""
    ranking = turn.get("intent_ranking") or [turn["intent"]]
    yield "intent", ", ".join(f"{g['name']} {g['confidence']:.2f}" for g in ranking[:3])
    sentiment = turn.get("sentiment") or {}
    yield "sentiment", f"{sentiment.get('label')} {sentiment.get('score', 0):+.2f}"
    if language := turn.get("language"):
        yield "language", f"{language.get('code')} {language.get('confidence', 0):.2f}"
    for article in turn.get("articles") or []:
        yield "article", f"{article.get('title')} {article.get('score', 0):.2f}"
    for entity in turn.get("entities") or []:
        yield "entity", f"{entity['entity']}: {entity.get('value')}"
    actions = [action["name"] for action in turn.get("actions") or []]
    yield "actions", ", ".join(actions) or "none"
    if turn.get("active_loop"):
        yield "form", f"{turn['active_loop']}, asks for {turn.get('requested_slot')}"
    for name, value in (turn.get("slots") or {}).items():
        yield "slot", f"{name}: {value}"


def main(console: Console) -> None:
    """Talks to the running copy, or to processes of its own."""
    with ExitStack() as stack:
        running = find_running("assistant", read_environment(ROOT)["DATA_DIR"])
        environment = running.environ() if running else None
        Shell(environment or stack.enter_context(dev_processes(console)), console).run()


if __name__ == "__main__":
    sys.exit(run_command(main))
