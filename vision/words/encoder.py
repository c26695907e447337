"""Texts become vectors: MiniLM-L6 (Wang et al., 2020), trained so that sentences of one meaning lie close."""

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
    """Vectors of texts by a model that is at hand: the mean of each text's pieces, normalised.

    One text at a time: the quantised model rounds by what else is in its batch, and a query's vector must not change.
    """
    rows = [np.empty((0, DIMENSION), np.float32)]
    for text in texts:
        ids = np.array([tokens.ids(text)], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        rows.append(np.asarray(model.run(None, given)[0], np.float32).mean(axis=1))
    return normalised(np.concatenate(rows))


def knows(word: str) -> bool:
    """Whether its vocabulary has the word as a whole. Raises inference.MissingWeights."""
    tokens = _tokens(inference.path_of(VOCABULARY))
    return all(tokens.pieces(part) == [part] for part in words_of(word))


@cache
def _loaded(model: Path, vocabulary: Path) -> tuple["InferenceSession", Tokens]:
    """Both, and what loading them took and no longer needs goes back to the system: the site's processes hold them."""
    made = inference.loaded(model, keep_memory=False, packed=False), _tokens(vocabulary)
    with suppress(OSError, AttributeError):  # another C library than GNU's
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    return made


@cache
def _tokens(path: Path) -> Tokens:
    return Tokens.read(path)
