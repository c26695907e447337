"""A CLIP made on the spot that sees colours: a picture is its mean colour, a word the colour it names."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from vision.clip_tokens import END, START

WORDS = ["red", "green", "blue"]
MERGES = ["r e", "re d</w>", "g re", "e n</w>", "gre en</w>", "b l", "bl u", "blu e</w>"]
PARTS = [START, END, "red</w>", "green</w>", "blue</w>", "r", "e", "d</w>", "re", "g", "gre", "n</w>", "en</w>"]


def save(path: Path, nodes: list[Any], given: Any, wanted: Any, weights: Any = ()) -> None:
    shape = [helper.make_tensor_value_info(name, kind, dims) for name, kind, dims in (given, wanted)]
    graph = helper.make_graph(nodes, "tiny", shape[:1], shape[1:], list(weights))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def make(folder: Path) -> Path:
    """Write the folder as Hugging Face's exports have it."""
    (folder / "onnx").mkdir(parents=True)
    mean = helper.make_node("ReduceMean", ["pixel_values"], ["image_embeds"], axes=[2, 3], keepdims=0)
    pixels = ("pixel_values", TensorProto.FLOAT, ["n", 3, 8, 8])
    save(folder / "onnx/vision_model.onnx", [mean], pixels, ("image_embeds", TensorProto.FLOAT, ["n", 3]))
    table = np.zeros((len(PARTS), 3), np.float32)
    for place, word in enumerate(WORDS):
        table[PARTS.index(f"{word}</w>"), place] = 1
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["each"]),
        helper.make_node("ReduceMean", ["each"], ["text_embeds"], axes=[1], keepdims=0),
    ]
    ids = ("input_ids", TensorProto.INT64, ["n", "length"])
    out = ("text_embeds", TensorProto.FLOAT, ["n", 3])
    save(folder / "onnx/text_model.onnx", nodes, ids, out, [numpy_helper.from_array(table, "table")])
    vocab = {part: number for number, part in enumerate(PARTS)}
    tokenizer = {"model": {"type": "BPE", "vocab": vocab, "merges": MERGES}}
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    how = {"crop_size": {"height": 8, "width": 8}, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}
    (folder / "preprocessor_config.json").write_text(json.dumps(how))
    return folder
