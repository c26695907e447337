"""What words can mean: a person, a place, a date, a kind of photo …, each written as a term of the language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from search.language.tree import Word

PERSON, PLACE, ALBUM, TAG, DATE, KIND = "person", "place", "album", "tag", "date", "kind"
CALLED = {PERSON: "a person", PLACE: "a place", ALBUM: "an album", TAG: "a tag", DATE: "a date", KIND: "a kind"}
ICONS = {
    PERSON: "user", PLACE: "map-pin", ALBUM: "images", TAG: "tag", DATE: "calendar-days", KIND: "list-filter",
}  # fmt: skip
NAMES = {PERSON, PLACE, ALBUM, TAG}


@dataclass(frozen=True)
class Sense:
    """One thing that words can mean. `text` is how the language writes it, `label` how people read it.

    `indexed`: the text index finds it by the same words. `soft`: the words also say what a picture looks like, as in
    “christmas tree”. `town`: a place that something can be near to, unlike a region.
    """

    kind: str
    text: str
    label: str
    indexed: bool = False
    soft: bool = False
    town: bool = False


@dataclass(frozen=True)
class Unit:
    """Words that belong together. Without senses they are looked for as they are.

    `before` are the small words in front of them, which say nothing. `sure`: only the senses count, not the text.
    """

    words: tuple[Word, ...]
    senses: tuple[Sense, ...] = ()
    before: tuple[Word, ...] = ()
    inner: "tuple[Unit, ...]" = ()  # what the words mean one by one, where that is more
    left_out: bool = False
    others: "tuple[Unit, ...]" = ()  # those that may stand in for it: anna or ben
    sure: bool = False

    @property
    def is_plain(self) -> bool:
        return not self.senses and not self.others and not self.left_out

    @property
    def is_soft(self) -> bool:
        return bool(self.senses) and all(sense.soft for sense in self.senses) and not (self.left_out or self.others)

    @property
    def text(self) -> str:
        return " ".join(map(str, self.words))

    @property
    def all_words(self) -> tuple[Word, ...]:
        """With the small words before them."""
        inside = (word for other in self.others for word in other.all_words)
        return (*self.before, *self.words, *inside)

    @property
    def label(self) -> str:
        """How people read it: January 2024, Anna or Ben, without Anna."""
        label = self.senses[0].label if self.senses else self.text
        label = " or ".join([label, *(other.label for other in self.others)])
        if self.left_out and self.senses and self.senses[0].kind == KIND and not label.isupper():
            label = label[:1].lower() + label[1:]
        return f"without {label}" if self.left_out else label

    @property
    def icon(self) -> str:
        return ICONS[self.senses[0].kind] if self.senses and not self.others else ""


@dataclass(frozen=True)
class Correction:
    """A word as it was typed, which finds nothing, and as it was probably meant."""

    typed: Word
    meant: str


@dataclass(frozen=True)
class Spoken:
    """Plain words of a search and what they were read as. `words` are those that were typed."""

    words: tuple[Word, ...]
    units: tuple[Unit, ...]
    corrections: tuple[Correction, ...] = ()


def flat(units: Iterable[Unit]) -> Iterator[Unit]:
    """The units, and those that may stand in for them."""
    for unit in units:
        yield unit
        yield from flat(unit.others)
