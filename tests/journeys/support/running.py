"""One running copy of Tandem, started as an operator starts it."""

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil

from benchmarks.ports import free_ports
from handoff_bridge.launch.environment import PORTS, ROOT, add_secrets, http_client
from handoff_bridge.launch.processes import find_processes

__all__ = ["ROOT"]
PASSWORD = "a password for this test"
# Tests are quicker than people, and all come from one address.
NO_LIMITS = {
    "MESSAGE_LIMITS": "1000/second",
    "SESSION_LIMITS": "1000/second",
    "HANDOFF_LIMITS": "1000/second",
    "LOGIN_LIMITS": "1000/second",
    "LOGIN_ACCOUNT_LIMITS": "1000/second",
}
READY_SECS = 280


def until(condition: Callable[[], object], *, seconds: float, what: str) -> None:
    """Polls what cannot be waited for: other programs' files, ids and answers."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)


def own_ports() -> dict[str, str]:
    """Where a copy of its own may listen."""
    free = zip(PORTS, free_ports(), strict=False)
    return {name: str(port) for name, port in free}


def carrying(data_dir: Path) -> list[psutil.Process]:
    """All of the machine's processes that carry a DATA_DIR, zombies aside."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            ours = process.environ().get("DATA_DIR") == str(data_dir)
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


class Tandem:
    """Where a running copy is, and what a test may do to it."""

    def __init__(self, data_dir: Path, env: dict[str, str]) -> None:
        self.data_dir = data_dir
        self.env = env

    def url(self, path: str = "", port: str = "BRIDGE_PORT") -> str:
        return f"http://127.0.0.1:{self.env[port]}{path}"

    def get(
        self, path: str, port: str = "BRIDGE_PORT", **params: str
    ) -> httpx.Response:
        """A call as one of our own processes."""
        with self._client() as client:
            return client.get(self.url(path, port), params=params)

    @contextmanager
    def slow_orders(self, seconds: float) -> Iterator[None]:
        """The back office takes its time about orders during the block."""
        switch = self.url("/sandbox/failure", "BACKOFFICE_PORT")
        slow = {"mode": "slow", "seconds": seconds, "paths": ["/orders"]}
        with self._client() as client:
            client.post(switch, json=slow).raise_for_status()
            try:
                yield
            finally:
                client.post(switch, json={"mode": "none"}).raise_for_status()

    def order(self, number: str) -> dict[str, object]:
        """An order as the back office has it."""
        order: dict[str, object] = self.get(
            f"/orders/{number}", "BACKOFFICE_PORT"
        ).json()
        return order

    def code_for(self, number: str) -> str:
        """The newest one-time code that was mailed for an order."""
        answer = self.get(
            "/outbox.json", "BACKOFFICE_PORT", order_number=number, limit="1"
        )
        mail = answer.json()["mails"][0]["body"]
        return next(word for word in mail.replace(".", " ").split() if _is_code(word))

    def pid(self, name: str) -> int:
        """The id of one of the four processes; 0 while it does not run."""
        running = find_processes(self.env, name)
        return running[0].pid if running else 0

    @contextmanager
    def killed(self, name: str) -> Iterator[None]:
        """Kills one process -9 for the block, then waits until nothing is degraded.

        The launcher starts it again at once, perhaps before the block ends.
        """
        before = self.pid(name)
        os.kill(before, signal.SIGKILL)
        try:
            yield
        finally:
            until(
                lambda: self.pid(name) not in (0, before),
                seconds=60,
                what=f"new {name}",
            )
            until(self.is_whole, seconds=180, what=f"{name} answers again")

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """One process stands still for the block, its connections open."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def is_whole(self) -> bool:
        with suppress(httpx.HTTPError, ValueError):
            return self.get("/readyz").json() == {"ok": True, "degraded": []}
        return False

    def _client(self) -> httpx.Client:
        environment = dict(self.env)
        add_secrets(environment)
        return http_client(environment, timeout_secs=10)


def _is_code(word: str) -> bool:
    return len(word) == 6 and word.isdecimal()


class Launched:
    """`make run` in a foreground group of its own; trains the assistant if need be."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.env = {**os.environ, **own_ports(), "DATA_DIR": str(data_dir), **settings}
        # The make that runs the tests must not reach the make that we run.
        for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
            self.env.pop(name, None)
        self.env["DEMO_PASSWORD"] = PASSWORD
        self.tandem = Tandem(data_dir, self.env)
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.output: list[str] = []
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def wait_for(self, words: str, *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self.lines.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            assert line is not None, f"no {words!r} in:\n" + "".join(self.output)
            self.output.append(line)
            if words in line:
                return

    def processes(self) -> list[psutil.Process]:
        """All that runs of it, the launcher and make as well."""
        return carrying(self.data_dir)

    def stop(self) -> None:
        """Ctrl-C; raises if anything of it is left."""
        os.killpg(self.process.pid, signal.SIGINT)
        until(lambda: not self.processes(), seconds=40, what="everything is gone")
        self.process.wait(timeout=10)

    def kill_all(self) -> None:
        for process in self.processes():
            with suppress(psutil.Error):
                process.kill()
        self.process.wait(timeout=10)


@contextmanager
def running(data_dir: Path, **settings: str) -> Iterator[Tandem]:
    """A copy of Tandem for the block, and nothing of it afterwards."""
    launched = Launched(data_dir, **NO_LIMITS, **settings)
    try:
        launched.wait_for("Stop: Ctrl-C", seconds=READY_SECS)
        yield launched.tandem
        launched.stop()
    finally:
        launched.kill_all()
