"""Imports Rasa without TensorFlow, for a model none of whose components needs it.

Rasa names TensorFlow in two places that every start passes, both for training only:
`rasa.utils.train_utils`, and the schema of the training graph inside each model (see
`serving.model_files`). TensorFlow is most of the memory and the time of a start.
Nothing is taken away: a component that needs TensorFlow imports it as ever.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

TRAIN_UTILS = "rasa.utils.train_utils"
# What `rasa.utils.train_utils` takes from modules that import TensorFlow.
NEEDS_TENSORFLOW = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
}


def import_rasa_lean() -> None:
    """Imports `train_utils` with stand-ins, which import the real thing when called.

    The modules themselves stay untouched, so whoever imports them gets them. Does
    nothing where they are loaded already.
    """
    if TRAIN_UTILS in sys.modules or any(
        name in sys.modules for name in NEEDS_TENSORFLOW
    ):
        return
    for module, names in NEEDS_TENSORFLOW.items():
        sys.modules[module] = _stand_in(module, names)
    try:
        import_module(TRAIN_UTILS)
    finally:
        for module in NEEDS_TENSORFLOW:
            del sys.modules[module]


def _stand_in(module: str, names: tuple[str, ...]) -> ModuleType:
    stand_in = ModuleType(module)
    for name in names:
        setattr(stand_in, name, _maker(module, name))
    return stand_in


def _maker(module: str, name: str) -> Callable[..., Any]:
    def make(*args: Any, **kwargs: Any) -> Any:
        return getattr(import_module(module), name)(*args, **kwargs)

    make.__name__ = name
    return make
