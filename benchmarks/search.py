"""What is in the pictures: recall of labels against captions, words that are read, and tags learnt from few answers.

    MIRAGE_MODELS=DIR python benchmarks/search.py --scenes DIR [--text DIR --words FILE] [--teach 5,10,20]

A fresh library in a temporary folder takes the pictures in, and the stages run as a worker runs them.

--scenes is a folder of photos with captions.csv (file, caption; several a photo). A noun that a caption says and that
photos/labels.py takes for a thing is to be found by a label of that thing. Ten concepts come from the captions: each
is taught to a tag as a user does it, five photos first, then answers in the review, which the captions give. Average
precision is that of the order of all photos but the first five; one that was answered has the probability that a probe
would give it that had not seen it, so that all figures are over the same photos.

--text is a folder of pictures with words on them; --words a CSV (file, word) of those that are legible.
"""

import argparse
import csv
import os
import re
import resource
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

STAGES = ("metadata", "thumbnails", "objects", "embedding", "text")
CONCEPTS = {  # what at least two captions of a photo say
    "snow": r"\bski|snow",
    "meals": r"plate|food|meal|pizza|sandwich|bowl|salad|dinner|lunch",
    "at home": r"kitchen|bathroom|bedroom|toilet|stove|oven|sink|\bbeds?\b|couch|living room",
    "by the water": r"beach|ocean|wave|surf|\bsea\b|water|lake|river|boat",
    "streets": r"street|road|city|traffic|sidewalk",
    "sports": r"tennis|baseball|\bball\b|frisbee|soccer|\bbat\b|skateboard|\bsurf|\bski|snowboard",
    "wild animals": r"zebra|elephant|giraffe|\bbears?\b|\bzoo\b|lion|monkey",
    "desks": r"laptop|computer|desk|keyboard|monitor",
    "pets": r"\b(cat|dog|kitten|puppy)s?\b",
    "fruit and vegetables": r"banana|apple|orange|fruit|vegetable|carrot|broccoli",
}


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=Path, required=True)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--words", type=Path, help="CSV: file,word")
    parser.add_argument("--teach", default="5,10,20", help="after how many answers; 5 is the first five photos alone")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ |= {"MIRAGE_DATA": place, "DJANGO_SETTINGS_MODULE": "mirage.settings"}
        import django

        django.setup()
        captions = captions_in(options.scenes / "captions.csv")
        take_in([options.scenes / name for name in captions])
        if options.text:
            take_in(sorted(path for path in options.text.iterdir() if path.is_file()))
        run_stages()
        nouns(captions)
        if options.text:
            words(options.text, options.words)
        teach(captions, [int(count) for count in options.teach.split(",")])


def captions_in(file: Path) -> dict[str, list[str]]:
    """By file, its captions."""
    found: dict[str, list[str]] = defaultdict(list)
    with file.open(newline="") as stream:
        for row in csv.DictReader(stream):
            found[row["file"]].append(row["caption"].lower())
    return dict(found)


# --- the library ------------------------------------------------------------------------------------------------------


def take_in(files: list[Path]) -> None:
    from django.core.management import call_command

    from accounts.models import User
    from photos import ingest

    call_command("migrate", verbosity=0)
    owner, _ = User.objects.get_or_create(username="benchmark")
    for file in files:
        ingest.ingest(owner, file)


def run_stages() -> None:
    """Run them one after another; print what a photo costs and how much memory the process has held by then."""
    from photos import pipeline

    pipeline.STAGES = tuple(stage for stage in pipeline.STAGES if stage.name in STAGES)
    print(f"{'stage':<14}{'photos':>8}{'CPU ms':>9}{'wall ms':>9}{'peak MB':>9}")
    for name in STAGES:
        stage, done = pipeline.STAGE[name], 0
        spent, began = time.process_time(), time.perf_counter()
        while count := pipeline.perform_next(stage):
            done += count
        spent, began = time.process_time() - spent, time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        each = 1000 / max(done, 1)
        print(f"{name:<14}{done:>8}{spent * each:>9.0f}{began * each:>9.0f}{peak:>9.0f}")
    print("(CPU of this process alone: metadata and thumbnails are made in the sandbox)\n")


# --- labels -----------------------------------------------------------------------------------------------------------


def nouns(captions: dict[str, list[str]]) -> None:
    """Recall of what captions say, by how many captions say it."""
    from photos.coco import LABELS
    from photos.models import DetectedObject

    seen: dict[str, set[str]] = defaultdict(set)
    for name, label in DetectedObject.objects.values_list("photo__original_name", "label"):
        seen[name].add(label)
    told = {name: said_things(texts) for name, texts in captions.items()}
    for least, words in ((1, "a caption says"), (2, "two captions say"), (3, "three captions say")):
        wanted = [(name, labels) for name, things in told.items() for labels, count in things.items() if count >= least]
        found = sum(bool(labels & seen[name]) for name, labels in wanted)
        print(f"things that {words:<20}{len(wanted):>5}  found {found:>5}  recall {found / max(len(wanted), 1):.3f}")
    by_label = {
        label: [(name, labels & seen[name]) for name, things in told.items() for labels in things if labels == {label}]
        for label in LABELS
    }
    common = sorted((rows for rows in by_label.items() if len(rows[1]) >= 3), key=lambda rows: -len(rows[1]))
    print("  " + ", ".join(f"{label} {sum(map(bool, (hit for _, hit in rows)))}/{len(rows)}" for label, rows in common))
    labels = sum(len(found) for found in seen.values())
    print(f"{labels} labels on {len(captions)} pictures\n")


def said_things(texts: list[str]) -> dict[frozenset[str], int]:
    """The things that captions say, each as the labels that would be right, and how many captions say it."""
    counts: dict[frozenset[str], int] = defaultdict(int)
    for text in texts:
        for labels in set(things_in(text)):
            counts[labels] += 1
    return counts


def things_in(text: str) -> list[frozenset[str]]:
    """Of one caption, pairs of words first: a hot dog is no dog. Words for many things at once do not count."""
    from photos import labels

    words = re.findall(r"[a-z]+", text)
    found, place = [], 0
    while place < len(words):
        for length in (2, 1):
            meant = labels.meant(" ".join(words[place : place + length])) if place + length <= len(words) else {}
            if meant and len(meant) <= 2:
                found.append(frozenset(meant))
                place += length - 1
                break
        place += 1
    return found


# --- words ------------------------------------------------------------------------------------------------------------


def words(folder: Path, legible: Path | None) -> None:
    """Which of the legible words were read."""
    from photos.models import PhotoText
    from search.words import fold

    read = {
        name: set(re.findall(r"\w+", fold(text)))
        for name, text in PhotoText.objects.values_list("photo__original_name", "text")
    }
    wanted: dict[str, list[str]] = defaultdict(list)
    if legible:
        with legible.open(newline="") as stream:
            for row in csv.DictReader(stream):
                wanted[row["file"]] += re.findall(r"\w+", fold(row["word"]))
    for file in sorted(path.name for path in folder.iterdir()):
        have, want = read.get(file, set()), wanted.get(file, [])
        missed = [word for word in want if word not in have]
        summary = f"{len(want) - len(missed)} of {len(want)} words" if want else f"{len(have)} words read"
        print(f"{file:<28}{summary}{'; missed: ' + ' '.join(missed) if missed else ''}")
    total, hit = sum(map(len, wanted.values())), sum(w in read.get(f, set()) for f, ws in wanted.items() for w in ws)
    if total:
        print(f"{'all':<28}{hit} of {total} words, {hit / total:.3f}")
    print()


# --- tags -------------------------------------------------------------------------------------------------------------


def teach(captions: dict[str, list[str]], counts: list[int]) -> None:
    """Average precision after so many answers, concept by concept."""
    header = "".join(f"{f'after {count}':>10}" for count in counts)
    print(f"{'concept':<22}{'photos':>8}{header}{'found':>8}{'s/answer':>10}")
    columns: dict[int, list[float]] = defaultdict(list)
    for concept, pattern in CONCEPTS.items():
        right = {name for name, texts in captions.items() if sum(bool(re.search(pattern, text)) for text in texts) >= 2}
        told, found, seconds = taught(concept, right, set(captions), counts)
        for count, precision in told.items():
            columns[count].append(precision)
        cells = "".join(f"{told[count]:>10.3f}" if count in told else f"{'–':>10}" for count in counts)
        print(f"{concept:<22}{len(right):>8}{cells}{found:>8}{seconds:>10.2f}")
    means = "".join(f"{sum(columns[count]) / max(len(columns[count]), 1):>10.3f}" for count in counts)
    print(f"{'mean':<22}{'':>8}{means}")
    print("found: of its photos, with the tag after the last answer; – where there was nothing left to ask before")


def taught(concept: str, right: set[str], names: set[str], counts: list[int]) -> tuple[dict[int, float], int, float]:
    """Teach one concept with the functions that the pages call. Precisions, photos found, seconds an answer."""
    from accounts.models import User
    from photos.models import Photo
    from tags import teaching
    from tags.models import PhotoTag, Tag

    owner = User.objects.get()
    photos = {photo.pk: photo for photo in Photo.objects.filter(original_name__in=names)}
    tag = Tag.objects.create(owner=owner, name=concept, path=concept)
    first = [photo for photo in photos.values() if photo.original_name in right][: teaching.LEAST_EXAMPLES]
    PhotoTag.objects.bulk_create(PhotoTag(photo=photo, tag=tag) for photo in first)
    told: dict[int, float] = {}
    answers, began, spent = len(first), 0.0, 0.0
    while True:
        taught = teaching.up_to_date(tag)
        ranked = [each for each in teaching.candidates(taught) if each.photo_id in photos]
        if answers in counts:
            chances = {each.photo_id: each.probability for each in ranked} | unseen(taught, first)
            order = sorted(chances, key=lambda photo_id: -chances[photo_id])
            told[answers] = average_precision([photos[photo_id].original_name in right for photo_id in order])
        asked = teaching.most_useful(ranked, answers)
        if answers >= max(counts) or asked is None:
            break
        said = photos[asked.photo_id].original_name in right
        began = time.perf_counter()
        teaching.answer(tag, photos[asked.photo_id], "yes" if said else "no", owner, asked.probability)
        spent += time.perf_counter() - began
        answers += 1
    found = PhotoTag.objects.filter(tag=tag, rejected=False).count()
    return told, found, spent / max(answers - len(first), 1)


def unseen(taught: Any, first: list[Any]) -> dict[int, float]:
    """By photo, the probabilities of those that were answered, as if they had not been."""
    from tags import teaching

    rows = (rows.order_by("-pk").values_list("photo", flat=True) for rows in teaching.examples_of(taught.tag))
    given = {photo.pk for photo in first}
    answered = [photo_id for kind in rows for photo_id in kind if photo_id not in given]
    return dict(zip(answered, (chance for chance, _ in taught.judged), strict=True))


def average_precision(order: list[bool]) -> float:
    """Of a ranking: the mean of the precisions at each right one."""
    hits, total = 0, 0.0
    for place, right in enumerate(order, 1):
        if right:
            hits += 1
            total += hits / place
    return total / max(hits, 1)


if __name__ == "__main__":
    main()
