"""Gathers the pictures that kinds.py learns from and is measured on.

    python benchmarks/word_maps/kinds_pictures.py OUT --clones DIR --photos DIR --unseen DIR

OUT gets the folders `learn` and `unseen`, with a folder for each kind. Screenshots, receipts and pages come from clones
of the public repositories in kinds_sources.toml, DIR/owner+name, at the commits that stand there. Memes, other pages
and blurred pictures are made (kinds_made.py) of --photos, the `captioned` folder with its texts.csv, and of --unseen,
the `scenes` folder. Two runs give the same bytes.
"""

import argparse
import csv
import io
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.word_maps import kinds_made

SOURCES = Path(__file__).with_name("kinds_sources.toml")
LARGEST = (1600, 1600)  # pixels, as thumbnails


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT")
    for name in ("--clones", "--photos", "--unseen"):
        parser.add_argument(name, type=Path, required=True, metavar="DIR")
    options = parser.parse_args()
    with SOURCES.open("rb") as file:
        sources = tomllib.load(file)["source"]
    for source in sources:
        take(source, options.clones, options.out / source["set"] / source["kind"])
    with (options.photos / "texts.csv").open(newline="", encoding="utf-8") as rows:
        texts = [row["text"] for row in csv.DictReader(rows) if row["kind"] == "caption"]
    kinds_made.make(options.out / "learn", options.out / "unseen", options.photos, options.unseen, texts)
    for folder in sorted(options.out.glob("*/*")):
        print(f"{folder.relative_to(options.out)}: {len(list(folder.iterdir()))}")


def take(source: dict[str, Any], clones: Path, out: Path) -> None:
    """Write the pictures of one source, turned into pictures of a thumbnail's size."""
    clone, commit = git_directory(clones / source["repository"].replace("/", "+")), source["commit"]
    listed = git(clone, "ls-tree", "-r", "--name-only", commit).decode().splitlines()
    out.mkdir(parents=True, exist_ok=True)
    for place in places(source["files"]):
        with Image.open(io.BytesIO(git(clone, "show", f"{commit}:{listed[place]}"))) as opened:
            size, picture = opened.size, opened.convert("RGB")
        picture.thumbnail(LARGEST)
        if source["kind"] == "screenshot":
            picture.save(out / f"{source['name']}_{place}_{size[0]}x{size[1]}.png")
        else:
            called = Path(listed[place]).stem if source["kind"] == "receipt" else place
            picture.save(out / f"{source['name']}_{called}.jpg", quality=90)


def git_directory(folder: Path) -> Path:
    """Where the clone's history lies: a bare one's may be in `repo`, as some mirrors keep it."""
    candidates = (folder, folder / ".git", folder / "repo", folder / "repo" / ".git")
    return next(place for place in candidates if (place / "HEAD").is_file())


def git(clone: Path, *words: str) -> bytes:
    return subprocess.run(["git", f"--git-dir={clone}", *words], capture_output=True, check=True).stdout


def places(text: str) -> Iterator[int]:
    """The numbers of "3-5, 10-26/4": 3, 4, 5, 10, 14, 18, 22, 26."""
    for span in text.split(","):
        ends, _, step = span.partition("/")
        first, _, last = ends.strip().partition("-")
        yield from range(int(first), int(last or first) + 1, int(step or 1))


if __name__ == "__main__":
    main()
