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


# --- as Immich's cache has it ----------------------------------------------------------------------------------------

UNIGRAM = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁red", -2.0), ("▁green", -2.0),
           ("▁blue", -2.0), ("▁", -4.0), ("re", -3.0), ("d", -4.0), ("▁gr", -4.0), ("▁rot", -2.0)]  # fmt: skip
COLOURS = {"▁red": 0, "▁green": 1, "▁blue": 2, "▁rot": 0}  # of many languages


def make_immich(folder: Path, words: str = "pairs", longest: int = 12) -> Path:
    """Write the folder as Immich's model cache has it: `pairs` as ViT-B-32__openai, `pieces` as XLM-Roberta's and
    SigLIP's. Inputs and outputs are called `image`, `text` and `embedding`; texts are of one length."""
    for name in ("visual", "textual"):
        (folder / name).mkdir(parents=True)
    mean = helper.make_node("ReduceMean", ["image"], ["embedding"], axes=[2, 3], keepdims=0)
    pixels = ("image", TensorProto.FLOAT, ["n", 3, 8, 8])
    save(folder / "visual/model.onnx", [mean], pixels, ("embedding", TensorProto.FLOAT, ["n", 3]))
    pieces = [piece for piece, _ in UNIGRAM]
    table = np.zeros((len(PARTS if words == "pairs" else pieces), 3), np.float32)
    if words == "pairs":
        for place, word in enumerate(WORDS):
            table[PARTS.index(f"{word}</w>"), place] = 1
    else:
        for piece, place in COLOURS.items():
            table[pieces.index(piece), place] = 1
    nodes = [
        helper.make_node("Gather", ["table", "text"], ["each"]),
        helper.make_node("ReduceMean", ["each"], ["embedding"], axes=[1], keepdims=0),
    ]
    out = ("embedding", TensorProto.FLOAT, ["n", 3])
    ids = ("text", TensorProto.INT32, ["n", longest])
    save(folder / "textual/model.onnx", nodes, ids, out, [numpy_helper.from_array(table, "table")])
    (folder / "textual/tokenizer.json").write_text(json.dumps(_tokenizer(words)))
    padding = END if words == "pairs" else "<pad>"
    (folder / "textual/tokenizer_config.json").write_text(json.dumps({"pad_token": padding}))
    clean = {"tokenizer_kwargs": {"clean": "canonicalize"}} if words == "pieces" else {}
    told = {"embed_dim": 3, "vision_cfg": {"image_size": 8}, "text_cfg": {"context_length": longest, **clean}}
    (folder / "config.json").write_text(json.dumps(told))
    mode = "squash" if words == "pieces" else "shortest"
    how = {"size": [8, 8], "mode": "RGB", "mean": [0, 0, 0], "std": [1, 1, 1], "resize_mode": mode}
    (folder / "visual/preprocess_cfg.json").write_text(json.dumps(how))
    return folder


def _tokenizer(words: str) -> dict[str, Any]:
    if words == "pairs":
        vocab = {part: number for number, part in enumerate(PARTS)}
        return {"model": {"type": "BPE", "vocab": vocab, "merges": MERGES}}
    return {
        "model": {"type": "Unigram", "unk_id": 3, "vocab": [list(pair) for pair in UNIGRAM]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "</s>"}}],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [0]}, "</s>": {"id": "</s>", "ids": [2]}},
        },
    }
