"""Seconds of processor a photo takes in each stage, beside what the bare model or library takes for the same photos.

    python benchmarks/pipeline/stages.py DIR... [--count 60] [--megapixels 12] [--models FOLDER]

Photos are taken evenly from the folders. Those with fewer pixels are enlarged, so that each has about so many. A fresh
library takes them in, and one process runs the stages as a worker does: claims, sandbox, database and all, the
processes of the sandbox counted in. Then, in the same run, each model is given its inputs ready made, one thread, and
libvips makes the same thumbnails: what is left of ours is decoding, scaling, rows. Loading models and lists of words is
not counted on either side. OpenBLAS has one thread, as manage.py gives it: a second one waits at full speed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import Image

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before anything loads NumPy
ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.scaling import by_stage, tree_seconds  # noqa: E402

Timed = tuple[str, float]  # what was run bare, and its seconds for all photos


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", type=Path, nargs="+")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--models", type=Path, default=ROOT / "data/models")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as place:
        photos = prepared(options, Path(place) / "photos")
        os.environ |= {
            "MIRAGE_DATA": f"{place}/data",
            "MIRAGE_MODELS": str(options.models.resolve()),
            "DJANGO_SETTINGS_MODULE": "mirage.settings",
            "MIRAGE_LOG_LEVEL": "error",
        }
        os.environ.pop("DATABASE_URL", None)
        measure(photos, Path(place))


def prepared(options: argparse.Namespace, folder: Path) -> list[Path]:
    """So many photos of the folders, each of about so many megapixels."""
    folder.mkdir()
    share = -(-options.count // len(options.dirs))
    found = [large_first(each)[: 2 * share : 2] for each in options.dirs]
    files = [file for some in found for file in some[:share]][: options.count]
    for number, file in enumerate(files):
        with Image.open(file) as image:
            factor = (options.megapixels * 1e6 / (image.width * image.height)) ** 0.5
            target = folder / f"{number:03}.jpg"
            if 0.75 < factor < 1.2:
                target.write_bytes(file.read_bytes())
                continue
            size = (round(image.width * factor), round(image.height * factor))
            image.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(target, quality=90, exif=image.getexif())
    return sorted(folder.iterdir())


def large_first(folder: Path) -> list[Path]:
    """The JPEG files of a folder, those with most pixels first."""
    pixels = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in {".jpg", ".jpeg"}:
            with suppress(OSError), Image.open(file) as image:
                image.load()
                pixels[file] = image.width * image.height
    return sorted(pixels, key=lambda file: -pixels[file])


def measure(photos: Sequence[Path], place: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from accounts.models import User
    from mirage.runtime import memory
    from photos import pipeline
    from photos.ingest import intake
    from photos.pipeline import pictures

    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("benchmark")
    taken_in = spent(lambda: [intake.ingest(owner, photo) for photo in photos])
    warm_up()
    pictures.WARM.keep(pictures.WARM_BYTES)
    memory.reuse_freed()
    with by_stage() as ours:
        pipeline.drain()
    report({"taking in": taken_in} | ours, bare(photos, place), len(photos))


def spent(work: Callable[[], object]) -> float:
    before = tree_seconds(os.getpid())
    work()
    return tree_seconds(os.getpid()) - before


def warm_up() -> None:
    """Load every model, and start the sandbox."""
    import numpy as np

    from media.sandbox import shared
    from vision import embeddings, fingerprints, objects, ocr
    from vision.faces import faces
    from vision.words import plausibility

    shared().call("media.thumbnails:grid_size", (1, 1), 1)
    grey = Image.new("RGB", (320, 240), "grey")
    for compute in (fingerprints.compute, embeddings.compute, objects.detect):
        compute([grey])
    plausibility.likeness(np.ones((1, embeddings.DIMENSION), np.float32))
    ocr.read(grey)
    ocr.recognise([np.zeros((48, 200, 3), np.uint8)])
    faces.find_faces(np.zeros((240, 320, 3), np.uint8))
    faces.embed([np.zeros((112, 112, 3), np.uint8)])


def report(ours: dict[str, float], alone: dict[str, Timed], count: int) -> None:
    print(f"{count} photos; seconds of processor a photo")
    print(f"| {'stage':12} | ours   | bare   | what is run bare |")
    print("|---|---|---|---|")
    for name, seconds in sorted(ours.items(), key=lambda each: -each[1]):
        what, other = alone.get(name, ("", 0.0))
        if seconds > 0.005 * count or what:
            print(f"| {name:12} | {seconds / count:.3f}  | {f'{other / count:.3f}' if what else '':6} | {what} |")
    print(f"| all          | {sum(ours.values()) / count:.3f}  |        | |")


# --- the models alone -------------------------------------------------------------------------------------------------


def bare(photos: Sequence[Path], place: Path) -> dict[str, Timed]:
    from photos.models import Photo
    from photos.pipeline.pictures import thumbnail

    pictures = [thumbnail(photo) for photo in Photo.objects.filter(kind="photo").order_by("pk")]
    return {
        "taking in": ("SHA-256 and a copy", bare_copies(photos, place)),
        "thumbnails": ("libvips", bare_thumbnails(photos, place)),
        "fingerprint": ("SSCD, eight at a time", bare_fingerprints(pictures)),
        "embedding": ("DINOv2, four at a time", bare_embeddings(pictures)),
        "objects": ("YOLO11n, 640 pixels", bare_objects(pictures)),
        "faces": ("YuNet at 640 and 1600 pixels, SFace", bare_faces(pictures)),
        "text": ("PP-OCR’s detector at 1600 pixels, and its reader", bare_text(pictures)),
    }


def timed(work: Callable[..., object], *given: Any) -> float:
    began = time.process_time()
    work(*given)
    return time.process_time() - began


def bare_copies(photos: Iterable[Path], place: Path) -> float:
    import hashlib
    import shutil

    def copy(photo: Path) -> None:
        with photo.open("rb") as stream:
            hashlib.file_digest(stream, "sha256")
        shutil.copyfile(photo, place / "copy.jpg")

    return sum(timed(copy, photo) for photo in photos)


def bare_thumbnails(photos: Iterable[Path], place: Path) -> float:
    from benchmarks.thumbnails import with_vips

    return sum(timed(with_vips, photo, place / "vips") for photo in photos)


def bare_fingerprints(pictures: Sequence[Image.Image]) -> float:
    import numpy as np

    from vision import fingerprints, inference

    model = inference.session(fingerprints.MODEL)
    ready = [fingerprints.prepare(picture) for picture in pictures]
    batches = [np.stack(ready[first : first + 8]) for first in range(0, len(ready), 8)]
    return timed(lambda: [model.run(None, {"image": batch}) for batch in batches])


def bare_embeddings(pictures: Sequence[Image.Image]) -> float:
    import numpy as np

    from vision import embeddings, inference

    model = inference.session(embeddings.MODEL)
    ready = [embeddings.prepare(picture) for picture in pictures]
    batches = [np.stack(ready[first : first + 4]) for first in range(0, len(ready), 4)]
    return timed(lambda: [model.run(None, {"input": batch}) for batch in batches])


def bare_objects(pictures: Sequence[Image.Image]) -> float:
    from vision import inference, objects

    model = inference.session(objects.MODEL)
    ready = [objects.letterbox(picture, objects.canvas(picture.size))[None] for picture in pictures]
    return timed(lambda: [model.run(None, {"images": each}) for each in ready])


def bare_faces(pictures: Sequence[Image.Image]) -> float:
    import cv2
    import numpy as np

    from vision.faces import faces

    detector = faces._yunet()
    total = 0.0
    for picture in pictures:
        pixels = np.ascontiguousarray(np.asarray(picture)[..., ::-1])
        crops = [np.zeros((112, 112, 3), np.uint8)] * len(faces.detect(pixels))
        for side in faces.YUNET_SIDES:
            factor = min(1.0, side / max(picture.size))
            seen = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            rows, columns = (-(-length // 32) * 32 for length in seen.shape[:2])
            given = {"input": cv2.dnn.blobFromImage(cv2.resize(seen, (columns, rows)))}
            total += timed(detector.run, None, given)
        total += timed(faces.embed, crops) if crops else 0.0
    return total


def bare_text(pictures: Sequence[Image.Image]) -> float:
    import numpy as np

    from vision import ocr

    def read(pixels: ocr.Pixels) -> None:
        whole = (0, 0, pixels.shape[1], pixels.shape[0])
        ocr.read_cuts([ocr.cut(pixels, points) for points in ocr.closely(pixels, whole, ocr.scale_of(pixels))])

    ready = (np.ascontiguousarray(np.asarray(picture)[..., ::-1]) for picture in pictures)
    return sum(timed(read, pixels) for pixels in ready)


if __name__ == "__main__":
    main()
