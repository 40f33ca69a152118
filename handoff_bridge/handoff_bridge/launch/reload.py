"""`make reload`: gives the running assistant the model that was trained last."""

from pathlib import Path

import httpx

from handoff_bridge.launch import Console, LaunchError, run_command
from handoff_bridge.launch.environment import ROOT, http_client, read_environment
from handoff_bridge.launch.processes import find_processes

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
    running = find_processes(read_environment(root), "assistant")
    if not running:
        raise LaunchError(
            "No assistant is running with this DATA_DIR. `make run` starts it, with "
            "the model that is now trained."
        )
    environment = running[0].environ()
    url = environment["RASA_URL"]
    try:
        with http_client(environment, RELOAD_SECS) as http:
            response = http.post(f"{url}/webhooks/bridge/reload")
        done = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise LaunchError(f"The assistant at {url} does not answer: {error}") from error
    if not response.is_success:
        reason = done.get("message", done)
        raise LaunchError(f"The assistant keeps its old model. {reason}")
    told = (
        f"The running assistant has the new model after {done['seconds']:.1f} s; "
        "every conversation goes on."
    )
    if done["model_id"] == done["replaced"]:
        told = "Nothing had changed: the running assistant has this model already."
    if changed := ", ".join(changed_code(root, environment)):
        told += f"\nChanged code takes a restart of `make run`: {changed}."
    return told


def changed_code(root: Path, environment: dict[str, str]) -> list[str]:
    """Returns Python files newer than the start of the process that uses them."""
    return sorted(
        str(file.relative_to(root))
        for name, folders in CODE.items()
        for process in find_processes(environment, name)[:1]
        for folder in folders
        for file in (root / folder).rglob("*.py")
        if file.stat().st_mtime > process.create_time()
    )


if __name__ == "__main__":
    run_command(main)
