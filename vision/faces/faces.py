"""Finding faces in a picture and describing each by a vector. The only module that imports DeepFace.

DeepFace builds and runs the embedder (SFace unless settings name another), and detectors other than YuNet; between
them is our own five-point alignment. Models are loaded once per process, at the first picture.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from media.boxes import Box, overlap
from vision import inference
from vision.configuration import configuration
from vision.faces import alignment, calibration, deepface_home, yunet
from vision.faces.quality import quality, relative_size

log = logging.getLogger(__name__)

Image = NDArray[np.uint8]  # height × width × 3, BGR

LEAST_SCORE = 0.7
OVERLAP = 0.4  # intersection over union above which two detections are one face
YUNET_SIDES = (640, 1600)  # pixels: YuNet misses faces above about 300 pixels and below ten
UNSEEN_SCORE = 0.3  # score of a face that the detector did not find
SMALL = 90.0  # pixels of a box's side below which the original is looked at
WORTH_ENLARGING = 1.25  # the original must be larger than the picture by this factor …
TINY = 48.0  # … unless the face is smaller than this: then even the detail lost in resizing counts
# Landmarks of a tiny face are the mean of those found at these sizes in pixels, one of them mirrored, with the face
# in the middle of a square: the detector's errors differ between them.
LOOKS = ((120.0, False), (155.0, True))
MIRRORED = (1, 0, 2, 4, 3)  # which landmark is which in a mirror; with two, the eyes, the first two
LOOK_SIDE = 192  # pixels
LEAST_SIDE = 12  # pixels of a face's box; smaller faces cannot be recognised
# Which of DeepFace's engines a model needs, if not ONNX Runtime.
TENSORFLOW_MODELS = frozenset(
    {"VGG-Face", "Facenet", "Facenet512", "OpenFace", "DeepFace", "DeepID", "ArcFace", "GhostFaceNet"}
)
TENSORFLOW_PACKAGES = ("tensorflow", "tf_keras")
NO_TENSORFLOW = (
    "The model {} needs TensorFlow, and Keras 2: `pip install -r requirements.txt`, "
    "then `pip install --no-deps -r requirements-tensorflow.txt`."
)


class MissingEngine(Exception):
    """The model named in the settings cannot run here; the message says what to install."""


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A face: box and landmarks in fractions of the picture, and its normalised vector."""

    x: float
    y: float
    width: float
    height: float
    landmarks: list[list[float]]
    score: float
    quality: float
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Detection:
    """In pixels of the picture. `points`: five, the eyes alone, or none, as the detector returns them."""

    box: tuple[float, float, float, float]
    points: NDArray[np.float64]
    score: float


@dataclass(frozen=True, slots=True)
class Closeup:
    """Part of a larger version of the picture: `scale` times as large, with its upper left corner there."""

    image: Image
    scale: float
    left: int
    top: int


def find_faces(
    image: Image, full_width: int | None = None, closer: Callable[[list[Box]], list[Closeup]] | None = None
) -> list[FoundFace]:
    """All faces of an upright picture, from left to right.

    `full_width`: of the original in pixels, if the picture is a smaller copy; quality counts those. `closer` cuts
    boxes, in fractions, from the original; it is called for small faces only, and may return nothing.
    """
    detections = detect(image)
    enlargement = (full_width or image.shape[1]) / image.shape[1]
    closeups: dict[int, Closeup] = {}
    small = []
    if closer is not None:
        below = SMALL if enlargement >= WORTH_ENLARGING else TINY
        small = [number for number, each in enumerate(detections) if _side(each) < below]
    if closer is not None and small:
        height, width = image.shape[:2]
        size = np.array([width, height, width, height])
        boxes = [tuple((detections[number].box / size).tolist()) for number in small]
        closeups = dict(zip(small, closer(boxes), strict=False))
    return describe(image, detections, enlargement, closeups)


def describe(
    image: Image,
    detections: Sequence[Detection],
    enlargement: float = 1.0,
    closeups: Mapping[int, Closeup] = MappingProxyType({}),
) -> list[FoundFace]:
    """Align and embed detections. `enlargement`: pixels of the original per pixel of the picture.

    Landmarks of tiny faces are found again in enlarged views: pairs of one person with faces of 40 pixels that look no
    more similar than strangers become a third fewer (docs/measured/people.md).
    """
    if not detections:
        return []
    points = [_points(detection) for detection in detections]
    views = [closeups.get(number) or Closeup(image, 1.0, 0, 0) for number in range(len(detections))]
    crops = [_crop(*each) for each in zip(detections, points, views, strict=True)]
    height, width = image.shape[:2]
    vectors, certainty = embed(crops)
    if certainty is None:  # without measurements: small faces are what embedders fail at
        certainty = np.array([relative_size(_side(each) * enlargement) for each in detections], np.float32)
    found = []
    for number, (detection, each, crop) in enumerate(zip(detections, points, crops, strict=True)):
        x, y, w, h = detection.box
        found.append(
            FoundFace(
                x=x / width,
                y=y / height,
                width=w / width,
                height=h / height,
                landmarks=[[round(float(px) / width, 5), round(float(py) / height, 5)] for px, py in detection.points],
                score=round(detection.score, 4),
                quality=quality(_side(detection) * enlargement, crop, each, detection.score, float(certainty[number])),
                vector=vectors[number],
            )
        )
    return found


def _crop(detection: Detection, points: NDArray[np.float64], view: Closeup) -> Image:
    """The aligned face from this view of it."""
    corner = np.array((view.left, view.top))
    points = points * view.scale - corner
    if _side(detection) * view.scale < TINY:
        box = np.array(detection.box) * view.scale - (*corner, 0, 0)
        looked = [each for look in LOOKS if (each := _look(view.image, box, *look)) is not None]
        points = np.mean([each for each in looked if len(each) == len(points)] or [points], axis=0)
    return alignment.align(view.image, points)


def _look(image: Image, box: NDArray[np.float64], side: float, mirrored: bool) -> NDArray[np.float64] | None:
    """Landmarks of the face in this box when it is shown at this size; None if it is not found."""
    factor = side / float(np.sqrt(box[2] * box[3]))
    across = -factor if mirrored else factor
    middle = box[:2] + box[2:] / 2
    shift = LOOK_SIDE / 2 - middle * (across, factor)
    matrix = np.array([(across, 0, shift[0]), (0, factor, shift[1])])
    size = (LOOK_SIDE, LOOK_SIDE)
    shown: Any = cv2.warpAffine(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    corner = LOOK_SIDE / 2 - box[2:] * factor / 2
    expected = (corner[0], corner[1], box[2] * factor, box[3] * factor)
    found = max(detect(shown), key=lambda each: overlap(each.box, expected), default=None)
    if found is None or overlap(found.box, expected) <= OVERLAP:
        return None
    points = (found.points - shift) / (across, factor)
    return points[[*MIRRORED[: len(points)]]] if mirrored else points


def _side(detection: Detection) -> float:
    """In pixels: the geometric mean of the box's sides."""
    return float((detection.box[2] * detection.box[3]) ** 0.5)


def describe_box(image: Image, x: float, y: float, width: float, height: float) -> FoundFace:
    """A face that is known to be here (in fractions). Landmarks are detected in the box, or else derived from it."""
    rows, columns = image.shape[:2]
    box = (x * columns, y * rows, width * columns, height * rows)
    left, right, top, bottom = (*_around(x, width, columns), *_around(y, height, rows))
    window = image[top:bottom, left:right]
    points, score = np.empty((0, 2)), UNSEEN_SCORE
    for detection in detect(np.ascontiguousarray(window)):
        shifted = (detection.box[0] + left, detection.box[1] + top, *detection.box[2:])
        if overlap(shifted, box) > OVERLAP / 2 and detection.score > score:
            points, score = np.add(detection.points, (left, top)), detection.score
    return describe(image, [Detection(box, points, score)])[0]


def _around(start: float, length: float, pixels: int) -> tuple[int, int]:
    """Twice the stretch of a side (in fractions), from where to where in pixels: at least one."""
    first = min(max(0, round((start - length / 2) * pixels)), pixels - 1)
    return first, max(first + 1, round(first + 2 * length * pixels))


def _points(detection: Detection) -> NDArray[np.float64]:
    return detection.points if len(detection.points) else alignment.points_of_box(*detection.box)


# --- detection --------------------------------------------------------------------------------------------------------


def detect(image: Image) -> list[Detection]:
    """The faces in an upright picture, each once, from left to right."""
    if configuration().face_detector == "yunet":
        model = _yunet()
        found = [each for side in YUNET_SIDES for each in _detect_yunet(model, image, side)]
    else:
        found = [_from_deepface(area) for area in _detector().detect_faces(image)]
    height, width = image.shape[:2]
    inside = [clipped for each in found if (clipped := _clipped(each, width, height)) is not None]
    return sorted(_each_once(inside), key=lambda each: each.box)


def _detect_yunet(model: Any, image: Image, side: int) -> list[Detection]:
    """YuNet on the picture scaled down to this long side; nothing if a smaller size has covered it already."""
    height, width = image.shape[:2]
    if side > YUNET_SIDES[0] >= max(height, width):
        return []
    factor = min(1.0, side / max(height, width))
    if factor < 1:
        image = alignment.shrunk(image, factor)
    return [
        Detection(tuple(row[:4] / factor), row[4:14].reshape(5, 2).astype(np.float64) / factor, float(row[14]))
        for row in yunet.detect(model, image, LEAST_SCORE)
    ]


def _from_deepface(area: Any) -> Detection:
    """DeepFace names eyes and mouth from the person's side; the template uses the viewer's side."""
    points = [area.right_eye, area.left_eye, area.nose, area.mouth_right, area.mouth_left]
    known = points if all(points) else points[:2] if all(points[:2]) else []
    known = sorted(known[:2]) + known[2:3] + sorted(known[3:])
    score = area.confidence if area.confidence is not None else 1.0
    return Detection((area.x, area.y, area.w, area.h), np.array(known, np.float64).reshape(-1, 2), float(score))


def _clipped(detection: Detection, width: int, height: int) -> Detection | None:
    """The detection with its box inside the picture, or None if too little of it is."""
    x, y, w, h = (float(value) for value in detection.box)
    left, top, right, bottom = max(x, 0.0), max(y, 0.0), min(x + w, width), min(y + h, height)
    if right - left < LEAST_SIDE or bottom - top < LEAST_SIDE or detection.score < LEAST_SCORE:
        return None
    return Detection((left, top, right - left, bottom - top), detection.points, detection.score)


def _each_once(detections: Sequence[Detection]) -> list[Detection]:
    kept: list[Detection] = []
    for detection in sorted(detections, key=lambda each: -each.score):
        if all(overlap(detection.box, other.box) < OVERLAP for other in kept):
            kept.append(detection)
    return kept


# --- the models -------------------------------------------------------------------------------------------------------

_loading = threading.Lock()


def embed(crops: Sequence[Image]) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Normalised vectors for aligned crops (n × dimensions), and the model's certainty for each (n), 0 to 1.

    None instead of certainties if the model is not measured.
    """
    _embedder()
    from deepface.modules import representation

    answers: Any = representation.represent(
        list(crops), model_name=configuration().face_model, detector_backend="skip", enforce_detection=False
    )
    answers = [answers] if len(crops) == 1 else answers
    vectors = np.array([np.ravel(answer[0]["embedding"]) for answer in answers], np.float32)
    lengths = np.linalg.norm(vectors, axis=1)
    return vectors / np.maximum(lengths[:, None], 1e-9), calibration.certainty(configuration().face_model, lengths)


@lru_cache(maxsize=1)
def _yunet() -> Any:
    """Our own way to YuNet: DeepFace's limits pictures to 640 pixels, and drops three of the five landmarks."""
    with _loading:
        return yunet.session(inference.path_of("yunet-int8"))


@lru_cache(maxsize=1)
def _detector() -> Any:
    return _build("face_detector", configuration().face_detector)


@lru_cache(maxsize=1)
def _embedder() -> Any:
    return _build("facial_recognition", configuration().face_model)


def _build(task: str, name: str) -> Any:
    """One of DeepFace's models with its weights in place. Raises MissingWeights, MissingEngine."""
    with _loading:
        os.environ["DEEPFACE_HOME"] = str(deepface_home.place(name))
        # otherwise DeepFace uses TensorFlow, half a gigabyte of it, if that is installed
        engine = "tensorflow" if configuration().face_model in TENSORFLOW_MODELS else "onnx"
        if engine == "tensorflow" and not all(map(find_spec, TENSORFLOW_PACKAGES)):
            raise MissingEngine(NO_TENSORFLOW.format(configuration().face_model))
        os.environ.setdefault("DEEPFACE_BACKEND_ENGINE", engine)
        os.environ.setdefault("DEEPFACE_LOG_LEVEL", "40")
        from deepface.modules import modeling

        model = modeling.build_model(task, name)
        _use_threads(model)
        return model


def _use_threads(model: Any) -> None:
    """One thread for every two cores, without spinning: a second thread costs more than it gains here.

    SFace on two cores: 52 ms of CPU on one thread, 105 with ONNX Runtime's default.
    """
    import onnxruntime

    session = getattr(model, "model", None)
    if isinstance(session, onnxruntime.InferenceSession):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = max(1, (os.cpu_count() or 1) // 2)
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model.model = inference.opened(Path(session._model_path), options)
