"""What is in the pictures: recall of labels against captions, words that are read, and tags learnt from few answers.

    MIRAGE_MODELS=DIR python benchmarks/search.py --scenes DIR [--text DIR --words FILE] [--teach 5,10,20] [--draws 3]

A fresh library in a temporary folder takes the pictures in, and the stages run as a worker runs them.

--scenes is a folder of photos with captions.csv (file, caption; several a photo). A noun that a caption says and that
labels.py takes for a thing is to be found by a label of that thing. Concepts come from the captions, ten and
others beside them: each is taught to a tag as a user does it, five photos first, then answers in the review, which the
captions give. Two of five photos are laid aside beforehand, by chance, and that several times: average precision is
that of the order in which the probe puts these, which it has never seen, neither as examples nor among the others that
stand for no.

--text is a folder of pictures with words on them; --words a CSV (file, word) of those that are legible.
"""

import argparse
import csv
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
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
OTHERS = {  # on which nothing was tried before it was settled
    "vehicles": r"\b(car|truck|bus|van|motorcycle|bike|bicycle)s?\b|buses",
    "birds and planes": r"\bbirds?\b|plane|\bjet\b|kite|flying",
    "children": r"child|\bboys?\b|\bgirls?\b|\bkids?\b|baby|toddler",
    "women": r"\bwom[ae]n\b|\blady\b|\bgirls?\b",
    "groups": r"people|crowd|group|players|\bmen\b",
    "grass": r"grass|field|meadow|pasture|lawn",
    "beds and sofas": r"\bbeds?\b|couch|sofa|bedroom|living room",
    "tables": r"\btables?\b",
    "boards": r"skateboard|surfboard|snowboard|\bsurf",
    "sitting": r"\bsit(s|ting)?\b",
}
ASIDE = 0.4  # share of the photos of a concept, and of the others


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=Path, required=True)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--words", type=Path, help="CSV: file,word")
    parser.add_argument("--teach", default="5,10,20", help="after how many answers; 5 is the first five photos alone")
    parser.add_argument("--draws", type=int, default=3, help="how often photos are laid aside")
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
        counts = [int(count) for count in options.teach.split(",")]
        for title, concepts in (("ten concepts", CONCEPTS), ("others", OTHERS)):
            print(title)
            teach(captions, concepts, counts, options.draws)
        learning_time()


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
    from photos.ingest import intake

    call_command("migrate", verbosity=0)
    owner, _ = User.objects.get_or_create(username="benchmark")
    for file in files:
        intake.ingest(owner, file)


def run_stages() -> None:
    """Run them one after another; print what a photo costs and how much memory the process has held by then."""
    from photos import pipeline

    pipeline.STAGES._entries = {name: stage for name, stage in pipeline.STAGES.items() if name in STAGES}
    print(f"{'stage':<14}{'photos':>8}{'CPU ms':>9}{'wall ms':>9}{'peak MB':>9}")
    for name in STAGES:
        stage, done = pipeline.STAGES[name], 0
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
    from photos.models import DetectedObject
    from vision.coco import LABELS

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
    from photos.gallery import labels

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
    from search.language.words import fold

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


def teach(captions: dict[str, list[str]], concepts: dict[str, str], counts: list[int], draws: int) -> None:
    """Average precision after so many answers, concept by concept."""
    header = "".join(f"{f'after {count}':>10}" for count in counts)
    print(f"{'concept':<22}{'photos':>8}{header}{'found':>8}{'s/answer':>10}")
    rows: list[list[float]] = []
    for concept, pattern in concepts.items():
        right = {name for name, texts in captions.items() if sum(bool(re.search(pattern, text)) for text in texts) >= 2}
        runs = [taught(concept, right, set(captions), counts, draw) for draw in range(draws)]
        row = [sum(run[place] for run in runs) / draws for place in range(len(counts) + 2)]
        rows.append(row)
        print(f"{concept:<22}{len(right):>8}{cells(row[:-2])}{row[-2]:>8.2f}{row[-1]:>10.2f}")
    print(f"{'mean':<22}{'':>8}{cells([sum(column) / len(rows) for column in zip(*rows, strict=True)][:-2])}")
    print("found: share of its photos with the tag after the last answer, of those not laid aside\n")


def cells(precisions: list[float]) -> str:
    return "".join(f"{precision:>10.3f}" for precision in precisions)


def taught(concept: str, right: set[str], names: set[str], counts: list[int], draw: int) -> list[float]:
    """Teach one concept with the functions that the pages call: the precisions, share found, seconds an answer.

    Where nothing is left to ask about, what was learnt by then stands for more answers too.
    """
    from accounts.models import User
    from photos.models import Photo
    from tags import teaching
    from tags.models import PhotoTag, Tag

    owner = User.objects.get()
    photos = list(Photo.objects.filter(original_name__in=names).order_by("original_name"))
    aside, pool = laid_aside(photos, right, draw)
    Photo.objects.filter(pk__in=aside).update(trashed_at=datetime.now(UTC))
    tag = Tag.objects.create(owner=owner, name=concept, path=f"{concept} {draw}")
    by_id = {photo.pk: photo for photo in pool}
    mine = [photo for photo in pool if photo.original_name in right]
    first = mine[: teaching.LEAST_EXAMPLES]
    PhotoTag.objects.bulk_create(PhotoTag(photo=photo, tag=tag) for photo in first)
    told: dict[int, float] = {}
    answers, spent = len(first), 0.0
    while True:
        learnt = teaching.up_to_date(tag)
        told[answers] = precision_on(teaching.probe_of(learnt), aside, right)
        asked = teaching.most_useful([each for each in teaching.candidates(learnt) if each.photo_id in by_id], answers)
        if answers >= max(counts) or asked is None:
            break
        photo = by_id[asked.photo_id]
        began = time.perf_counter()
        said = "yes" if photo.original_name in right else "no"
        teaching.answer(tag, photo, said, owner, asked.probability)
        spent += time.perf_counter() - began
        answers += 1
    found = PhotoTag.objects.filter(tag=tag, rejected=False).count() / len(mine)
    Photo.objects.update(trashed_at=None)
    return [told[min(count, answers)] for count in counts] + [found, spent / max(answers - len(first), 1)]


def laid_aside(photos: list[Any], right: set[str], draw: int) -> tuple[dict[int, str], list[Any]]:
    """By id the names of the photos that are kept for judging; those to learn from, in the same order by chance."""
    aside: dict[int, str] = {}
    pool = []
    for kind in (True, False):
        some = [photo for photo in photos if (photo.original_name in right) == kind]
        random.Random(draw).shuffle(some)
        kept = round(ASIDE * len(some))
        aside |= {photo.pk: photo.original_name for photo in some[:kept]}
        pool += some[kept:]
    return aside, pool


def precision_on(probe: Any, aside: dict[int, str], right: set[str]) -> float:
    """Average precision of the order in which the probe puts these photos."""
    import numpy as np

    from photos import vectors
    from photos.models import Embedding
    from vision import embeddings

    rows = dict(Embedding.objects.filter(kind=embeddings.KIND, photo__in=aside).values_list("pk", "photo_id"))
    held = vectors.vectors_of(embeddings.KIND, list(rows))
    chances = probe.probabilities(np.stack(list(held.values())))
    order = sorted(zip(chances.tolist(), held, strict=True), reverse=True)
    return average_precision([aside[rows[row]] in right for _, row in order])


def learning_time(rounds: int = 5) -> None:
    """Of the probe alone, with as many examples as it ever takes."""
    import numpy as np

    from tags import teaching
    from tags.probe import fit_with_background
    from vision import embeddings

    rows = np.random.default_rng(1).normal(
        size=(2 * teaching.MOST_EXAMPLES + teaching.BACKGROUND, embeddings.DIMENSION)
    )
    rows = (rows / np.linalg.norm(rows, axis=1)[:, None]).astype(np.float32)
    known = 2 * teaching.MOST_EXAMPLES
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        fit_with_background(rows[:known], np.arange(known) % 2 == 0, rows[known:])
        spent.append(time.process_time() - began)
    print(f"learning from {len(rows):,} examples: {sorted(spent)[rounds // 2]:.2f} s of CPU")


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
