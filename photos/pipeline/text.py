"""The stage `text`: reads text in the large thumbnails, and in frames of videos."""

from collections.abc import Sequence

from photos.models import Photo, PhotoText
from photos.pipeline.originals import refusals
from photos.pipeline.pictures import Picture, pictures_of
from vision import ocr
from vision.ocr import Line

FRAMES = 4  # of a video, at most: text stays in view, and reading is slow

Seen = tuple[Line, float | None]  # the line; for a video's frame, the second


def read_text(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `text`: the text in the pictures."""
    return refusals(photo_ids, read_one)


def read_one(photo: Photo) -> None:
    record(photo, read_lines(pictures_of(photo, FRAMES)))


def read_lines(pictures: Sequence[Picture]) -> list[Seen]:
    """The lines of all pictures. A line that appears in several frames of a video is kept once, with its best score."""
    best: dict[str, Seen] = {}
    for image, seconds in pictures:
        for line in ocr.read(image):
            # a still may show the same line twice
            known = line.text.casefold() if seconds is not None else f"{len(best)}"
            if known not in best or best[known][0].score < line.score:
                best[known] = (line, seconds)
    return list(best.values())


def record(photo: Photo, seen: Sequence[Seen]) -> None:
    """Replace what was read before. If the owner rejected the text, it stays rejected."""
    if not seen:
        PhotoText.objects.filter(photo=photo, rejected=False).delete()
        return
    told = [{"text": line.text, "score": line.score, "box": list(line.box), "seconds": at} for line, at in seen]
    text = "\n".join(line.text for line, _ in seen)
    PhotoText.objects.update_or_create(photo=photo, defaults={"text": text, "lines": told, "model": ocr.MODEL})
