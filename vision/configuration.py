"""What the models have to know of the installation. It is read when it is needed, from where `read_from` says."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Configuration:
    """Where models lie, and which of them are used."""

    models: Path  # the folder of weights; only read
    deepface: Path  # a folder to write to, for what DeepFace wants to find
    face_detector: str = "yunet"
    face_model: str = "SFace"
    clip: str = ""  # the folder of a CLIP that the user supplies


_read: Callable[[], Configuration] | None = None


def read_from(read: Callable[[], Configuration]) -> None:
    """Let `configuration` ask this function."""
    global _read
    _read = read


def configuration() -> Configuration:
    """The configuration as it is now. Raises RuntimeError where nobody said where it is read from."""
    if _read is None:
        raise RuntimeError("Call vision.configuration.read_from first.")
    return _read()
