"""Reads a trained model for prediction, and nothing else of it."""

from __future__ import annotations

import logging
import tarfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import rasa.shared.utils.io
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphSchemaException
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import (
    MODEL_ARCHIVE_METADATA_FILE,
    LocalModelStorage,
)
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ModelNotFound
from rasa.model import get_latest_model

from serving.graph_runner import InOrderGraphRunner

logger = logging.getLogger(__name__)


class PredictionStorage(LocalModelStorage):
    """Rasa's storage, without the schema of the graph that trained the model.

    That schema names every component which Rasa has, and reading it imports them all.
    """

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        metadata = rasa.shared.utils.io.read_json_file(
            directory / MODEL_ARCHIVE_METADATA_FILE
        )
        return ModelMetadata.from_dict({**metadata, "train_schema": {"nodes": {}}})


def load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
    """Returns the archive's name, what it says about itself, and its graph, loaded.

    Raises:
        ModelNotFound: there is no model at this path, or it is not a whole archive.
    """
    path = Path(model_path)
    # Rasa would look beside a file that is gone and take whatever is there.
    archive = get_latest_model(str(path)) if path.is_dir() else path
    if not archive or not Path(archive).is_file():
        raise ModelNotFound(f"No model found at '{model_path}'.")
    logger.info("Loading model %s...", archive)
    try:
        with TemporaryDirectory() as folder:
            metadata, runner = load_predict_graph_runner(
                Path(folder), Path(archive), PredictionStorage, InOrderGraphRunner
            )
    except (tarfile.TarError, EOFError, zlib.error, OSError, KeyError) as error:
        raise ModelNotFound(f"'{archive}' is not a whole model: {error}") from error
    except GraphSchemaException as error:
        raise ModelNotFound(f"'{archive}' names what is not here: {error}") from error
    return Path(archive).name, metadata, runner


def use_for_every_processor() -> None:
    """Makes Rasa's processor load models with `load_model`."""
    MessageProcessor._load_model = staticmethod(load_model)
