"""Copies are spared where they are for log lines, and only there."""

import ast
import copy
import inspect
import logging
from importlib import import_module

import pytest

from serving import quiet_logs


def uses_of_copy(tree: ast.AST) -> list[ast.AST]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "copy"
    ]


def is_debug_log(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "structlogger.debug"


@pytest.mark.parametrize("name", quiet_logs.MODULES)
def test_rasa_copies_for_its_debug_log_only(name: str) -> None:
    tree = ast.parse(inspect.getsource(import_module(name)))
    logged = [node for node in ast.walk(tree) if is_debug_log(node)]
    in_logs = [use for node in logged for use in uses_of_copy(node)]

    assert in_logs
    assert len(uses_of_copy(tree)) == len(in_logs)


def test_debug_log_keeps_its_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    modules = [import_module(name) for name in quiet_logs.MODULES]
    for module in modules:
        monkeypatch.setattr(module, "copy", copy)  # put back afterwards
    monkeypatch.setattr(logging.root.manager, "disable", logging.NOTSET)
    monkeypatch.setattr(logging.getLogger("rasa"), "level", logging.DEBUG)
    logging.getLogger("rasa").manager._clear_cache()
    quiet_logs.copy_nothing_for_logs()
    assert all(module.copy is copy for module in modules)

    monkeypatch.setattr(logging.getLogger("rasa"), "level", logging.INFO)
    logging.getLogger("rasa").manager._clear_cache()
    quiet_logs.copy_nothing_for_logs()
    assert all(module.copy is quiet_logs.Uncopied for module in modules)
