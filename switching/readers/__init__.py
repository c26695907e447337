"""Readers of other programs' libraries. Each yields one neutral stream (switching/stream.py) and writes nothing."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _lazy

from mirage.wording import Words
from switching.readers import apple, digikam, immich, librephotos, lightroom, mirage, nextcloud, photoprism, picasa
from switching.stream import Library

Read = Callable[[Path, str, Sequence[str]], AbstractContextManager[Library]]


@dataclass(frozen=True)
class Reader:
    """How to read one program. `read` takes the path, the account, and what the account may be called otherwise."""

    program: str
    what: Words  # what to point at, for the page
    read: Read
    signs: tuple[str, ...]  # names by which such a file or folder is recognised
    by_sha1: bool = False  # it knows the SHA-1 of files


READERS: dict[str, Reader] = {
    "immich": Reader(
        "Immich",
        _lazy(
            "A backup of its database (the .sql.gz in the folder backups of its library), or what fetch_immich fetched"
        ),
        immich.read,
        ("immich*.sql.gz", "immich*.sql", "immich*.db"),
        by_sha1=True,
    ),
    "photoprism": Reader(
        "PhotoPrism",
        _lazy("Its index.db, a dump of its MariaDB, or its folder storage with the .yml files"),
        photoprism.read,
        ("index.db", "photoprism*.sql", "photoprism*.sql.gz"),
        by_sha1=True,
    ),
    "digikam": Reader(
        "digiKam",
        _lazy("Its digikam4.db, or a dump of its MySQL or MariaDB"),
        digikam.read,
        ("digikam4.db", "digikam*.sql", "digikam*.sql.gz"),
    ),
    "lightroom": Reader("Lightroom Classic", _lazy("Its catalogue .lrcat"), lightroom.read, ("*.lrcat",)),
    "apple": Reader(
        "Apple Photos",
        _lazy("The .photoslibrary, the folder of an export by osxphotos, or its JSON"),
        apple.read,
        ("*.photoslibrary", ".osxphotos_export.db", "osxphotos*.json"),
    ),
    "picasa": Reader("Picasa", _lazy("The folder with the photos and their .picasa.ini"), picasa.read, ()),
    "librephotos": Reader(
        "LibrePhotos", _lazy("A dump of its database"), librephotos.read, ("librephotos*.sql", "librephotos*.sql.gz")
    ),
    "nextcloud": Reader(
        "Nextcloud",
        _lazy("A dump of its database, with Memories and Recognize"),
        nextcloud.read,
        ("nextcloud*.sql", "nextcloud*.sql.gz", "owncloud.db"),
    ),
    "mirage": Reader(
        "Mirage",
        _lazy("The catalogue.jsonl of another library, or the folder with it"),
        mirage.read,
        ("catalogue.jsonl",),
    ),
}
