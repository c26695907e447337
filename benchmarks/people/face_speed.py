"""The stages of faces beside bare calls of the models, and the grouping of very many faces, for benchmarks/faces.py."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.people.face_library import import_pictures, labelled_faces, peak_memory, read_labels, run_stages


def compare_speed(folder: Path) -> None:
    """The whole stage, rows and all, beside reading the same pictures and calling the same models in a loop."""
    names = sorted(path.name for path in folder.iterdir() if path.suffix == ".jpg")
    owner = import_pictures(folder, names)
    from people.detection import scanning
    from photos.models import Photo
    from photos.storage import paths
    from vision.faces import alignment, faces

    photos = list(Photo.objects.filter(owner=owner).order_by("pk"))

    def bare(some: list[Any]) -> int:
        found = 0
        for photo in some:
            image: Any = cv2.imread(str(paths.derived_folder(photo.sha256) / "large.webp"))
            detections = faces.detect(image)
            found += len(detections)
            if detections:
                faces.embed([alignment.align(image, each.points) for each in detections])
        return found

    def stage(some: list[Any]) -> int:
        scanning.find_faces([photo.pk for photo in some])
        return 0

    bare(photos[:8])
    stage(photos[:8])
    seconds = {"bare model calls": 0.0, "the stage": 0.0}
    found = 0
    for first in range(0, len(photos), 8):  # in turn, so that a busy machine is busy for both
        some = photos[first : first + 8]
        found += timed(seconds, "bare model calls", bare, some)
        timed(seconds, "the stage", stage, some)
    for name, spent in seconds.items():
        print(f"{name:18} {len(photos) / spent:6.1f} pictures/s  {found / spent:6.1f} faces/s")
    print(f"ratio {seconds['bare model calls'] / seconds['the stage']:.2f}, peak memory {peak_memory()} MB")


def timed(seconds: dict[str, float], name: str, function: Callable[[list[Any]], int], some: list[Any]) -> int:
    start = processor_seconds()  # others may be at work on this machine
    result = function(some)
    seconds[name] += processor_seconds() - start
    return result


def processor_seconds() -> float:
    """What this process and its children, the sandbox, have used of the processor."""
    ended = os.times()
    ticks = 0
    for listed in Path("/proc/self/task").glob("*/children"):
        for child in listed.read_text().split():
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ended.children_user + ended.children_system + ticks / os.sysconf("SC_CLK_TCK")


def group_many(folder: Path, count: int) -> None:
    """Many faces, each a real one with noise as between two photos of one person, about ten of a person."""
    labels = read_labels(folder, None, 1.0)
    owner = import_pictures(folder, labels)
    run_stages(owner)
    from people.detection import vectors
    from people.grouping import assignments
    from people.models import Face
    from photos.models import Photo

    real = vectors.from_bytes([bytes(face.vector) for face in labelled_faces(owner, labels)])
    Photo.objects.filter(owner=owner).delete()
    random = np.random.default_rng(0)
    make_faces(owner, real, count, random)
    start = time.perf_counter()
    print(f"{count} faces: {assignments.group(owner.pk)} in {time.perf_counter() - start:.1f} s")
    newest = Face.objects.order_by("-pk").first()
    make_faces(owner, real, 100, random)
    assert newest is not None
    ids = list(Photo.objects.filter(faces__pk__gt=newest.pk).values_list("pk", flat=True))
    start = time.perf_counter()
    print(f"100 more: {assignments.group(owner.pk, photo_ids=ids)} in {time.perf_counter() - start:.1f} s")
    print(f"peak memory {peak_memory()} MB")


def make_faces(owner: Any, real: NDArray[np.float32], count: int, random: np.random.Generator) -> None:
    """Rows of photos with one face each. A person is a real face pushed away at random, a face one of these again."""
    from datetime import UTC, datetime

    from people.detection import vectors
    from people.detection.vectors import model_name
    from people.models import Face, FaceScan
    from photos.models import Photo

    dimension = real.shape[1]
    for first in range(0, count, 5000):
        some = min(5000, count - first)
        people = max(some // 10, 1)
        away = random.normal(0, dimension**-0.5, (people + some, dimension))
        centres = real[random.integers(len(real), size=people)] + 2.0 * away[:people]
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        rows = centres[random.integers(people, size=some)] + 0.75 * away[people:]
        day = datetime(2024, 5, 1, tzinfo=UTC)
        photos = Photo.objects.bulk_create(
            Photo(
                owner=owner, sha256=os.urandom(32).hex(), path=f"x/{os.urandom(8).hex()}", original_name="x.jpg",
                media_type="image/jpeg", size=1, taken_month=202405,
                file_modified_at=day, taken_at=day, taken_local=day,
            )
            for _ in range(some)
        )  # fmt: skip
        Face.objects.bulk_create(
            Face(
                photo=photo, x=0.1, y=0.1, width=0.5, height=0.5, score=0.9, quality=0.8, model=model_name(),
                vector=vectors.to_bytes((row / np.linalg.norm(row)).astype(np.float32)),
            )
            for photo, row in zip(photos, rows, strict=True)
        )  # fmt: skip
        FaceScan.objects.bulk_create(FaceScan(photo=photo, model=model_name()) for photo in photos)
