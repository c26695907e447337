"""The short video inside a motion photo, as a file that browsers play. Run this in a sandbox, as all that decodes."""

import os
from pathlib import Path

from media import transcoding, video
from media.sandbox import UnreadableFile

MAX_BYTES = 256 * 1024 * 1024  # of the video inside; real ones are a few megabytes
CHUNK = 1024 * 1024


def extract(source: Path, offset: int, length: int, target: Path) -> None:
    """Write the `length` bytes at `offset` of the photo to `target`, made playable where they are not already.

    Raises UnreadableFile when they are no video.
    """
    if length > MAX_BYTES:
        raise UnreadableFile("The video inside this photo is larger than is allowed.")
    target.parent.mkdir(parents=True, exist_ok=True)
    inner = target.with_name(f".{target.name}.{os.getpid()}.mp4")
    try:
        copy_part(source, offset, length, inner)
        if video.probe(inner).playable:
            os.replace(inner, target)
        else:
            transcoding.make_playable(inner, target)
    finally:
        inner.unlink(missing_ok=True)


def copy_part(source: Path, offset: int, length: int, target: Path) -> None:
    """Copy a part of a file. Raises UnreadableFile when the file ends before."""
    with source.open("rb") as whole, target.open("wb") as part:
        whole.seek(offset)
        while length > 0 and (chunk := whole.read(min(CHUNK, length))):
            part.write(chunk)
            length -= len(chunk)
        if length:
            raise UnreadableFile("The video inside this photo is cut short.")
