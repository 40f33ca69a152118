"""The sandbox back office as a process, and the trained assistant in this one."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.ports import free_ports  # noqa: E402

if TYPE_CHECKING:
    from benchmarks.assistant import TrainedAssistant

PYTHON = ROOT / "handoff_bridge" / ".venv" / "bin" / "python"
TOKEN = "token-of-the-tests"


@pytest.fixture(scope="session")
def assistant() -> "TrainedAssistant":
    """What the trained assistant understands; loaded once, it takes seconds."""
    from benchmarks.assistant import trained_assistant

    try:
        return trained_assistant()
    except FileNotFoundError as error:
        pytest.fail(str(error))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One back office for a file of tests; its address."""
    if not PYTHON.exists():
        pytest.fail("handoff_bridge/.venv is missing: run `make setup` first")
    port = next(free_ports())
    env = {
        "PATH": os.environ["PATH"],
        "SERVICE_TOKEN": TOKEN,
        "BACKOFFICE_PORT": str(port),
        "DATA_DIR": str(tmp_path_factory.mktemp("sandbox")),
    }
    process = subprocess.Popen(
        [PYTHON, "-m", "backoffice"],
        cwd=ROOT,
        env=env,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _wait_until_up(process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(process: "subprocess.Popen[str]") -> None:
    assert process.stderr
    logged = []
    for line in process.stderr:
        logged.append(line)
        if "running on" in line:
            # keeps the pipe empty, or a full one would stop the sandbox
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return
    pytest.fail("the back office did not start:\n" + "".join(logged))
