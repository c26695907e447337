"""Recall, precision and tiers of duplicate detection, on copies and edits of real pictures and on hard negatives.

    python benchmarks/duplicates.py DIR [--limit N] [--videos DIR] [--people labels.csv] [--references PYTHON]

Takes real pictures from DIR, makes copies and edits of each (benchmarks/edits.py), renders all as Mirage does, and
lets fingerprints find candidates and pixels decide. A pair is right when both come of one picture. Then hard negatives
(benchmarks/negatives.py): every pair of a group is judged, as if its fingerprints lay close. With --references, the
Python of an environment with imagededup and czkawka, their hashes of the same files are measured at their recommended
and at their best thresholds: best is the one with the highest F1 here.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirage.settings")

import cv2
import django
import numpy as np
from numpy.typing import NDArray
from PIL import Image

django.setup()

# ruff: noqa: E402 - Django must be set up before its models are imported
from benchmarks import edits, negatives
from photos import borders, decoding, fingerprints, matching, mediatypes
from photos.duplicates import LEAST_COSINE, NEIGHBOURS
from photos.matching import Picture, Tier
from photos.sandbox import UnreadableFile
from photos.thumbnails import LARGE, QUALITY

Views = tuple[NDArray[np.float32], NDArray[np.int64]]  # fingerprints, and of which item each is
LEAST_SIDE = 240  # pixels of an original's short side, so that a quarter of it still shows something
REFERENCES = """
import base64, json, sys
from pathlib import Path
files = sorted(Path(sys.argv[1]).glob("*.jpg"))
answer = {}
try:
    from imagededup.methods import PHash
    method = PHash()
    answer["imagededup pHash"] = {file.name: method.encode_image(str(file)) for file in files}
except ImportError as error:
    print(error, file=sys.stderr)
try:
    from czkawka import ImageSimilarity
    finder = ImageSimilarity()
    answer["czkawka"] = {file.name: base64.urlsafe_b64decode(finder.hash_image(file) + "=").hex() for file in files}
except ImportError as error:
    print(error, file=sys.stderr)
print(json.dumps(answer))
"""
# What their own documents advise: imagededup's find_duplicates takes 10 bits of 64, czkawka calls 10 of 64 "high".
RECOMMENDED = {"imagededup pHash": 10, "czkawka": 10}


@dataclass(frozen=True)
class Item:
    """One picture of the trial: which original it comes from, by which edit ("" is the original), in which tier."""

    origin: int
    edit: str
    tier: str
    image: Image.Image


def main() -> None:
    options = arguments()
    cv2.setNumThreads(1)
    items = list(trial(options.dir, options.limit))
    originals = sum(not item.edit for item in items)
    print(f"{originals} pictures, {len(items) - originals} copies and edits of them")
    began = time.perf_counter()
    views = fingerprints_of(items)
    print(f"fingerprints: {1000 * (time.perf_counter() - began) / len(views[0]):.0f} ms each, of {len(views[0])} views")
    verdicts = judge_candidates(items, views)
    report(items, verdicts)
    if options.references:
        compare_with_references(items, options.references)
    report_negatives(hard_negatives(options, [item.image for item in items if not item.edit]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--limit", type=int, default=100, help="so many originals")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--videos", type=Path, help="a folder of videos, whose frames are hard negatives")
    parser.add_argument("--people", type=Path, help="labels.csv of photos of faces: file, identity")
    parser.add_argument("--references", help="the Python of an environment with imagededup and czkawka")
    return parser.parse_args()


def trial(folder: Path, limit: int) -> Iterator[Item]:
    """Originals, different from each other, and everything made of them."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    random.Random(1).shuffle(files)
    seen: list[NDArray[np.float32]] = []
    for file in files:
        media = mediatypes.identify(file)
        if len(seen) >= limit or media is None or media.kind != "photo":
            continue
        try:
            image = decoding.open_upright(file, media.mime).convert("RGB")
        except UnreadableFile:
            continue
        (vector,) = fingerprints.compute([image])
        if min(image.size) < LEAST_SIDE or any(float(vector @ other) > 0.5 for other in seen):
            continue  # a sample folder may hold one picture many times
        seen.append(vector)
        yield from versions(len(seen) - 1, image)


def versions(origin: int, image: Image.Image) -> Iterator[Item]:
    yield Item(origin, "", "", rendered(image))
    for tier, table in (("same", edits.SAME), ("edited", edits.EDITED)):
        for name, edit in table.items():
            yield Item(origin, name, tier, rendered(edit(image, random.Random(f"{name} {origin}"))))


def rendered(image: Image.Image) -> Image.Image:
    """As the pipeline's large thumbnail shows it."""
    small = image.copy()
    small.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
    return edits.encoded(small, "WEBP", quality=QUALITY)


def fingerprints_of(items: list[Item]) -> Views:
    """Of every picture one, and one more of what it shows within its borders, as the stage takes them."""
    shown = [(number, view) for number, item in enumerate(items) for view in (item.image, borders.within(item.image))]
    known = [(number, view) for number, view in shown if view is not None]
    return fingerprints.compute([view for _, view in known]), np.array([number for number, _ in known])


def judge_candidates(items: list[Item], views: Views) -> dict[tuple[int, int], str]:
    """The tier of each pair that is found: candidates by cosine, verdicts by pixels, as in photos/duplicates.py."""
    pictures: dict[int, Picture] = {}

    def picture(number: int) -> Picture:
        if number not in pictures:
            if len(pictures) > 400:
                pictures.clear()
            pictures[number] = matching.prepare(items[number].image)
        return pictures[number]

    found: dict[tuple[int, int], str] = {}
    looked_at = 0
    began = time.perf_counter()
    for pair in sorted(candidates(items, views)):
        looked_at += 1
        found[pair] = matching.compare(picture(pair[0]), picture(pair[1])).tier.value
    spent = 1000 * (time.perf_counter() - began)
    print(f"{looked_at} candidates, {spent / max(looked_at, 1):.0f} ms each")
    return found


def candidates(items: list[Item], views: Views) -> set[tuple[int, int]]:
    """Pairs of an original and whatever lies close; copies among each other are not what is asked."""
    pairs = set()
    computed, of = views
    for vector, number in zip(computed, of, strict=True):
        if items[number].edit:
            continue
        cosines = np.where(of == number, -1, computed @ vector)
        nearest = np.argsort(-cosines)[: max(NEIGHBOURS, 64)]
        pairs |= {(int(number), int(of[other])) for other in nearest if cosines[other] >= LEAST_COSINE}
    return pairs


def report(items: list[Item], verdicts: dict[tuple[int, int], str]) -> None:
    """A line for each transformation, then the sums."""
    place = {item.origin: number for number, item in enumerate(items) if not item.edit}
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, item in enumerate(items):
        if item.edit:
            rows[item.tier, item.edit].append(verdicts.get((place[item.origin], number), "not a candidate"))
    print(f"\n{'transformation':<18}{'tier':<8}{'recall':>8}{'right tier':>12}")
    for (tier, edit), told in rows.items():
        print(f"{edit:<18}{tier:<8}{recall(told):>8.3f}{right(told, tier):>12.3f}")
    for tier in ("same", "edited"):
        told = [one for (of, _), some in rows.items() if of == tier for one in some]
        print(f"{'all':<18}{tier:<8}{recall(told):>8.4f}{right(told, tier):>12.4f}")
    every = [one for some in rows.values() for one in some]
    true = sum(one in ("same", "edited") for one in every)
    wrong = [pair for pair, told in verdicts.items() if told != "none" and is_wrong(items, pair)]
    among = sum(not items[one].edit and not items[other].edit for one, other in wrong)
    print(f"recall {recall(every):.4f}, precision {true / max(true + len(wrong), 1):.5f} ({len(wrong)} false pairs)")
    print(f"false groups among the untouched pictures: {among}")


def is_wrong(items: list[Item], pair: tuple[int, int]) -> bool:
    return items[pair[0]].origin != items[pair[1]].origin


def recall(told: list[str]) -> float:
    return sum(one in ("same", "edited") for one in told) / max(len(told), 1)


def right(told: list[str], tier: str) -> float:
    """Of those found, the share in the right tier."""
    found = [one for one in told if one in ("same", "edited")]
    return sum(one == tier for one in found) / max(len(found), 1)


# --- references -------------------------------------------------------------------------------------------------------


def compare_with_references(items: list[Item], python: str) -> None:
    """Recall and precision of others' hashes over the same files, at each threshold."""
    with tempfile.TemporaryDirectory() as folder:
        for number, item in enumerate(items):
            item.image.save(Path(folder) / f"{number:06}.jpg", quality=95)
        done = subprocess.run([python, "-c", REFERENCES, folder], stdout=subprocess.PIPE, text=True, check=True)
    originals = [number for number, item in enumerate(items) if not item.edit]
    own = np.array([item.origin for item in items])
    for name, hashes in json.loads(done.stdout.splitlines()[-1]).items():
        bits = np.array([np.unpackbits(np.frombuffer(bytes.fromhex(h), np.uint8)) for _, h in sorted(hashes.items())])
        distances = np.array([(bits != bits[number]).sum(axis=1) for number in originals])
        true = own[None, :] == own[originals][:, None]
        true[np.arange(len(originals)), originals] = False
        figures = {at: figures_at(distances, true, originals, at) for at in range(33)}
        best = max(figures, key=lambda at: f1(*figures[at]))
        for label, at in (("recommended", RECOMMENDED[name]), ("best", best)):
            found, precise = figures[at]
            print(f"{name}, {label} threshold {at}: recall {found:.4f}, precision {precise:.4f}")


def figures_at(
    distances: NDArray[np.int_], true: NDArray[np.bool_], originals: list[int], at: int
) -> tuple[float, float]:
    told = distances <= at
    told[np.arange(len(originals)), originals] = False
    hits = int((told & true).sum())
    return hits / int(true.sum()), hits / max(int(told.sum()), 1)


def f1(found: float, precise: float) -> float:
    return 2 * found * precise / max(found + precise, 1e-9)


# --- hard negatives ---------------------------------------------------------------------------------------------------


def hard_negatives(options: argparse.Namespace, photos: list[Image.Image]) -> Iterator[negatives.Group]:
    count = max(options.limit // 4, 5)
    if options.videos:
        yield from negatives.from_videos(options.videos)
    if options.people:
        yield from negatives.from_people(options.people)
    yield from negatives.pages(count)
    yield from negatives.photographed_pages(count)
    yield from negatives.dark_and_blank(count)
    yield from negatives.screens(count)
    yield from negatives.apps(photos[: 4 * count])
    yield from negatives.shaken(photos[: 2 * count])


def report_negatives(groups: Iterable[negatives.Group]) -> None:
    """Pairs by kind, how many were called the same or edited, and which."""
    pairs: dict[str, int] = defaultdict(int)
    false: list[str] = []
    for name, images in groups:
        pictures = [matching.prepare(rendered(image)) for image in images]
        for one, other in combinations(range(len(pictures)), 2):
            pairs[name.split()[0]] += 1
            match = matching.compare(pictures[one], pictures[other])
            if match.tier is not Tier.NONE:
                false.append(f"{name}, {one} and {other}: {match.tier.value} {match.evidence}")
    print("\nhard negatives: " + ", ".join(f"{count} {kind}" for kind, count in pairs.items()))
    print(f"false pairs: {len(false)} of {sum(pairs.values())}")
    for line in false:
        print("  " + line)


if __name__ == "__main__":
    main()
