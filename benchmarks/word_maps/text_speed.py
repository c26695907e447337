"""What reading text costs, and whether the glance beforehand loses any of it.

    MIRAGE_MODELS=DIR python benchmarks/word_maps/text_speed.py DIR [DIR ...] [--every N] [--from N]

The pictures of the folders, every Nth of them, are read twice at the size of a thumbnail, in one thread: looked at
closely as a whole, and as vision/ocr.py does it. Printed are seconds of processor a picture (user, system, and the user
seconds of the bare models), the words that each read and those that both did, and every picture that differs.
"""

import argparse
import re
import resource
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.word_maps import data
from vision import inference, ocr

ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".tif", ".tiff", ".avif"}


class Timed:
    """A model that adds up the processor's user seconds it takes."""

    def __init__(self, name: str) -> None:
        self.model, self.spent = inference.session(name, keep_memory=False), 0.0

    def run(self, *given: Any) -> Any:
        began = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        answer = self.model.run(*given)
        self.spent += resource.getrusage(resource.RUSAGE_SELF).ru_utime - began
        return answer

    def get_modelmeta(self) -> Any:
        return self.model.get_modelmeta()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="first")
    options = parser.parse_args()
    data.set_up()
    cv2.setNumThreads(1)
    register_heif_opener()
    files = [path for folder in options.dirs for path in sorted(folder.rglob("*")) if path.suffix.lower() in ENDINGS]
    measure(files[options.first :: options.every])


def measure(files: Sequence[Path]) -> None:
    models = {name: Timed(name) for name in (ocr.DETECTOR, ocr.READER)}
    inference.session = lambda name, *, keep_memory=True: models[name]
    glancing, spent, words = ocr.detect, {True: Counter[str](), False: Counter[str]()}, Counter[str]()
    for path in files:
        try:
            with Image.open(path) as opened:
                image = ImageOps.exif_transpose(opened).convert("RGB")
        except OSError:
            continue
        image.thumbnail((ocr.SIDE, ocr.SIDE))
        read = {}
        for glance in (False, True):
            ocr.detect = glancing if glance else whole
            read[glance] = timed(image, spent[glance], models.values())
        both = read[False] & read[True]
        words.update(pictures=1, closely=read[False].total(), glancing=read[True].total(), both=both.total())
        words.update(**{"with text": bool(read[False]), "lost all": bool(read[False]) and not read[True]})
        if read[False] != read[True]:
            print(f"{path.name}: -{sorted((read[False] - both).elements())} +{sorted((read[True] - both).elements())}")
    print(dict(words))
    for glance, sums in spent.items():
        each = ", ".join(f"{name} {value / max(words['pictures'], 1):.3f}" for name, value in sums.items())
        print(f"{'glancing first' if glance else 'closely'}, seconds a picture: {each}")


def whole(pixels: ocr.Pixels) -> list[ocr.Points]:
    """The lines of a picture that is looked at closely everywhere."""
    return ocr.closely(pixels, (0, 0, pixels.shape[1], pixels.shape[0]), ocr.scale_of(pixels))[: ocr.MOST_LINES]


def timed(image: Image.Image, spent: Counter[str], models: Any) -> Counter[str]:
    """The words of a picture; what it took is added to `spent`."""
    before, bare = resource.getrusage(resource.RUSAGE_SELF), sum(model.spent for model in models)
    lines = ocr.read(image)
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent["user"] += after.ru_utime - before.ru_utime  # type: ignore[assignment]
    spent["system"] += after.ru_stime - before.ru_stime  # type: ignore[assignment]
    spent["bare models"] += sum(model.spent for model in models) - bare
    return Counter(word for line in lines for word in re.findall(r"\w+", line.text.lower()))


if __name__ == "__main__":
    main()
