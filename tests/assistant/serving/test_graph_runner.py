"""Nodes run in the order of their needs, each once, and only those that are needed."""

from typing import Any

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from serving.graph_runner import InOrderGraphRunner

ran: list[int] = []


class Sum(GraphComponent):
    """Adds its number to what it is given."""

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> "Sum":
        component = cls()
        component.number = config["number"]
        return component

    def add(self, left: int = 0, right: int = 0) -> int:
        ran.append(self.number)
        return self.number + left + right


def node(number: int, **needs: str) -> SchemaNode:
    return SchemaNode(
        needs=needs,
        uses=Sum,
        constructor_name="create",
        fn="add",
        config={"number": number},
        eager=True,
    )


SCHEMA = GraphSchema(
    {
        "last": node(100, left="second", right="first"),
        "second": node(10, left="first", right="given"),
        "first": node(1, left="given"),
        "aside": node(1000, left="first"),
    }
)


def runner(kind: type[DaskGraphRunner]) -> DaskGraphRunner:
    return kind(SCHEMA, None, ExecutionContext(SCHEMA, "model"))  # type: ignore[arg-type]


@pytest.mark.parametrize("targets", [["last"], ["second"], ["last", "aside"]])
def test_returns_what_rasas_runner_returns(targets: list[str]) -> None:
    results = []
    for kind in (DaskGraphRunner, InOrderGraphRunner):
        ran.clear()
        graph = runner(kind)
        results.append((graph.run({"given": 5}, targets), sorted(ran)))
        assert graph.run({"given": 6}, targets) != results[-1][0]

    assert results[0] == results[1]


def test_a_missing_input_is_an_error_as_with_rasa() -> None:
    with pytest.raises(GraphRunError):
        runner(InOrderGraphRunner).run({}, ["last"])


def test_an_input_cannot_pass_for_a_node() -> None:
    with pytest.raises(GraphRunError):
        runner(InOrderGraphRunner).run({"first": 5, "given": 5}, ["last"])
