"""How long a large library takes to come from Immich, and how much memory.

    python benchmarks/switching.py [--assets 100000] [--people 200]

Makes a temporary SQLite database of one user's photos with faces, and the dump of an Immich that knows the same photos:
the vectors in it make it as large as a real one. Then: the report, the act, a second run, undo. Prints seconds and the
peak of the process' memory after each; the process that reads is not the one that made the photos.
"""

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BATCH = 10_000
DUMP = "immich.sql.gz"
VECTOR = ",".join(f"{number / 512:.7f}" for number in range(512))


def main() -> None:
    options = read_options()
    if options.run:
        set_up(Path(options.run))
        measure(Path(options.run))
        return
    with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as folder:
        set_up(Path(folder))
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        started = time.perf_counter()
        fill(Path(folder), options.assets, options.people)
        size = (Path(folder) / DUMP).stat().st_size / 1e6
        print(f"{options.assets:,} photos and a dump of {size:.0f} MB made in {time.perf_counter() - started:.0f} s")
        subprocess.run([sys.executable, __file__, "--run", folder], check=True)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--run", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def set_up(folder: Path) -> None:
    os.environ.update(MIRAGE_DATA=str(folder), DJANGO_SETTINGS_MODULE="mirage.settings")
    os.environ.pop("DATABASE_URL", None)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def fill(folder: Path, assets: int, people: int) -> None:
    """The photos with their faces, and the dump."""
    from accounts.models import User
    from people.models import Face, FaceScan
    from photos.models import Photo
    from switching.tests.samples.immich import Dump

    owner = User.objects.create_user("anna")
    chance = random.Random(1)
    for first in range(0, assets, BATCH):
        photos = Photo.objects.bulk_create(make_photo(owner, number) for number in range(first, first + BATCH))
        FaceScan.objects.bulk_create(FaceScan(photo=photo, model="test") for photo in photos)
        Face.objects.bulk_create(face for photo in photos for face in make_faces(photo, chance))
    dump = Dump("2.1.0")
    persons = [dump.person(f"Person {number}") for number in range(people)]
    keys = []
    for photo in Photo.objects.order_by("pk").iterator():
        keys.append(describe(dump, photo, persons, chance))
    for number in range(assets // 500):
        dump.album(f"Album {number}", chance.sample(keys, 200))
    dump.write(folder / DUMP)


def make_photo(owner: Any, number: int) -> Any:
    from photos.models import Photo

    name = f"IMG_{number:06d}.jpg"
    photo = Photo(
        owner=owner, sha256=hashlib.sha256(name.encode()).hexdigest(), sha1=sha1_of(name), path=f"anna/2024/05/{name}",
        original_name=name, media_type="image/jpeg", size=1000, file_modified_at=datetime(2024, 5, 1, tzinfo=UTC),
        width=4000, height=3000, displayable=True,
    )  # fmt: skip
    photo.set_taken(datetime(2010, 1, 1) + timedelta(minutes=number), 0, "exif")
    photo.taken_month = photo.taken_local.year * 100 + photo.taken_local.month
    return photo


def sha1_of(name: str) -> str:
    return hashlib.sha1(name.encode()).hexdigest()


def make_faces(photo: Any, chance: random.Random) -> Iterator[Any]:
    """None to three faces beside each other."""
    from people.models import Face

    for place in range(chance.choice([0, 0, 1, 1, 2, 3])):
        yield Face(photo=photo, x=0.1 + 0.25 * place, y=0.3, width=0.1, height=0.14, score=0.9, quality=0.8)


def describe(dump: Any, photo: Any, persons: list[str], chance: random.Random) -> str:
    """What Immich knows about a photo: a tenth of the faces are where Mirage saw none."""
    number = photo.pk
    exif = {"description": f"Words {number}" if number % 5 == 0 else "", "rating": number % 6 or None}
    key = dump.asset(photo.original_name, photo.sha1, exif=exif, isFavorite=number % 9 == 0, archived=number % 30 == 0)
    dump.tables["smart_search"][-1]["embedding"] = f"[{VECTOR}]"
    for place in range(chance.choice([0, 1, 1, 2])):
        left = 0.1 + 0.25 * place if chance.random() < 0.9 else 0.85
        dump.face(key, chance.choice(persons), (left + 0.005, 0.31, 0.1, 0.13))
    if number % 4 == 0:
        dump.tagged(key, f"tag {number % 40}")
    return str(key)


def measure(folder: Path) -> None:
    """The report, the act, the report again, and undo."""
    from accounts import batches
    from accounts.models import User
    from switching import acts, keeping, preparing
    from switching.report import from_dict, sentences

    owner = User.objects.get()
    switch = keeping.begin(owner, "immich", folder / DUMP, by=owner)
    timed("report and steps", lambda: preparing.prepare(switch))
    for line in sentences(from_dict(switch.report)):
        print(f"    {line}")
    activity = acts.start(switch, owner)
    timed("the act", lambda: batches.carry_on(activity.pk))
    again = timed("a second report", lambda: preparing.examine(owner, "immich", folder / DUMP))
    print(f"    changes in the second run: {again.changes}")
    timed("undo", lambda: acts.undo(switch, owner))
    timed("undo, the rest", lambda: batches.carry_on(activity.pk))


def timed(what: str, do: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    result = do()
    status = Path("/proc/self/status").read_text()  # ru_maxrss would count the process that started this one
    peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
    print(f"{what}: {time.perf_counter() - started:.0f} s, peak {peak} MB", flush=True)
    return result


if __name__ == "__main__":
    main()
