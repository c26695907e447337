"""What a score is worth: chances learnt on libraries of pictures that the maps never saw.

Pictures are divided into folds; maps learnt from the other folds place each fold's. From a fold, libraries of several
sizes are drawn, every second one of captioned pictures only, as a family's library is. In each, some words and names
are hidden: every picture that shows them is left out. Asking for these, for names of other pictures and for nonsense
teaches how absence scores; asking for words, names and sentences of what is there, how presence does.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.word_maps import data
from vision.words import maps, query
from vision.words.library import Library

Vectors = NDArray[np.float32]
Learn = Callable[[Sequence[data.Shown]], maps.Maps]
FOLDS = 4
SIZES = (150, 300, 600)
LIBRARIES = 3  # of each size, from each fold
HIDDEN, FOREIGN, ASKED, SENTENCES, PHRASES = 15, 40, 40, 15, 15  # queries of each library
UNSAID = 2  # words of a sentence that no caption of a library says, for it to be absent
NONSENSE = 6  # random letters, asked for in each library
COMMON = 0.1  # a share of the library's pictures; a word that more show is not hidden


@dataclass(frozen=True)
class Concept:
    """A word or a name, and which pictures show it, which may, by their place in the fold."""

    said: str
    shown: frozenset[int]
    mentioned: frozenset[int]


@dataclass(frozen=True)
class Asked:
    """What asking for something taught: the evidence, whether it is there, each picture's signs, which show it."""

    evidence: Vectors
    present: bool
    signs: Vectors
    shown: NDArray[np.bool_]
    names: float


def calibrate(
    pictures: Sequence[data.Shown],
    encoder: query.Encoder,
    learn: Learn,
    words: "Words",
    seed: int,
    beside: Sequence[str] | None = None,
) -> tuple[Vectors, Vectors]:
    """The weights of library.EVIDENCE and of library.SIGNS; with names `beside`, of queries that are no names alone."""
    random = np.random.default_rng(seed)
    fold_of = random.permutation(len(pictures)) % FOLDS
    lessons: list[Asked] = []
    for fold in range(FOLDS):
        known = learn([shown for place, shown in enumerate(pictures) if fold_of[place] != fold])
        held_out = [shown for place, shown in enumerate(pictures) if fold_of[place] == fold]
        foreign = beside or sorted({name for shown in held_out for name in shown.names})
        for part in [held_out, [shown for shown in held_out if shown.captions]][: 1 if beside else 2]:
            concepts = concepts_of(part, words)
            for size in SIZES * LIBRARIES:
                lessons.extend(ask(known, part, concepts, foreign, encoder, size, random, phrases=bool(beside)))
    if beside:
        lessons = [asked for asked in lessons if asked.names == query.NAMES_OTHERWISE]
    absence = fit_absence(lessons)
    return absence, fit_showing(lessons, absence)


Words = Callable[[data.Shown], list[str]]


def concepts_of(pictures: Sequence[data.Shown], words: Words) -> list[Concept]:
    """The words and names of these pictures."""
    shown: dict[str, set[int]] = {}
    for place, picture in enumerate(pictures):
        for said in (*words(picture), *picture.names):
            shown.setdefault(said, set()).add(place)
    texts = [" ".join((*picture.captions, *picture.names)).lower() for picture in pictures]
    return [
        Concept(said, frozenset(places), frozenset(place for place, text in enumerate(texts) if said.lower() in text))
        for said, places in sorted(shown.items())
    ]


def ask(
    known: maps.Maps,
    pictures: Sequence[data.Shown],
    concepts: Sequence[Concept],
    foreign: Sequence[str],
    encoder: query.Encoder,
    size: int,
    random: np.random.Generator,
    phrases: bool = False,
) -> Iterator[Asked]:
    """Draw a library, hide some concepts, ask for them, for others and for what no picture was ever about."""
    hidden = hide(concepts, len(pictures), random)
    gone = frozenset().union(*(concept.shown | concept.mentioned for concept in hidden))
    left = np.array([place for place in range(len(pictures)) if place not in gone])
    chosen = np.sort(random.choice(left, min(size, len(left)), replace=False))
    library = Library.of(np.stack([pictures[place].vector for place in chosen]), known)
    inside = [concept for concept in concepts if concept.shown & set(chosen.tolist())]
    present = [inside[place] for place in random.permutation(len(inside))[:ASKED]]
    present += sentences_of(pictures, chosen, random)
    absent = [*hidden, *nothing_shows(pictures, chosen, foreign, random)]
    if phrases:
        said, unsaid = phrases_of(pictures, chosen, random)
        present, absent = [*present, *said], [*absent, *unsaid]
    for concept in (*present, *absent):
        asked = query.read(concept.said, known, encoder)
        scores = library.scores(asked)
        shows = np.isin(chosen, sorted(concept.shown))
        clear = shows | ~np.isin(chosen, sorted(concept.mentioned))
        signs = library.signs(asked, scores, library.log_odds(asked, scores))
        yield Asked(library.evidence(asked, scores), concept in present, signs[clear], shows[clear], asked.names)


def sentences_of(
    pictures: Sequence[data.Shown], chosen: NDArray[np.int_], random: np.random.Generator
) -> list[Concept]:
    """Captions of some of the library's pictures. Others may show the same, so only theirs count as clear."""
    captioned = [place for place in chosen.tolist() if pictures[place].captions]
    drawn = [captioned[place] for place in random.permutation(len(captioned))[:SENTENCES]]
    everything = frozenset(chosen.tolist())
    return [Concept(pictures[place].captions[0], frozenset({place}), everything) for place in drawn]


def nothing_shows(
    pictures: Sequence[data.Shown], chosen: NDArray[np.int_], foreign: Sequence[str], random: np.random.Generator
) -> list[Concept]:
    """Names of which none of the library's pictures says a word, and letters that mean nothing."""
    texts = " ".join(text for place in chosen for text in (*pictures[place].captions, *pictures[place].names)).lower()
    unsaid = [name for name in foreign if not any(word in texts for word in name.lower().split())]
    names = [unsaid[place] for place in random.permutation(len(unsaid))[:FOREIGN]]
    letters = ["".join(random.choice(list("bcdfghjkqvwxzaeiou"), random.integers(4, 9))) for _ in range(NONSENSE)]
    return [Concept(said, frozenset(), frozenset()) for said in (*names, *letters)]


def phrases_of(
    pictures: Sequence[data.Shown], chosen: NDArray[np.int_], random: np.random.Generator
) -> tuple[list[Concept], list[Concept]]:
    """Two words that captions of the library say one after the other; and such words, and sentences, of other pictures
    that say what no caption of the library says."""
    inside, everything = set(chosen.tolist()), frozenset(chosen.tolist())
    spoken = {word for place in inside for caption in pictures[place].captions for word in query.telling(caption)}
    said, pairs, sentences = [], [], []
    for place in random.permutation(len(pictures)).tolist():
        for caption in pictures[place].captions[:1]:
            words = query.telling(caption)
            start = int(random.integers(max(len(words) - 1, 1)))
            two, strange = words[start : start + 2], sum(word not in spoken for word in words)
            if place in inside:
                said.append(Concept(" ".join(two), frozenset({place}), everything))
            elif not set(two) <= spoken:
                pairs.append(Concept(" ".join(two), frozenset(), frozenset()))
            elif strange >= UNSAID:
                sentences.append(Concept(caption, frozenset(), frozenset()))
    return said[:PHRASES], [*pairs[:PHRASES], *sentences[:PHRASES]]


def hide(concepts: Sequence[Concept], count: int, random: np.random.Generator) -> list[Concept]:
    """Half of them words or names that few pictures show, whatever they are."""
    rare = [concept for concept in concepts if len(concept.mentioned) < COMMON * count]
    return [rare[place] for place in random.permutation(len(rare))[:HIDDEN]]


def fit_absence(lessons: Sequence[Asked]) -> Vectors:
    """Weights that tell what is there from what is not, both being equally frequent."""
    evidence = np.stack([asked.evidence for asked in lessons]).astype(np.float64)
    present = np.array([asked.present for asked in lessons])
    model = LogisticRegression(C=1.0, class_weight="balanced", fit_intercept=False, max_iter=1000)
    weights = model.fit(evidence, present).coef_[0]
    told = evidence @ weights > 0
    print(
        f"held out: {np.mean(told[present]):.3f} of what is there found, {np.mean(~told[~present]):.3f} of the absent"
    )
    return np.asarray(weights, np.float32)


def fit_showing(lessons: Sequence[Asked], absence: Vectors) -> Vectors:
    """Weights of a picture's signs. Their third is what the evidence says, by the weights that it now has."""
    rows = []
    for asked in lessons:
        signs = asked.signs.astype(np.float64)
        signs[:, 2] = asked.evidence @ absence
        rows.append(signs)
    signs, shown = np.concatenate(rows), np.concatenate([asked.shown for asked in lessons])
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=1000)
    return np.asarray(model.fit(signs, shown).coef_[0], np.float32)
