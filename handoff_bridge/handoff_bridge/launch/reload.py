"""`make reload`: gives the running assistant the model that was trained last."""

import sys
from pathlib import Path

import httpx

from handoff_bridge.launch import Console, LaunchError, run_command
from handoff_bridge.launch.environment import ROOT, read_environment
from handoff_bridge.launch.processes import find_running

# Loading takes seconds; on a busy small machine it may take a minute.
RELOAD_SECS = 180
# What each process has in memory and a new model does not bring along.
CODE = {
    "assistant": ("authoring", "channels", "components", "serving"),
    "actions": ("actions",),
}


def main(console: Console) -> None:
    """Shows what was done."""
    with console.status("Loading the model into the running assistant"):
        told = reload(ROOT)
    console.print(told)


def reload(root: Path) -> str:
    """Calls the running copy; returns what it did, in a few words for the designer.

    Raises:
        LaunchError: nothing runs, it does not answer, or it refused the model.
    """
    data_dir = read_environment(root)["DATA_DIR"]
    assistant = find_running("assistant", data_dir)
    if assistant is None:
        raise LaunchError(
            "No assistant is running with this DATA_DIR. `make run` starts it, with "
            "the model that is now trained."
        )
    environment = assistant.environ()
    url = environment["RASA_URL"]
    headers = {"Authorization": f"Bearer {environment['SERVICE_TOKEN']}"}
    client = httpx.Client(headers=headers, timeout=RELOAD_SECS, trust_env=False)
    try:
        response = client.post(f"{url}/webhooks/bridge/reload")
        done = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise LaunchError(f"The assistant at {url} does not answer: {error}") from error
    if not response.is_success:
        reason = done.get("message", done)
        raise LaunchError(f"The assistant keeps its old model. {reason}")
    told = "Nothing had changed: the running assistant has this model already."
    if done["model_id"] != done["replaced"]:
        told = (
            f"The running assistant has the new model after {done['seconds']:.1f} s; "
        )
        told += "every conversation goes on."
    if changed := changed_code(root, data_dir):
        told += f"\nChanged code takes a restart of `make run`: {', '.join(changed)}."
    return told


def changed_code(root: Path, data_dir: str) -> list[str]:
    """Returns Python files newer than the start of the process that uses them."""
    changed = []
    for name, folders in CODE.items():
        if process := find_running(name, data_dir):
            files = (
                file for folder in folders for file in (root / folder).rglob("*.py")
            )
            since = process.create_time()
            changed += [file for file in files if file.stat().st_mtime > since]
    return sorted(str(file.relative_to(root)) for file in changed)


if __name__ == "__main__":
    sys.exit(run_command(main))
