"""How the search of a whole library for duplicates grows with the library.

    python benchmarks/duplicates_growth.py [--sizes 10000,100000] [--sample 640]
    python benchmarks/duplicates_growth.py --library bursts --pictures DIR [--sizes 500,2000]

Makes a temporary SQLite library of synthetic photos, one in ten a copy of another by its fingerprint, builds the index
where it is large enough to have one, and asks for the candidates of some photos through duplicates/finding.py, 32
at a time as the stage does. A whole search is the index and the candidates of all photos; looking at the pairs found
costs the same for each pair whatever the size (benchmarks/duplicates.py says how much), and is left out.

With --library, the whole stage works on pictures made from those in DIR (benchmarks/variants/libraries.py): bursts,
portraits or edits. The seconds are those of the processor, for sketches and for the search, 32 photos at a time;
thumbnails and fingerprints are there before.
"""

import argparse
import hashlib
import math
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

    from accounts.models import User

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
BATCH = 32  # photos of a stage's turn
ROWS = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--sample", type=int, default=640)
    parser.add_argument("--library", choices=["bursts", "undated bursts", "portraits", "edits"])
    parser.add_argument("--pictures", type=Path, help="a folder of pictures, for --library")
    options = parser.parse_args()
    seconds: dict[int, float] = {}
    for size in (int(text) for text in options.sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as folder:
            child = os.fork()  # a fresh process for each size: settings, caches and the peak of memory are its own
            if child == 0:
                os.environ.update(MIRAGE_DATA=folder, DJANGO_SETTINGS_MODULE="mirage.settings")
                os.environ.pop("DATABASE_URL", None)
                told = work(options, size) if options.library else measure(size, options.sample)
                (Path(folder) / "seconds").write_text(str(told))
                os._exit(0)
            os.waitpid(child, 0)
            seconds[size] = float((Path(folder) / "seconds").read_text())
    (small, least), *_, (large, most) = [*sorted(seconds.items())[:1], *sorted(seconds.items())]
    if small < large:
        print(f"exponent {math.log(most / least) / math.log(large / small):.2f}")


def measure(size: int, sample: int) -> float:
    """Seconds for all candidates of a library of that size."""
    import django

    django.setup()
    from django.core.management import call_command

    from duplicates import finding
    from photos import vectors
    from photos.vectors.upkeep import EXACT_BELOW
    from vision import fingerprints

    call_command("migrate", verbosity=0)
    owner, ids = fill(size)
    began = time.perf_counter()
    if size >= EXACT_BELOW:
        vectors.rebuild(fingerprints.KIND)
    built = time.perf_counter() - began
    chosen = ids[:: max(size // sample, 1)][:sample]
    finding.candidates(owner, chosen[:BATCH])  # reads the index
    began, found = time.perf_counter(), 0
    for first in range(0, len(chosen), BATCH):
        found += len(finding.candidates(owner, chosen[first : first + BATCH]))
    each = (time.perf_counter() - began) / len(chosen)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{size:>9,} photos: index {built:.0f} s, {1000 * each:.1f} ms a photo, {found / len(chosen):.2f} candidates a "
        f"photo; all {built + size * each:,.0f} s, peak {peak:,.0f} MB",
        flush=True,
    )
    return built + size * each


def work(options: argparse.Namespace, size: int) -> float:
    """Seconds of the processor for all photos of a library of that size."""
    import django

    django.setup()
    from django.core.management import call_command

    from duplicates import finding, sketching
    from duplicates.models import DuplicateGroup

    call_command("migrate", verbosity=0)
    ids = paint(options, size)
    began = time.process_time()
    for first in range(0, size, BATCH):
        sketching.run(ids[first : first + BATCH])
    drawn = time.process_time() - began
    for first in range(0, size, BATCH):
        finding.check(ids[first : first + BATCH])
    spent = time.process_time() - began
    tiers = {tier: DuplicateGroup.objects.filter(tier=tier).count() for tier in ("same", "edited", "burst")}
    print(
        f"{size:>9,} photos of {options.library}: {spent / size:.3f} core-seconds a photo, {drawn / size:.3f} of them "
        f"for sketches; groups: {tiers}",
        flush=True,
    )
    return spent


def paint(options: argparse.Namespace, size: int) -> list[int]:
    """Photos with thumbnails and fingerprints. Their ids."""
    from accounts.models import User
    from benchmarks.variants import libraries
    from photos.models import Photo
    from photos.pipeline import similarity
    from photos.storage import paths

    owner = User.objects.create_user("owner")
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    ids = []
    for number, shot in enumerate(libraries.LIBRARIES[options.library](libraries.opened(options.pictures, size), size)):
        at = begin + timedelta(seconds=number if shot.second is None else shot.second)
        camera = {} if shot.second is None else {"taken_source": "exif", "camera_make": "Canon", "camera_model": "EOS"}
        photo = Photo.objects.create(
            owner=owner, sha256=hashlib.sha256(str(number).encode()).hexdigest(), path=f"{number}.jpg",
            original_name=f"{number}.jpg", media_type="image/jpeg", size=number, file_modified_at=at, taken_at=at,
            taken_local=at, taken_month=202401, displayable=True, width=shot.image.width, height=shot.image.height,
            **camera,
        )  # fmt: skip
        render(shot.image, paths.derived_folder(photo.sha256))
        ids.append(photo.pk)
    for first in range(0, size, BATCH):
        similarity.take_fingerprints(ids[first : first + BATCH])
    return ids


def render(image: "Image.Image", folder: Path) -> None:
    """The thumbnails that the pipeline makes."""
    from media.sizes import LARGE, SHORT_SIDES, grid_size
    from media.thumbnails import QUALITY

    folder.mkdir(parents=True)
    large = image.copy()
    large.thumbnail((LARGE, LARGE))
    large.save(folder / "large.webp", quality=QUALITY)
    for name, side in SHORT_SIDES.items():
        large.resize(grid_size(large.size, side)).save(folder / f"{name}.webp", quality=QUALITY)


def fill(size: int) -> tuple["User", list[int]]:
    """Photos with fingerprints: far from each other, but for one in ten."""
    import numpy as np

    from accounts.models import User
    from photos import vectors
    from photos.models import Embedding, Photo
    from vision import fingerprints

    owner = User.objects.create_user("owner")
    rng = np.random.default_rng(size)
    ids: list[int] = []
    now = datetime(2024, 1, 1, tzinfo=UTC)
    for first in range(0, size, ROWS):
        count = min(ROWS, size - first)
        made = fingerprints.normalised(rng.normal(size=(count, fingerprints.DIMENSION)).astype(np.float32))
        copies = np.arange(9, count, 10)
        noise = rng.normal(0, 0.02, (len(copies), fingerprints.DIMENSION)).astype(np.float32)
        made[copies] = fingerprints.normalised(made[copies - 5] + noise)
        photos = Photo.objects.bulk_create(
            Photo(
                owner=owner, sha256=hashlib.sha256(str(number).encode()).hexdigest(), path=f"{number}.jpg",
                original_name=f"{number}.jpg", media_type="image/jpeg", size=1, file_modified_at=now, taken_at=now,
                taken_local=now, taken_month=202401, displayable=True,
            )
            for number in range(first, first + count)
        )  # fmt: skip
        Embedding.objects.bulk_create(
            Embedding(photo=photo, kind=fingerprints.KIND, model=fingerprints.MODEL, vector=vectors.pack(vector))
            for photo, vector in zip(photos, made, strict=True)
        )
        ids += [photo.pk for photo in photos]
    return owner, ids


if __name__ == "__main__":
    main()
