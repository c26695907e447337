"""YuNet on ONNX Runtime: what OpenCV's FaceDetectorYN finds, in less than half of the time.

The file from OpenCV's zoo asks for pictures of 640 × 640 pixels, and scales of single values by the block, which ONNX
Runtime refuses: both are taken out when it is loaded. It counts on sizes that are multiples of STRIDE, and tells for
every cell of three grids how likely a face has its middle there, its box, and its eyes, nose and mouth.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from vision import inference
from vision.faces.onnx_bytes import field, fields

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

STRIDE = 32
GRIDS = (8, 16, 32)  # pixels of a cell's side
OUTPUTS = ("cls", "obj", "bbox", "kps")  # each of every grid
OVERLAP = 0.3  # intersection over union above which two of its boxes are one face, as in OpenCV
MOST = 5_000  # boxes, as in OpenCV

_NODE, _INPUT, _OUTPUT, _SHAPES, _GRAPH = 1, 11, 12, 13, 7  # fields of GraphProto and ModelProto (onnx.proto)
_ATTRIBUTE = 5  # of NodeProto
_BY_THE_BLOCK, _OF_ONE_VALUE = b"block_size", b"axis\x18\x00"  # only what has one axis has blocks along the first


def session(path: Path) -> "InferenceSession":
    """The model in a file, ready for pictures of any size."""
    from onnxruntime import InferenceSession

    options = inference.options(keep_memory=False)
    options.add_session_config_entry(
        "session.disable_quant_qdq", "1"
    )  # weights are unpacked once, not for each picture
    return InferenceSession(of_any_size(path.read_bytes()), options, providers=[inference.OF_THE_PROCESSOR])


def detect(model: "InferenceSession", image: NDArray[np.uint8], least_score: float) -> NDArray[np.float32]:
    """A row for each face in a picture (height × width × 3, BGR): box, five points, score, as OpenCV returns them."""
    height, width = image.shape[:2]
    rows, columns = (-(-length // STRIDE) * STRIDE for length in (height, width))
    padded = cv2.copyMakeBorder(image, 0, rows - height, 0, columns - width, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    seen = cv2.dnn.blobFromImage(padded)  # 1 × 3 × height × width, as floats
    names = [f"{output}_{side}" for side in GRIDS for output in OUTPUTS]
    answers = dict(zip(names, model.run(names, {"input": seen}), strict=True))
    found = np.concatenate(
        [
            _in_cells([answers[f"{name}_{side}"][0] for name in OUTPUTS], side, columns // side, least_score)
            for side in GRIDS
        ]
    )
    boxes, scores = found[:, :4].astype(int).tolist(), found[:, 14].tolist()
    kept = cv2.dnn.NMSBoxes(boxes, scores, least_score, OVERLAP, top_k=MOST) if len(found) > 1 else range(len(found))
    return found[np.asarray(kept, np.intp)]


def _in_cells(answers: list[NDArray[np.float32]], side: int, across: int, least_score: float) -> NDArray[np.float32]:
    """The rows of a grid's likely cells."""
    likely, there, boxes, points = answers
    scores = np.sqrt(np.clip(likely[:, 0], 0, 1) * np.clip(there[:, 0], 0, 1))
    cells = np.flatnonzero(scores > least_score)
    corners = np.stack([cells % across, cells // across], axis=1).astype(np.float32)
    sizes = np.exp(boxes[cells, 2:]) * side
    left_top = (corners + boxes[cells, :2]) * side - sizes / 2
    seen = (points[cells] + np.tile(corners, 5)) * side
    return np.concatenate([left_top, sizes, seen, scores[cells, None]], axis=1).astype(np.float32)


# --- the file ---------------------------------------------------------------------------------------------------------


def of_any_size(model: bytes) -> bytes:
    """The model without the sizes that it was exported for, and without blocks of single values."""
    return b"".join(
        field(_GRAPH, b"".join(_parts(body))) if number == _GRAPH else whole for number, whole, body in fields(model)
    )


def _parts(graph: bytes) -> Iterator[bytes]:
    for number, whole, body in fields(graph):
        if number in {_INPUT, _OUTPUT}:
            yield field(number, _without_sizes(body))
        elif number == _NODE and _OF_ONE_VALUE in body:
            kept = [each for inner, each, given in fields(body) if inner != _ATTRIBUTE or _BY_THE_BLOCK not in given]
            yield field(number, b"".join(kept))
        elif number != _SHAPES:
            yield whole


def _without_sizes(value: bytes) -> bytes:
    """What a graph takes or gives, with its name and type alone."""
    name, kind = (body for _, _, body in list(fields(value))[:2])
    ((_, _, tensor),) = fields(kind)
    return field(1, name) + field(2, field(1, next(fields(tensor))[1]))
