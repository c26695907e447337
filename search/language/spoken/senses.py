"""What words can mean: a person, a place, a date, a kind of photo …, each written as a term of the language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from mirage.wording import Words
from search.language.tree import Word

PERSON, PLACE, ALBUM, TAG, DATE, KIND = "person", "place", "album", "tag", "date", "kind"
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
    label: Words
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
        return _("without %(what)s") % {"what": self.what} if self.left_out else self.what

    @property
    def what(self) -> str:
        """The same without saying that it is left out."""
        label = str(self.senses[0].label) if self.senses else self.text
        label = pgettext("between things of which one is enough", " or ").join(
            [label, *(other.label for other in self.others)]
        )
        is_kind = self.left_out and bool(self.senses) and self.senses[0].kind == KIND and not label.isupper()
        if is_kind and not (get_language() or "").startswith("de"):  # German nouns are always capital
            label = label[:1].lower() + label[1:]
        return label

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
