"""Imports go downwards only, and what checks the files is of no use at run time."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What each package may import of the others.
MAY_IMPORT = {
    "authoring": set(),
    "components": {"authoring"},
    "serving": {"components"},
    "channels": {"serving", "components", "authoring"},
    "actions": {"authoring"},
}
# They hold the designers' files against the limits of the components that read them.
CHECKS = {
    "authoring.check_care",
    "authoring.check_config",
    "authoring.check_detectors",
}
# What actions and policies share: to be a package below both.
SHARED = {"components.escalation_turns", "components.triggers"}
OURS = set(MAY_IMPORT) | {"benchmarks", "tests", "handoff_bridge", "backoffice"}


def modules(package: str) -> Iterator[tuple[str, set[str]]]:
    """Each module of a package, by its dotted name, and what it imports of ours."""
    for path in sorted((ROOT / package).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield name, {found for found in imports(path) if top(found) in OURS}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""


def top(name: str) -> str:
    return name.partition(".")[0]


def allowed(module: str) -> set[str]:
    package = top(module)
    checks = {"components"} if module in CHECKS else set()
    return MAY_IMPORT[package] | {package} | checks


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_package_imports_downwards_only(package):
    for module, used in modules(package):
        shared = SHARED if package == "actions" else set()
        upwards = {name for name in used - shared if top(name) not in allowed(module)}
        assert upwards == set(), module


@pytest.mark.parametrize("package", sorted(set(MAY_IMPORT) - {"authoring"}))
def test_nothing_at_run_time_imports_a_check(package):
    for module, used in modules(package):
        checks = {name for name in used if name.startswith("authoring.check")}
        assert checks == set(), module


def test_what_runs_of_authoring_imports_no_check():
    for module, used in modules("authoring"):
        if not module.startswith("authoring.check"):
            checks = {name for name in used if name.startswith("authoring.check")}
            assert checks == set(), module


def test_exceptions_are_still_needed():
    needed = {name for module, used in modules("actions") for name in used}
    assert needed >= SHARED
    by_module = dict(modules("authoring"))
    for check in CHECKS:
        assert any(top(name) == "components" for name in by_module[check]), check
