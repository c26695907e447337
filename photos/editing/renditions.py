"""Renditions: the thumbnails and the full-size file of an edited picture, made from the original by a stage.

`Photo.picture_edit` is what the owner wants, `Photo.rendition` what pages show: until the stage has done its work, and
if it fails, the rendition before stays. The original's own thumbnails stay too: models look at them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from PIL import Image

from media.editing import description, geometry
from media.editing.description import Edit, Refused
from media.editing.forms import FULL, FULL_VIDEO
from media.metadata.orientations import together
from media.pixels import thumbhash
from media.sandbox import UnreadableFile
from photos import pipeline
from photos.models import Photo
from photos.pipeline.originals import call, refusals
from photos.storage import paths

SECONDS = 180.0  # for a picture of 200 megapixels
VIDEO_SECONDS = 30.0  # for a second of a video, on a slow machine
MOST_SECONDS = 86_400.0  # for any, however long it says it is


def edit_of(photo: Photo) -> Edit:
    """The photo's edit. Raises Refused if it is one of a newer Mirage."""
    return description.read(photo.picture_edit)


def key_of(photo: Photo) -> str:
    """The key of the photo's edit; empty for the original, and for an edit that cannot be read."""
    try:
        return edit_of(photo).key
    except Refused:
        return ""


def has_video(photo: Photo) -> bool:
    """Whether pages show a video that an edit made. One that only chose a poster made none."""
    return photo.is_video and bool(photo.rendition) and photo.shown_duration is not None


def wants_video(photo: Photo) -> bool:
    """Whether the photo's edit makes a video, which may not be there yet; also if the edit cannot be read."""
    try:
        return photo.is_video and edit_of(photo).makes_video
    except Refused:
        return True


def turned_video(photo: Photo, by: int | None = None) -> dict[str, Any]:
    """What turns the video further than it is, by field of its edits; without `by`, what lets it lie as its file does.

    Nothing if it lies so already, or if its edit is of a newer Mirage.
    """
    try:
        edit = edit_of(photo)
    except Refused:
        return {}
    turned = edit.turned(together(edit.turn, by) if by else 1).as_json()
    return {"picture_edit": turned} if turned != photo.picture_edit else {}


def follow(changes: Mapping[Photo, dict[str, Any]]) -> None:
    """Before the columns of these photos are written: what was edited or turned is rendered again.

    Without an edit the original is shown at once. Call it in the transaction that writes the columns.
    """
    changed: defaultdict[str, list[int]] = defaultdict(list)  # by the stage that renders them
    for photo, columns in changes.items():
        edit = columns.get("picture_edit", photo.picture_edit)
        if "picture_edit" in columns:
            changed[stage_of(photo)].append(photo.pk)
            if edit is None:
                columns |= {"rendition": "", "shown_width": None, "shown_height": None, "shown_duration": None}
        elif "turn" in columns and edit:
            changed[stage_of(photo)].append(photo.pk)
    for stage, ids in changed.items():
        transaction.on_commit(partial(pipeline.demand, stage, ids))


def stage_of(photo: Photo) -> str:
    """The stage that makes the rendition: a video takes minutes, and pictures do not wait for it."""
    return "video_edits" if photo.is_video else "renditions"


def run(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stages `renditions` and `video_edits`: pages then show the edit, or what they did if it does not fit."""
    return refusals(photo_ids, render_one)


def render_one(photo: Photo) -> None:
    """Make the rendition that the photo's edit asks for, and once more if the edit changed meanwhile."""
    wanted = wanted_of(photo)
    show_edited(photo) if photo.picture_edit else show_original(photo)
    now = Photo.objects.filter(pk=photo.pk).first()
    if now is not None and wanted_of(now) != wanted:
        show_edited(now) if now.picture_edit else show_original(now)


def wanted_of(photo: Photo) -> tuple[Any, int]:
    return photo.picture_edit, photo.turn


def show_edited(photo: Photo) -> None:
    """Render the edit and show it. Raises UnreadableFile with the reason if it does not fit."""
    try:
        key = edit_of(photo).key
    except Refused as problem:
        raise UnreadableFile(str(problem)) from problem
    target = paths.rendition_folder(photo, key, photo.turn)
    if photo.is_video:
        seconds = min(SECONDS + VIDEO_SECONDS * (photo.duration or 600), MOST_SECONDS)
        made = call("media.thumbnails:render_edited_video", photo, target, photo.picture_edit, seconds=seconds)
    else:
        given = photo.picture_edit, photo.turn
        made = call("media.thumbnails:render_edited", photo, photo.media_type, target, *given, seconds=SECONDS)
    paths.published(target)
    show(photo, key, made.thumbhash, (made.width, made.height), made.duration)


def show_original(photo: Photo) -> None:
    """Show the original again: its placeholder comes from its smallest thumbnail."""
    small, placeholder = paths.picture_file(photo, "small"), bytes(photo.thumbhash)
    if small.exists():
        with Image.open(small) as image:
            placeholder = thumbhash.encode(image.convert("RGB"))
    show(photo, "", placeholder, (None, None))


def show(
    photo: Photo, key: str, placeholder: bytes, size: tuple[int | None, int | None], duration: float | None = None
) -> None:
    """Save what pages show, unless the photo changed meanwhile, and remove files that nobody is shown any more."""
    same = Photo.objects.filter(pk=photo.pk, turn=photo.turn)
    current = [row for row in same if row.picture_edit == photo.picture_edit]
    Photo.objects.filter(pk__in=[row.pk for row in current]).update(
        rendition=key, thumbhash=placeholder, shown_width=size[0], shown_height=size[1], shown_duration=duration
    )
    remove_unused(photo.sha256)


def remove_unused(sha256: str) -> None:
    """Remove the renditions of this original that no photo shows and no edit asks for."""
    photos = Photo.objects.filter(sha256=sha256).only("rendition", "picture_edit", "kind")
    paths.remove_renditions(sha256, keep={key for photo in photos for key in (photo.rendition, key_of(photo)) if key})


def full_file(photo: Photo) -> Path | None:
    """The edited picture or video in full size, ready to be read. None if it is not made yet. Raises Unreachable."""
    if not photo.rendition or (photo.is_video and not has_video(photo)):
        return None
    folder, names = paths.shown_folder(photo), (FULL_VIDEO,) if photo.is_video else FULL
    found = (paths.fetched(folder / name) for name in names)
    return next((path for path in found if path.exists()), None)


def view_of(photo: Photo, lies: int = 0) -> geometry.View | None:
    """How the shown picture lies in the upright original, turned. None if pages show that.

    `lies` is the turn of the photo with which the boxes were found, if it is not this one.
    """
    lies = lies or photo.turn
    if not photo.width or not photo.height or not (photo.rendition or lies != photo.turn):
        return None
    try:
        edit = edit_of(photo) if photo.rendition else Edit()
    except Refused:
        return None
    width, height = (photo.height, photo.width) if photo.turn >= 5 else (photo.width, photo.height)
    if photo.is_video:
        edit = description.Edit(tuple(edit.all("turn")))  # its faces and objects are not turned with it
    else:
        edit = edit.turned(photo.turn)
    view = geometry.view_of(edit, width, height)
    # faces and objects lie in the original as it is turned
    return geometry.View(geometry.turning_inverse(lies) @ view.matrix, view.width, view.height)
