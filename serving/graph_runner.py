"""Runs a model's graph node by node, in an order that is worked out once."""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

Step = tuple[str, tuple[str, ...]]


class InOrderGraphRunner(DaskGraphRunner):
    """Rasa's runner without the scheduler.

    Rasa cuts the graph to its targets and hands it to dask for every message and for
    every prediction, which costs more than most of the components do.
    """

    def run(
        self,
        inputs: dict[str, Any] | None = None,
        targets: list[str] | None = None,
    ) -> dict[str, Any]:
        """Runs what the targets need and returns their outputs.

        Raises:
            GraphRunError: an input has the name of a node.
        """
        wanted = tuple(targets or self._graph_schema.target_names)
        outputs: dict[str, Any] = dict(inputs or {})
        if outputs.keys() & self._instantiated_nodes.keys():
            raise GraphRunError("An input has the name of a node of the graph.")
        for name, needs in self._plan(wanted):
            # A name alone stands for an input that nobody gave.
            given = [
                (need, outputs[need]) if need in outputs else need for need in needs
            ]
            _, outputs[name] = self._instantiated_nodes[name](*given)
        return {target: outputs[target] for target in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[Step]:
        plans: dict[tuple[str, ...], list[Step]]
        plans = self.__dict__.setdefault("_plans", {})
        if targets not in plans:
            plans[targets] = self._work_out(targets)
        return plans[targets]

    def _work_out(self, targets: tuple[str, ...]) -> list[Step]:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        order: dict[str, Step] = {}

        def visit(name: str) -> None:
            if name in order or name not in nodes:
                return
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                visit(need)
            order[name] = (name, needs)

        for target in targets:
            visit(target)
        return list(order.values())
