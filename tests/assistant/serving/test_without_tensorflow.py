"""TensorFlow stays out until something needs it, and is then there as ever."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def python(code: str) -> str:
    """Runs code in a process of its own, as imports cannot be undone."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


LEAN = "from serving.without_tensorflow import *; import_rasa_lean(); import sys\n"


def test_rasa_serves_without_tensorflow() -> None:
    code = LEAN + "import rasa.core.run, rasa.core.processor, serving.model_files\n"
    code += (
        "import serving.rules, serving.states, channels.bridge, components.classifier\n"
    )
    assert python(code + "print('tensorflow' in sys.modules)") == "False"


def test_a_component_of_tensorflow_still_works() -> None:
    code = LEAN + (
        "import rasa.nlu.classifiers.diet_classifier\n"
        "from rasa.utils import train_utils\n"
        "from rasa.utils.tensorflow.callback import RasaTrainingLogger as Real\n"
        "print(type(train_utils.RasaTrainingLogger(1, True)) is Real)"
    )
    assert python(code) == "True"


def test_nothing_changes_where_rasa_is_loaded_already() -> None:
    code = "from rasa.utils import train_utils as t; before = t.RasaTrainingLogger\n"
    code += LEAN + "print(t.RasaTrainingLogger is before)"
    assert python(code) == "True"
