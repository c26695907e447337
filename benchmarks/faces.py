"""How well faces are found and grouped, beside the rules of other programs, and how fast.

    python benchmarks/faces.py DIR [--hard] [--share calibrate|test]   DIR holds pictures and labels.csv: file,identity
    python benchmarks/faces.py DIR --pairs                DIR holds pictures and master.csv: file_x,file_y,Decision
    python benchmarks/faces.py DIR --speed                the whole stage beside bare model calls
    python benchmarks/faces.py DIR --large N              N faces jittered from DIR's are grouped, then 100 are added
    python benchmarks/faces.py DIR --calibrate            the curve, of both kinds, and what people/calibrations/ hold

A library is made in a temporary folder, DIR is imported and goes through the real stages. Weights come from
MIRAGE_MODELS. --hard shrinks each picture until its face is 40 pixels wide and saves it at JPEG quality 50. --share
takes half of the identities, by a hash of their names, so that what was calibrated on one half is tested on the other.
"""

import argparse
import csv
import hashlib
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Labels = NDArray[Any]
HARD_SIDE, HARD_QUALITY = 40, 50
ANSWERS = 30


def main() -> None:
    """Make the library, run what is asked for, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--share", choices=("calibrate", "test"))
    parser.add_argument("--part", type=float, default=1.0, help="so much of the identities")
    for name in ("pairs", "speed", "calibrate"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--large", type=int, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mirage-faces-") as folder:
        start_mirage(Path(folder))
        if options.pairs:
            verify_pairs(options.dir)
        elif options.speed:
            compare_speed(options.dir, Path(folder))
        elif options.large:
            group_many(options.dir, Path(folder), options.large)
        else:
            labels = read_labels(options.dir, options.share, options.part)
            source, hard = options.dir, Path(folder) / "hard"
            if options.hard or options.calibrate:
                harden(source, labels, hard)
            if options.calibrate:
                calibrate(labels, as_they_are=source, hard=hard)
            else:
                measure(hard if options.hard else source, labels)


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


# --- the library ------------------------------------------------------------------------------------------------------


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
    from people import faces

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
    from photos import ingest, stages
    from photos.models import Photo

    owner = User.objects.create_user(f"benchmark-{folder.name}")
    for name in names:
        ingest.ingest(owner, folder / name)
    ids = list(Photo.objects.filter(owner=owner).values_list("pk", flat=True))
    stages.read_metadata(ids)
    stages.make_thumbnails(ids)
    return owner


def run_stages(owner: Any) -> tuple[float, float]:
    """Seconds that the stages `faces` and `clusters` took."""
    from people import stages
    from photos.models import Photo

    ids = list(Photo.objects.filter(owner=owner).order_by("pk").values_list("pk", flat=True))
    stages.find_faces(ids[:1])  # loads the models
    start = time.perf_counter()
    for first in range(0, len(ids), 8):
        stages.find_faces(ids[first : first + 8])
    found = time.perf_counter()
    for first in range(0, len(ids), 64):
        stages.group_faces(ids[first : first + 64])
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


# --- grouping ---------------------------------------------------------------------------------------------------------


def measure(folder: Path, labels: dict[str, str]) -> None:
    """Import, find, group, ask; beside the rules of others."""
    owner = import_pictures(folder, labels)
    finding, grouping_seconds = run_stages(owner)
    faces = labelled_faces(owner, labels)
    count = owner.photos.count()
    print(f"{count} pictures of {len(set(labels.values()))} people, detection recall {len(faces) / len(labels):.4f}")
    print(f"{count / finding:.1f} pictures/s, grouping {grouping_seconds:.1f} s, peak memory {peak_memory()} MB")
    truth = np.array([face.identity for face in faces])
    print(f"\n{'rule':44} {'BCubed P':>8} {'R':>7} {'F':>7}  {'pairs P':>7} {'R':>7}  groups/id  alone")
    report("Mirage", truth, predicted(faces))
    print(f"{'':44} unsure: {unsure_share(owner):.3f} of all faces")
    from people import grouping

    grouping.group(owner.pk, rebuild=True)
    report("Mirage, rebuilt at once", truth, predicted(faces))
    said = answer_questions(owner, faces, ANSWERS)
    report(f"Mirage, after {ANSWERS} answers ({said})", truth, predicted(faces))
    for name, found in peers(faces, truth):
        report(name, truth, found)


def predicted(faces: list[Any]) -> Labels:
    """The group of each face; whoever is nobody is alone."""
    from people.models import Face

    people = dict(Face.objects.filter(pk__in=[face.pk for face in faces]).values_list("pk", "person_id"))
    return np.array([people[face.pk] or -index - 1 for index, face in enumerate(faces)])


def unsure_share(owner: Any) -> float:
    from people import grouping

    counted = grouping.counts(owner.pk)
    return counted.unsure / counted.faces


def peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def report(name: str, truth: Labels, found: Labels) -> None:
    precision, recall = bcubed(truth, found)
    pairs = pairwise(truth, found)
    table = contingency(truth, found)
    alone = float((table.sum(axis=0) == 1).sum() / len(truth))
    per_identity = float((table[table.sum(axis=1) > 1] > 0).sum(axis=1).mean())
    score = 2 * precision * recall / (precision + recall)
    print(
        f"{name:44} {precision:8.4f} {recall:7.4f} {score:7.4f}  {pairs[0]:7.4f} {pairs[1]:7.4f}"
        f"  {per_identity:9.3f}  {alone:.3f}"
    )


def contingency(truth: Labels, found: Labels) -> NDArray[np.float64]:
    _, rows = np.unique(truth, return_inverse=True)
    _, columns = np.unique(found, return_inverse=True)
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    return table


def bcubed(truth: Labels, found: Labels) -> tuple[float, float]:
    """BCubed precision and recall (Bagga and Baldwin 1998)."""
    table = contingency(truth, found)
    squares = table**2
    return (
        float((squares / table.sum(axis=0)).sum() / table.sum()),
        float((squares / table.sum(axis=1, keepdims=True)).sum() / table.sum()),
    )


def pairwise(truth: Labels, found: Labels) -> tuple[float, float]:
    """Of the pairs put together how many belong together, and the other way round."""
    table = contingency(truth, found)

    def pairs(counts: NDArray[np.float64]) -> float:
        return float((counts * (counts - 1) / 2).sum())

    together = pairs(table)
    return together / max(pairs(table.sum(axis=0)), 1), together / max(pairs(table.sum(axis=1)), 1)


# --- review -----------------------------------------------------------------------------------------------------------


def answer_questions(owner: Any, faces: list[Any], count: int) -> str:
    """Answer as somebody would who knows the labels, through the real review code; what was said, in short."""
    from collections import Counter

    from people import grouping, review
    from people.review import Answer

    identity = {face.pk: face.identity for face in faces}
    said: Counter[str] = Counter()
    for _ in range(count):
        question = review.next_question(owner)
        if question is None:
            break
        who = majority(question.person, identity)
        if question.face_id is not None:
            other = identity.get(question.face_id)
        else:
            other = majority(question.other, identity)
        verdict = Answer.NOT_SURE if who is None or other is None else Answer.YES if who == other else Answer.NO
        said[verdict] += 1
        review.answer(question, verdict, owner)
        if question.face and verdict != Answer.NOT_SURE:  # what a worker does with the photo then
            grouping.group(owner.pk, photo_ids=[question.face.photo_id])
    return ", ".join(f"{number} {name}" for name, number in said.items())


def majority(person: Any, identity: dict[int, str]) -> str | None:
    """Who a group mostly is; None where none of its faces is labelled."""
    named = [identity[pk] for pk in person.faces.values_list("pk", flat=True) if pk in identity]
    return max(set(named), key=named.count) if named else None


# --- the rules of others ----------------------------------------------------------------------------------------------


def peers(faces: list[Any], truth: Labels) -> Iterable[tuple[str, Labels]]:
    """Other programs' rules over the same vectors: with their own constants, and at the best that can be found."""
    from people import vectors

    rows = vectors.from_bytes([bytes(face.vector) for face in faces])
    distance = 1 - rows @ rows.T
    yield "Lychee: DBSCAN, eps 0.3", connected(distance, 0.3)
    yield best_of("DBSCAN at its best", truth, {f"eps {e:.2f}": connected(distance, e) for e in steps(0.3, 0.75)})
    yield "Immich: 3 faces, distance 0.5", immich(distance, 0.5)
    yield best_of("Immich at its best", truth, {f"distance {e:.2f}": immich(distance, e) for e in steps(0.3, 0.75)})
    yield best_of("HDBSCAN at its best (LibrePhotos)", truth, hdbscan(rows))


def steps(first: float, last: float) -> NDArray[np.float64]:
    return np.arange(first, last + 0.001, 0.01)


def best_of(name: str, truth: Labels, tried: dict[str, Labels]) -> tuple[str, Labels]:
    def score(found: Labels) -> float:
        precision, recall = bcubed(truth, found)
        return 2 * precision * recall / (precision + recall)

    best = max(tried, key=lambda key: score(tried[key]))
    return f"{name}: {best}", tried[best]


def connected(distance: NDArray[np.float32], eps: float) -> Labels:
    """DBSCAN with min_samples 1: whoever is within eps of a member is a member."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    return connected_components(csr_array(distance <= eps), directed=False)[1]


def immich(distance: NDArray[np.float32], most: float, least_faces: int = 3) -> Labels:
    """Immich's rule (server/src/services/person.service.ts, handleRecognizeFaces), face by face in order of import.

    A face joins the person of the nearest face within the distance that has one; with enough faces near it founds a
    person; others are looked at once more at the end.
    """
    person = -np.arange(1, len(distance) + 1)
    assigned = np.zeros(len(distance), bool)
    deferred = []
    for face in range(len(distance)):
        near = np.flatnonzero(distance[face, : face + 1] <= most)
        if not place_immich(face, near, distance, person, assigned, len(near) >= least_faces):
            deferred.append(face)
    for face in deferred:
        near = np.flatnonzero(distance[face] <= most)
        place_immich(face, near, distance, person, assigned, len(near) >= least_faces)
    return person


def place_immich(face: int, near: Labels, distance: Labels, person: Labels, assigned: Labels, core: bool) -> bool:
    known = [other for other in near if assigned[other]]
    if known:
        person[face] = person[min(known, key=lambda other: distance[face, other])]
    elif core:
        person[face] = face
    assigned[face] = bool(known) or core
    return bool(assigned[face])


def hdbscan(rows: NDArray[np.float32]) -> dict[str, Labels]:
    from sklearn.cluster import HDBSCAN

    tried = {}
    for size in (2, 3, 4, 5):
        for method in ("eom", "leaf"):
            found = HDBSCAN(min_cluster_size=size, min_samples=1, cluster_selection_method=method, copy=True)
            labels = found.fit_predict(rows)
            tried[f"{size}, {method}"] = np.where(labels < 0, -np.arange(1, len(rows) + 1), labels)
    return tried


# --- calibration ------------------------------------------------------------------------------------------------------


def calibrate(labels: dict[str, str], **folders: Path) -> None:
    """The curve of one threshold over these pictures of each kind, and what a calibration file holds."""
    from people import vectors

    faces = {}
    for kind, folder in folders.items():
        owner = import_pictures(folder, labels)
        run_stages(owner)
        faces[kind] = labelled_faces(owner, labels)
    rows = {kind: vectors.from_bytes([bytes(face.vector) for face in each]) for kind, each in faces.items()}
    truth = {kind: np.array([face.identity for face in each]) for kind, each in faces.items()}
    # Each person counts once: who has many pictures is not what all faces have in common.
    mean = np.mean([rows[kind][truth[kind] == who].mean(axis=0) for kind in faces for who in set(truth[kind])], axis=0)
    for threshold in np.arange(0.30, 0.56, 0.02):
        print(f"{threshold:.2f}", end="")
        for kind, each in faces.items():
            found = group_simply(rows[kind], np.array([face.quality for face in each]), mean, float(threshold))
            print("  {}: precision {:.4f} recall {:.4f}".format(kind, *bcubed(truth[kind], found)), end="")
        print()
    print(json.dumps({"among": len(set(labels.values())), "mean": [round(float(x), 4) for x in mean]}))


def group_simply(rows: NDArray[np.float32], quality: Labels, mean: NDArray[np.float32], threshold: float) -> Labels:
    """One threshold for all, however many there are; whoever is nobody is alone."""
    from people.calibration import Calibration
    from people.clusters import group
    from people.grouping import FOUNDING_QUALITY
    from people.neighbours import edges
    from people.units import Library

    fitted, count = Calibration(mean, group=threshold, per_decade=0.0), len(rows)
    library = Library(
        vectors=fitted.centred(rows),
        sound=quality >= FOUNDING_QUALITY,
        photo=np.arange(count),
        day=np.zeros(count, np.int64),
        person=np.full(count, -1, np.int64),
        decided=np.zeros(0, bool),
        born=np.zeros(0, np.int64),
    )
    found = group(library, edges(library.vectors, np.arange(count), fitted.near), fitted).person
    return np.where(found < 0, -np.arange(1, count + 1), found)


# --- pairs ------------------------------------------------------------------------------------------------------------


def verify_pairs(folder: Path) -> None:
    """Same person or not, by the likeness of the largest faces of two pictures."""
    from people import calibration, faces, vectors

    with (folder / "master.csv").open(newline="") as file:
        pairs = [(row["file_x"], row["file_y"], row["Decision"] == "Yes") for row in csv.DictReader(file)]
    found: dict[str, NDArray[np.float32]] = {}
    for name in sorted({name for pair in pairs for name in pair[:2]}):
        all_faces = faces.find_faces(limited(cv2.imread(str(folder / name))))
        if all_faces:
            found[name] = max(all_faces, key=lambda face: face.width * face.height).vector
    known = [(found[x], found[y], same) for x, y, same in pairs if x in found and y in found]
    fitted = calibration.of(vectors.model_name(), np.array(list(found.values())))
    raw = np.array([x @ y for x, y, _ in known])
    centred = np.array([float((fitted.centred(x[None]) @ fitted.centred(y[None]).T)[0, 0]) for x, y, _ in known])
    same = np.array([each for _, _, each in known])
    print(f"{len(pairs)} pairs, faces found in {len(found)} pictures of {len({n for p in pairs for n in p[:2]})}")
    for name, cosines in (("as they are", raw), ("centred", centred)):
        accuracies = {t: float(((cosines >= t) == same).mean()) for t in np.arange(-0.2, 1, 0.005)}
        best = max(accuracies, key=lambda t: accuracies[t])
        print(
            f"{name:12} AUC {area(cosines, same):.4f}  accuracy {accuracies[best]:.4f} at its best ({best:.2f})"
            f"  lowest same {cosines[same].min():.3f}  highest different {cosines[~same].max():.3f}"
        )
    print(f"accuracy at Mirage's own threshold {fitted.group}: {float(((centred >= fitted.group) == same).mean()):.4f}")


def limited(image: Any) -> Any:
    """As Mirage shows it, at most 1600 pixels."""
    factor = min(1.0, 1600 / max(image.shape[:2]))
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else image


def area(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: how often a same pair is more alike than a different one."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(scores)] = np.arange(1, len(scores) + 1)
    yes, no = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - yes * (yes + 1) / 2) / (yes * no))


# --- speed ------------------------------------------------------------------------------------------------------------


def compare_speed(folder: Path, scratch: Path) -> None:
    """The whole stage, rows and all, beside reading the same pictures and calling the same models in a loop."""
    names = sorted(path.name for path in folder.iterdir() if path.suffix == ".jpg")
    owner = import_pictures(folder, names)
    from people import alignment, faces, stages
    from photos import paths
    from photos.models import Photo

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
        stages.find_faces([photo.pk for photo in some])
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


def group_many(folder: Path, scratch: Path, count: int) -> None:
    """Many faces, each a real one with noise as between two photos of one person, about ten of a person."""
    labels = read_labels(folder, None, 1.0)
    owner = import_pictures(folder, labels)
    run_stages(owner)
    from people import grouping, vectors
    from people.models import Face
    from photos.models import Photo

    real = vectors.from_bytes([bytes(face.vector) for face in labelled_faces(owner, labels)])
    Photo.objects.filter(owner=owner).delete()
    random = np.random.default_rng(0)
    make_faces(owner, real, count, random)
    start = time.perf_counter()
    print(f"{count} faces: {grouping.group(owner.pk)} in {time.perf_counter() - start:.1f} s")
    newest = Face.objects.order_by("-pk").first()
    make_faces(owner, real, 100, random)
    assert newest is not None
    ids = list(Photo.objects.filter(faces__pk__gt=newest.pk).values_list("pk", flat=True))
    start = time.perf_counter()
    print(f"100 more: {grouping.group(owner.pk, photo_ids=ids)} in {time.perf_counter() - start:.1f} s")
    print(f"peak memory {peak_memory()} MB")


def make_faces(owner: Any, real: NDArray[np.float32], count: int, random: np.random.Generator) -> None:
    """Rows of photos with one face each. A person is a real face pushed away at random, a face one of these again."""
    from datetime import UTC, datetime

    from people import vectors
    from people.models import Face, FaceScan
    from people.vectors import model_name
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


if __name__ == "__main__":
    main()
