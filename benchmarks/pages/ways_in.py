"""How long the server takes for what leads into a large library: memories over the timeline, Explore, the palette.

    python benchmarks/pages/ways_in.py [--photos 100000] [--rounds 20] [--data FOLDER] [--plans]

Makes a temporary SQLite database like `benchmarks/web.py`, with positions, birthdays, a thousand albums and tags, and
asks through the real views. Prints the first answer, the median and the 95th percentile in milliseconds of processor,
and the number of queries. --data keeps the library in a folder, --plans prints the slowest queries.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
POSITIONS = {
    "Lisbon": (38.7, -9.1), "Porto": (41.1, -8.6), "Kraków": (50.1, 19.9), "Auckland": (-36.8, 174.8),
             "Prague": (50.1, 14.4), "Jönköping": (57.8, 14.2)}  # fmt: skip
NAMED = 1_000  # albums, and tags
ASKED = {
    "timeline": ("/", {}),
    "memories": ("/memories/strip/", {"HX-Request": "true"}),
    "palette, opened": ("/palette/", {"HX-Request": "true"}),
    "palette": ("/palette/?q=al+nu+7", {"HX-Request": "true"}),
    "Explore": ("/explore/", {}),
}


def main() -> None:
    options = read_options()
    with folder_of(options.data) as folder:
        os.environ.update(MIRAGE_DATA=folder, DJANGO_SETTINGS_MODULE="mirage.settings")
        os.environ.pop("DATABASE_URL", None)
        from benchmarks import web

        web.prepare()
        from photos.models import Photo

        if not Photo.objects.exists():
            web.fill(options.photos)
            place_and_name()
        from albums.memories import keep_up

        keep_up()  # as the schedule does every hour
        measure(options.rounds, plans=options.plans)


@contextmanager
def folder_of(kept: str) -> Iterator[str]:
    if kept:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as folder:
        yield folder


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--data", default="", help="folder of a library that is kept")
    parser.add_argument("--plans", action="store_true")
    return parser.parse_args()


def place_and_name() -> None:
    """Positions of places, birthdays of people, albums and tags."""
    from datetime import date, timedelta

    from accounts.models import User
    from albums.models import Album
    from people.models import Person
    from photos.models import Photo
    from tags.models import Tag

    owner = User.objects.get(username="benchmark")
    for place, (latitude, longitude) in POSITIONS.items():
        Photo.objects.filter(place=place).update(latitude=latitude, longitude=longitude)
    for number, person in enumerate(Person.objects.filter(owner=owner)):
        person.birthday = date(1980, 1, 1) + timedelta(days=41 * number)
        person.save()
    Album.objects.bulk_create([Album(owner=owner, name=f"Album number {number}") for number in range(NAMED)])
    names = [f"Tag number {number}" for number in range(NAMED)]
    Tag.objects.bulk_create([Tag(owner=owner, name=name, path=name) for name in names])


def measure(rounds: int, *, plans: bool) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username="benchmark"))
    print(f"{'':16}{'first':>8}{'p50 ms':>8}{'p95 ms':>8}{'queries':>9}")
    for name, (address, headers) in ASKED.items():
        times = []
        for _ in range(rounds + 1):
            started = time.process_time()
            assert client.get(address, headers=headers).status_code == 200
            times.append((time.process_time() - started) * 1000)
        with CaptureQueriesContext(connection) as queries:
            client.get(address, headers=headers)
        first, *rest = times
        middle, high = statistics.median(rest), statistics.quantiles(rest, n=20)[-1]
        print(f"{name:16}{first:8.0f}{middle:8.1f}{high:8.1f}{len(queries):9}")
        for query in sorted(queries.captured_queries, key=lambda query: -float(query["time"]))[: 6 * plans]:
            print(f"  {query['time']} s  {query['sql'][:900]}")


if __name__ == "__main__":
    main()
