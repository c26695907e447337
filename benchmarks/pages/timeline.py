"""How long the server takes for the gallery's lists in a large library.

    python benchmarks/pages/timeline.py [--photos 1000000] [--rounds 40] [--plans]

Makes a temporary SQLite database of one user's synthetic photos over twenty years and asks for pages through the real
views: the first page, pages that the scrubber jumps to, the page below and above one, the months, a photo with its
neighbours. Prints the median and the 95th percentile in milliseconds; --plans also prints how SQLite goes about it.
"""

import argparse
import hashlib
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("", "", "", "Lisbon", "Porto", "Kraków", "Auckland", "Prague", "Jönköping")
YEARS = 20
BATCH = 20_000


def main() -> None:
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as folder:
        os.environ.update(MIRAGE_DATA=folder, DJANGO_SETTINGS_MODULE="mirage.settings")
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        import django
        from django.conf import settings

        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
        settings.ALLOWED_HOSTS = ["testserver"]
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        started = time.perf_counter()
        fill(options.photos)
        print(f"{options.photos:,} photos made in {time.perf_counter() - started:.0f} s")
        if options.plans:
            print_plans()
        measure(options.rounds)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--plans", action="store_true")
    return parser.parse_args()


def moments(count: int) -> Iterator[datetime]:
    """Times as a family takes photos: bursts of 1 to 80 a minute apart, more of them in later years."""
    chance = random.Random(7)
    start = datetime(2006, 1, 1, 9, tzinfo=UTC)
    while count > 0:
        day = int(YEARS * 365 * chance.random() ** 0.6)
        moment = start + timedelta(days=day, seconds=chance.randrange(43_200))
        for _ in range(min(chance.randint(1, 80), count)):
            yield moment
            moment += timedelta(seconds=chance.randint(5, 90))
            count -= 1


def fill(count: int) -> None:
    from accounts.models import User
    from photos.models import Photo

    owner = User.objects.create_user("benchmark")
    chance = random.Random(8)
    batch: list[Photo] = []
    for number, moment in enumerate(moments(count)):
        landscape = chance.random() < 0.7
        archived = chance.random() < 0.03
        photo = Photo(
            owner=owner,
            sha256=hashlib.sha256(str(number).encode()).hexdigest(),
            path=f"benchmark/{moment:%Y/%m}/IMG_{number:07}.jpg",
            original_name=f"IMG_{number:07}.jpg",
            media_type="image/jpeg",
            kind="video" if chance.random() < 0.05 else "photo",
            size=4_000_000,
            file_modified_at=moment,
            added_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
            width=4032 if landscape else 3024,
            height=3024 if landscape else 4032,
            duration=12.0,
            displayable=True,
            thumbhash=chance.randbytes(25),
            favourite=chance.random() < 0.05,
            archived=archived,
            trashed_at=moment if chance.random() < 0.01 else None,
            place=chance.choice(PLACES),
            camera_make="Apple",
            camera_model="iPhone 13",
        )
        photo.set_taken(moment, 60, "exif")
        photo.taken_month = moment.year * 100 + moment.month
        batch.append(photo)
        if len(batch) == BATCH or number == count - 1:
            stack_some(Photo.objects.bulk_create(batch))
            batch = []


def stack_some(photos: list[Any]) -> None:
    """Of every hundred photos the first three in a stack."""
    from photos.models import Photo, Stack

    covers = photos[::100]
    for place, stack in enumerate(
        Stack.objects.bulk_create([Stack(owner=one.owner, kind="burst", cover=one) for one in covers])
    ):
        for one in photos[100 * place : 100 * place + 3]:
            one.stack = stack
    Photo.objects.bulk_update([one for one in photos if one.stack], ["stack"], batch_size=500)


def print_plans() -> None:
    from accounts.models import User
    from photos.gallery.lists import LISTINGS
    from photos.gallery.timeline import Cursor, Timeline

    owner = User.objects.get(username="benchmark")
    middle = Cursor(datetime(2019, 5, 1, tzinfo=UTC), 500_000)
    for listing in LISTINGS.values():
        timeline = Timeline(listing, owner.photos.all())
        print(f"\n{listing.slug}")
        print("  first ", timeline.photos()[:101].explain().replace("\n", "; "))
        print("  older ", timeline.below(middle)[:101].explain().replace("\n", "; "))
        print("  newer ", timeline.above(middle)[:101].explain().replace("\n", "; "))
        if listing.by_taken:
            print("  months", timeline.month_counts().explain().replace("\n", "; "))
    print()


def measure(rounds: int) -> None:
    from django.test import Client

    from accounts.models import User
    from photos.models import Photo

    owner = User.objects.get(username="benchmark")
    client = Client()
    client.force_login(owner)
    chance = random.Random(9)

    def month() -> str:
        return f"{chance.randint(2006, 2025)}-{chance.randint(1, 12):02}"

    def cursor() -> str:
        moment = datetime(2006, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(YEARS * 365))
        return f"{int(moment.timestamp()) * 1_000_000}.{chance.randint(1, 1_000_000)}"

    keys = list(
        Photo.objects.filter(pk__in=chance.sample(range(1, Photo.objects.count()), 200)).values_list("key", flat=True)
    )
    htmx = {"HX-Request": "true"}
    asked: dict[str, Callable[[], tuple[str, dict[str, str]]]] = {
        "first page, whole": lambda: ("/", {}),
        "jump to a month": lambda: (f"/?at={month()}", htmx),
        "page below": lambda: (f"/?before={cursor()}", htmx),
        "page above": lambda: (f"/?after={cursor()}", htmx),
        "page around a photo": lambda: (f"/?photo={chance.choice(keys)}", {}),
        "months": lambda: ("/months/", htmx),
        "months of favourites": lambda: ("/months/?in=favourites", htmx),
        "recently added": lambda: ("/recent/", htmx),
        "favourites": lambda: ("/favourites/", htmx),
        "favourites, jump": lambda: (f"/favourites/?at={month()}", htmx),
        "videos": lambda: ("/videos/", htmx),
        "archive": lambda: ("/archive/", htmx),
        "trash": lambda: ("/trash/", htmx),
        "viewer": lambda: (f"/photo/{chance.choice(keys)}/", htmx),
    }
    print(f"{'':24}{'p50 ms':>8}{'p95 ms':>8}{'kB':>8}")
    for name, ask in asked.items():
        times, size = [], 0
        for _ in range(rounds + 2):
            address, headers = ask()
            started = time.perf_counter()
            response = client.get(address, headers=headers)
            times.append((time.perf_counter() - started) * 1000)
            assert response.status_code == 200, (address, response.status_code)
            size = len(response.content)
        times = times[2:]
        print(f"{name:24}{statistics.median(times):8.1f}{statistics.quantiles(times, n=20)[-1]:8.1f}{size / 1000:8.0f}")


if __name__ == "__main__":
    main()
