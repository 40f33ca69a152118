"""Every guard can still be taken away, and the command says what comes of it."""

import ast
import sys
from pathlib import Path

import pytest
from rich.console import Console

from tests.guards import __main__ as command
from tests.guards.removals import Guard, load_guards

ROOT = Path(__file__).resolve().parents[2]
GUARDS = load_guards()
# A project with one guard and the test that holds it.
SOURCE = "def withdraw(balance, sum):\n    assert sum <= balance\n    return balance\n"
TEST = """
import pytest
from account import withdraw

def test_it_pays():
    assert withdraw(2, 1) == 2

def test_overdraft_is_refused():
    with pytest.raises(AssertionError):
        withdraw(1, 2)
"""


def named(guard: Guard) -> str:
    return guard.guard


def test_names_are_given_once() -> None:
    assert len({guard.guard for guard in GUARDS}) == len(GUARDS) > 20


@pytest.mark.parametrize("guard", GUARDS, ids=named)
def test_every_removal_applies_and_leaves_python(guard: Guard) -> None:
    ast.parse(guard.missing_from(ROOT))


@pytest.mark.parametrize("guard", GUARDS, ids=named)
def test_every_guard_names_tests_that_exist(guard: Guard) -> None:
    assert guard.tests
    for test in guard.tests:
        file, _, name = test.partition("::")
        assert file.startswith(tuple(command.RUNS)), test
        tree = ast.parse((ROOT / file).read_text("utf-8"))
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        names = [one.name for one in tree.body if isinstance(one, functions)]
        assert name in names, test


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "account.py").write_text(SOURCE)
    (tmp_path / "test_account.py").write_text(TEST)
    runs = {"test_": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]}
    monkeypatch.setattr(command, "RUNS", runs)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("takes", "test", "status", "says"),
    [
        ("sum <= balance", "overdraft_is_refused", 0, "account::test_overdraft"),
        ("sum <= balance", "it_pays", 1, "No test fails without the 'cover' guard."),
        ("sum < balance", "overdraft_is_refused", 1, "0 times in account.py"),
        ("balance", "overdraft_is_refused", 1, "3 times in account.py"),
        ("sum <= balance", "nowhere", 1, "prove nothing"),
    ],
)
def test_guard_is_proved_by_a_test_that_fails_without_it(
    project: Path, takes: str, test: str, status: int, says: str
) -> None:
    tests = [f"test_account.py::test_{test}"]
    guard = Guard("cover", "anything is paid", "account.py", takes, "True", tests)
    console = Console(record=True, width=200, quiet=False)
    assert command.prove([guard], project, console) == status
    assert says in console.export_text()
    assert (project / "account.py").read_text() == SOURCE
