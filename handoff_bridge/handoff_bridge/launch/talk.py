"""`make talk`: a conversation with the trained assistant, in the terminal.

Speaks to the copy that runs, or else starts what it needs. The assistant answers by
itself here; where a human would take over, the shell says so.
"""

import re
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import httpx

from handoff_bridge.launch import Console, run_command
from handoff_bridge.launch.environment import ROOT, http_client, read_environment
from handoff_bridge.launch.processes import SPECS, find_processes, own_data_dir, watch

ANSWER_SECS = 30
HELP = (
    "Write as a customer would. A number taps a button. /why shows what was "
    "understood, /new begins another conversation, /quit ends. Any other /intent is "
    "sent as a button would send it."
)
# What /why shows of a turn: its name there, and the form of each of its values.
EXPLAINED = {
    "intent": ("intent_ranking", "{name} {confidence:.2f}"),
    "sentiment": ("sentiment", "{label} {score:+.2f}"),
    "articles": ("articles", "{title} {score:.2f}"),
    "entities": ("entities", "{entity}: {value}"),
    "actions": ("actions", "{name}"),
}


class Shell:
    """Reads a customer's lines, sends them over the connector, shows the answers."""

    def __init__(self, environment: dict[str, str], console: Console) -> None:
        """Speaks to the assistant and the back office of this environment."""
        self._http = http_client(environment, ANSWER_SECS)
        self._rasa = f"{environment['RASA_URL']}/webhooks/bridge/webhook"
        self._outbox = f"{environment['BACKOFFICE_URL']}/outbox.json"
        self._print = console.print
        self._explains = False
        self._mails_seen = 0
        self._new_mails()  # what was there before is none of ours
        self._begin()

    def _begin(self) -> None:
        self._sender = uuid.uuid4().hex
        self._buttons: list[dict[str, str]] = []

    def run(self) -> None:
        """Until /quit or the end of the input."""
        self._print(HELP, style="dim")
        prompt = "you   " if sys.stdin.isatty() else ""
        with suppress(EOFError):
            while (line := input(prompt).strip()) != "/quit":
                if line == "/new":
                    self._begin()
                    self._print("A new conversation.", style="dim")
                elif line == "/why":
                    self._explains = not self._explains
                    state = "on" if self._explains else "off"
                    self._print(f"Explanations are {state}.", style="dim")
                elif line:
                    self._say(line)

    def _say(self, line: str) -> None:
        try:
            answer = self._send(line)
        except httpx.HTTPError as error:
            self._print(f"No answer: {error}", style="bold red")
            return
        turn, replies = answer["turn"], answer["replies"]
        for reply in replies:
            self._print(f"bot   {reply.get('text', reply)}", style="bold")
        self._buttons = [
            button for reply in replies for button in reply.get("buttons") or []
        ]
        for number, button in enumerate(self._buttons, 1):
            self._print(f"      {number}  {button['title']}")
        for name, what in explained(turn) if self._explains else ():
            self._print(f"  {name:<10}{what}", style="dim")
        for mail in self._new_mails():
            for code in re.findall(r"\b\d{6}\b", mail["body"]):
                self._print(f"  a mail to {mail['to']} says: {code}", style="cyan")
        if trigger := turn.get("trigger"):
            why = trigger["trigger"]
            self._print(f"  a human takes over here: {why}", style="yellow")
        elif failed := turn.get("failed_action"):
            self._print(f"  {failed} failed: see the actions' log", style="red")
        elif not replies:
            self._print("The assistant says nothing.", style="dim")

    def _send(self, line: str) -> dict[str, Any]:
        """Sends a text, a button by its number, or an intent."""
        body = {"message": line, "sender": self._sender, "message_id": uuid.uuid4().hex}
        if line.isdecimal() and 0 < int(line) <= len(self._buttons):
            button = self._buttons[int(line) - 1]
            body |= {"message": button["title"], "payload": button["payload"]}
        elif line.startswith("/"):
            body["payload"] = line
        answer: dict[str, Any]
        answer = self._http.post(self._rasa, json=body).raise_for_status().json()
        return answer

    def _new_mails(self) -> list[dict[str, Any]]:
        """Returns what the sandbox has mailed since the last call, oldest first."""
        try:
            response = self._http.get(self._outbox, params={"limit": 5})
            mails = response.raise_for_status().json()["mails"]
        except (httpx.HTTPError, ValueError, KeyError):
            return []  # a shop's own back office shows no mails
        new = [mail for mail in mails if mail["mail_id"] > self._mails_seen]
        self._mails_seen = max([self._mails_seen, *(mail["mail_id"] for mail in new)])
        return new[::-1]


def explained(turn: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields what was understood and done, a name and a line each."""
    for name, (field, form) in EXPLAINED.items():
        found = turn.get(field) or []
        values = found if isinstance(found, list) else [found]
        if values:
            yield name, ", ".join(form.format_map(value) for value in values)
    if turn.get("active_loop"):
        yield "form", f"{turn['active_loop']}, asks for {turn.get('requested_slot')}"
    for name, value in (turn.get("slots") or {}).items():
        yield "slot", f"{name}: {value}"


def main(console: Console) -> None:
    """Talks to the running copy, or runs what is needed of one."""
    environment = read_environment(ROOT)
    if running := find_processes(environment, "assistant"):
        Shell(running[0].environ(), console).run()
        return
    needed = {name: spec for name, spec in SPECS.items() if name != "bridge"}
    with (
        own_data_dir(environment),
        closing(watch(needed, environment, console)) as watching,
    ):
        next(filter(None, watching))
        Shell(environment, console).run()


if __name__ == "__main__":
    run_command(main)
