"""Photos that look like a photo, or like a picture that somebody brings and that is not kept."""

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
from numpy.typing import NDArray

from accounts.models import User
from media import mediatypes
from media.sandbox import Sandbox, UnreadableFile
from photos import vectors
from photos.access import visible_photo_or_404, visible_photos
from photos.gallery.ranked import Ranked, Ranking
from photos.gallery.timeline import Listing
from photos.models import Embedding, Photo, PhotoQuerySet, PictureSearch
from photos.pipeline import STAGES
from vision import embeddings, inference

COUNT = 120
LEAST = 0.25  # cosine below which photos have little in common to the eye
HEADINGS = ((0.75, "Nearly the same"), (0.5, "Very much alike"), (-1.0, "Alike"))  # least cosine of each
KEPT = timedelta(days=1)  # how long what a picture looks like is remembered for the pages of its search
KEY = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
CHOICES = 12  # people, and albums, that a search can be narrowed down to


@dataclass(frozen=True)
class Similar:
    """A photo that was found, and its cosine with what was searched for."""

    photo: Photo
    similarity: float


class NotYetKnown(Exception):
    """What the photo looks like has not been computed yet; the message says so in words."""


def to_photo(photo: Photo, within: PhotoQuerySet, count: int = COUNT, least: float = LEAST) -> list[Similar]:
    """The photos of the query most like this one, best first, without itself. Raises NotYetKnown."""
    return to_vector(vector_of(photo), within.exclude(pk=photo.pk), count, least)


def vector_of(photo: Photo) -> NDArray[np.float32]:
    """What the photo looks like. Raises NotYetKnown."""
    row = photo.embeddings.filter(kind=embeddings.KIND, model=embeddings.MODEL).first()
    if row is None:
        raise NotYetKnown(f"This photo waits for “{STAGES['embedding'].label}”. Look again in a while.")
    return vectors.unpack(row.vector)


def to_vector(vector: NDArray[Any], within: PhotoQuerySet, count: int = COUNT, least: float = LEAST) -> list[Similar]:
    """The photos of the query whose embeddings are nearest to this one."""
    rows = Embedding.objects.filter(kind=embeddings.KIND, model=embeddings.MODEL, photo__in=within.order_by())
    hits = vectors.search(embeddings.KIND, np.asarray(vector), count, within=rows, least=least)[0]
    return in_order(hits, rows.filter(id__in=[hit.id for hit in hits]).select_related("photo"))


def in_order(hits: Iterable[vectors.Hit], rows: Iterable[Embedding]) -> list[Similar]:
    """The rows' photos, in the order of the hits, each once."""
    photos = {row.pk: row.photo for row in rows}
    found: dict[int, Similar] = {}
    for hit in hits:
        if hit.id in photos:
            found.setdefault(photos[hit.id].pk, Similar(photos[hit.id], hit.similarity))
    return list(found.values())


# --- a picture that is not kept ---------------------------------------------------------------------------------------


def remember(owner: User, path: Path) -> PictureSearch:
    """What the picture in the file looks like, for the pages of its search. Raises UnreadableFile, MissingWeights."""
    model = inference.path_of(embeddings.MODEL)
    media = mediatypes.identify(path)
    if media is None or media.kind != Photo.Kind.PHOTO:
        raise UnreadableFile("This is no picture that Mirage can read.")
    with Sandbox(calls=1) as sandbox:  # a model is loaded: let its memory go afterwards
        numbers = sandbox.call("vision.embeddings:of_file", path, media.mime, model)
    vector = vectors.pack(np.asarray(numbers, np.float32))
    return PictureSearch.objects.create(owner=owner, vector=vector)


def forget_old() -> int:
    """Forget what was searched with long ago. How many."""
    return PictureSearch.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


# --- lists of the gallery ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What a search for similar photos is narrowed down to; empty for all."""

    person: str = ""
    album: str = ""
    since: str = ""  # yyyy-mm-dd
    until: str = ""

    @classmethod
    def parse(cls, values: dict[str, str]) -> Self:
        """Those of the values that are filters. Raises ValueError for what is no day or no key."""
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
        """The photos that fit. People and albums are the user's own."""
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
    """What is compared with: a photo, or a picture that was brought."""

    kind: str
    key: str
    vector: NDArray[np.float32] = field(repr=False)
    photo: Photo | None = None


def source_of(user: User, kind: str, key: str) -> Source:
    """What the address names; 404 where the user has no such thing. Raises NotYetKnown."""
    if kind == "similar":
        photo = visible_photo_or_404(user, key)
        return Source(kind, key, vector_of(photo), photo)
    row = get_object_or_404(PictureSearch, owner=user, key=key)
    return Source(kind, key, vectors.unpack(row.vector))


def ranking(user: User, source: Source, filters: Filters) -> Ranking:
    """The list `similar.KEY` or `picture.KEY`, with the filters behind it."""
    within = visible_photos(user).present().displayable()
    if source.photo:
        within = within.exclude(pk=source.photo.pk)
    found = to_vector(source.vector, filters.narrow(within, user))
    chosen = filters.chosen
    listing = Listing(
        ".".join([source.kind, source.key, *(f"{name}~{value}" for name, value in chosen.items())]),
        "Similar photos",
        "images",
        lambda owned: owned.present().displayable(),
        address=reverse("photos:similar" if source.photo else "photos:picture", args=[source.key]),
        query=urlencode(chosen) + "&" if chosen else "",
    )
    ranks = [Ranked(one.photo.pk, heading(one.similarity)) for one in found]
    return Ranking(listing, visible_photos(user), ranks=ranks)


def heading(similarity: float) -> str:
    return next(name for least, name in HEADINGS if similarity >= least)


def lister(kind: str) -> Any:
    """What makes the lists of a kind for the viewer and the selection, by their names."""

    def timeline(user: User, name: str) -> Ranking:
        key, *parts = name.split(".")
        try:
            filters = Filters.parse(dict(part.split("~", 1) for part in parts))
            return ranking(user, source_of(user, kind, key), filters)
        except (ValueError, NotYetKnown) as error:
            raise Http404("no such list") from error

    return timeline


def choices(user: User, photos: PhotoQuerySet) -> dict[str, list[tuple[str, str]]]:
    """The user's people and albums that most of these photos have, by key and name."""
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
