"""How well faces are found and grouped, beside the rules of other programs, and how fast.

    python benchmarks/faces.py DIR [--hard] [--share calibrate|test]   DIR holds pictures and labels.csv: file,identity
    python benchmarks/faces.py DIR --pairs                DIR holds pictures and master.csv: file_x,file_y,Decision
    python benchmarks/faces.py DIR --speed                the whole stage beside bare model calls
    python benchmarks/faces.py DIR --large N              N faces jittered from DIR's are grouped, then 100 are added
    python benchmarks/faces.py DIR --siblings [--hard]    imitated siblings: how many are joined, and the price
    python benchmarks/faces.py DIR --calibrate            the curve, of both kinds, and what people/calibrations/ hold

A library is made in a temporary folder, DIR is imported and goes through the real stages. Weights come from
MIRAGE_MODELS. --hard shrinks each picture until its face is 40 pixels wide and saves it at JPEG quality 50. --share
takes half of the identities, by a hash of their names, so that what was calibrated on one half is tested on the other.
"""

import argparse
import csv
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.people import face_library, face_rules, face_speed
from benchmarks.people.face_rules import Labels, bcubed

ANSWERS = 30


def main() -> None:
    """Make the library, run what is asked for, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--share", choices=("calibrate", "test"))
    parser.add_argument("--part", type=float, default=1.0, help="so much of the identities")
    for name in ("pairs", "speed", "calibrate", "siblings"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--large", type=int, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mirage-faces-") as folder:
        face_library.start_mirage(Path(folder))
        if options.pairs:
            verify_pairs(options.dir)
        elif options.speed:
            face_speed.compare_speed(options.dir)
        elif options.large:
            face_speed.group_many(options.dir, options.large)
        else:
            labels = face_library.read_labels(options.dir, options.share, options.part)
            source, hard = options.dir, Path(folder) / "hard"
            if options.hard or options.calibrate:
                face_library.harden(source, labels, hard)
            if options.calibrate:
                calibrate(labels, as_they_are=source, hard=hard)
            elif options.siblings:
                siblings(hard if options.hard else source, labels)
            else:
                measure(hard if options.hard else source, labels)


# --- grouping ---------------------------------------------------------------------------------------------------------


def measure(folder: Path, labels: dict[str, str]) -> None:
    """Import, find, group, ask; beside the rules of others."""
    owner = face_library.import_pictures(folder, labels)
    finding, grouping_seconds = face_library.run_stages(owner)
    faces = face_library.labelled_faces(owner, labels)
    count = owner.photos.count()
    print(f"{count} pictures of {len(set(labels.values()))} people, detection recall {len(faces) / len(labels):.4f}")
    peak = face_library.peak_memory()
    print(f"{count / finding:.1f} pictures/s, grouping {grouping_seconds:.1f} s, peak memory {peak} MB")
    truth = np.array([face.identity for face in faces])
    print(f"\n{'rule':44} {'BCubed P':>8} {'R':>7} {'F':>7}  {'pairs P':>7} {'R':>7}  groups/id  alone  mixed")
    report("Mirage", truth, predicted(faces))
    print(f"{'':44} unsure: {unsure_share(owner):.3f} of all faces")
    from people.grouping import assignments

    assignments.group(owner.pk, rebuild=True)
    report("Mirage, rebuilt at once", truth, predicted(faces))
    said = answer_questions(owner, faces, ANSWERS)
    report(f"Mirage, after {ANSWERS} answers ({said})", truth, predicted(faces))
    for name, found in face_rules.peers(faces, truth):
        report(name, truth, found)


def siblings(folder: Path, labels: dict[str, str]) -> None:
    """Import, find, and group with some people moved near to others."""
    from benchmarks.people.face_siblings import imitate_siblings
    from people.models import Face

    owner = face_library.import_pictures(folder, labels)
    face_library.run_stages(owner)
    faces = face_library.labelled_faces(owner, labels)
    others = Face.objects.filter(photo__owner=owner).exclude(pk__in=[face.pk for face in faces])
    imitate_siblings(faces, list(others))


def predicted(faces: list[Any]) -> Labels:
    """The group of each face; whoever is nobody is alone."""
    from people.models import Face

    people = dict(Face.objects.filter(pk__in=[face.pk for face in faces]).values_list("pk", "person_id"))
    return np.array([people[face.pk] or -index - 1 for index, face in enumerate(faces)])


def unsure_share(owner: Any) -> float:
    from people.grouping import assignments

    counted = assignments.counts(owner.pk)
    return counted.unsure / counted.faces


def report(name: str, truth: Labels, found: Labels) -> None:
    precision, recall = bcubed(truth, found)
    pairs = face_rules.pairwise(truth, found)
    table = face_rules.contingency(truth, found)
    alone = float((table.sum(axis=0) == 1).sum() / len(truth))
    mixed = int(((table > 0).sum(axis=0) > 1).sum())
    per_identity = float((table[table.sum(axis=1) > 1] > 0).sum(axis=1).mean())
    score = 2 * precision * recall / (precision + recall)
    print(
        f"{name:44} {precision:8.4f} {recall:7.4f} {score:7.4f}  {pairs[0]:7.4f} {pairs[1]:7.4f}"
        f"  {per_identity:9.3f}  {alone:.3f}  {mixed:5}"
    )


# --- review -----------------------------------------------------------------------------------------------------------


def answer_questions(owner: Any, faces: list[Any], count: int) -> str:
    """Answer as somebody would who knows the labels, through the real review code; what was said, in short."""
    from collections import Counter

    from people.grouping import assignments
    from people.review import asking, halves
    from people.review.asking import Answer

    identity = {face.pk: face.identity for face in faces}
    said: Counter[str] = Counter()
    for _ in range(count):
        question = asking.questions_of(owner).first()
        if question is None:
            break
        who = majority(question.person, identity)
        if question.face_id is not None:
            other = identity.get(question.face_id)
        else:
            other = majority(question.other, identity)
        verdict = Answer.NOT_SURE if who is None or other is None else Answer.YES if who == other else Answer.NO
        said[verdict] += 1
        shown = halves.seen(*halves.halves(question)) if halves.is_of_halves(question) else ()
        asking.answer(question, verdict, owner, shown)
        if question.face and verdict != Answer.NOT_SURE:  # what a worker does with the photo then
            assignments.group(owner.pk, photo_ids=[question.face.photo_id])
    return ", ".join(f"{number} {name}" for name, number in said.items())


def majority(person: Any, identity: dict[int, str]) -> str | None:
    """Who a group mostly is; None where none of its faces is labelled."""
    named = [identity[pk] for pk in person.faces.values_list("pk", flat=True) if pk in identity]
    return max(set(named), key=named.count) if named else None


# --- calibration ------------------------------------------------------------------------------------------------------


def calibrate(labels: dict[str, str], **folders: Path) -> None:
    """The curve of one threshold over these pictures of each kind, and what a calibration file holds."""
    from people.detection import vectors

    faces = {}
    for kind, folder in folders.items():
        owner = face_library.import_pictures(folder, labels)
        face_library.run_stages(owner)
        faces[kind] = face_library.labelled_faces(owner, labels)
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
    from people.grouping.clusters import group
    from people.grouping.neighbours import edges
    from people.grouping.units import FOUNDING_QUALITY, Library
    from vision.faces.calibration import Calibration

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
    from people.detection import vectors
    from vision.faces import calibration, faces

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


if __name__ == "__main__":
    main()
