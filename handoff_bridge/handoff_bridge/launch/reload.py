"""`make reload`: gives the running assistant the model that was trained last."""

import sys
from pathlib import Path

import httpx
from rich.console import Console

from handoff_bridge.launch.environment import read_running

ROOT = Path(__file__).resolve().parents[3]
# Loading takes seconds; on a busy small machine it may take a minute.
RELOAD_SECS = 180
# What each process has in memory and a new model does not bring along.
CODE = {
    "assistant": ("authoring", "channels", "components", "serving"),
    "actions": ("actions",),
}


class CannotReload(Exception):
    """Why the assistant still has its old model, in one sentence."""


def main() -> int:
    """The exit status of the command."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        with console.status("Loading the model into the running assistant"):
            told = reload(ROOT)
    except CannotReload as reason:
        console.print(str(reason), style="bold red", markup=False)
        return 1
    console.print(told, markup=False)
    return 0


def reload(root: Path) -> str:
    """Calls the running copy; what it did, in a few words for the designer.

    Raises:
        CannotReload: nothing runs, it does not answer, or it refused the model.
    """
    environment = read_running(root)
    if environment is None:
        raise CannotReload(
            "Nothing is running with this DATA_DIR. `make run` starts it, with the "
            "model that is now trained."
        )
    done = _call(environment["RASA_URL"], environment["SERVICE_TOKEN"])
    lines = [
        f"The running assistant has the new model after {done['seconds']:.1f} s; "
        "every conversation goes on."
    ]
    if done["model_id"] == done["replaced"]:
        lines = ["Nothing had changed: the running assistant has this model already."]
    changed = changed_code(root, Path(environment["RUN_DIR"]))
    if changed:
        names = ", ".join(changed)
        lines.append(f"Changed code takes a restart of `make run`: {names}.")
    return "\n".join(lines)


def _call(url: str, token: str) -> dict[str, object]:
    try:
        response = httpx.post(
            f"{url}/webhooks/bridge/reload",
            headers={"Authorization": f"Bearer {token}"},
            timeout=RELOAD_SECS,
            trust_env=False,
        )
        answer = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise CannotReload(
            f"The assistant at {url} does not answer: {error}"
        ) from error
    if not response.is_success:
        raise CannotReload(
            f"The assistant keeps its old model. {answer.get('message', answer)}"
        )
    return dict(answer)


def changed_code(root: Path, run_dir: Path) -> list[str]:
    """Python files that are newer than the start of the process that uses them."""
    changed = []
    for process, folders in CODE.items():
        try:
            started = (run_dir / f"{process}.pid").stat().st_mtime
        except OSError:
            continue
        for folder in folders:
            files = sorted((root / folder).rglob("*.py"))
            changed += [
                str(file.relative_to(root))
                for file in files
                if file.stat().st_mtime > started
            ]
    return changed


if __name__ == "__main__":
    sys.exit(main())
