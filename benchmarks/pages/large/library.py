"""The rows of a large library of one family: twenty years, bursts, people of a long tail, and all that hangs on photos.

Everything is drawn by the column with a fixed seed, so that the same size is always the same library.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.pages.large.loading import Loader, loading
from benchmarks.pages.timeline import moments

BATCH = 50_000
ALBUMS, TAGS = 1_000, 300
NOW = np.datetime64("2026-01-01T00:00:00")
PLACES = (
    ("Lisbon", "Portugal", "PT", 38.72, -9.14), ("Porto", "Portugal", "PT", 41.15, -8.61),
    ("Kraków", "Poland", "PL", 50.06, 19.94), ("Auckland", "New Zealand", "NZ", -36.85, 174.76),
    ("Prague", "Czech Republic", "CZ", 50.08, 14.43), ("Jönköping", "Sweden", "SE", 57.78, 14.16),
    ("Hamburg", "Germany", "DE", 53.55, 9.99), ("Berlin", "Germany", "DE", 52.52, 13.4),
    ("Kyoto", "Japan", "JP", 35.01, 135.77), ("Reykjavík", "Iceland", "IS", 64.15, -21.94),
    ("Cusco", "Peru", "PE", -13.53, -71.97), ("Nairobi", "Kenya", "KE", -1.29, 36.82),
)  # fmt: skip
CAMERAS = (("Apple", "iPhone 13"), ("Canon", "Canon EOS 5D"), ("FUJIFILM", "X-T5"), ("Google", "Pixel 7"), ("", ""))
TITLES = ("Birthday", "On the beach", "Hike to the lake", "Grandmother’s garden", "東京タワー", "First day of school")
SAID = ("what a day at the lake", "so tall already", "where was this", "this one for the wall")
PORTRAIT = 128  # numbers of a face's vector


@dataclass
class Library:
    """What all batches share."""

    owner: int
    chance: np.random.Generator
    people: Sequence[int]
    shares_of_people: NDArray[Any]
    centres: dict[str, NDArray[np.float32]]
    tags: Sequence[int] = ()
    albums: Sequence[int] = ()
    labels: Sequence[str] = ()
    words: Sequence[str] = ()


def fill(count: int, people: int, centres: dict[str, NDArray[np.float32]], *, lean: bool = False) -> None:
    """Make the library of the user "benchmark"; a lean one has no vectors, stage runs and raw metadata."""
    from accounts.models import User
    from albums.models import Album
    from people.kept import appearances, counts
    from people.models import Person, Recount
    from photos.gallery.kept import cells, months
    from photos.models import MapNote, MonthNote
    from tags.models import Tag
    from vision.coco import LABELS

    owner = User.objects.create_user("benchmark", password="benchmark").pk
    chance = np.random.default_rng(18)
    when = moments(count)
    with loading() as loader:
        names = [f"Person{number}" if number < people * 0.7 else "" for number in range(people)]
        persons = loader.put(
            Person, people, owner_id=[owner] * people, key=keys(people), name=names,
            folded_name=[name.lower() for name in names],
        )  # fmt: skip
        paths = [f"travel/place {number}" if number % 3 else f"thing {number}" for number in range(TAGS)]
        tags = loader.put(
            Tag, TAGS, owner_id=[owner] * TAGS, name=[path.rpartition("/")[2] for path in paths], path=paths
        )
        titles = [f"Album number {number}" for number in range(ALBUMS)]
        albums = loader.put(Album, ALBUMS, owner_id=[owner] * ALBUMS, key=keys(ALBUMS), name=titles)
        library = Library(
            owner, chance, persons, long_tail(people), centres, tags, albums, list(LABELS), made_words(chance)
        )
        while batch := list(islice(when, BATCH)):
            add_photos(loader, library, batch, lean=lean)
        add_covers()
    Recount.objects.bulk_create([Recount(person_id=person) for person in persons])  # no trigger has noted them
    appearances.make_anew()
    MapNote.objects.create(owner_id=owner)
    MonthNote.objects.create(owner_id=owner)
    for kept in (counts, cells, months):
        kept.catch_up()


def add_covers() -> None:
    """People are shown by one of their faces, as grouping chooses it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_person SET cover_id = first.id FROM (SELECT person_id, min(id) AS id FROM people_face "
            "WHERE person_id IS NOT NULL GROUP BY person_id) AS first WHERE first.person_id = people_person.id"
        )


def add_photos(loader: Loader, library: Library, batch: list[datetime], *, lean: bool) -> None:
    """A batch of photos with everything that hangs on them."""
    from photos.models import Photo, RawMetadata, Stack

    count, chance = len(batch), library.chance
    start = loader.last.get(Photo, 0)
    covers = range(start + 1, start + count + 1, 100)
    stacks = loader.put(
        Stack, len(covers), owner_id=[library.owner] * len(covers), kind=["burst"] * len(covers), cover_id=covers
    )
    stacked: list[int | None] = [stacks[place // 100] if place % 100 < 3 else None for place in range(count)]
    videos = chance.random(count) < 0.05
    columns = of_files(library, start, batch, videos) | of_places(library, count) | of_cameras(library, count)
    archived, trashed = chance.random(count) < 0.03, chance.random(count) < 0.01
    ids = loader.put(
        Photo, count, **columns, stack_id=stacked, favourite=flags(chance.random(count) < 0.05),
        archived=flags(archived), trashed_at=[str(NOW)[:10] + " 00:00:00" if one else None for one in trashed],
    )  # fmt: skip
    add_faces(loader, library, ids)
    add_words(loader, library, ids)
    if lean:
        return
    said = [raw_of(place, row) for place, row in enumerate(zip(columns["camera_model"], columns["iso"], strict=True))]
    loader.put(RawMetadata, count, photo_id=ids, tags=said)
    add_vectors(loader, library, ids)
    add_runs(loader, library, ids, videos)


def of_files(library: Library, start: int, batch: list[datetime], videos: NDArray[Any]) -> dict[str, Any]:
    """File, size and time of photos."""
    count, chance = len(batch), library.chance
    local = np.array([moment.replace(tzinfo=None) for moment in batch], "datetime64[s]")
    months = local.astype("datetime64[M]").astype(int)
    names = [f"IMG_{start + place:07}.{'mp4' if video else 'jpg'}" for place, video in enumerate(videos)]
    folders = [f"Pictures/{moment:%Y}/{moment:%m}" for moment in batch]
    wide = chance.random(count) < 0.7
    hexes, hashes = chance.bytes(32 * count).hex(), chance.bytes(25 * count)
    added = np.datetime64("2025-01-01T00:00:00") + (start + np.arange(count)).astype("timedelta64[s]")
    return {
        "owner_id": [library.owner] * count, "key": keys(count, chance),
        "sha256": [hexes[64 * place : 64 * place + 64] for place in range(count)],
        "sha1": [hexes[64 * place : 64 * place + 40] for place in range(count)],
        "path": [f"benchmark/{folder[9:]}/{name}" for folder, name in zip(folders, names, strict=True)],
        "folder": folders, "original_name": names,
        "media_type": ["video/mp4" if video else "image/jpeg" for video in videos],
        "kind": ["video" if video else "photo" for video in videos],
        "size": chance.integers(1_500_000, 9_000_000, count).tolist(), "file_modified_at": stamps(local),
        "added_at": stamps(added), "width": np.where(wide, 4032, 3024).tolist(),
        "height": np.where(wide, 3024, 4032).tolist(), "duration": [12.5 if video else None for video in videos],
        "displayable": flags(np.ones(count, bool)),
        "thumbhash": [hashes[25 * place : 25 * place + 25] for place in range(count)],
        "taken_at": stamps(local - np.timedelta64(3600, "s")), "taken_local": stamps(local),
        "taken_month": ((1970 + months // 12) * 100 + months % 12 + 1).tolist(), "taken_offset": [60] * count,
        "taken_source": ["exif"] * count,
    }  # fmt: skip


def of_places(library: Library, count: int) -> dict[str, Any]:
    """Two thirds know where they were taken: most at home, the others where the family was on holiday."""
    chance = library.chance
    which = chance.choice(len(PLACES), count, p=long_tail(len(PLACES)))
    known = chance.random(count) < 0.67
    spread = chance.normal(0, 0.08, (count, 2))
    at = [PLACES[place] if there else ("", "", "", None, None) for place, there in zip(which, known, strict=True)]
    north, east = spread.T.tolist()
    return {
        "latitude": [row[3] if row[3] is None else row[3] + off for row, off in zip(at, north, strict=True)],
        "longitude": [row[4] if row[4] is None else row[4] + off for row, off in zip(at, east, strict=True)],
        "place": [row[0] for row in at],
        "country": [row[1] for row in at],
        "country_code": [row[2] for row in at],
    }


def of_cameras(library: Library, count: int) -> dict[str, Any]:
    chance = library.chance
    which = chance.integers(0, len(CAMERAS), count).tolist()
    titled = chance.integers(0, 10 * len(TITLES), count).tolist()
    return {
        "camera_make": [CAMERAS[one][0] for one in which],
        "camera_model": [CAMERAS[one][1] for one in which],
        "iso": chance.choice((100, 200, 400, 1600), count).tolist(),
        "aperture": chance.choice((1.8, 2.8, 4.0, 8.0), count).tolist(),
        "exposure": chance.choice((0.01, 0.004, 0.002), count).tolist(),
        "focal_length": chance.choice((4.2, 24.0, 50.0), count).tolist(),
        "title": [TITLES[one] if one < len(TITLES) else "" for one in titled],
    }


def add_faces(loader: Loader, library: Library, ids: range) -> None:
    """Faces on half of the photos, of the same few people mostly; a tenth belongs to nobody."""
    from people.models import Face, FaceScan

    chance = library.chance
    each = chance.choice((0, 0, 1, 2), len(ids))
    photos = np.repeat(np.array(ids), each)
    count = len(photos)
    who = chance.choice(np.array(library.people), count, p=library.shares_of_people)
    nobody = chance.random(count) < 0.1
    persons = library.centres["faces"]
    vectors = packed(persons[who % len(persons)], chance)
    qualities = chance.random(count).round(3).tolist()
    loader.put(
        Face, count, photo_id=photos.tolist(),
        person_id=[None if none else one for one, none in zip(who.tolist(), nobody, strict=True)],
        assignment=["none" if none else "automatic" for none in nobody], x=[0.3] * count, y=[0.2] * count,
        width=[0.2] * count, height=[0.25] * count, score=[0.9] * count, quality=qualities,
        model=["yunet+sface"] * count, vector=vectors,
    )  # fmt: skip
    loader.put(FaceScan, len(ids), photo_id=ids, model=["yunet+sface"] * len(ids))


def add_words(loader: Loader, library: Library, ids: range) -> None:
    """Tags, things, text in pictures, comments and albums."""
    from albums.models import AlbumItem
    from photos.models import Comment, DetectedObject, PhotoText
    from tags.models import PhotoTag

    chance = library.chance
    tagged = [photo for photo in ids if photo % 3 == 0]
    which = chance.choice(np.array(library.tags), len(tagged), p=long_tail(len(library.tags)))
    loader.put(PhotoTag, len(tagged), photo_id=tagged, tag_id=which.tolist())
    seen = np.repeat(np.array(ids), chance.choice((0, 1, 2), len(ids))).tolist()
    names = chance.choice(len(library.labels), len(seen), p=long_tail(len(library.labels))).tolist()
    boxes = {name: [0.1] * len(seen) for name in ("x", "y", "width", "height")}
    loader.put(
        DetectedObject, len(seen), photo_id=seen, label=[library.labels[one] for one in names],
        score=[0.8] * len(seen), model=["yolo11n"] * len(seen), **boxes,
    )  # fmt: skip
    written = [photo for photo in ids if photo % 10 == 7]
    words = chance.choice(len(library.words), (len(written), 8), p=long_tail(len(library.words)))
    texts = [" ".join(library.words[one] for one in row) for row in words.tolist()]
    lines = [json.dumps([{"text": text, "score": 0.9, "box": [0.1, 0.1, 0.5, 0.1]}]) for text in texts]
    loader.put(
        PhotoText, len(written), photo_id=written, text=texts, lines=lines, model=["pp-ocrv6-small"] * len(written)
    )
    said = [photo for photo in ids if photo % 200 == 0]
    loader.put(
        Comment, len(said), photo_id=said, author_id=[library.owner] * len(said),
        text=[SAID[photo // 200 % len(SAID)] for photo in said],
    )  # fmt: skip
    kept = [photo for photo in ids if photo % 4 == 1]
    albums = chance.choice(np.array(library.albums), len(kept), p=long_tail(len(library.albums))).tolist()
    loader.put(AlbumItem, len(kept), photo_id=kept, album_id=albums, position=[float(one) for one in kept])


def add_vectors(loader: Loader, library: Library, ids: range) -> None:
    from photos.models import Embedding
    from vision import embeddings, fingerprints

    for module in (fingerprints, embeddings):
        real, count = library.centres[module.KIND], len(ids)
        near = packed(real[library.chance.integers(0, len(real), count)], library.chance)
        loader.put(
            Embedding, count, photo_id=ids, kind=[module.KIND] * count, model=[module.MODEL] * count, vector=near
        )


def add_runs(loader: Loader, library: Library, ids: range, videos: NDArray[Any]) -> None:
    """The stages, all done."""
    from photos import pipeline
    from photos.models import StageRun

    for stage in pipeline.all_stages():
        if stage.on_demand:
            continue
        wanted = [
            photo for photo, video in zip(ids, videos, strict=True) if ("video" if video else "photo") in stage.kinds
        ]
        done = ["2025-12-31 00:00:00"] * len(wanted)
        loader.put(
            StageRun, len(wanted), photo_id=wanted, stage=[stage.name] * len(wanted),
            version=[stage.version] * len(wanted), status=["done"] * len(wanted), attempts=[1] * len(wanted),
            started_at=done, finished_at=done,
        )  # fmt: skip


def raw_of(place: int, row: tuple[str, int]) -> str:
    """What a file says, as long as files of phones are."""
    tags = {"EXIF:Model": row[0], "EXIF:ISO": row[1], "EXIF:ImageUniqueID": f"{place:032x}"}
    return json.dumps(tags | {f"MakerNotes:Field{number}": f"value {number * place}" for number in range(12)})


def packed(centres: NDArray[np.float32], chance: np.random.Generator) -> list[bytes]:
    """A vector near each of these, as photos of one outing are: a cosine of about 0.9."""
    size = centres.shape[1]
    near = centres + 0.5 * size**-0.5 * chance.standard_normal(centres.shape, np.float32)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    data = near.astype("<f2").tobytes()
    return [data[place : place + 2 * size] for place in range(0, len(data), 2 * size)]


def long_tail(count: int) -> NDArray[Any]:
    """Shares of which each is smaller than the one before: the tenth is a tenth of the first."""
    shares = 1 / np.arange(1, count + 1)
    return shares / shares.sum()


def made_words(chance: np.random.Generator, count: int = 20_000) -> list[str]:
    syllables = [first + last for first in "bdfghklmnprstvz" for last in ("a", "e", "i", "o", "u", "an", "er", "is")]
    lengths = chance.integers(2, 5, count)
    drawn = chance.integers(0, len(syllables), int(lengths.sum())).tolist()
    ends = list(accumulate(lengths.tolist()))
    return [
        "".join(syllables[one] for one in drawn[end - size : end])
        for end, size in zip(ends, lengths.tolist(), strict=True)
    ]


def keys(count: int, chance: np.random.Generator | None = None) -> list[str]:
    data = (chance or np.random.default_rng(count)).bytes(12 * count)
    text = base64.urlsafe_b64encode(data).decode()
    return [text[place : place + 16] for place in range(0, len(text), 16)]


def flags(values: NDArray[Any]) -> list[Any]:
    """Booleans as SQLite stores them, which PostgreSQL reads too."""
    return values.astype(int).tolist()


def stamps(moments: NDArray[Any]) -> list[str]:
    """Moments as SQLite stores them, which PostgreSQL reads in the session's time zone, UTC."""
    return [text.replace("T", " ") for text in np.datetime_as_string(moments).tolist()]


def random_centres(count: int = 120) -> dict[str, NDArray[np.float32]]:
    """Vectors that stand for pictures, where there are no real ones."""
    chance = np.random.default_rng(5)
    sizes = {"fingerprints": 512, "embeddings": 384, "faces": PORTRAIT}
    made = {kind: chance.standard_normal((count, size), np.float32) for kind, size in sizes.items()}
    return {kind: rows / np.linalg.norm(rows, axis=1, keepdims=True) for kind, rows in made.items()}
