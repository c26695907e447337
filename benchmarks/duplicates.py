"""Recall, precision and tiers of duplicate detection, on copies and edits of real pictures and on hard negatives.

    python benchmarks/duplicates.py DIR [--limit N] [--videos DIR] [--people labels.csv] [--references PYTHON]
                                        [--others [--least N]] [--keep DIR [--minutes N]]

Takes real pictures from DIR, makes copies and edits of each (benchmarks/variants/edits.py), renders all as Mirage
does, and lets fingerprints find candidates and pixels decide. A pair is right when both come of one picture. Then hard
negatives (negatives.py and composites.py there): every pair of a group is judged, as if its fingerprints lay close.

With --references, the
Python of an environment with imagededup and czkawka, their hashes of the same files are measured at their recommended
and at their best thresholds: best is the one with the highest F1 here. What is missed is listed with the reason.

With --others, the edits are those of benchmarks/variants/other_edits.py, and hard negatives are left out.

--keep names a folder for what was worked out, where false pairs are written too, to be looked at. With it a run that
was stopped, or that ended after --minutes, goes on where it was when the same command is given again.
"""

import argparse
import io
import json
import os
import pickle
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TypeVar, cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirage.settings")

import cv2
import django
import numpy as np
from numpy.typing import NDArray
from PIL import Image

django.setup()

# ruff: noqa: E402 - Django must be set up before its models are imported
from benchmarks.variants import composites, edits, negatives
from benchmarks.variants.other_edits import OTHERS
from benchmarks.variants.rendering import fingerprints_of, rendered, sketched
from duplicates.finding import LEAST_COSINE, NEIGHBOURS
from media import decoding, mediatypes
from media.sandbox import UnreadableFile
from vision import fingerprints, matching
from vision.copies import sketches
from vision.matching import Tier

Views = tuple[NDArray[np.float32], NDArray[np.int64]]  # fingerprints, and of which item each is
Made = TypeVar("Made")
Told = tuple[str, str]  # the tier, and what it rests on
NO_CANDIDATE = ("not a candidate", "")
NOT_ASKED = 0.0  # the cosine: sketches must tell by themselves
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
    encoded: bytes  # as the pipeline's large thumbnail holds it

    @property
    def image(self) -> Image.Image:
        return Image.open(io.BytesIO(self.encoded)).convert("RGB")


class Kept:
    """What was worked out before, in a folder; ends the process where the time is over."""

    def __init__(self, folder: Path | None, minutes: float) -> None:
        self.folder, self.end = folder, time.monotonic() + 60 * minutes
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def get(self, name: str, make: Callable[[], Made]) -> Made:
        """The value by this name, worked out where it is not there yet."""
        file = self.folder / f"{name}.pickle" if self.folder else None
        if file and file.exists():
            return cast(Made, pickle.loads(file.read_bytes()))
        if time.monotonic() > self.end:
            sys.exit("The time is over: give the same command again.")
        value = make()
        if file:
            temporary = file.with_suffix(".new")
            temporary.write_bytes(pickle.dumps(value))
            temporary.rename(file)
        return value


def main() -> None:
    options = arguments()
    cv2.setNumThreads(1)
    kept = Kept(options.keep, options.minutes)
    tables = {"edited": OTHERS} if options.others else {"same": edits.SAME, "edited": edits.EDITED}
    shown = [
        pair
        for number, file in enumerate(chosen(options, kept))
        for pair in kept.get(f"items {number}", partial(versions, number, file, tables))
    ]
    items = [item for item, _ in shown]
    views = (
        np.concatenate([vectors for _, vectors in shown]),
        np.repeat(np.arange(len(shown)), [len(vectors) for _, vectors in shown]),
    )
    count = sum(not item.edit for item in items)
    print(f"{count} pictures, {len(items) - count} copies and edits of them")
    report(items, judge_candidates(items, views, kept))
    if options.references:
        compare_with_references(items, options.references)
    if not options.others:
        report_negatives(hard_negatives(options, [item.image for item in items if not item.edit]), kept)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--others", action="store_true", help="edits that no limit was tuned to")
    parser.add_argument("--least", type=int, default=LEAST_SIDE, help="pixels of an original's short side")
    parser.add_argument("--limit", type=int, default=100, help="so many originals")
    parser.add_argument("--seed", type=int, default=1, help="which pictures, where there are more")
    parser.add_argument("--videos", type=Path, help="a folder of videos, whose frames are hard negatives")
    parser.add_argument("--people", type=Path, help="labels.csv of photos of faces: file, identity")
    parser.add_argument("--persons", type=int, default=60, help="of so many of them")
    parser.add_argument("--composites", type=int, default=336, help="so many collages and the like")
    parser.add_argument("--references", help="the Python of an environment with imagededup and czkawka")
    parser.add_argument("--keep", type=Path, help="a folder for what was worked out, of this command alone")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so many")
    return parser.parse_args()


def chosen(options: argparse.Namespace, kept: Kept) -> list[Path]:
    """Photos that are large enough and no copies of each other: a sample folder may hold one picture many times."""
    files = [file for file in sorted(options.dir.rglob("*")) if file.is_file()]
    random.Random(options.seed).shuffle(files)
    taken: list[Path] = []
    seen: list[NDArray[np.float32]] = []
    for number, file in enumerate(files):
        if len(taken) >= options.limit:
            break
        vector = kept.get(f"file {number}", partial(looked_at, file, options.least))
        if vector is not None and all(float(vector @ other) <= 0.5 for other in seen):
            taken.append(file)
            seen.append(vector)
    return taken


def looked_at(file: Path, least: int) -> NDArray[np.float32] | None:
    """The fingerprint of a file, where it is a photo that is large enough."""
    image = opened(file)
    return fingerprints.compute([image])[0] if image is not None and min(image.size) >= least else None


def opened(file: Path) -> Image.Image | None:
    media = mediatypes.identify(file)
    if media is None or media.kind != "photo":
        return None
    try:
        return decoding.open_upright(file, media.mime).convert("RGB")
    except UnreadableFile:
        return None


def versions(
    origin: int, file: Path, tables: Mapping[str, Mapping[str, edits.Edit]]
) -> list[tuple[Item, NDArray[np.float32]]]:
    """A picture and everything made of it, with the fingerprints of each."""
    image = opened(file)
    assert image is not None
    items = [Item(origin, "", "", rendered(image))]
    for tier, table in tables.items():
        for name, edit in table.items():
            items.append(Item(origin, name, tier, rendered(edit(image, random.Random(f"{name} {origin}")))))
    return [(item, fingerprints_of(item.image)) for item in items]


def judge_candidates(items: list[Item], views: Views, kept: Kept) -> dict[tuple[int, int], Told]:
    """What is told of pairs looked at: candidates by cosine, verdicts by pixels, as in duplicates/finding.py."""
    found: dict[tuple[int, int], Told] = {}
    pairs = candidates(items, views)
    of_origins: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    for first, second in pairs:
        of_origins[items[first].origin, items[second].origin].add((first, second))
    for (one, other), some in sorted(of_origins.items()):
        found |= kept.get(f"verdicts {one} {other}", partial(verdicts_on, items, sorted(some)))
    return found


def verdicts_on(items: list[Item], pairs: list[tuple[int, int]]) -> dict[tuple[int, int], Told]:
    drawn = {number: sketched(items[number].image) for pair in pairs for number in pair}
    pictures = {first: matching.prepare(items[first].image, drawn[first][0]) for first, _ in pairs}
    found = {}
    for first, second in pairs:
        if not sketches.may_be_same(drawn[first], drawn[second], NOT_ASKED):
            found[first, second] = Tier.NONE.value, "told by the sketches"
            continue
        match = matching.compare(pictures[first], matching.prepare(items[second].image, drawn[second][0]))
        found[first, second] = match.tier.value, str(match.evidence)
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


def report(items: list[Item], verdicts: dict[tuple[int, int], Told]) -> None:
    """A line for each transformation, then the sums, then what is missed."""
    place = {item.origin: number for number, item in enumerate(items) if not item.edit}
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, item in enumerate(items):
        if item.edit:
            rows[item.tier, item.edit].append(verdicts.get((place[item.origin], number), NO_CANDIDATE)[0])
    print(f"\n{'transformation':<18}{'tier':<8}{'recall':>8}{'right tier':>12}")
    for (tier, edit), told in rows.items():
        print(f"{edit:<18}{tier:<8}{recall(told):>8.3f}{right(told, tier):>12.3f}")
    for tier in ("same", "edited"):
        told = [one for (of, _), some in rows.items() if of == tier for one in some]
        print(f"{'all':<18}{tier:<8}{recall(told):>8.4f}{right(told, tier):>12.4f}")
    every = [one for some in rows.values() for one in some]
    true = sum(one in ("same", "edited") for one in every)
    wrong = [pair for pair, told in verdicts.items() if told[0] != "none" and is_wrong(items, pair)]
    among = sum(not items[one].edit and not items[other].edit for one, other in wrong)
    print(f"recall {recall(every):.4f}, precision {true / max(true + len(wrong), 1):.5f} ({len(wrong)} false pairs)")
    print(f"false groups among the untouched pictures: {among}")
    for number, item in enumerate(items):
        tier, why = verdicts.get((place[item.origin], number), NO_CANDIDATE)
        if item.edit and tier != item.tier:
            print(f"  {item.edit} of {item.origin}: {tier} {why}")
    for one, other in wrong:
        print(f"  false: {items[one].origin} and {items[other].edit} of {items[other].origin}: {verdicts[one, other]}")


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
        yield from negatives.from_people(options.people, options.persons)
    yield from negatives.pages(count)
    yield from negatives.photographed_pages(count)
    yield from negatives.dark_and_blank(count)
    yield from negatives.screens(count)
    yield from negatives.apps(photos[: 4 * count])
    yield from negatives.shaken(photos[: 2 * count])
    yield from composites.groups(photos, options.composites)


def report_negatives(groups: Iterable[negatives.Group], kept: Kept) -> None:
    """Pairs by kind, how many were called the same or edited, and which."""
    pairs: dict[str, int] = defaultdict(int)
    false: list[str] = []
    for name, images in groups:
        pairs[name.split()[0]] += len(images) * (len(images) - 1) // 2
        false += kept.get(f"negatives {name}", partial(false_pairs, name, images, kept.folder))
    print("\nhard negatives: " + ", ".join(f"{count} {kind}" for kind, count in pairs.items()))
    print(f"false pairs: {len(false)} of {sum(pairs.values())}")
    for line in false:
        print("  " + line)


def false_pairs(name: str, images: list[Image.Image], folder: Path | None) -> list[str]:
    """Which of a group were called the same or edited; their pictures side by side in the folder."""
    thumbnails = [Image.open(io.BytesIO(rendered(image))).convert("RGB") for image in images]
    drawn = [sketched(thumbnail)[0] for thumbnail in thumbnails]
    pictures = [matching.prepare(*each) for each in zip(thumbnails, drawn, strict=True)]
    false = []
    for one, other in combinations(range(len(pictures)), 2):
        match = matching.compare(pictures[one], pictures[other])
        if match.tier is not Tier.NONE:
            false.append(f"{name}, {one} and {other}: {match.tier.value} {match.evidence}")
            if folder:
                beside(thumbnails[one], thumbnails[other]).save(folder / f"{name} {one} {other}.png")
    return false


def beside(one: Image.Image, other: Image.Image) -> Image.Image:
    both = Image.new("RGB", (one.width + other.width, max(one.height, other.height)))
    both.paste(one)
    both.paste(other, (one.width, 0))
    return both


if __name__ == "__main__":
    main()
