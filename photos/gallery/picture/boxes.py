"""Boxes of faces and objects in an edited picture: they lie in the original, and pages show where the edit has them."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from media.boxes import Box
from media.editing import geometry
from photos.editing import renditions
from photos.models import Photo


class Boxed(Protocol):
    """A face or an object with its box, in fractions of the upright original as it is turned."""

    x: float
    y: float
    width: float
    height: float


Thing = TypeVar("Thing", bound=Boxed)


def shown(photo: Photo, things: Iterable[Thing], lies: int = 0) -> list[Thing]:
    """Those that the picture on the page shows, each with its box there as `seen`. Who was cropped away is left out.

    `lies` is the turn of the photo that they were found with, if it is another one of the same file.
    """
    view = renditions.view_of(photo, lies)
    if view is None:
        return list(things)
    found, inverse = [], view.inverse
    for thing in things:
        box = geometry.seen(inverse, (thing.x, thing.y, thing.width, thing.height))
        if box is not None:
            thing.seen = box  # type: ignore[attr-defined]
            found.append(thing)
    return found


def in_original(photo: Photo, box: Box, lies: int = 0) -> Box:
    """A box drawn on the picture that the page shows, in fractions of the original. `lies`: as above."""
    view = renditions.view_of(photo, lies)
    if view is None:
        return box
    x, y, width, height = geometry.box_through(view.matrix, box)
    left, top = max(0.0, x), max(0.0, y)
    return left, top, min(1.0, x + width) - left, min(1.0, y + height) - top
