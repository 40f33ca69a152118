"""What the operator reads in the terminal."""

from collections import deque
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from handoff_bridge.launch.health import any_address, bracketed

Environment = dict[str, str]

# The names in supervisord.conf, said for people.
NAMES = {
    "assistant": "assistant",
    "actions": "action server",
    "backoffice": "back office",
    "bridge": "handoff bridge",
}

LOGINS = (
    ("maria@example.com", "agent"),
    ("sam@example.com", "agent"),
    ("dana@example.com", "supervisor"),
)


class Screen:
    """The terminal; one that has gone away never keeps us from stopping cleanly."""

    def __init__(self) -> None:
        """Highlighting stays off: passwords and addresses are to be copied."""
        self.console = Console(highlight=False, soft_wrap=True)

    def say(self, text: str, style: str = "") -> None:
        """One line, taken literally."""
        with suppress(OSError):
            self.console.print(text, style=style, markup=False)

    def show_log(self, name: str, path: Path, lines: int = 30) -> None:
        """The end of one process's log."""
        self.say(f"The last lines of {path}:", style="bold")
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                tail = deque(file, lines)
        except OSError:
            tail = deque(["(no log)"])
        for line in tail:
            self.say("  " + line.rstrip())

    def show_ready(self, environment: Environment, *, seconds: float) -> None:
        """Addresses, logins, where the logs are, how to stop."""
        host = environment["BRIDGE_HOST"]
        host = "127.0.0.1" if any_address(host) else bracketed(host)
        site = f"http://{host}:{environment['BRIDGE_PORT']}"
        mails = f"http://127.0.0.1:{environment['BACKOFFICE_PORT']}/outbox"
        self.say(f"\nTandem is ready ({seconds:.0f} s).\n", style="bold green")
        rows = [
            ("Shop with chat", f"{site}/"),
            ("Agents' inbox", f"{site}/inbox"),
            ("Reports", f"{site}/reports"),
            ("Shop's mails", f"{mails}   (one-time codes arrive here)"),
        ]
        for email, role in LOGINS:
            rows.append((f"Login, {role}", f"{email}   {environment['DEMO_PASSWORD']}"))
        for what, where in rows:
            self.say(f"  {what:<20}{where}")
        self.say(f"\nLogs: {environment['DATA_DIR']}/logs   Stop: Ctrl-C")
