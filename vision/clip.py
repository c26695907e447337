"""Pictures found by what is said of them: a CLIP (Radford et al., 2021) in ONNX form, where the user supplies one.

MIRAGE_CLIP names its folder, as Hugging Face's exports have it: `vision_model.onnx` and `text_model.onnx`, in the
folder or in `onnx/` below it, `tokenizer.json` (byte pairs), and if there is one `preprocessor_config.json`. Off
without it: no weights of such a model come from a package registry.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision import inference
from vision.clip_tokens import Tokens
from vision.configuration import configuration
from vision.fingerprints import normalised

KIND = "clip"
AT_ONCE = 4
PARTS = ("vision_model", "text_model")


class UnusableClip(Exception):
    """The folder does not hold what is needed; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Seeing:
    """How pictures are to be laid before the model."""

    side: int = 224
    mean: tuple[float, ...] = (0.48145466, 0.4578275, 0.40821073)
    deviation: tuple[float, ...] = (0.26862954, 0.26130258, 0.27577711)


def is_on() -> bool:
    """Whether the user supplies a model."""
    return bool(configuration().clip)


def folder() -> Path:
    return Path(configuration().clip).expanduser()


def problem() -> str:
    """What is missing in the folder, in words; empty where it can be used."""
    try:
        for part in PARTS:
            file_of(part)
        tokens()
        dimension()
    except UnusableClip as error:
        return str(error)
    return ""


def file_of(part: str) -> Path:
    """The file of one of PARTS. Raises UnusableClip."""
    for place in (folder(), folder() / "onnx"):
        for name in (f"{part}.onnx", f"{part}_quantized.onnx", f"{part}_fp16.onnx"):
            if (place / name).is_file():
                return place / name
    raise UnusableClip(f"MIRAGE_CLIP: there is no {part}.onnx in {folder()}.")


def model_name() -> str:
    """What its vectors are known by: another model in the folder makes other vectors."""
    return f"{folder().name[:40]}:{file_of('vision_model').stat().st_size}"


@cache
def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.is_file() else {}


def dimension() -> int:
    """Of the vectors. Raises UnusableClip."""
    outputs = {output.name: output.shape for output in inference.loaded(file_of("text_model")).get_outputs()}
    shape = outputs.get("text_embeds")
    if not shape or not isinstance(shape[-1], int):
        raise UnusableClip("MIRAGE_CLIP: text_model.onnx has no output text_embeds of a known size.")
    return int(shape[-1])


def seeing() -> Seeing:
    """What preprocessor_config.json says; CLIP's own values where it says nothing."""
    told = _json(folder() / "preprocessor_config.json")
    default = Seeing()
    size = told.get("crop_size") or told.get("size") or default.side
    side = size.get("height") or size.get("shortest_edge") if isinstance(size, dict) else size
    mean, deviation = told.get("image_mean") or default.mean, told.get("image_std") or default.deviation
    return Seeing(int(side or default.side), tuple(mean), tuple(deviation))


@cache
def _tokens(path: Path) -> Tokens:
    return Tokens.read(path)


def tokens() -> Tokens:
    """The folder's words. Raises UnusableClip."""
    path = folder() / "tokenizer.json"
    if not path.is_file():
        raise UnusableClip(f"MIRAGE_CLIP: there is no tokenizer.json in {folder()}.")
    try:
        return _tokens(path)
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableClip(f"MIRAGE_CLIP: tokenizer.json is not one of byte pairs, as CLIP's is ({error}).") from error


# --- vectors ----------------------------------------------------------------------------------------------------------


def prepare(image: Image.Image, how: Seeing) -> NDArray[np.float32]:
    """What the model sees of an upright picture: its middle, as a square of 3 × side × side."""
    image = _middle(image)
    factor = how.side / min(image.size)
    width, height = (max(round(length * factor), how.side) for length in image.size)
    shrunk = image.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    left, top = (width - how.side) // 2, (height - how.side) // 2
    pixels = np.asarray(shrunk.crop((left, top, left + how.side, top + how.side)), np.float32) / np.float32(255)
    scaled = (pixels - np.array(how.mean, np.float32)) / np.array(how.deviation, np.float32)
    return scaled.transpose(2, 0, 1).astype(np.float32)


def _middle(image: Image.Image) -> Image.Image:
    """What may be seen of a picture: of a very long one the rest would only be enlarged to be cut off."""
    reach = 3 * min(image.size)
    width, height = (min(length, reach) for length in image.size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def of_pictures(images: Sequence[Image.Image]) -> NDArray[np.float32]:
    """Vectors of length one for upright pictures. Raises UnusableClip."""
    model, how = inference.loaded(file_of("vision_model")), seeing()
    rows = []
    for first in range(0, len(images), AT_ONCE):
        batch = np.stack([prepare(image, how) for image in images[first : first + AT_ONCE]])
        rows.append(np.asarray(model.run(["image_embeds"], {"pixel_values": batch})[0], np.float32))
    return normalised(np.concatenate(rows)) if rows else np.empty((0, dimension()), np.float32)


def of_text(text: str) -> NDArray[np.float32]:
    """The vector of a text. Raises UnusableClip."""
    model, ids = inference.loaded(file_of("text_model")), np.array([tokens().ids(text)], np.int64)
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    wanted = {name.name for name in model.get_inputs()}
    answer = model.run(["text_embeds"], {name: value for name, value in given.items() if name in wanted})[0]
    return normalised(np.asarray(answer, np.float32))[0]
