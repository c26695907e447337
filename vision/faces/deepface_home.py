"""The weights of the face models where DeepFace looks for them, below MIRAGE_DATA, linked from MIRAGE_MODELS.

MIRAGE_MODELS is read-only: several installations may share it, or an image may contain it.
"""

import os
from pathlib import Path

from media.sentences import english
from vision import weights
from vision.configuration import configuration
from vision.faces.onnx_bytes import field, fields

# Weights under the name by which DeepFace asks for them; others are placed under their own.
DEEPFACE_NAMES = {
    "yunet-int8": "face_detection_yunet_2023mar.onnx",
    "sface-int8": "face_recognition_sface_2021dec.onnx",
}
# What each model needs from models.toml; DeepFace fetches weights of other models by itself.
WEIGHTS = {"yunet": "yunet-int8", "SFace": "sface-int8", "Facenet": "facenet"}
_GRAPH, _INPUT = 7, 11  # fields of ModelProto and GraphProto (onnx.proto)


class MissingWeights(Exception):
    """A model cannot be used because its weights are missing; the message says why."""


def place(model: str) -> Path:
    """Make sure that DeepFace finds this model's weights. Returns its home folder. Raises MissingWeights."""
    home = configuration().deepface
    folder = home / ".deepface" / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    if (name := WEIGHTS.get(model)) is not None:
        weight = next(weight for weight in weights.catalogue() if weight.name == name)
        target = folder / DEEPFACE_NAMES.get(name, weight.placed_as)
        if not target.exists():
            source = configuration().models / weight.placed_as
            if not source.is_file():
                raise MissingWeights(
                    english("The model %(name)s is missing. `manage.py fetch_models` fetches it.", name=weight.name)
                )
            _prepare(source, target)
    return home


def _prepare(source: Path, target: Path) -> None:
    """Link the weights to where DeepFace looks, or write a version with one input there."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    if source.name.endswith("int8bq.onnx") and "sface" in source.name:
        temporary.write_bytes(with_one_input(source.read_bytes()))
    else:
        temporary.symlink_to(source.absolute())
    os.replace(temporary, target)


def with_one_input(model: bytes) -> bytes:
    """An ONNX model with its first input only.

    The int8 SFace still lists weights that quantised ones replaced, and ONNX Runtime would require them.
    """
    parts = []
    for number, whole, body in fields(model):
        if number == _GRAPH:
            inputs = 0
            kept = []
            for inner, inner_whole, _ in fields(body):
                inputs += inner == _INPUT
                if inner != _INPUT or inputs == 1:
                    kept.append(inner_whole)
            whole = field(_GRAPH, b"".join(kept))
        parts.append(whole)
    return b"".join(parts)
