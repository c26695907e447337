"""Extracting the short video of a motion photo as a file that browsers can play. Run this in a sandbox."""

import os
from pathlib import Path

from media import transcoding, video
from media.sandbox import UnreadableFile
from media.sentences import english

MAX_BYTES = 256 * 1024 * 1024  # of the video; real ones have a few megabytes
BLOCK = 1024 * 1024


def extract(source: Path, offset: int, length: int, target: Path) -> None:
    """Write the `length` bytes at `offset` of the photo to `target`, transcoded if browsers cannot play them.

    Raises UnreadableFile if they are not a video.
    """
    if length > MAX_BYTES:
        raise UnreadableFile(english("The video inside this photo is too large."))
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
    """Copy a part of a file. Raises UnreadableFile if the file is too short."""
    with source.open("rb") as whole, target.open("wb") as part:
        whole.seek(offset)
        while length > 0 and (block := whole.read(min(BLOCK, length))):
            part.write(block)
            length -= len(block)
        if length:
            raise UnreadableFile(english("The video inside this photo is incomplete."))
