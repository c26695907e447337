"""The verdict on two photos: their pixels, and what is known about when and with what they were taken."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from PIL import Image

from duplicates.models import DuplicateGroup
from media import frames
from media.sandbox import UnreadableFile
from photos.models import Photo
from photos.pipeline.originals import call
from photos.pipeline.pictures import thumbnail
from photos.vectors import unpack
from vision import matching, video_matching
from vision.copies.sketches import Sketch
from vision.fingerprints import DIMENSION, KIND, MODEL
from vision.matching import Match, Picture
from vision.video_matching import Sampled

Tier = DuplicateGroup.Tier

BURST = timedelta(seconds=10)
# Sources of a date that come from the camera, not from a file system or a file name.
_TOLD_BY_CAMERA = frozenset({"exif", "maker", "container"})
_HELD_PICTURES = 48
_BROKEN = 0.6  # at its edges a framed picture breaks off by more than this (Beyond.broken)
WHOLE = 0.98  # share of a picture


@dataclass(frozen=True)
class Verdict:
    """What two photos are to each other, how much of them agrees, and the evidence."""

    tier: str
    similarity: float
    evidence: dict[str, Any] = field(default_factory=dict)


class Comparer:
    """Compares photos, and keeps the pictures that were used last in memory."""

    def __init__(self) -> None:
        self.sketches: dict[int, Sketch] = {}  # of photos, by their ids, as far as they are known
        self._pictures: OrderedDict[int, Picture] = OrderedDict()

    def compare(self, first: Photo, second: Photo) -> Verdict | None:
        """The verdict. None if they are not the same picture, or one of them cannot be read."""
        match = self.match(first, second)
        return None if match is None else verdict_of(first, second, match)

    def match(self, first: Photo, second: Photo) -> Match | None:
        """What the pixels say. None if one of them cannot be read."""
        if first.kind != second.kind:
            return None
        try:
            if first.is_video:
                longer, shorter = sorted((first, second), key=lambda video: -(video.duration or 0))
                return video_matching.compare(sampled(longer), sampled(shorter))
            return matching.compare(self._picture(first), self._picture(second))
        except (UnreadableFile, FileNotFoundError):
            return None

    def _picture(self, photo: Photo) -> Picture:
        if photo.pk in self._pictures:
            self._pictures.move_to_end(photo.pk)
        else:
            self._pictures[photo.pk] = matching.prepare(thumbnail(photo), self.sketches.get(photo.pk))
            if len(self._pictures) > _HELD_PICTURES:
                self._pictures.popitem(last=False)
        return self._pictures[photo.pk]


def sampled(video: Photo) -> Sampled:
    """The video's fingerprints, and its frames as the sandbox decodes them."""
    instants = frames.instants(video.duration)
    rows = video.embeddings.filter(kind=KIND, model=MODEL, frame__lt=len(instants)).order_by("frame")
    known = [(instants[row.frame], unpack(row.vector)) for row in rows]

    def look(seconds: Sequence[float]) -> list[Image.Image | None]:
        found: list[Image.Image | None] = [None] * len(seconds)
        for frame in call("media.frames:sample", video, list(seconds)):
            found[frame[0]] = frames.as_image(frame)
        return found

    vectors = np.stack([vector for _, vector in known]) if known else np.empty((0, DIMENSION), np.float32)
    return Sampled(video.duration or 0.0, [at for at, _ in known], vectors, look)


def verdict_of(first: Photo, second: Photo, match: Match) -> Verdict | None:
    """What the pixels say, corrected by the times at which a camera says it took them."""
    evidence: dict[str, Any] = {**match.evidence, "placement": match.placement} if match.placement else match.evidence
    if is_one_after_the_other(first, second):
        alike = match.tier != matching.Tier.NONE or match.similarity >= 0.5
        return Verdict(Tier.BURST, match.similarity, evidence) if alike else None
    if match.tier == matching.Tier.NONE:
        return None
    frame = framing(first, second, match)
    if frame is not None:
        evidence = {**evidence, "framed": frame.pk}
    return Verdict(Tier(match.tier.value), match.similarity, evidence)


def framing(first: Photo, second: Photo, match: Match) -> Photo | None:
    """Which of the two only shows the other one, in a border or on a screen. None for crops and everything else.

    What lies around a crop in its original belongs to the picture: it is not blank, or it is a sky that the crop shows
    too.
    """
    if match.evidence.get("change") != "frame" or not match.placement:
        return None
    covers = {name: float(match.evidence[f"covers_{name}"]) for name in ("first", "second")}
    outer = min(covers, key=lambda name: covers[name])
    photo, inner = (first, second) if outer == "first" else (second, first)
    if covers[outer] >= WHOLE or (is_described(photo) and not is_described(inner)):
        return None
    apart = match.evidence[f"blank_{outer}"] or float(match.evidence.get(f"broken_{outer}", 0)) > _BROKEN
    return photo if apart and match.evidence[f"set_off_{outer}"] else None


def is_described(photo: Photo) -> bool:
    return bool(photo.camera_make or photo.camera_model)


def is_one_after_the_other(first: Photo, second: Photo) -> bool:
    """Whether one camera took both, at two times some seconds apart."""
    cameras = [(photo.camera_make, photo.camera_model) for photo in (first, second)]
    told = all(photo.taken_source in _TOLD_BY_CAMERA for photo in (first, second))
    apart = abs(first.taken_at - second.taken_at)
    return told and cameras[0] == cameras[1] != ("", "") and timedelta(0) < apart <= BURST
