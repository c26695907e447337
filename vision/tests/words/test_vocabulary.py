"""Words that pictures show: the best few of each, and the vocabulary that ships."""

import csv

import numpy as np

from vision.tests.words.drawn import asked_for, directions
from vision.words import vocabulary
from vision.words.library import Library
from vision.words.maps import Maps
from vision.words.query import WEIGHTS_OF_NAMES
from vision.words.vocabulary import MOST, NONE, Vocabulary


def test_a_picture_shows_the_words_above_their_thresholds_the_best_first(known: Maps) -> None:
    rows = directions(3, 4)
    pictures = Library.of(rows, known)
    queries = tuple(asked_for(known, row) for row in rows[:2])
    scores = vocabulary.scores(pictures, queries)
    thresholds = np.array([scores[0, 0] - 1e-3, scores[:, 1].min() - 1e-3], np.float32)
    shown = Vocabulary(("one", "two"), ("things", "things"), queries, thresholds).shown(pictures)
    assert shown.shape == (3, MOST)
    for place in range(3):
        fit = [at for at in np.argsort(-(scores[place] - thresholds)).tolist() if scores[place, at] >= thresholds[at]]
        assert [number for number in shown[place].tolist() if number != NONE] == fit


def test_the_vocabulary_that_ships_is_that_of_its_table() -> None:
    shipped = vocabulary.shipped()
    with vocabulary.FILE.with_suffix(".csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["word"] for row in rows] == list(shipped.words)
    assert [row["about"] for row in rows] == list(shipped.about)
    assert all(float(row["precision"]) >= 0.8 for row in rows)
    # what random texts score is kept for these weights: for any other it would be measured at every search
    assert {query.names for query in shipped.queries} <= set(WEIGHTS_OF_NAMES)
    assert len({query.vector.shape for query in shipped.queries}) == 1
