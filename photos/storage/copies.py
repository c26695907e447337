"""Copies for download: what an edit made, or JPEG, PNG and WebP of a size, with or without metadata.

They lie in a folder of their own, are made when somebody asks, and are removed after a day.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _

from media.editing.forms import FORMATS
from media.sandbox import SandboxedError, UnreadableFile, shared
from media.sentences import english
from mirage.refusals import NotPossible
from mirage.web.languages import in_language
from mirage.wording import number_in_words
from photos.editing import renditions
from photos.editing.sidecar_writing import words_of
from photos.models import Photo
from photos.pipeline.originals import call
from photos.storage import downloads, paths, zipstream

AS_IT_CAME, EDITED = "original", "edited"
FORMS = (AS_IT_CAME, EDITED, *FORMATS)
METADATA = ("all", "no-place", "none")
SIDES = (16, 20_000)  # pixels of the longer side: at least and at most
KEPT_SECONDS = 86_400
MOST = 100  # copies in one zip: they are made before it begins

DEEP = {".png": "image/png", ".jpg": "image/jpeg"}


@dataclass(frozen=True)
class Form:
    """What is downloaded of a photo. Without `side` its full size."""

    form: str = EDITED
    side: int | None = None
    metadata: str = "all"


@dataclass(frozen=True)
class Copy:
    """A file for download."""

    path: Path
    mime: str
    name: str
    tag: str = ""  # its ETag, if its name does not tell it from others


def read(query: Mapping[str, str]) -> Form:
    """The form that a query or a form asks for: `form`, `side`, `metadata`. Raises NotPossible."""
    form, side, metadata = query.get("form") or EDITED, query.get("side", ""), query.get("metadata") or "all"
    if form not in FORMS:
        raise NotPossible(_("Download the original, the edited picture, or a JPEG, PNG or WebP."))
    if metadata not in METADATA:
        raise NotPossible(_("Say whether the copy has all metadata, no place, or none."))
    if side and not (side.isdecimal() and SIDES[0] <= int(side) <= SIDES[1]):
        least, most = map(number_in_words, SIDES)
        raise NotPossible(_("The size must be between %(least)s and %(most)s pixels.") % {"least": least, "most": most})
    return Form(form, int(side) if side else None, metadata)


def is_original(photo: Photo, form: Form) -> bool:
    """Whether the file itself is what this form gives."""
    if not photo.displayable or form.form == AS_IT_CAME:
        return True
    if photo.is_video:
        return not renditions.wants_video(photo)
    return form.form == EDITED and photo.picture_edit is None and photo.turn == 1 and form.metadata == "all"


def copy_of(photo: Photo, form: Form) -> Copy:
    """The copy, made now if it is not there. Raises UnreadableFile, OSError."""
    if photo.is_video:
        return edited_video(photo)
    path = place_of(photo, form)
    if not path.exists():
        make(photo, form, kind_of(form) or "jpeg", full_of(photo, form), path, words_for(photo, form))
    stem = Path(photo.original_name).stem or photo.key
    return Copy(path, DEEP.get(path.suffix, f"image/{path.suffix[1:]}"), f"{stem}{path.suffix}")


def place_of(photo: Photo, form: Form) -> Path:
    """Where the copy lies once it is made. Another edit or other words make another name."""
    full = full_of(photo, form)
    suffix = full.suffix if full else FORMATS[kind_of(form) or "jpeg"][1]
    words = words_for(photo, form) if form.metadata != "none" else ""
    facts = photo.sha256, renditions.key_of(photo), photo.turn, form, words
    return paths.copies_folder() / f"{photo.key}-{sha256(repr(facts).encode()).hexdigest()[:16]}{suffix}"


def kind_of(form: Form) -> str:
    """The format that is asked for; empty for that of the edited picture."""
    return form.form if form.form in FORMATS else ""


def full_of(photo: Photo, form: Form) -> Path | None:
    """The rendition, if it is what this form gives."""
    return renditions.full_file(photo) if not kind_of(form) and form.side is None and is_shown(photo) else None


def edited_video(photo: Photo) -> Copy:
    """The edited video that pages show. It has no metadata. Raises UnreadableFile if the first one is not made yet."""
    full = renditions.full_file(photo)
    if full is None:
        raise UnreadableFile(english("The edited video is still being made. Try again later."))
    name = f"{Path(photo.original_name).stem or photo.key}.mp4"
    return Copy(full, "video/mp4", name, f"{photo.sha256[:32]}-{photo.rendition}")


def is_shown(photo: Photo) -> bool:
    """Whether the rendition is that of the photo's edit."""
    return bool(photo.rendition) and photo.rendition == renditions.key_of(photo)


def make(photo: Photo, form: Form, kind: str, full: Path | None, path: Path, words: object) -> None:
    """Write the copy, and its metadata into it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}")
    if full is not None:
        making.write_bytes(full.read_bytes())
    else:
        args = making, photo.picture_edit, photo.turn, kind, form.side
        call("media.editing.copies:write_copy", photo, photo.media_type, *args, seconds=renditions.SECONDS)
    if form.metadata != "none":
        mime = DEEP.get(path.suffix, f"image/{path.suffix[1:]}")
        try:
            shared().call("media.metadata.embedding:write_into", making, mime, words)
        except SandboxedError as error:
            making.unlink(missing_ok=True)
            raise UnreadableFile(english("Its metadata could not be written: %(reason)s", reason=error)) from error
    making.replace(path)


def words_for(photo: Photo, form: Form) -> object:
    """What is written into the copy. Faces are not: the copy is for others."""
    words = words_of(photo)
    left_out = {"turn", "picture_edit", "regions", *(("position",) if form.metadata == "no-place" else ())}
    return replace(words, fields=words.fields - left_out, regions=[], orientation=1, turn=None)


def entries(photos: Iterable[Photo], form: Form) -> list[zipstream.Entry]:
    """The entries of a zip of these photos in that form. Raises NotPossible if that is too much at once."""
    chosen = list(photos)
    others = [photo for photo in chosen if not is_original(photo, form)]
    if len(others) > MOST:
        words = _("At most %(most)s photos are converted at once. Choose fewer, or download the originals.")
        raise NotPossible(words % {"most": MOST})
    made: list[tuple[Photo, Copy]] = []
    failed = []
    for photo in others:
        try:
            made.append((photo, copy_of(photo, form)))
        except (UnreadableFile, OSError) as error:
            failed.append(f"{photo.original_name}: {in_language(str(error))}\n")
    originals = [photo for photo in chosen if is_original(photo, form)]
    return downloads.entries(originals, [(photo, copy.path, copy.name) for photo, copy in made], failed)


def remove_old() -> int:
    """Remove the copies that are older than a day. Returns how many."""
    removed = 0
    for path in paths.copies_folder().glob("*") if paths.copies_folder().exists() else ():
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
