"""Texts become vectors by MiniLM-L6 (Wang et al., 2020), for which sentences that mean the same lie close together."""

import ctypes
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vision import inference
from vision.fingerprints import normalised
from vision.words.tokens import Tokens, words_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL, VOCABULARY = "minilm", "minilm-tokens"  # in models.toml
DIMENSION = 384


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of texts, one row each, normalised. Raises inference.MissingWeights."""
    model, tokens = _loaded(inference.path_of(MODEL), inference.path_of(VOCABULARY))
    return run(model, tokens, texts)


def run(model: "InferenceSession", tokens: Tokens, texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of texts by a loaded model: the mean over each text's pieces, normalised.

    One text at a time: the quantised model rounds differently with other texts in the batch, and a query's vector must
    not change.
    """
    rows = [np.empty((0, DIMENSION), np.float32)]
    for text in texts:
        ids = np.array([tokens.ids(text)], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        rows.append(np.asarray(model.run(None, given)[0], np.float32).mean(axis=1))
    return normalised(np.concatenate(rows))


def knows(word: str) -> bool:
    """Whether the encoder's vocabulary has the whole word. Raises inference.MissingWeights."""
    tokens = _tokens(inference.path_of(VOCABULARY))
    return all(tokens.pieces(part) == [part] for part in words_of(word))


@cache
def _loaded(model: Path, vocabulary: Path) -> tuple["InferenceSession", Tokens]:
    """The model and its vocabulary. The site's processes keep both, so memory needed only for loading is given back."""
    made = inference.loaded(model, keep_memory=False, packed=False), _tokens(vocabulary)
    with suppress(OSError, AttributeError):  # another C library than GNU's
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    return made


@cache
def _tokens(path: Path) -> Tokens:
    return Tokens.read(path)
