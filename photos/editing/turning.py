"""What follows when a picture is turned: its size changes sides, and the boxes in it move along.

`turn` of a photo is one of EXIF's eight orientations, put onto the upright picture. Apps whose rows have boxes in
fractions of the upright picture add a function to BOXES, in AppConfig.ready.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from media.metadata.orientations import back, together
from mirage.registry import Registry
from photos import pipeline
from photos.models import DetectedObject, Photo, StageRun

LEFT, RIGHT, ROUND, MIRROR = 8, 6, 3, 2
WAYS = {"left": LEFT, "right": RIGHT, "round": ROUND, "mirror": MIRROR}

BOXES: Registry[Callable[[Sequence[int], int], None]] = Registry("kind of boxes")


def follow(changes: Mapping[Photo, dict[str, Any]]) -> None:
    """Before the columns of these photos are written: add their new sizes, move the boxes, make the thumbnails again.

    The photos still have the old turn. Call it in the transaction that writes the columns.
    """
    steps: dict[int, list[int]] = {}
    for photo, columns in changes.items():
        step = together(back(photo.turn), columns.get("turn", photo.turn))
        if step == 1:
            continue
        steps.setdefault(step, []).append(photo.pk)
        if step >= 5:
            columns["width"], columns["height"] = photo.height, photo.width
            columns["shown_width"], columns["shown_height"] = photo.shown_height, photo.shown_width
    began = timezone.now()
    for step, ids in steps.items():
        pipeline.demand("thumbnails", ids)
        for move in BOXES.values():
            move(ids, step)
        transaction.on_commit(partial(look_again, ids, began))


def look_again(photo_ids: Sequence[int], began: datetime) -> None:
    """What looks at these pictures right now, or has ended since the turn began, starts over: it saw them unturned."""
    status = StageRun.Status
    late = Q(status=status.RUNNING) | Q(status=status.DONE, finished_at__gte=began)
    runs = StageRun.objects.filter(late, photo__in=photo_ids)
    for name in set(runs.values_list("stage", flat=True)):
        if pipeline.STAGES[name].after == "thumbnails":
            pipeline.demand(name, list(runs.filter(stage=name).values_list("photo_id", flat=True)))


def move_boxes(rows: QuerySet[Any], turn: int) -> None:
    """Turn the boxes of these rows with the picture: `x`, `y`, `width`, `height` in fractions, `turn` 2 to 8."""
    x, y, width, height = F("x"), F("y"), F("width"), F("height")
    right, bottom = 1 - x - width, 1 - y - height
    left, top = {
        2: (right, y), 3: (right, bottom), 4: (x, bottom), 5: (y, x), 6: (bottom, x), 7: (bottom, right), 8: (y, right),
    }[turn]  # fmt: skip
    sides = {"width": height, "height": width} if turn >= 5 else {}
    rows.update(x=inside(left), y=inside(top), **sides)


def inside(fraction: Any) -> Any:
    """The fraction without what calculating in floats adds beyond 0 or 1."""
    return Greatest(Value(0.0), Least(Value(1.0), fraction))


def turn_objects(photo_ids: Sequence[int], turn: int) -> None:
    """The boxes of objects."""
    move_boxes(DetectedObject.objects.filter(photo__in=photo_ids), turn)
