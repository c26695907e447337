"""Finding pictures by words with a CLIP model (Radford et al., 2021) in ONNX form that the user supplies.

MIRAGE_CLIP names its folder. Two layouts are read: Hugging Face's exports (`vision_model.onnx` and `text_model.onnx`,
in the folder or in `onnx/` below it, `tokenizer.json`, `preprocessor_config.json`), and a model from Immich's cache
(`visual/model.onnx`, `textual/model.onnx`, `textual/tokenizer.json`, `visual/preprocess_cfg.json`, `config.json`).
Without it this is off, because no package registry has the weights of such a model.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from media.sentences import english
from vision import clip_tokens, inference
from vision.clip_pieces import Pieces
from vision.clip_tokens import Tokens
from vision.configuration import configuration
from vision.fingerprints import normalised

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

KIND = "clip"
AT_ONCE = 4
VISION, TEXT = "vision_model", "text_model"
IN_IMMICH = {VISION: "visual", TEXT: "textual"}
VECTORS = {VISION: ("image_embeds", "pooler_output"), TEXT: ("text_embeds", "pooler_output")}  # outputs, best first
WORDS_OF = ("text", "input_ids")  # inputs that a text model may have for tokens
LONGEST = 77  # tokens of a text, unless the model's files say otherwise
FIXED = {"siglip", "siglip2"}  # these read texts of one length only, in small letters
SIGLIPS = 64  # that length
MOST_PIXELS = 4_096  # of a side: no model sees more
NUMBERS = {"tensor(int32)": np.int32, "tensor(int64)": np.int64, "tensor(float16)": np.float16}


# What reading a malformed file may raise.
UNREADABLE = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


class UnusableClip(Exception):
    """The folder does not hold what is needed; the message says what is missing or damaged."""


@dataclass(frozen=True, slots=True)
class Seeing:
    """How the model wants its pictures."""

    side: int = 224
    mean: tuple[float, ...] = (0.48145466, 0.4578275, 0.40821073)
    deviation: tuple[float, ...] = (0.26862954, 0.26130258, 0.27577711)
    squeezed: bool = False  # the whole picture, squeezed into a square; otherwise the square in its middle


@dataclass(frozen=True, slots=True)
class Reading:
    """How the model wants its texts."""

    longest: int = LONGEST
    filled_with: int | None = None  # the token that fills up short texts, if all must have one length
    plain: bool = False  # small letters without punctuation


def is_on() -> bool:
    """Whether the user supplies a model."""
    return bool(configuration().clip)


def folder() -> Path:
    """The model's folder: the one that MIRAGE_CLIP names, or the only one in it with a model."""
    named = Path(configuration().clip).expanduser()
    if named.is_dir() and not _holds_a_model(named):
        inside = [path for path in sorted(named.iterdir()) if path.is_dir() and _holds_a_model(path)]
        if len(inside) == 1:
            return inside[0]
    return named


def _holds_a_model(path: Path) -> bool:
    return any((path / place).is_file() for place in (f"{VISION}.onnx", f"onnx/{VISION}.onnx", "visual/model.onnx"))


def problem() -> str:
    """What is missing or damaged in the folder, in words; empty if it can be used."""
    try:
        for part in IN_IMMICH:
            file_of(part)
        dimension()
        seeing()
        of_text("a")
    except UnusableClip as error:
        return str(error)
    return ""


def told() -> str:
    """What was found in the folder, in words. Raises UnusableClip."""
    numbers = {"name": folder().name, "side": seeing().side, "numbers": dimension()}
    of_immich, has_pairs = file_of(TEXT).parent.name == IN_IMMICH[TEXT], isinstance(tokens(), Tokens)
    if of_immich and has_pairs:
        return english(
            "%(name)s, from Immich’s model cache: pictures of %(side)s pixels, byte pairs, vectors of"
            " %(numbers)s numbers",
            **numbers,
        )
    if of_immich:
        return english(
            "%(name)s, from Immich’s model cache: pictures of %(side)s pixels, pieces of many languages, vectors of"
            " %(numbers)s numbers",
            **numbers,
        )
    if has_pairs:
        return english(
            "%(name)s, a Hugging Face export: pictures of %(side)s pixels, byte pairs, vectors of %(numbers)s numbers",
            **numbers,
        )
    return english(
        "%(name)s, a Hugging Face export: pictures of %(side)s pixels, pieces of many languages, vectors of"
        " %(numbers)s numbers",
        **numbers,
    )


def file_of(part: str) -> Path:
    """The file of one of the two models: for pictures or for texts. Raises UnusableClip."""
    for place in (folder(), folder() / "onnx"):
        for name in (f"{part}.onnx", f"{part}_quantized.onnx", f"{part}_fp16.onnx"):
            if (place / name).is_file():
                return place / name
    if (file := folder() / IN_IMMICH[part] / "model.onnx").is_file():
        return file
    raise UnusableClip(
        english(
            "MIRAGE_CLIP: there is no %(part)s.onnx or %(other)s/model.onnx in %(folder)s.",
            part=part,
            other=IN_IMMICH[part],
            folder=folder(),
        )
    )


def model_name() -> str:
    """The name under which its vectors are stored, which differs from model to model. Raises UnusableClip."""
    return f"{folder().name[:40]}:{file_of(VISION).stat().st_size}"


@contextmanager
def _reading(told: str) -> Iterator[None]:
    """Say in words which file cannot be read. Raises UnusableClip."""
    try:
        yield
    except UNREADABLE as error:
        raise UnusableClip(english("MIRAGE_CLIP: %(problem)s (%(error)s).", problem=told, error=error)) from error


@cache
def _json(path: Path) -> dict[str, Any]:
    """What the file says, if there is one. Raises UnusableClip for a damaged one."""
    with _reading(english("%(name)s is damaged", name=path.name)):
        return dict(json.loads(path.read_text()).items()) if path.is_file() else {}


def _session(part: str) -> "InferenceSession":
    """The loaded model. Raises UnusableClip if the file is not a model."""
    path = file_of(part)
    try:
        return inference.loaded(path, accelerated=part == VISION)
    except Exception as error:  # onnxruntime's exceptions have no base class of their own
        raise UnusableClip(
            english("MIRAGE_CLIP: %(name)s cannot be loaded: %(error)s", name=path.name, error=error)
        ) from error


def _output(part: str) -> str:
    """The output that holds the vectors. Raises UnusableClip."""
    outputs = [output for output in _session(part).get_outputs() if len(output.shape) == 2]
    for name in VECTORS[part]:
        if name in (output.name for output in outputs):
            return name
    if len(outputs) != 1 or file_of(part).parent.name != IN_IMMICH[part]:
        raise UnusableClip(
            english("MIRAGE_CLIP: %(name)s has no output %(output)s.", name=file_of(part).name, output=VECTORS[part][0])
        )
    return str(outputs[0].name)


def _run(part: str, given: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    """The vectors, of any length, of what is given to a part of the model. Raises UnusableClip."""
    try:
        return np.asarray(_session(part).run([_output(part)], dict(given))[0], np.float32)
    except UnusableClip:
        raise
    except Exception as error:  # as above
        raise UnusableClip(
            english("MIRAGE_CLIP: %(name)s cannot be used: %(error)s", name=file_of(part).name, error=error)
        ) from error


def dimension() -> int:
    """How many numbers a vector has. Raises UnusableClip."""
    wanted = _output(TEXT)
    shape = next(output.shape for output in _session(TEXT).get_outputs() if output.name == wanted)
    return shape[-1] if isinstance(shape[-1], int) else len(of_text("a"))


def seeing() -> Seeing:
    """What preprocessor_config.json or preprocess_cfg.json says about pictures, completed by CLIP's own values.

    Raises UnusableClip.
    """
    if told := _json(folder() / "preprocessor_config.json"):
        with _reading(english("preprocessor_config.json does not say what the pictures must be like")):
            return _seeing(told)
    if told := _json(folder() / "visual/preprocess_cfg.json") or _json(folder() / "preprocess_cfg.json"):
        with _reading(english("preprocess_cfg.json does not say what the pictures must be like")):
            return _seeing_in_immich(told)
    return Seeing()


def _seeing(told: Mapping[str, Any]) -> Seeing:
    crop = told.get("crop_size")
    size = crop or told.get("size")
    side = size.get("height") or size.get("shortest_edge") if isinstance(size, dict) else size
    squeezed = not crop and isinstance(size, dict) and "height" in size
    return _seen_as(side, told.get("image_mean"), told.get("image_std"), squeezed)


def _seeing_in_immich(told: Mapping[str, Any]) -> Seeing:
    size = told.get("size")
    side = size[0] if isinstance(size, list) else size
    return _seen_as(side, told.get("mean"), told.get("std"), told.get("resize_mode") == "squash")


def _seen_as(side: Any, mean: Any, deviation: Any, squeezed: bool) -> Seeing:
    """These values, or CLIP's own for those that are missing. Raises ValueError or TypeError."""
    default = Seeing()
    means, deviations = (tuple(map(float, one)) for one in (mean or default.mean, deviation or default.deviation))
    if not (len(means) == len(deviations) == 3 and all(deviations)):
        raise ValueError("it needs three means and deviations")
    if not 1 <= int(side or default.side) <= MOST_PIXELS:
        raise ValueError(f"{side} pixels")
    return Seeing(int(side or default.side), means, deviations, squeezed)


def reading() -> Reading:
    """What config.json and tokenizer_config.json say about texts. Raises UnusableClip."""
    told = _json(folder() / "config.json")
    ours = _json(_tokenizer().with_name("tokenizer_config.json"))
    in_immich = file_of(TEXT).parent.name == IN_IMMICH[TEXT]
    with _reading(english("config.json or tokenizer_config.json does not say how long texts are")):
        return _reading_in_immich(told, ours) if in_immich else _reading_of(told, ours)


def _reading_in_immich(told: Mapping[str, Any], ours: Mapping[str, Any]) -> Reading:
    of_texts = told.get("text_cfg", {})
    plain = of_texts.get("tokenizer_kwargs", {}).get("clean") == "canonicalize"
    return Reading(int(of_texts.get("context_length") or LONGEST), _filling(ours), plain)


def _reading_of(told: Mapping[str, Any], ours: Mapping[str, Any]) -> Reading:
    of_texts = told.get("text_config", {})
    if told.get("model_type") in FIXED:
        return Reading(int(of_texts.get("max_position_embeddings") or SIGLIPS), _filling(ours), True)
    return Reading(int(of_texts.get("max_position_embeddings") or LONGEST))


def _filling(ours: Mapping[str, Any]) -> int:
    """The token that fills up short texts."""
    name = ours.get("pad_token")
    name = name.get("content") if isinstance(name, dict) else name
    more = {entry["content"]: entry["id"] for entry in _json(_tokenizer()).get("added_tokens") or ()}
    known = tokens().numbers
    if name is not None and (name in more or name in known):
        return int(more[name] if name in more else known[name])
    return int((_json(_tokenizer()).get("padding") or {}).get("pad_id", 0))


def _tokenizer() -> Path:
    for path in (folder() / "tokenizer.json", folder() / "textual/tokenizer.json"):
        if path.is_file():
            return path
    raise UnusableClip(english("MIRAGE_CLIP: there is no tokenizer.json in %(folder)s.", folder=folder()))


@cache
def _tokens(path: Path) -> Tokens | Pieces:
    model = json.loads(path.read_text())["model"]
    if clip_tokens.START in model["vocab"]:
        return Tokens.read(path)
    return Pieces.read(path)


def tokens() -> Tokens | Pieces:
    """The vocabulary in the folder. Raises UnusableClip."""
    with _reading(english("tokenizer.json has neither byte pairs, as CLIP’s, nor pieces of words")):
        return _tokens(_tokenizer())


# --- vectors ----------------------------------------------------------------------------------------------------------


def prepare(image: Image.Image, how: Seeing) -> NDArray[np.float32]:
    """An upright picture as the model wants it: its middle, or all of it squeezed, as 3 × side × side numbers."""
    size = (how.side, how.side)
    if how.squeezed:
        square = image.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    else:
        square = ImageOps.fit(_middle(image).convert("RGB"), size, Image.Resampling.BICUBIC)
    pixels = np.asarray(square, np.float32) / np.float32(255)
    scaled = (pixels - np.array(how.mean, np.float32)) / np.array(how.deviation, np.float32)
    return scaled.transpose(2, 0, 1).astype(np.float32)


def _middle(image: Image.Image) -> Image.Image:
    """The part of a very long picture that the model may see; the rest would be enlarged only to be cut off."""
    reach = 3 * min(image.size)
    width, height = (min(length, reach) for length in image.size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def of_pictures(images: Sequence[Image.Image]) -> NDArray[np.float32]:
    """Normalised vectors of upright pictures. Raises UnusableClip."""
    model, how = _session(VISION), seeing()
    given = model.get_inputs()[0]
    rows = []
    for first in range(0, len(images), AT_ONCE):
        batch = np.stack([prepare(image, how) for image in images[first : first + AT_ONCE]])
        rows.append(_run(VISION, {given.name: batch.astype(NUMBERS.get(given.type, np.float32))}))
    return normalised(np.concatenate(rows)) if rows else np.empty((0, dimension()), np.float32)


def of_text(text: str) -> NDArray[np.float32]:
    """The vector of a text. Raises UnusableClip."""
    model = _session(TEXT)
    ids, attended = tokenised(text, reading())
    given = {**dict.fromkeys(WORDS_OF, ids), "attention_mask": attended}
    wanted = {one.name: NUMBERS.get(one.type, np.int64) for one in model.get_inputs()}
    fed = {name: value.astype(wanted[name]) for name, value in given.items() if name in wanted}
    return normalised(_run(TEXT, fed))[0]


def tokenised(text: str, how: Reading) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A row of tokens, and for each whether it belongs to the text. Raises UnusableClip."""
    words = tokens()
    with _reading(english("tokenizer.json cannot be used")):
        ids = words.ids(text) if isinstance(words, Tokens) else words.ids(text, how.longest, how.plain)
    filling = [] if how.filled_with is None else [how.filled_with] * (how.longest - len(ids))
    return np.array([ids + filling], np.int64), np.array([[1] * len(ids) + [0] * len(filling)], np.int64)
