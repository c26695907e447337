"""Mirage beside other programs that do the same: the same files, one after the other in the same run, one table.

    python benchmarks/pipeline/peers/run.py SUBJECT --files DIR [--count N] [--rounds 2] [--environments DIR]

SUBJECT is metadata (exiftool), thumbnails (libvips, sigal, fgallery), copies (imagededup, czkawka, findimagedupes) or
faces (a folder with labels.csv; DeepFace, face_recognition). Each runs in a process of its own and the best of the
rounds counts, by seconds of processor. `work` leaves start and loading out where a program lets us; `whole` is all that
its process took. Who is not installed is named. --environments is a folder with virtual environments: gallery (sigal),
copies (imagededup, czkawka) and faces (face_recognition). Weights are taken from MIRAGE_MODELS.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

# ruff: noqa: E402 - the path comes first
from PIL import Image

from benchmarks.people.face_library import read_labels
from benchmarks.variants import edits
from media.mediatypes import identify
from vision.faces.deepface_home import DEEPFACE_NAMES, with_one_input

HERE = Path(__file__).resolve().parent
Pairs = set[tuple[str, str]]


@dataclass(frozen=True)
class Peer:
    """A program, and the command that runs it; without one, why not."""

    name: str
    command: list[str] | None
    missing: str = ""


@dataclass(frozen=True)
class Truth:
    """Pairs to find, and all that are not false."""

    wanted: Pairs
    right: Pairs


@dataclass(frozen=True)
class Seconds:
    """Of the processor and of the wall."""

    processor: float
    wall: float


@dataclass(frozen=True)
class Result:
    """What the whole process took, and of it the work where that is known; what was found."""

    whole: Seconds
    work: Seconds | None
    told: str
    pairs: Pairs | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subject", choices=("metadata", "thumbnails", "copies", "faces"))
    parser.add_argument("--files", type=Path, required=True)
    parser.add_argument("--count", type=int, default=60, help="files, or for copies originals")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--environments", type=Path, default=Path("peers"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mirage-peers-") as place:
        folder = Path(place)
        (folder / "files").mkdir()
        files, truth = prepared(options, folder / "files")
        if options.subject == "faces":
            place_weights(folder)
        (folder / "list").write_text("\n".join(map(str, files)))
        print(f"{options.subject}: {len(files)} files; {datetime.now(UTC):%F}, {os.cpu_count()} cores, load {load()}")
        compare(peers(options, folder), options.rounds, len(files), truth, folder)
        print(f"load at the end {load()}")


def load() -> str:
    return f"{os.getloadavg()[0]:.0f}"


# --- the files --------------------------------------------------------------------------------------------------------


def prepared(options: argparse.Namespace, target: Path) -> tuple[list[Path], Truth | None]:
    """Copies of so many files under names of their own, and the pairs that belong together, where that is known."""
    if options.subject == "copies":
        return edited(options, target)
    if options.subject == "faces":
        labels = dict(list(read_labels(options.files, None, 1.0).items())[: options.count])
        files = [Path(shutil.copy(options.files / name, target)) for name in labels]
        names = sorted(labels)
        same = {(a, b) for a, b in combinations(names, 2) if labels[a] == labels[b]}
        return files, Truth(same, same)
    if options.subject == "thumbnails":
        found = [file for file in sorted(options.files.rglob("*")) if file.suffix.lower() in {".jpg", ".jpeg"}]
    else:
        found = [file for file in sorted(options.files.rglob("*")) if file.is_file() and identify(file)]
    chosen = evenly([file for file in found if options.subject != "thumbnails" or is_whole(file)], options.count)
    return [Path(shutil.copy(file, target / f"{number:03}{file.suffix}")) for number, file in enumerate(chosen)], None


def evenly(files: list[Path], count: int) -> list[Path]:
    return [files[number * len(files) // count] for number in range(count)] if len(files) > count else files


def is_whole(file: Path) -> bool:
    with suppress(OSError), Image.open(file) as image:
        image.load()
        return image.mode == "RGB"
    return False


def edited(options: argparse.Namespace, target: Path) -> tuple[list[Path], Truth]:
    """Pictures with every third kind of edit of each, and twice as many others. To find: each edit and its original."""
    pictures = [file for file in sorted(options.files.rglob("*")) if file.suffix.lower() in {".jpg", ".jpeg"}]
    random.Random(1).shuffle(pictures)
    kinds = list((edits.SAME | edits.EDITED).items())
    files: list[Path] = []
    truth = Truth(set(), set())
    for number, file in enumerate(pictures[: 3 * options.count]):
        image = Image.open(file).convert("RGB")
        files.append(Path(shutil.copy(file, target / f"{number:03}-.jpg")))
        for name, edit in kinds[number % 3 :: 3] if number < options.count else ():
            copy = target / f"{number:03}-{name.replace(' ', '_').replace('%', '').replace('°', '')}.jpg"
            edit(image, random.Random(f"{name} {number}")).save(copy, quality=92)
            files.append(copy)
            truth.wanted.add((f"{number:03}-.jpg", copy.name))
        names = sorted(file.name for file in files if file.name.startswith(f"{number:03}-"))
        truth.right.update(combinations(names, 2))
    return files, truth


# --- who takes part ---------------------------------------------------------------------------------------------------


def peers(options: argparse.Namespace, folder: Path) -> list[Peer]:
    """Mirage first, then the others."""
    listed, own = str(folder / "list"), options.environments
    here, copies = Path(sys.executable), own / "copies/bin/python"
    some = [Peer("Mirage", [sys.executable, str(HERE / "ours.py"), options.subject, listed])]
    match options.subject:
        case "metadata":
            return [*some, script("exiftool -stay_open", here, "exiftool", listed, program="exiftool")]
        case "thumbnails":
            return [*some, *makers(folder, own)]
        case "copies":
            return [
                *some,
                script("imagededup, pHash", copies, "imagededup", listed),
                script("czkawka, hashes", copies, "czkawka", listed),
                script("findimagedupes", here, "findimagedupes", listed, program="findimagedupes"),
            ]
    return [
        *some,
        script("DeepFace.represent", here, "deepface", listed),
        script("face_recognition", own / "faces/bin/python", "face_recognition", listed),
    ]


def script(shown: str, python: Path, name: str, listed: str, program: str = "") -> Peer:
    """What theirs.py does by that name, if there is what it needs: a program, or else a package of that name."""
    if program:
        there = shutil.which(program) is not None
    else:
        look = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{name}') is None)"
        there = python.exists() and not subprocess.run([str(python), "-c", look], check=False).returncode
    return Peer(shown, [str(python), str(HERE / "theirs.py"), name, listed] if there else None, "not installed")


def makers(folder: Path, own: Path) -> list[Peer]:
    """Who makes thumbnails or whole galleries."""
    source, target = str(folder / "files"), str(folder / "made")
    sizes = {
        "large": ("files/*", 1600, 80),
        "medium": ("made/*-large.webp", 560, 72),
        "small": ("made/*-medium.webp", 350, 72),
    }
    steps = [
        f'vipsthumbnail {folder}/{given} --size "{side}x{side}>" -o "{target}/%s-{name}.webp[Q={quality},effort=2]"'
        for name, (given, side, quality) in sizes.items()
    ]
    vips = " && ".join([f"mkdir -p {target}", *steps])
    (folder / "sigal.conf.py").write_text("img_size = (1600, 1600)\n")
    commands = {
        "vipsthumbnail, 3 sizes": ["sh", "-c", vips],
        "sigal build": [str(own / "gallery/bin/sigal"), "build", "-n", "1", source, target],
        "fgallery": ["fgallery", "-s", "-j", "1", source, target],
    }
    needed = {"vipsthumbnail, 3 sizes": "vipsthumbnail"}
    return [
        Peer(name, command if shutil.which(needed.get(name, command[0])) else None, "not installed")
        for name, command in commands.items()
    ]


# --- the run ----------------------------------------------------------------------------------------------------------


def compare(some: list[Peer], rounds: int, count: int, truth: Truth | None, folder: Path) -> None:
    """Everybody in turn, round by round; then the table."""
    results: dict[str, list[Result | str]] = {}
    for _ in range(rounds):
        for peer in some:
            shutil.rmtree(folder / "made", ignore_errors=True)
            results.setdefault(peer.name, []).append(once(peer, folder))
    best = {name: least(each) for name, each in results.items()}
    ours = best["Mirage"]
    print("\n| ms a file | processor | with its start | wall | times Mirage's processor | its wall | found |")
    print("|---|---|---|---|---|---|---|")
    for name, result in best.items():
        if isinstance(result, str) or isinstance(ours, str):
            print(f"| {name} | | | | | | {result} |")
        else:
            print(row(name, result, ours, count, truth))


def row(name: str, result: Result, ours: Result, count: int, truth: Truth | None) -> str:
    """Work is set beside work, and a whole process beside our whole process."""
    theirs = result.work or result.whole
    beside = (ours.work or ours.whole) if result.work else ours.whole
    work = f"{1000 * result.work.processor / count:.1f}" if result.work else ""
    times = (theirs.processor / beside.processor, theirs.wall / beside.wall)
    ratios = " | ".join(f"{each:.2f}" for each in times)
    whole, wall = (f"{1000 * each / count:.1f}" for each in (result.whole.processor, theirs.wall))
    return f"| {name} | {work} | {whole} | {wall} | {ratios} | {found(result, truth)} |"


def least(results: Iterable[Result | str]) -> Result | str:
    some = list(results)
    ran = [result for result in some if isinstance(result, Result)]
    return min(ran, key=lambda result: (result.work or result.whole).processor) if ran else some[0]


def found(result: Result, truth: Truth | None) -> str:
    """What was told, and of pairs the recall and how many are false."""
    if truth is None or result.pairs is None:
        return result.told
    recall = len(result.pairs & truth.wanted) / len(truth.wanted)
    false = len(result.pairs - truth.right)
    return f"{result.told} recall {recall:.3f} of {len(truth.wanted)}, {false} false pairs".strip()


def once(peer: Peer, folder: Path) -> Result | str:
    """One run of it, or why there is none."""
    if peer.command is None:
        return peer.missing
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(
        peer.command, capture_output=True, text=True, cwd=folder, env=environment(folder), check=False
    )
    wall, after = time.perf_counter() - began, os.times()
    whole = after.children_user + after.children_system - before.children_user - before.children_system
    if done.returncode:
        return f"failed: {((done.stderr or done.stdout).strip().splitlines() or [''])[-1]}"
    told: dict[str, Any] = {}
    with suppress(json.JSONDecodeError, IndexError):
        last = json.loads(done.stdout.strip().splitlines()[-1])
        told = last if isinstance(last, dict) else {}
    pairs = {(min(pair), max(pair)) for pair in told["pairs"]} if "pairs" in told else None
    work = Seconds(told["processor"], told["wall"]) if told else None
    return Result(Seconds(whole, wall), work, told.get("told", "") if told else pictures(folder / "made"), pairs)


def pictures(folder: Path) -> str:
    """How many a command made."""
    made = [file for file in folder.rglob("*") if file.suffix.lower() in {".jpg", ".jpeg", ".webp", ".png"}]
    return f"{len(made)} pictures made"


def environment(folder: Path) -> dict[str, str]:
    """One thread for those that can be asked, so that seconds of processor compare."""
    one = dict.fromkeys(("VIPS_CONCURRENCY", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
    return os.environ | one | {"DEEPFACE_HOME": str(folder)}


def place_weights(home: Path) -> None:
    """Mirage's own models of faces where DeepFace looks for them, so that both use the same."""
    weights = home / ".deepface/weights"
    weights.mkdir(parents=True)
    models = Path(os.environ.get("MIRAGE_MODELS", ROOT / "data/models"))
    shutil.copy(models / "face_detection_yunet_2023mar_int8bq.onnx", weights / DEEPFACE_NAMES["yunet-int8"])
    recogniser = (models / "face_recognition_sface_2021dec_int8bq.onnx").read_bytes()
    (weights / DEEPFACE_NAMES["sface-int8"]).write_bytes(with_one_input(recogniser))


if __name__ == "__main__":
    main()
