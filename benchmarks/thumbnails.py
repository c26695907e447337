"""Thumbnails per second, beside a bare loop over libvips that makes the same sizes.

    python benchmarks/thumbnails.py DIR [--repeat N] [--workers N] [--limit N]

Single process each, file by file in turn, so that a noisy machine is noisy for both. Only photos that both read are
counted. libvips gets one thread, the same sizes, quality and effort, and turns pictures upright as Mirage does, but
leaves their colours as they are; each of its sizes is made from the one above. With --workers Mirage is timed once
more alone, over so many sandboxes.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

os.environ.setdefault("VIPS_CONCURRENCY", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pyvips

from media import mediatypes, sizes, thumbnails
from media.sandbox import Sandbox, UnreadableFile


def main() -> None:
    """Print photos a second for both, by type and over all, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--repeat", type=int, default=3, help="the best of so many times counts for each file")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--limit", type=int, default=0, help="so many photos at most")
    options = parser.parse_args()
    photos = list(_photos(options.dir))[: options.limit or None]
    with tempfile.TemporaryDirectory() as folder:
        _compare(photos, Path(folder), options.repeat)
        if options.workers:
            _in_parallel(photos, Path(folder), options.workers)


def _photos(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        media = mediatypes.identify(path) if path.is_file() else None
        if media is not None and media.kind == "photo":
            yield path, media.mime


def with_vips(source: Path, target: Path) -> None:
    """The bare loop: large from the file, medium from large, small from medium."""
    target.mkdir(parents=True, exist_ok=True)
    options = {"Q": thumbnails.QUALITY, "effort": thumbnails.METHOD, "keep": "none"}
    side = sizes.LARGE
    image = pyvips.Image.thumbnail(str(source), side, height=side, size="down", fail_on="truncated")
    if image.hasalpha():
        image = image.flatten(background=255)
    image = image.copy_memory()
    image.webpsave(str(target / "large.webp"), **options)
    for name, short_side in sizes.SHORT_SIDES.items():
        width, height = sizes.grid_size((image.width, image.height), short_side)
        if (width, height) != (image.width, image.height):
            image = image.thumbnail_image(width, height=height, size="force").copy_memory()
        image.webpsave(str(target / f"{name}.webp"), **options)


def _timed(function: Callable[..., object], *args: object) -> float:
    start = time.perf_counter()
    function(*args)
    return time.perf_counter() - start


def _compare(photos: list[tuple[Path, str]], folder: Path, repeat: int) -> None:
    seconds: dict[str, list[tuple[float, float]]] = defaultdict(list)
    left_out = 0
    for path, mime in photos:
        try:
            ours, theirs = [], []
            for _ in range(repeat):
                ours.append(_timed(thumbnails.render, path, mime, folder / "mirage"))
                theirs.append(_timed(with_vips, path, folder / "vips"))
        except (UnreadableFile, pyvips.Error):
            left_out += 1
            continue
        seconds[mime].append((min(ours), min(theirs)))
    for mime in sorted(seconds):
        _report(mime, seconds[mime])
    _report("all", [pair for pairs in seconds.values() for pair in pairs])
    print(f"left out, not read by both: {left_out}")


def _report(name: str, pairs: list[tuple[float, float]]) -> None:
    ours, theirs = (len(pairs) / sum(column) for column in zip(*pairs, strict=True))
    print(
        f"{name:12} {len(pairs):5} photos   Mirage {ours:7.1f}/s   libvips {theirs:7.1f}/s   ratio {ours / theirs:.2f}"
    )


def _in_parallel(photos: list[tuple[Path, str]], folder: Path, workers: int) -> None:
    """As the workers of an import do it: a sandbox each."""
    sandboxes = [Sandbox() for _ in range(workers)]
    for sandbox in sandboxes:
        sandbox.call("media.thumbnails:grid_size", (1, 1), 1)

    def render(job: tuple[int, tuple[Path, str], Sandbox]) -> bool:
        number, (path, mime), sandbox = job
        try:
            sandbox.call("media.thumbnails:render", path, mime, folder / str(number))
        except UnreadableFile:
            return False
        return True

    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        done = sum(pool.map(render, zip(range(len(photos)), photos, cycle(sandboxes), strict=False)))
    rate = done / (time.perf_counter() - start)
    cores = min(workers, os.cpu_count() or 1)
    print(f"{workers} workers: {done} photos, {rate:.1f}/s, {rate / cores:.1f}/s per core")
    for sandbox in sandboxes:
        sandbox.close()


if __name__ == "__main__":
    main()
