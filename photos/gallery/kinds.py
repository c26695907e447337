"""Which photos are screenshots, documents, receipts, memes or blurred: by their looks and what else is known of them.

The looks are models over embeddings (vision/kinds.py). They alone take a comic for a meme and fog for a blur; the size,
the camera and the words that were read in the picture say against it, or for it.
"""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_

import numpy as np
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from photos.gallery.looks import owners_seen_by
from photos.models import Photo, PhotoText
from photos.models.among import among
from photos.vectors import words as mapped
from vision import kinds

NAMES = kinds.NAMES
PLURALS = {
    "screenshot": _lazy("Screenshots"),
    "document": _lazy("Documents"),
    "receipt": _lazy("Receipts"),
    "meme": _lazy("Memes"),
    "blurred": _lazy("Blurred"),
}
# What programs call the screenshots that they save.
SCREENSHOT_NAMES = (
    "screenshot", "screen shot", "screen_shot", "bildschirmfoto", "capture d’écran", "capture d'écran",
    "captura de pantalla", "schermata", "schermafdruk", "snimka zaslona",
)  # fmt: skip
# Short and long side of screens, in pixels.
SCREENS = (
    (640, 1136), (720, 1280), (720, 1520), (720, 1560), (720, 1600), (750, 1334), (768, 1024), (768, 1366), (800, 1280),
    (828, 1792), (900, 1440), (900, 1600), (1050, 1680), (1080, 1920), (1080, 2160), (1080, 2220), (1080, 2240),
    (1080, 2244), (1080, 2280), (1080, 2310), (1080, 2312), (1080, 2316), (1080, 2340), (1080, 2376), (1080, 2388),
    (1080, 2400), (1080, 2408), (1080, 2412), (1080, 2460), (1125, 2436), (1170, 2532), (1179, 2556), (1200, 1920),
    (1206, 2622), (1242, 2208), (1242, 2688), (1284, 2778), (1290, 2796), (1320, 2868), (1344, 2992), (1440, 2560),
    (1440, 2880), (1440, 2960), (1440, 3040), (1440, 3088), (1440, 3120), (1440, 3200), (1536, 2048), (1600, 2560),
    (1620, 2160), (1640, 2360), (1668, 2224), (1668, 2388), (1800, 2880), (2048, 2732), (2160, 3840),
)  # fmt: skip
DRAWN = ("image/png", "image/webp")  # cameras write other formats
LETTERS = 20  # written in a picture, of a document at least
PRICES = r"([0-9][.,][0-9][0-9]([^0-9]|$)(.|\n)*?){3}"
PAID = r"total|summe|betrag|montant|importe|cash|change|visa|mastercard|mwst"
LEAST_SIDE = 320  # pixels: logos and thumbnails look like screenshots, and enlarged they look blurred
PHOTOS = Q(kind=Photo.Kind.PHOTO, width__gte=LEAST_SIDE, height__gte=LEAST_SIDE)
WITHOUT_CAMERA = PHOTOS & Q(camera_make="", camera_model="", latitude=None)


def of_kind(user: User, name: str) -> Q:
    """The photos of one of NAMES. Who does not want automatic labels has the screenshots that say what they are."""
    return of_kinds(user, [name])[name]


def of_kinds(user: User, names: Iterable[str] = NAMES, few: bool = False) -> dict[str, Q]:
    """The photos of each of these kinds, of those who share something with the user.

    If `few`, looks that are not known yet may be left aside, so that nobody waits for them.
    """
    if not user.automatic_labels:
        return {name: _CONDITIONS[name]([]) for name in names}
    seen = mapped.shelf().seen(owners_seen_by(user), few)
    return {name: _CONDITIONS[name](likely_of(seen, name)) for name in names}


def likely_of(seen: mapped.Seen | None, name: str) -> list[int]:
    """The ids of photos that look like that."""
    return [] if seen is None else seen.photos[np.flatnonzero(seen.kinds & kinds.bit(name))].tolist()


def screenshots(likely: Collection[int]) -> Q:
    named = reduce(or_, (Q(original_name__icontains=name) for name in SCREENSHOT_NAMES))
    upright, lying = (
        reduce(or_, (Q(width=sides[0], height=sides[1]) for sides in turned))
        for turned in (SCREENS, [(long, short) for short, long in SCREENS])
    )
    drawn = WITHOUT_CAMERA & Q(media_type__in=DRAWN) & (upright | lying)
    return Q(kind=Photo.Kind.PHOTO) & named | drawn | WITHOUT_CAMERA & among(likely)


def documents(likely: Collection[int]) -> Q:
    return PHOTOS & among(likely) & Q(pk__in=_written(likely, LETTERS).values("photo"))


def receipts(likely: Collection[int]) -> Q:
    priced = _written(likely, LETTERS).filter(text__iregex=PRICES).filter(text__iregex=PAID)
    return PHOTOS & among(likely) & Q(pk__in=priced.values("photo"))


def memes(likely: Collection[int]) -> Q:
    return WITHOUT_CAMERA & among(likely) & Q(pk__in=_written(likely, 1).values("photo"))


def blurred(likely: Collection[int]) -> Q:
    return PHOTOS & among(likely) & ~Q(pk__in=_written(likely, LETTERS).values("photo"))


def _written(likely: Collection[int], letters: int) -> QuerySet[PhotoText]:
    """The words that were read in these photos, of so many letters at least."""
    read = PhotoText.objects.filter(among(likely, "photo"), rejected=False)
    return read.filter(GreaterThanOrEqual(Length("text"), letters))


_CONDITIONS = {
    "screenshot": screenshots,
    "document": documents,
    "receipt": receipts,
    "meme": memes,
    "blurred": blurred,
}
