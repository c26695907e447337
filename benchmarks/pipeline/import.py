"""The import pipeline's photos per second, beside a bare loop over libvips that makes the same thumbnails.

    python benchmarks/pipeline/import.py DIR

A fresh library in a temporary folder takes DIR's photos in; then its stages metadata and thumbnails run as a worker
runs them (claims, sandbox, database and all), batch by batch, and after each batch the bare loop does the same photos:
one process each, in turn, so that a noisy machine is noisy for both. The ratio is the bare loop's time over ours. Only
photos that libvips reads are counted. Taking in (hashing, copying, rows) is timed on its own.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))


def main() -> None:
    """Print photos a second and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    folder: Path = parser.parse_args().dir
    with tempfile.TemporaryDirectory() as place:
        os.environ |= {"MIRAGE_DATA": place, "DJANGO_SETTINGS_MODULE": "mirage.settings"}
        import django

        django.setup()
        compare(folder, Path(place))


def compare(folder: Path, place: Path) -> None:
    from django.core.management import call_command

    from accounts.models import User
    from photos import pipeline
    from photos.ingest import intake
    from photos.models import Photo, StageRun

    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("benchmark")
    readable = [path for path in sorted(folder.rglob("*")) if path.is_file() and bare(path, place / "vips")]
    start = time.perf_counter()
    for path in readable:
        intake.ingest(owner, path)
    taken_in = time.perf_counter() - start

    pipeline.STAGES._entries = {
        name: stage for name, stage in pipeline.STAGES.items() if name in {"metadata", "thumbnails"}
    }
    metadata = thumbnails = vips = 0.0
    metadata = timed(drain_stage, "metadata")
    while runs := pipeline.claim(pipeline.STAGES["thumbnails"]):
        thumbnails += timed(pipeline.perform, pipeline.STAGES["thumbnails"], runs)
        for photo in Photo.objects.filter(pk__in=[run.photo_id for run in runs]):
            vips += timed(bare, place / "originals" / photo.path, place / "vips")
    done = StageRun.objects.filter(stage="thumbnails", status="done").count()
    ours = metadata + thumbnails
    print(f"{done} photos of {len(readable)} that libvips reads")
    print(f"taking in        {len(readable) / taken_in:7.1f} photos/s")
    print(f"metadata         {done / metadata:7.1f} photos/s")
    print(f"thumbnails       {done / thumbnails:7.1f} photos/s")
    print(f"both, one core   {done / ours:7.1f} photos/s")
    print(f"bare loop        {done / vips:7.1f} photos/s")
    print(f"ratio            {vips / ours:7.2f}")


def drain_stage(name: str) -> None:
    from photos import pipeline

    while pipeline.perform_next(pipeline.STAGES[name]):
        pass


def bare(path: Path, target: Path) -> bool:
    """Make the same sizes with libvips alone. Whether it reads the file."""
    import pyvips

    from benchmarks.thumbnails import with_vips

    try:
        with_vips(path, target)
    except pyvips.Error:
        return False
    return True


def timed(function: object, *arguments: object) -> float:
    start = time.perf_counter()
    function(*arguments)  # type: ignore[operator]
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
