"""The stage `text`: photo ids in, the words that can be read in the pictures out. It reads the large thumbnails."""

from collections.abc import Sequence

from photos.models import Photo, PhotoText
from photos.pipeline.originals import refusals
from photos.pipeline.pictures import Picture, pictures_of
from vision import ocr
from vision.ocr import Line

FRAMES = 4  # of a video, at most: what is written stays in view, and reading takes its time

Seen = tuple[Line, float | None]  # and of a video, when


def read_text(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `text`: what is written in the pictures."""
    return refusals(photo_ids, read_one)


def read_one(photo: Photo) -> None:
    """Read one photo or video and write down what it says."""
    record(photo, read_lines(pictures_of(photo, FRAMES)))


def read_lines(pictures: Sequence[Picture]) -> list[Seen]:
    """The lines of all frames, each text once: where it was read best."""
    best: dict[str, Seen] = {}
    for image, seconds in pictures:
        for line in ocr.read(image):
            # a still may well say one thing twice
            known = line.text.casefold() if seconds is not None else f"{len(best)}"
            if known not in best or best[known][0].score < line.score:
                best[known] = (line, seconds)
    return list(best.values())


def record(photo: Photo, seen: Sequence[Seen]) -> None:
    """Replace what was read before. That the owner refused it stays."""
    if not seen:
        PhotoText.objects.filter(photo=photo, rejected=False).delete()
        return
    told = [{"text": line.text, "score": line.score, "box": list(line.box), "seconds": at} for line, at in seen]
    text = "\n".join(line.text for line, _ in seen)
    PhotoText.objects.update_or_create(photo=photo, defaults={"text": text, "lines": told, "model": ocr.MODEL})
