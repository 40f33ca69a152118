"""`make talk`: a conversation with the trained assistant, in the terminal.

Speaks to the copy that runs, or else starts what it needs. The assistant answers by
itself here; where a human would take over, the shell says so.
"""

import re
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape

from handoff_bridge.launch.companions import companions
from handoff_bridge.launch.environment import CannotStart, read_running

ROOT = Path(__file__).resolve().parents[3]
# As the bridge does after so many turns with no form open.
TURNS_PER_SESSION = 40
ANSWER_SECS = 30
HELP = (
    "Write as a customer would. A number taps a button. /why shows what was "
    "understood, /new begins another conversation, /quit ends. Any other /intent is "
    "sent as a button would send it."
)


class Conversation:
    """One customer's side of a conversation, over the connector."""

    def __init__(self, client: httpx.Client) -> None:
        """Nothing is said yet."""
        self._client = client
        self.sender = uuid.uuid4().hex
        self.buttons: list[dict[str, str]] = []
        self._turn: dict[str, Any] = {}

    def say(self, text: str) -> dict[str, Any]:
        """Sends a text, a button by its number, or an intent; returns the answer.

        Raises:
            httpx.HTTPError: the assistant failed or is gone.
        """
        body: dict[str, Any] = {"message": text}
        if text.isdecimal() and 0 < int(text) <= len(self.buttons):
            button = self.buttons[int(text) - 1]
            body = {"message": button["title"], "payload": button["payload"]}
        elif text.startswith("/"):
            body["payload"] = text
        long = (self._turn.get("turns") or 0) >= TURNS_PER_SESSION
        body |= {
            "sender": self.sender,
            "message_id": uuid.uuid4().hex,
            "new_session": long and not self._turn.get("active_loop"),
        }
        response = self._client.post("/webhooks/bridge/webhook", json=body)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        self._turn = answer["turn"]
        replies = answer["replies"]
        self.buttons = [b for reply in replies for b in reply.get("buttons") or []]
        return answer


class Mails:
    """The sandbox's outbox: where one-time codes arrive."""

    def __init__(self, url: str, token: str) -> None:
        """What is there already is none of ours."""
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(
            base_url=url, headers=headers, timeout=5, trust_env=False
        )
        self._seen = max((mail["mail_id"] for mail in self._newest()), default=0)

    def new_codes(self) -> Iterator[tuple[str, str]]:
        """Yields code and recipient of each mail that came since."""
        for mail in reversed(self._newest()):
            if mail["mail_id"] > self._seen:
                self._seen = mail["mail_id"]
                for code in re.findall(r"\b\d{6}\b", mail["body"]):
                    yield code, mail["to"]

    def _newest(self) -> list[dict[str, Any]]:
        try:
            response = self._client.get("/outbox.json", params={"limit": 5})
            response.raise_for_status()
            return list(response.json()["mails"])
        except (httpx.HTTPError, ValueError, KeyError):
            return []  # a shop's own back office shows no mails


class Shell:
    """Reads lines, shows answers."""

    def __init__(self, environment: dict[str, str], console: Console) -> None:
        """Speaks to the assistant of this environment."""
        token = environment["SERVICE_TOKEN"]
        self._client = httpx.Client(
            base_url=environment["RASA_URL"],
            headers={"Authorization": f"Bearer {token}"},
            timeout=ANSWER_SECS,
            trust_env=False,
        )
        self._mails = Mails(environment["BACKOFFICE_URL"], token)
        self._console = console
        self._talk = Conversation(self._client)
        self._explains = False

    def run(self) -> None:
        """Until /quit or the end of the input."""
        self._console.print(HELP, style="dim", markup=False)
        while (line := self._read()) is not None:
            if line == "/quit":
                return
            if line == "/new":
                self._talk = Conversation(self._client)
                self._console.print("A new conversation.", style="dim")
            elif line == "/why":
                self._explains = not self._explains
                state = "on" if self._explains else "off"
                self._console.print(f"Explanations are {state}.", style="dim")
            elif line == "/help":
                self._console.print(HELP, style="dim", markup=False)
            elif line:
                self._say(line)

    def _read(self) -> str | None:
        try:
            return input("you   " if sys.stdin.isatty() else "").strip()
        except EOFError:
            return None

    def _say(self, line: str) -> None:
        try:
            answer = self._talk.say(line)
        except httpx.HTTPError as error:
            self._console.print(f"No answer: {error}", style="bold red", markup=False)
            return
        self._show(answer["replies"])
        turn = answer["turn"]
        if self._explains:
            for name, what in explained(turn):
                self._console.print(f"  [dim]{name:<10}{escape(what)}[/dim]")
        for code, to in self._mails.new_codes():
            self._console.print(f"  [cyan]a mail to {escape(to)} says: {code}[/cyan]")
        if turn.get("trigger"):
            # The bridge brings the human in and says so; there may be none here.
            why = turn["trigger"]["trigger"]
            self._console.print(f"  [yellow]a human takes over here: {why}[/yellow]")
        elif turn.get("failed_action"):
            name = turn["failed_action"]
            self._console.print(f"  [red]{name} failed: see the actions' log[/red]")
        elif not answer["replies"]:
            self._console.print("Pine says nothing.", style="dim")

    def _show(self, replies: list[dict[str, Any]]) -> None:
        number = 0
        for reply in replies:
            if reply.get("text"):
                self._console.print(
                    f"Pine  {reply['text']}", style="bold", markup=False
                )
            for button in reply.get("buttons") or []:
                number += 1
                self._console.print(f"      {number}  {button['title']}", markup=False)


def explained(turn: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields what was understood and done, a name and a line each."""
    ranking = turn.get("intent_ranking") or [turn["intent"]]
    guesses = [f"{g['name']} {g['confidence']:.2f}" for g in ranking[:3]]
    yield "intent", ", ".join(guesses)
    sentiment = turn.get("sentiment") or {}
    yield "sentiment", f"{sentiment.get('label')} {sentiment.get('score', 0):+.2f}"
    language = turn.get("language") or {}
    if language:
        yield "language", f"{language.get('code')} {language.get('confidence', 0):.2f}"
    for article in turn.get("articles") or []:
        yield "article", f"{article.get('title')} {article.get('score', 0):.2f}"
    for entity in turn.get("entities") or []:
        yield "entity", f"{entity['entity']}: {entity.get('value')}"
    actions = [f"{action['name']}" for action in turn.get("actions") or []]
    yield "actions", ", ".join(actions) or "none"
    if turn.get("active_loop"):
        yield "form", f"{turn['active_loop']}, asks for {turn.get('requested_slot')}"
    for name, value in (turn.get("slots") or {}).items():
        yield "slot", f"{name}: {value}"


def main() -> int:
    """The exit status of the command."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        with ExitStack() as stack:
            environment = read_running(ROOT)
            if environment is None:
                with console.status(
                    "Starting the assistant, its actions and a sandbox"
                ):
                    environment = stack.enter_context(companions(ROOT))
            Shell(environment, console).run()
    except CannotStart as reason:
        console.print(str(reason), style="bold red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
