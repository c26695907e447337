"""How much room each part of the installation takes on the disk of MIRAGE_DATA."""

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from mirage.wording import Words
from photos.models import Photo
from photos.storage import paths

KEPT_SECONDS = 600
SECONDS = 1.0  # for measuring the thumbnails; a larger library is estimated from some of its folders


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the installation. `estimated` if only some of its files were measured."""

    title: Words
    text: Words
    bytes: int
    estimated: bool = False


def parts() -> list[Part]:
    """All parts, measured at most every ten minutes."""
    return cache.get_or_set("storage-parts", measure, KEPT_SECONDS) or []


def measure() -> list[Part]:
    sums = dict(Photo.objects.of_files().order_by().values_list("in_place").annotate(bytes=Sum("size")))
    thumbnails, estimated = derived_bytes(SECONDS)
    return [
        Part(pgettext_lazy("storage", "Originals"), pgettext_lazy("storage", "In the library"), sums.get(False) or 0),
        Part(
            _lazy("Originals in place"),
            _lazy("In folders outside of it, which Mirage never writes to"),
            sums.get(True) or 0,
        ),
        Part(_lazy("Thumbnails and playable videos"), _lazy("Made again if they are lost"), thumbnails, estimated),
        Part(_lazy("Database"), _lazy("Albums, names, edits and everything else you entered"), database_bytes()),
        Part(
            _lazy("Indexes"),
            _lazy("For searching what looks alike; made again if they are lost"),
            below(paths.indexes_folder()),
        ),
        Part(
            pgettext_lazy("of machine learning", "Models"),
            _lazy("What recognises faces, objects and text"),
            below(Path(settings.MIRAGE_MODELS)),
        ),
        Part(_lazy("Unfinished uploads"), _lazy("Removed after a week"), below(paths.uploads_folder())),
        Part(_lazy("Copies for download"), _lazy("Removed after a day"), below(paths.copies_folder())),
        Part(_lazy("Videos being played"), _lazy("Removed after a day"), below(paths.streams_folder())),
        Part(_lazy("Uploaded exports"), _lazy("Removed when they are imported"), below(paths.exports_folder())),
        Part(_lazy("Logs"), "", below(Path(settings.MIRAGE_DATA) / "logs")),
    ]


def derived_bytes(seconds: float) -> tuple[int, bool]:
    """The bytes of what was made from originals, and whether that is an estimate.

    The names of the folders are sums, so each of them holds about as much as the others.
    """
    try:
        folders = [Path(entry.path) for entry in os.scandir(paths.derived_root()) if entry.is_dir()]
    except OSError:
        return 0, False
    random.shuffle(folders)
    end, measured, total = time.monotonic() + seconds, 0, 0
    for folder in folders:
        if time.monotonic() > end:
            break
        total += below(folder)
        measured += 1
    return (total, False) if measured == len(folders) else (total * len(folders) // max(measured, 1), True)


def below(folder: Path) -> int:
    """The bytes of all files in a folder and below."""
    return sum(status.st_size for status in statuses(folder))


def statuses(folder: Path) -> Iterator[os.stat_result]:
    for root, _, files in os.walk(folder):
        for name in files:
            try:
                yield os.lstat(os.path.join(root, name))
            except OSError:  # it was just removed
                continue


def database_bytes() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    place = Path(str(connection.settings_dict["NAME"]))
    files = (place, place.with_name(place.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
