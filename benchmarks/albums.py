"""Albums and changes of many photos, measured on a library of their own that is thrown away.

    python -m benchmarks.albums --photos 20000

An album of that many photos is opened, scrolled and rearranged beside one of 20; half of the photos are tagged, put in
an album and described, by a process that is killed with SIGKILL in the middle and another that goes on, then undone.
The library is rows without files: nothing here reads any.
"""

import argparse
import logging
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

ROUNDS = 9
SMALL = 20
KILLS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--carry-on", type=int, help="for the process that is killed")
    arguments = parser.parse_args()
    if arguments.carry_on:
        start_django()
        from accounts import batches

        batches.carry_on(arguments.carry_on)
        return
    with tempfile.TemporaryDirectory() as data:
        os.environ["MIRAGE_DATA"] = data
        start_django()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        photos = fill(arguments.photos)
        measure_albums(photos)
        measure_bulk(photos[: len(photos) // 2])


def start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirage.settings")
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.ALLOWED_HOSTS = ["testserver"]
    django.setup()
    logging.disable(logging.INFO)


def fill(count: int) -> list[int]:
    """A library of that many rows; their ids."""
    from accounts.models import User
    from photos.models import Photo

    owner = User.objects.create_user("anna")
    start = datetime(2004, 1, 1, tzinfo=UTC)
    rows = []
    for number in range(count):
        local = start + timedelta(hours=number * 7)
        month = local.year * 100 + local.month
        name, day = f"IMG_{number}.jpg", {"taken_at": local, "taken_local": local, "file_modified_at": local}
        file = {"path": f"anna/{name}", "original_name": name, "media_type": "image/jpeg", "size": 1}
        size = {"width": 400, "height": 300, "displayable": True, "place": "Lisbon"}
        rows.append(Photo(owner=owner, sha256=f"{number:064x}", taken_month=month, **day, **file, **size))
    Photo.objects.bulk_create(rows, batch_size=2000)
    return list(Photo.objects.order_by("pk").values_list("pk", flat=True))


def timed(function: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def median_ms(function: Callable[[], object]) -> float:
    """Milliseconds of processor time, which other work on the machine does not lengthen much."""

    def once() -> float:
        start = time.process_time()
        function()
        return time.process_time() - start

    once()
    return 1000 * statistics.median(once() for _ in range(ROUNDS))


def measure_albums(photos: list[int]) -> None:
    from django.test import Client

    from accounts.models import User
    from albums import actions, items
    from photos.models import Photo

    owner = User.objects.get()
    client = Client()
    client.force_login(owner)
    keys = dict(Photo.objects.values_list("pk", "key"))
    for name, some in (("small", photos[:SMALL]), ("large", photos)):
        album = actions.create(owner, name)
        started = time.perf_counter()
        items.add(album, some, owner)
        print(f"filled {name} with {len(some):,} in {time.perf_counter() - started:.2f} s")
        measure_album(client, album, [keys[pk] for pk in some])
    print(f"list of albums: {median_ms(lambda: client.get('/albums/')):.0f} ms")


def measure_album(client: Any, album: Any, keys: list[str]) -> None:
    """Opening it at the top and in the middle, moving photos about."""
    from albums import items

    address = album.get_absolute_url()
    chance = random.Random(1)
    written: list[int] = []

    def move() -> None:
        one, before = chance.sample(keys, 2)
        written.append(len(items.move(album, [one], before)))

    first = median_ms(lambda: client.get(address))
    scrolled = median_ms(lambda: client.get(address, {"photo": keys[len(keys) // 2]}))
    head = median_ms(lambda: client.get(f"{address}head/"))
    moved = median_ms(move)
    print(
        f"{album.name}: first page {first:.0f} ms, in the middle {scrolled:.0f} ms, head {head:.0f} ms,"
        f" a move {moved:.1f} ms writing {max(written)} rows at most"
    )


def measure_bulk(photos: list[int]) -> None:
    from accounts.models import User
    from albums import actions
    from albums.changes import AddToAlbum
    from albums.models import AlbumItem
    from photos.editing import edits
    from photos.models import Photo
    from tags.keywords import change_keywords
    from tags.models import PhotoTag

    owner = User.objects.get()
    album = actions.create(owner, "Many")
    chosen = Photo.objects.filter(pk__gte=photos[0], pk__lte=photos[-1])
    tagged = PhotoTag.objects.filter(tag__path="travel/portugal")
    changes: dict[str, tuple[Any, Callable[[], int]]] = {
        "tagged": (change_keywords(["travel/portugal"]), tagged.count),
        "in an album": (AddToAlbum(album.pk), AlbumItem.objects.filter(album=album).count),
        "described": (edits.set_words(description="In Portugal"), Photo.objects.exclude(description="").count),
    }
    for name, (change, count) in changes.items():
        print(f"{name}: {do_and_undo(owner, chosen, change, count)}")


def do_and_undo(owner: Any, chosen: Any, change: Any, count: Callable[[], int]) -> str:
    """Do it with kills in the middle, and take it back; how that went."""
    from accounts import batches, undoing
    from photos.editing import bulk

    def take_back() -> None:
        undoing.undo(activity, owner)
        batches.carry_on(activity.pk)

    activity = bulk.begin(owner, chosen, change, owner)
    seen = [kill_in_the_middle(activity.pk, count) for _ in range(KILLS)]
    left = timed(lambda: batches.carry_on(activity.pk))
    total, done = activity.detail["total"], count()
    activity.refresh_from_db()
    undone = timed(take_back)
    half = sum(bool(number % bulk.Changes.size) for number in seen if number != total)
    return (
        f"killed at {', '.join(f'{number:,}' for number in seen)}, a batch half done {half} times; the rest"
        f" in {left:.1f} s, then {done:,} of {total:,}; undone in {undone:.1f} s, then {count():,}"
    )


def kill_in_the_middle(activity_id: int, count: Callable[[], int]) -> int:
    """Let another process carry on, and kill it once it has done something more; how many photos are done then."""
    before = count()
    command = [sys.executable, "-m", "benchmarks.albums", "--carry-on", str(activity_id)]
    process = subprocess.Popen(command)
    while process.poll() is None and count() == before:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return count()


if __name__ == "__main__":
    main()
