"""Words of a search that say what a picture looks like: which of them do, and what they find."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from photos.access import photos_of, visible_photos
from photos.gallery import looks
from photos.gallery.vocabulary import showing
from photos.models import Photo
from search.index import fulltext
from search.index.indexed import scoped
from search.index.text_index import Phrase
from search.language.tree import Value, Word
from search.language.words import words as words_of
from vision.words import query, vocabulary

NAMING = ("place", "country", "camera", "lens")  # keys whose values, typed without the key, are no description


@dataclass(frozen=True)
class Description:
    """Words that belong together, and the photos that look like that, best first."""

    words: tuple[Word, ...]
    ids: list[int]
    photo: Photo | None = None  # that they are like too

    @property
    def heading(self) -> str:
        """What is said above the photos."""
        said = {"words": self.text}
        if self.photo and self.words:
            return _("Looks like that photo, “%(words)s”") % said
        return _("Looks like that photo") if self.photo else _("Looks like “%(words)s”") % said

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def described(user: User, words: Sequence[Word]) -> Description | None:
    """What the words say of looks, without those that are names; None where they say nothing."""
    telling = tuple(word for word in words if can_describe(word) and not is_name(user, word))
    if says_nothing(telling):
        return None
    return Description(telling, looks.find(user, in_english(telling)))


def says_nothing(words: Sequence[Word]) -> bool:
    """Whether the words say nothing of looks."""
    return all(query.is_empty(part) for part in in_english(words))


def in_english(words: Sequence[Word]) -> list[str]:
    """What the words say, as the models are asked."""
    return [part for word in words for part in word.said.split()]


def of_value(user: User, value: Value) -> Description:
    """What looks like the value of a key: by what is known of photos for a word of the vocabulary, else as said."""
    text = " ".join(query.in_english(value.said.lower().split()))
    if text in vocabulary.shipped().words:
        return Description((Word(value.text),), showing(user, text))
    return Description((Word(value.text),), looks.find(user, value.said.split()))


def alike(user: User, photo: Photo, words: Sequence[Word]) -> Description | None:
    """What looks like a photo, and as those of the words say that are no names; None if the photo is not known yet."""
    telling = tuple(word for word in words if can_describe(word) and not is_name(user, word))
    if says_nothing(telling):
        telling = ()
    ids = looks.find_like(user, photo, in_english(telling))
    return None if ids is None else Description(telling, ids, photo)


def can_describe(word: Word) -> bool:
    """Numbers, and what was quoted because it must be found as it is written, describe nothing."""
    return not word.exact and bool(words_of(word.text)) and not any(letter.isdigit() for letter in word.text)


def is_name(user: User, word: Word) -> bool:
    """Whether it names a person, place or camera in what the user sees: then it narrows down what others describe.

    The words of places and cameras that describe pictures as well do not: "city" is no name because of Mexico City.
    """
    if says_nothing([word]):
        return False
    if photos_of(user).filter(fulltext.having(fulltext.naming(word.text, exact=True))).exists():
        return True
    if query.is_taught(word.said):
        return False
    found = words_of(word.text)
    phrases = [Phrase(tuple(scoped(key, part) for part in found), False, "scoped") for key in NAMING]
    return any(visible_photos(user).filter(fulltext.having(phrase)).exists() for phrase in phrases)
