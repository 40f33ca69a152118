import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
for folder in (str(ROOT), str(ROOT / "tests" / "assistant" / "channels")):
    if folder not in sys.path:
        sys.path.insert(0, folder)

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

from serving.without_tensorflow import import_rasa_lean  # noqa: E402

import_rasa_lean()  # these tests start in a few seconds, as the assistant does
