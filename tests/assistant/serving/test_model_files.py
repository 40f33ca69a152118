"""What of a model is read, and how a file that is none is refused."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from rasa.exceptions import ModelNotFound

from serving.model_files import PredictionStorage, load_model


def test_schema_of_training_is_not_read(tmp_path: Path) -> None:
    """It names components by their modules, and reading it imports them all."""
    metadata = {
        "trained_at": "2026-01-01T00:00:00",
        "rasa_open_source_version": "3.6.21",
        "model_id": "m",
        "assistant_id": "a",
        "domain": {"version": "3.1"},
        "train_schema": {"nodes": {"x": {"uses": "there.is.no.such.Component"}}},
        "predict_schema": {"nodes": {}},
        "training_type": 3,
        "project_fingerprint": "f",
        "core_target": "c",
        "nlu_target": "n",
        "language": "en",
    }
    (tmp_path / "metadata.json").write_text(json.dumps(metadata))
    read = PredictionStorage._load_metadata(tmp_path)

    assert read.model_id == "m"
    assert read.train_schema.nodes == {}


def archive(path: Path, name: str, content: bytes) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return path


def test_what_is_no_model_is_refused_by_name(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.tar.gz", tmp_path / "text.tar.gz"
    empty.touch()
    text.write_text("not an archive")
    other = archive(tmp_path / "other.tar.gz", "readme", b"hello")
    for path in (empty, text, other, tmp_path / "gone.tar.gz"):
        with pytest.raises(ModelNotFound, match=path.stem.split(".")[0]):
            load_model(path)
