"""Photos that look like a photo, or like an uploaded picture."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import numpy as np
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy
from numpy.typing import NDArray

from accounts.models import User
from media import mediatypes
from media.sandbox import Sandbox, UnreadableFile
from media.sentences import english
from photos import vectors
from photos.access import visible_photo_or_404, visible_photos
from photos.gallery.alike.ranked import Ranked, Ranking
from photos.gallery.timeline import Listing
from photos.models import Embedding, Photo, PhotoQuerySet, PictureSearch
from photos.pipeline import STAGES
from photos.pipeline.shared_files import looked_at
from vision import embeddings, inference

COUNT = 120
LEAST = 0.25  # cosine; less similar photos have little in common
HEADINGS = (  # lowest cosine of each
    (0.75, _lazy("Nearly the same")),
    (0.5, _lazy("Very much alike")),
    (-1.0, pgettext_lazy("photos", "Alike")),
)
KEPT = timedelta(days=1)  # how long the embedding of an uploaded picture is kept
KEY = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
CHOICES = 12  # people and albums that are offered as filters


@dataclass(frozen=True)
class Similar:
    """A photo and its similarity, a cosine."""

    photo: Photo
    similarity: float


class NotYetKnown(Exception):
    """The photo has no embedding yet. The message tells the user."""


def to_photo(photo: Photo, within: PhotoQuerySet, count: int = COUNT, least: float = LEAST) -> list[Similar]:
    """The photos most similar to this one, best first, without itself. Raises NotYetKnown."""
    return to_vector(vector_of(photo), without(photo, within), count, least)


def without(photo: Photo, within: PhotoQuerySet) -> PhotoQuerySet:
    """These photos without this one and those that share its file."""
    return within.exclude(owner=photo.owner_id, sha256=photo.sha256)


def vector_of(photo: Photo) -> NDArray[np.float32]:
    """The photo's embedding. Raises NotYetKnown."""
    row = looked_at(photo).embeddings.filter(kind=embeddings.KIND, model=embeddings.MODEL).first()
    if row is None:
        words = _("This photo is still waiting for “%(stage)s”. Try again later.")
        raise NotYetKnown(words % {"stage": STAGES["embedding"].label})
    return vectors.unpack(row.vector)


def to_vector(vector: NDArray[Any], within: PhotoQuerySet, count: int = COUNT, least: float = LEAST) -> list[Similar]:
    """The photos with the embeddings most similar to this one, best first."""
    rows = Embedding.objects.filter(kind=embeddings.KIND, model=embeddings.MODEL, photo__in=within.order_by())
    hits = vectors.search(embeddings.KIND, np.asarray(vector), count, within=rows, least=least)[0]
    return in_order(hits, rows.filter(id__in=[hit.id for hit in hits]).select_related("photo"))


def in_order(hits: Iterable[vectors.Hit], rows: Iterable[Embedding]) -> list[Similar]:
    """The photos of the rows in the order of the hits, each once."""
    photos = {row.pk: row.photo for row in rows}
    found: dict[int, Similar] = {}
    for hit in hits:
        if hit.id in photos:
            found.setdefault(photos[hit.id].pk, Similar(photos[hit.id], hit.similarity))
    return list(found.values())


# --- uploaded pictures ------------------------------------------------------------------------------------------------


def remember(owner: User, path: Path) -> PictureSearch:
    """Save the embedding of the picture in the file. Raises UnreadableFile, MissingWeights."""
    model = inference.path_of(embeddings.MODEL)
    media = mediatypes.identify(path)
    if media is None or media.kind != Photo.Kind.PHOTO:
        raise UnreadableFile(english("Mirage cannot read this picture."))
    with Sandbox(calls=1) as sandbox:  # a process of its own, so that the model's memory is freed
        numbers = sandbox.call("vision.embeddings:of_file", path, media.mime, model)
    vector = vectors.pack(np.asarray(numbers, np.float32))
    return PictureSearch.objects.create(owner=owner, vector=vector)


def forget_old() -> int:
    """Delete old searches. Returns how many."""
    return PictureSearch.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


# --- lists of the gallery ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """Filters for similar photos. An empty one does not filter."""

    person: str = ""
    album: str = ""
    since: str = ""  # yyyy-mm-dd
    until: str = ""

    @classmethod
    def parse(cls, values: dict[str, str]) -> Self:
        """Read the filters among these values. Raises ValueError if one is not valid."""
        known = {one.name: values[one.name] for one in fields(cls) if values.get(one.name)}
        for name, value in known.items():
            if name in ("since", "until"):
                date.fromisoformat(value)
            elif not KEY.match(value):
                raise ValueError(f"not a key: {value}")
        return cls(**known)

    @property
    def chosen(self) -> dict[str, str]:
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}

    def narrow(self, photos: PhotoQuerySet, user: User) -> PhotoQuerySet:
        """The photos that match. People and albums are the user's own."""
        if self.person:
            with_person = Photo.objects.filter(
                faces__person__key=self.person, faces__person__owner=user, faces__not_a_face=False
            )
            photos = photos.filter(pk__in=with_person.values("pk"))
        if self.album:
            in_album = Photo.objects.filter(album_items__album__key=self.album, album_items__album__owner=user)
            photos = photos.filter(pk__in=in_album.values("pk"))
        if self.since:
            photos = photos.filter(taken_local__gte=start_of(self.since))
        if self.until:
            photos = photos.filter(taken_local__lt=start_of(self.until) + timedelta(days=1))
        return photos


def start_of(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


@dataclass(frozen=True)
class Source:
    """A photo or an uploaded picture to compare with."""

    kind: str
    key: str
    vector: NDArray[np.float32] = field(repr=False)
    photo: Photo | None = None


def source_of(user: User, kind: str, key: str) -> Source:
    """The source that the address names. Raises Http404, NotYetKnown."""
    if kind == "similar":
        photo = visible_photo_or_404(user, key)
        return Source(kind, key, vector_of(photo), photo)
    row = get_object_or_404(PictureSearch, owner=user, key=key)
    return Source(kind, key, vectors.unpack(row.vector))


def ranking(user: User, source: Source, filters: Filters) -> Ranking:
    """The list `similar.KEY` or `picture.KEY`, followed by its filters."""
    within = visible_photos(user).present().displayable()
    if source.photo:
        within = without(source.photo, within)
    found = to_vector(source.vector, filters.narrow(within, user))
    chosen = filters.chosen
    listing = Listing(
        ".".join([source.kind, source.key, *(f"{name}~{value}" for name, value in chosen.items())]),
        _lazy("Similar photos"),
        "images",
        lambda owned: owned.present().displayable(),
        address=reverse("photos:similar" if source.photo else "photos:picture", args=[source.key]),
        query=urlencode(chosen) + "&" if chosen else "",
    )
    ranks = [Ranked(one.photo.pk, heading(one.similarity)) for one in found]
    return Ranking(listing, visible_photos(user), ranks=ranks)


def heading(similarity: float) -> str:
    return next(str(name) for least, name in HEADINGS if similarity >= least)


def lister(kind: str) -> Any:
    """A function that makes lists of this kind for the viewer and the selection, by name."""

    def timeline(user: User, name: str) -> Ranking:
        key, *parts = name.split(".")
        try:
            filters = Filters.parse(dict(part.split("~", 1) for part in parts))
            return ranking(user, source_of(user, kind, key), filters)
        except (ValueError, NotYetKnown) as error:
            raise Http404("no such list") from error

    return timeline


def choices(user: User, photos: PhotoQuerySet) -> dict[str, list[tuple[str, str]]]:
    """The user's people and albums with the most of these photos, as key and name."""
    found = photos.order_by()
    people = found.filter(faces__person__owner=user, faces__not_a_face=False).exclude(faces__person__name="")
    albums = found.filter(album_items__album__owner=user)
    return {
        "people": most(people, "faces__person__key", "faces__person__name"),
        "albums": most(albums, "album_items__album__key", "album_items__album__name"),
    }


def most(photos: PhotoQuerySet, *names: str) -> list[tuple[str, str]]:
    counted = photos.values_list(*names).annotate(count=Count("pk", distinct=True)).order_by("-count", names[1])
    return [(key, name) for key, name, _ in counted[:CHOICES]]
