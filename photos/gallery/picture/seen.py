"""What models found in a photo, for the info panel and the viewer."""

from dataclasses import dataclass

from photos.gallery.vocabulary import named
from photos.models import DetectedObject, Photo, PhotoText
from photos.pipeline.shared_files import looked_at

State = DetectedObject.State


@dataclass(frozen=True)
class SeenLabel:
    """A label found in a photo: best score, number of boxes, second of a video, and whether the owner accepted it."""

    name: str
    score: float
    count: int
    seconds: float | None
    accepted: bool

    @property
    def called(self) -> str:
        return named(self.name)

    @property
    def percent(self) -> int:
        return round(100 * self.score)


def labels_of(photo: Photo) -> list[SeenLabel]:
    """The labels that the owner did not reject, accepted ones first, then by score."""
    groups: dict[str, list[DetectedObject]] = {}
    for row in objects_of(photo):
        groups.setdefault(row.label, []).append(row)
    found = [summed(name, rows) for name, rows in groups.items()]
    return sorted(found, key=lambda label: (not label.accepted, -label.score))


def objects_of(photo: Photo) -> list[DetectedObject]:
    """The objects that the owner did not reject, large ones first, so that small ones are drawn on top."""
    rows = list(DetectedObject.objects.filter(photo=looked_at(photo)).exclude(state=State.REJECTED))
    return sorted(rows, key=lambda row: -row.width * row.height)


def text_of(photo: Photo) -> PhotoText | None:
    """The text in the photo, unless the owner rejected it."""
    return PhotoText.objects.filter(photo=looked_at(photo), rejected=False).first()


def summed(name: str, rows: list[DetectedObject]) -> SeenLabel:
    best = max(rows, key=lambda row: row.score)
    return SeenLabel(name, best.score, len(rows), best.frame_seconds, any(row.state == State.ACCEPTED for row in rows))
