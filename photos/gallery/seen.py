"""What models saw in a photo, as the info panel and the viewer show it."""

from collections.abc import Iterable
from dataclasses import dataclass

from photos.models import DetectedObject, Photo, PhotoText

State = DetectedObject.State


@dataclass(frozen=True)
class SeenLabel:
    """A name that was found in a photo: how surely, how often, of a video when, and whether the owner accepted it."""

    name: str
    score: float
    count: int
    seconds: float | None
    accepted: bool

    @property
    def percent(self) -> int:
        return round(100 * self.score)


def labels_of(photo: Photo) -> list[SeenLabel]:
    """The labels in force, those that the owner accepted first, then the surest."""
    found = [summed(name, rows) for name, rows in by_name(objects_of(photo)).items()]
    return sorted(found, key=lambda label: (not label.accepted, -label.score))


def objects_of(photo: Photo) -> list[DetectedObject]:
    """The things in force, large ones first, so that small ones lie on top."""
    rows = list(photo.detected_objects.exclude(state=State.REJECTED))
    return sorted(rows, key=lambda row: -row.width * row.height)


def text_of(photo: Photo) -> PhotoText | None:
    """What can be read in the photo, unless the owner said that it is no text."""
    return PhotoText.objects.filter(photo=photo, rejected=False).first()


def by_name(rows: Iterable[DetectedObject]) -> dict[str, list[DetectedObject]]:
    groups: dict[str, list[DetectedObject]] = {}
    for row in rows:
        groups.setdefault(row.label, []).append(row)
    return groups


def summed(name: str, rows: list[DetectedObject]) -> SeenLabel:
    best = max(rows, key=lambda row: row.score)
    return SeenLabel(name, best.score, len(rows), best.frame_seconds, any(row.state == State.ACCEPTED for row in rows))
