"""The stages `faces` and `clusters`: ids in, rows out. Both return the photos that failed, with the reason in words."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import cv2
import numpy as np
from PIL import Image

from media import frames
from media.boxes import Box
from media.sandbox import UnreadableFile
from media.sentences import english
from people.detection import scans, stills
from people.grouping import assignments
from people.models import Face
from photos import pipeline
from photos.models import Photo
from photos.pipeline.originals import call, refusals
from photos.pipeline.pictures import thumbnail
from vision.faces import faces
from vision.faces.faces import FoundFace

SAME_PERSON_IN_VIDEO = 0.45  # cosine; less similar faces in one video are left to grouping
Frame = tuple[Any, float | None]  # BGR pixels, and for a frame of a video its time in seconds
NO_PICTURE = english("The picture that Mirage made of this file cannot be read. Make its thumbnails again.")


def find_faces(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `faces`: the faces in each photo, with box, landmarks, quality and vector."""
    return refusals(photo_ids, scan_one)


def scan_one(photo: Photo) -> None:
    """Find the faces in one photo or video and save them."""
    shown = sampled(photo) if photo.is_video else [(picture(photo), None)]
    found = best_of_each(in_frames(shown)) if photo.is_video else in_picture(photo, shown[0][0])
    described = []
    for box, seconds in scans.undetected(photo, found):
        image, taken = min(shown, key=lambda frame: abs((frame[1] or 0) - (seconds or 0)))
        described.append((faces.describe_box(image, *box), taken if seconds is not None else None))
    scans.record(photo, found, described)
    keep_frames(photo, shown, [*found, *described])
    if photo.stage_runs.filter(stage="clusters").exists():
        pipeline.rerun("clusters", [photo.pk])


def picture(photo: Photo) -> Any:
    """The upright picture that Mirage made itself, so it may be decoded here: at most 1600 pixels, BGR."""
    try:
        return cv2.cvtColor(np.asarray(thumbnail(photo)), cv2.COLOR_RGB2BGR)
    except (OSError, UnreadableFile) as error:
        raise UnreadableFile(NO_PICTURE) from error


def sampled(photo: Photo) -> list[Frame]:
    """Frames of a video, with their times."""
    instants = frames.instants(photo.duration)
    return [
        (np.asarray(frames.as_image(frame))[..., ::-1].copy(), instants[frame[0]])
        for frame in call("media.frames:sample", photo, instants, stills.SIDE)
    ]


def keep_frames(photo: Photo, shown: Sequence[Frame], found: Sequence[scans.Found]) -> None:
    """Keep the frames in which a face was found, so that they can be shown."""
    wanted = {seconds for _, seconds in found}
    for image, seconds in shown:
        if seconds is not None and seconds in wanted:
            stills.keep(photo, seconds, Image.fromarray(np.ascontiguousarray(image[..., ::-1])))


def in_picture(photo: Photo, image: Any) -> list[scans.Found]:
    """The faces of a still picture. Small ones are looked at in the original."""
    return [(face, None) for face in faces.find_faces(image, photo.width, partial(closeups, photo, image.shape[1]))]


def closeups(photo: Photo, width: int, boxes: list[Box]) -> list[faces.Closeup]:
    """These boxes cut from the original. `width`: that of the picture in which they were found."""
    try:
        windows = call("vision.faces.originals:cut", photo, photo.media_type, boxes, photo.turn)
    except (UnreadableFile, FileNotFoundError):
        return []  # the original cannot be read any more: the thumbnail has to do
    return [
        faces.Closeup(np.frombuffer(rgb, np.uint8).reshape(high, wide, 3)[..., ::-1].copy(), whole / width, left, top)
        for whole, left, top, wide, high, rgb in windows
    ]


def in_frames(shown: Sequence[Frame]) -> list[scans.Found]:
    """The faces in each frame."""
    return [(face, seconds) for image, seconds in shown for face in faces.find_faces(image)]


def best_of_each(found: Sequence[scans.Found]) -> list[scans.Found]:
    """One face for each person in a video, the best. Two faces in one frame are two people."""
    groups: list[list[scans.Found]] = []
    for face, seconds in sorted(found, key=lambda each: -each[0].quality):
        open_groups = [group for group in groups if all(seconds != taken for _, taken in group)]
        alike = [max(similarity(face, member) for member, _ in group) for group in open_groups]
        if alike and max(alike) >= SAME_PERSON_IN_VIDEO:
            open_groups[int(np.argmax(alike))].append((face, seconds))
        else:
            groups.append([(face, seconds)])
    return [group[0] for group in groups]


def similarity(face: FoundFace, other: FoundFace) -> float:
    """The cosine of two faces."""
    return float(face.vector @ other.vector)


def group_faces(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `clusters`: new faces join the people they are similar to, or form groups."""
    owners = Face.objects.filter(photo__in=photo_ids).order_by().values_list("photo__owner_id", flat=True).distinct()
    for owner_id in owners:
        assignments.group(owner_id, photo_ids=photo_ids)
    return {}
