"""tools/setup.sh on machines whose uv is not to be relied on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# As pyenv's: it runs a program only where .python-version names one that has it.
SHIM = """#!/bin/sh
echo "shim in $PWD: $*" >>"$CALLS"
[ "$(cat .python-version)" = "$SHIM_PYTHON" ] && exec "$OWN_UV" "$@"
echo "pyenv: uv: command not found" >&2
exit 127
"""
OWN_UV = """#!/bin/sh
echo "uv in $PWD: $*" >>"$CALLS"
case "$1" in
python) echo "$PYTHON" ;;
venv) mkdir -p .venv/bin && ln -s "$PYTHON" .venv/bin/python ;;
esac
"""


def write_program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("python_of_the_shim", ["3.10", "3.12", "none"])
def test_shim_that_fails_in_one_folder_is_not_used_in_the_other(
    tmp_path: Path, python_of_the_shim: str
) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "tools", project / "tools")
    for folder in (project, project / "handoff_bridge"):
        folder.mkdir(exist_ok=True)
        own_version = ROOT / folder.relative_to(project) / ".python-version"
        shutil.copy(own_version, folder)
        (folder / "requirements.txt").touch()
    (project / "Makefile").touch()
    own_uv = write_program(project / ".uv" / "bin" / "uv", OWN_UV)
    shim = write_program(tmp_path / "shims" / "uv", SHIM)
    calls = tmp_path / "calls"
    done = subprocess.run(
        ["sh", "tools/setup.sh"],
        cwd=project,
        env={
            "PATH": f"{shim.parent}:{os.environ['PATH']}",
            "SHIM_PYTHON": python_of_the_shim,
            "OWN_UV": str(own_uv),
            "PYTHON": sys.executable,
            "CALLS": str(calls),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    made = [line for line in calls.read_text().splitlines() if ": venv" in line]
    assert made == [
        f"uv in {folder}: venv --quiet --python {sys.executable} .venv"
        for folder in (project, project / "handoff_bridge")
    ]
    asked = [line for line in calls.read_text().splitlines() if line.startswith("shim")]
    assert all(line.endswith(": --version") for line in asked)
