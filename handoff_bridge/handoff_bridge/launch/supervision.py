"""supervisord as a child: started, asked, revived, stopped, and followed by a sweep."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import rmtree
from typing import Any
from xmlrpc.client import Error, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from handoff_bridge.launch.descendants import reap, sweep
from handoff_bridge.launch.environment import LONGEST_SOCKET
from handoff_bridge.launch.tether import die_with_parent

# Programs get 8 s each, all at the same time (supervisord.conf), then are killed.
STOP_SECS = 14


class Supervision:
    """One supervisord and everything below it."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        """Nothing is started yet."""
        self.root = root
        self.run_dir = Path(environment["RUN_DIR"])
        self.log = Path(environment["DATA_DIR"], "logs", "supervisord.log")
        self.socket = self.run_dir / "control.sock"
        self.own_folder: Path | None = None
        if len(os.fsencode(self.socket)) > LONGEST_SOCKET:
            self.own_folder = Path(tempfile.mkdtemp(prefix="tandem-"))
            self.socket = self.own_folder / "control.sock"
        self.environment = environment | {
            "CONTROL_SOCKET": str(self.socket),
            "PROJECT_DIR": str(root),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts supervisord, which starts the programs."""
        self.socket.unlink(missing_ok=True)
        control = f"[supervisorctl]\nserverurl=unix://{self.socket}\n"
        (self.run_dir / "supervisorctl.conf").write_text(control)
        launcher = os.getpid()

        def tie() -> None:
            die_with_parent(signal.SIGTERM)
            if os.getppid() != launcher:
                os._exit(1)

        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "supervisor.supervisord"]
                + [
                    "--nodaemon",
                    "--configuration",
                    str(self.root / "supervisord.conf"),
                ],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # it writes the same to its log file
                stderr=log,
                # Its own session: Ctrl-C reaches the launcher alone, which decides.
                start_new_session=True,
                preexec_fn=tie,
            )

    def states(self) -> dict[str, str]:
        """Each program's state in supervisor's words; empty while it cannot say."""
        try:
            rows: Any = self._ask().getAllProcessInfo()
        except (OSError, Error):
            return {}
        return {row["name"]: row["statename"] for row in rows}

    def keep(self) -> None:
        """Starts again what has ended for good; to be called every second or so."""
        ended = reap()
        if (
            self.process is None
            or self.process.pid in ended
            or self.process.poll() is not None
        ):
            sweep()  # its programs, lest they hold the ports
            self.start()
            return
        for name, state in self.states().items():
            # supervisor waits 1, 2, 3... seconds between tries and then gives up;
            # from there on we try at each call.
            if state == "FATAL":
                try:
                    self._ask().startProcess(f"tandem:{name}", False)
                except (OSError, Error):
                    continue

    def stop(self) -> bool:
        """Stops everything, kindly and then not; True when nothing is left."""
        deadline = time.monotonic() + STOP_SECS
        process = self.process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            while process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
        clean = sweep()
        for leftover in self.run_dir.glob("*.pid"):
            leftover.unlink(missing_ok=True)
        if self.own_folder is not None:
            rmtree(self.own_folder, ignore_errors=True)
        return clean

    def _ask(self) -> Any:
        transport = SupervisorTransport(serverurl=f"unix://{self.socket}")
        return ServerProxy("http://127.0.0.1", transport=transport).supervisor
