"""Copies of originals without metadata, for links that hide the place or the metadata.

A JPEG loses its EXIF, XMP, IPTC, comments and everything after the picture. It keeps its pixels, colour profile and
orientation, and is not decoded (ITU-T T.81, annex B; EXIF 2.32, 4.5.4). A video is copied stream by stream without its
tags. For all other files, the large thumbnail takes the place of the copy.
"""

import logging
import os
import struct
import tempfile
from pathlib import Path

from media.sandbox import UnreadableFile, shared
from photos.models import Photo
from photos.storage import paths

log = logging.getLogger(__name__)

ORIENTATION = 0x0112
KEPT = {0xE0, 0xEE}  # APP0 (JFIF) and APP14 (Adobe): decoders may get the colours wrong without them
ICC = b"ICC_PROFILE\0"
SECONDS = 300


class NotBare(ValueError):
    """The file cannot be copied without its metadata."""


def bare_jpeg(data: bytes, orientation: int | None = None) -> bytes:
    """The JPEG without metadata. An `orientation` of 2 to 8 is written as its only EXIF tag. Raises NotBare."""
    if data[:2] != b"\xff\xd8":
        raise NotBare("not a JPEG")
    parts = [b"\xff\xd8"]
    if orientation and orientation != 1:
        parts.append(orientation_segment(orientation))
    place = 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            raise NotBare("a marker is missing")
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == 0xD9:
            break
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        segment = data[place : place + 2 + length]
        place += 2 + length
        if keeps(marker, segment):
            parts.append(segment)
        if marker == 0xDA:
            end = end_of_scan(data, place)
            parts.append(data[place:end])
            place = end
    return b"".join([*parts, b"\xff\xd9"])


def keeps(marker: int, segment: bytes) -> bool:
    """Whether the segment belongs to the picture."""
    if marker == 0xE2:
        return segment[4 : 4 + len(ICC)] == ICC
    return marker in KEPT or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def end_of_scan(data: bytes, place: int) -> int:
    """The offset of the next marker after the entropy-coded bytes."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            return len(data)
        if data[place + 1] != 0 and not 0xD0 <= data[place + 1] <= 0xD7:
            return place
        place += 2


def orientation_segment(orientation: int) -> bytes:
    """An EXIF segment with only this tag."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + 6 + len(tiff)) + b"Exif\0\0" + tiff


def bare_copy(photo: Photo) -> tuple[Path, str, str]:
    """A copy without metadata, its media type and suffix. It is made once and stored with the derived files."""
    folder = paths.derived_folder(photo.sha256)
    try:
        if photo.media_type == "image/jpeg":
            made = paths.fetched(folder / "bare.jpg")
            if not made.exists():
                write(made, bare_jpeg(paths.original_file(photo).read_bytes(), photo.orientation))
            return made, "image/jpeg", ".jpg"
    except (NotBare, OSError):
        log.info("Cannot copy %s without metadata; using its thumbnail instead", photo.key)
    if photo.is_video:
        return bare_video(photo, folder), "video/mp4", ".mp4"
    return paths.picture_file(photo, "large"), "image/webp", ".webp"


def bare_video(photo: Photo, folder: Path) -> Path:
    """The video in a new container. Streams that browsers play are copied. Raises OSError if that fails."""
    if not photo.playable:
        return paths.fetched(folder / "video.mp4")
    return rewrapped(paths.original_file(photo), folder / "bare.mp4")


def bare_motion(photo: Photo) -> Path:
    """The video of a motion photo in a new container. Raises OSError if there is none."""
    folder = paths.derived_folder(photo.sha256)
    source = paths.fetched(folder / "motion.mp4")
    if not source.exists():
        raise FileNotFoundError(source)
    return rewrapped(source, folder / "bare-motion.mp4")


def rewrapped(source: Path, target: Path) -> Path:
    """The video without its tags, made once. Raises OSError if that fails."""
    made = paths.fetched(target)
    if not made.exists():
        try:
            shared().call("media.transcoding:make_playable", source, made, seconds=SECONDS)
        except UnreadableFile as error:
            raise OSError(str(error)) from error
        paths.published(made)
    return made


def write(path: Path, data: bytes) -> None:
    """Write the file atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    os.replace(file.name, path)
    paths.published(path)
