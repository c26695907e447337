"""A library of a million photos: how fast it is made, and what it costs afterwards to look at it and to work on it.

    python benchmarks/pages/million.py [--photos 1000000] [--people 300] [--database sqlite|postgres] [--data FOLDER]
                                 [--pictures DIR|FILE.npz] [--lean] [--parts pages,bulk,crowd,trash] [--rounds 40]
                                 [--only NAME] [--plans]

Makes the library (large/library.py) in a temporary folder, or in --data, where a later run finds it again.
Its vectors are drawn around those of the JPEGs in --pictures, or around those kept from them in an .npz, or around
random ones. A bare view of Django that selects one row is measured in the same run: what the machine does besides
lengthens both. Goals are judged by the time of the processor.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
PARTS = ("pages", "bulk")  # and, if they are named, crowd, and trash, which deletes photos


def main() -> None:
    options = read_options()
    with folder_of(options.data) as folder:
        os.environ.update(MIRAGE_DATA=folder, DJANGO_SETTINGS_MODULE="mirage.settings")
        os.environ.pop("DATABASE_URL", None)
        if options.database == "postgres":
            from benchmarks.web import start_postgres

            start_postgres(folder)
        make_once(options)
        measure(options)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--data", default="", help="folder of a library that is kept")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--lean", action="store_true", help="leave out vectors, stage runs and raw metadata")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--only", default="", help="of the pages: those with this in their names")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--plans", action="store_true", help="print the slowest queries of what misses its goal")
    return parser.parse_args()


@contextmanager
def folder_of(kept: str) -> Iterator[str]:
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as folder:
        yield folder


def make_once(options: argparse.Namespace) -> None:
    """The library, where there is none yet, with its words indexed."""
    from benchmarks.web import prepare

    prepare()
    from benchmarks.pages.large import library
    from photos.models import Photo
    from search.index import fulltext

    if Photo.objects.exists():
        return
    library.fill(options.photos, options.people, centres(options.pictures), lean=options.lean)
    began = time.perf_counter()
    count = fulltext.rebuild()
    seconds = time.perf_counter() - began
    print(f"words of {count:,} photos indexed in {seconds:.0f} s, {count / seconds:,.0f} a second", flush=True)


def centres(pictures: Path | None) -> dict[str, Any]:
    from benchmarks.pages.large import library

    made = library.random_centres()
    if not pictures:
        return made
    if pictures.is_dir():
        from benchmarks.similarity import vectors_of

        return made | {kind: vectors_of(pictures, kind) for kind in ("fingerprints", "embeddings")}
    import numpy as np

    return made | dict(np.load(pictures))


def measure(options: argparse.Namespace) -> None:
    if "pages" in options.parts:
        from benchmarks.pages.large import pages

        pages.measure(options.rounds, options.only, plans=options.plans)
    if "bulk" in options.parts:
        from benchmarks.pages.large import bulk

        bulk.measure()
    if "crowd" in options.parts:
        from benchmarks.pages.large import crowd

        crowd.measure()
    if "trash" in options.parts:
        from benchmarks.pages.large import trash

        trash.measure()


if __name__ == "__main__":
    main()
