"""A library of labelled faces, made for benchmarks/faces.py: imported, and through the real stages."""

import csv
import hashlib
import os
import resource
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2

ROOT = Path(__file__).resolve().parents[2]
HARD_SIDE, HARD_QUALITY = 40, 50


def start_mirage(folder: Path) -> None:
    """Django with a library of its own; the weights stay where they are."""
    os.environ.setdefault("MIRAGE_MODELS", str(Path(os.environ.get("MIRAGE_DATA", ROOT / "data")) / "models"))
    os.environ |= {"MIRAGE_DATA": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "mirage.settings"}
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    (folder / "data").mkdir()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def read_labels(folder: Path, share: str | None, part: float) -> dict[str, str]:
    """Identity by file name."""
    with (folder / "labels.csv").open(newline="") as file:
        labels = {row["file"]: row["identity"] for row in csv.DictReader(file)}

    def chosen(identity: str) -> bool:
        digest = hashlib.sha256(identity.encode()).digest()
        return (share is None or (digest[0] % 2 == 0) == (share == "calibrate")) and digest[1] < 256 * part

    return {name: identity for name, identity in labels.items() if chosen(identity)}


def harden(folder: Path, labels: Iterable[str], target: Path) -> None:
    """A copy with faces of 40 pixels at JPEG quality 50."""
    from vision.faces import faces

    target.mkdir()
    for name in labels:
        image: Any = cv2.imread(str(folder / name))
        found = faces.detect(image)
        if found:
            _, _, width, height = min(found, key=lambda each: off_centre(each.box, image.shape[1], image.shape[0])).box
            factor = HARD_SIDE / (width * height) ** 0.5
            image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(target / name), image, [cv2.IMWRITE_JPEG_QUALITY, HARD_QUALITY])


def off_centre(box: tuple[float, float, float, float], width: float, height: float) -> float:
    """How far a box lies from the middle of the picture: whom the label means is there."""
    return abs(box[0] + box[2] / 2 - width / 2) + abs(box[1] + box[3] / 2 - height / 2)


def import_pictures(folder: Path, names: Iterable[str]) -> Any:
    """An owner with these pictures, before any stage of faces."""
    from accounts.models import User
    from photos.ingest import intake
    from photos.models import Photo
    from photos.pipeline import reading, rendering

    owner = User.objects.create_user(f"benchmark-{folder.name}")
    for name in names:
        intake.ingest(owner, folder / name)
    ids = list(Photo.objects.filter(owner=owner).values_list("pk", flat=True))
    reading.read_metadata(ids)
    rendering.make_thumbnails(ids)
    return owner


def run_stages(owner: Any) -> tuple[float, float]:
    """Seconds that the stages `faces` and `clusters` took."""
    from people.detection import scanning
    from photos.models import Photo

    ids = list(Photo.objects.filter(owner=owner).order_by("pk").values_list("pk", flat=True))
    scanning.find_faces(ids[:1])  # loads the models
    start = time.perf_counter()
    for first in range(0, len(ids), 8):
        scanning.find_faces(ids[first : first + 8])
    found = time.perf_counter()
    for first in range(0, len(ids), 64):
        scanning.group_faces(ids[first : first + 64])
    return found - start, time.perf_counter() - found


def labelled_faces(owner: Any, labels: dict[str, str]) -> list[Any]:
    """Of each labelled picture the face in its middle, with `identity`."""
    from people.models import Face

    nearest: dict[str, Any] = {}
    for face in Face.objects.filter(photo__owner=owner).select_related("photo"):
        name = face.photo.original_name
        if name not in nearest or off_centre(face.box, 1, 1) < off_centre(nearest[name].box, 1, 1):
            nearest[name] = face
    for name, face in nearest.items():
        face.identity = labels[name]
    return [nearest[name] for name in sorted(nearest)]


def peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
