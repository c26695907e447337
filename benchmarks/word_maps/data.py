"""Pictures with what is said of them, for learning and measuring maps between pictures and words."""

import csv
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from threadpoolctl import threadpool_limits

from vision import embeddings
from vision.configuration import Configuration, read_from
from vision.words import encoder

Vectors = NDArray[np.float32]
AT_ONCE = 64  # pictures that are open at a time; a multiple of embeddings.AT_ONCE
EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the and are its his her their she they for from off into over while that this there one two three some "
        "other another very has have having been being who which what him them near next behind front top side through "
        "around under against across along between after before about during toward towards like looking with out "
        "down each several many lot group couple pair something someone also all not",
    )
)


@dataclass(frozen=True)
class Shown:
    """A picture: its vector, as photos.models.Embedding would hold it, and what is said of it."""

    file: str
    vector: Vectors
    captions: list[str]
    names: list[str]


def set_up() -> None:
    """Let the models be found under MIRAGE_MODELS; one thread, because sums round differently in several."""
    threadpool_limits(1)
    folder = Path(os.environ["MIRAGE_MODELS"])
    read_from(lambda: Configuration(models=folder, deepface=folder))


def read(folder: Path, cache: Path | None = None) -> list[Shown]:
    """The pictures that a folder's texts.csv (file,kind,text) or captions.csv (file,caption) names, in their order."""
    captions: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    table = folder / "texts.csv"
    with (table if table.is_file() else folder / "captions.csv").open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            said = names if row.get("kind") == "name" else captions
            said.setdefault(row["file"], []).append(" ".join((row.get("text") or row["caption"]).split()))
    files = sorted(captions.keys() | names.keys())
    vectors = vectors_of(folder, files, cache)
    return [
        Shown(file, vector, captions.get(file, []), names.get(file, []))
        for file, vector in zip(files, vectors, strict=True)
    ]


def vectors_of(folder: Path, files: Sequence[str], cache: Path | None = None) -> Vectors:
    """The embeddings of a folder's pictures, one row each, rounded as the database rounds them."""
    key = hashlib.sha256("\n".join([str(folder.resolve()), *files]).encode()).hexdigest()[:16]
    kept = cache / f"pictures-{key}.npy" if cache else None
    if kept and kept.is_file():
        return np.asarray(np.load(kept), np.float32)
    rows = [np.empty((0, embeddings.DIMENSION), np.float32)]
    for first in range(0, len(files), AT_ONCE):
        rows.append(embeddings.compute([opened(folder / file) for file in files[first : first + AT_ONCE]]))
    vectors = np.concatenate(rows).astype(np.float16)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, vectors)
    return vectors.astype(np.float32)


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


class TextCache:
    """encoder.encode that remembers, also on disk where it is given a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.file = folder / "texts.npz" if folder else None
        self.vectors: dict[str, Vectors] = {}
        if self.file and self.file.is_file():
            with np.load(self.file) as stored:
                self.vectors = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.prepare(texts)
        return (
            np.stack([self.vectors[said] for said in texts]) if texts else np.empty((0, encoder.DIMENSION), np.float32)
        )

    def prepare(self, texts: Iterable[str]) -> None:
        """Encode those that are not known yet."""
        new = [said for said in dict.fromkeys(texts) if said not in self.vectors]
        self.vectors.update(zip(new, encoder.encode(new), strict=True))

    def save(self) -> None:
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(self.file, texts=np.array(list(self.vectors)), vectors=np.stack(list(self.vectors.values())))
