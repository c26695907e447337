"""What the models need to know about the installation, read when needed from the function given to `read_from`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Configuration:
    """Where models are, and which of them are used."""

    models: Path  # the folder of weights; read-only
    deepface: Path  # a writable folder for the files that DeepFace expects
    face_detector: str = "yunet"
    face_model: str = "SFace"
    clip: str = ""  # the folder of the user's CLIP
    models_on: str = "processor"  # one of vision.inference.CHOICES


_read: Callable[[], Configuration] | None = None


def read_from(read: Callable[[], Configuration]) -> None:
    """Set the function that returns the configuration."""
    global _read
    _read = read


def configuration() -> Configuration:
    """The current configuration. Raises RuntimeError if no function was set."""
    if _read is None:
        raise RuntimeError("Call vision.configuration.read_from first.")
    return _read()
