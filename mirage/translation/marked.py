"""What is marked in the code for translation."""

import re
from dataclasses import dataclass, field

KEPT = "kept"  # a note: the sentence is kept in English and translated when it is shown (media/sentences.py)
BUTTON = "button"  # a note: it stands on a button, where room is short

DATE = "the order of a date"  # a note: letters of Django's filter date
ORDER = re.compile(r"[^A-Za-z]*[A-Za-z](?:[^A-Za-z]+[A-Za-z])*[^A-Za-z]*")  # letters that stand alone

Key = tuple[str, str]  # the context, which may be empty, and the text


@dataclass
class Marked:
    """A text in English, where it stands, and what translators should know of it."""

    text: str
    plural: str = ""
    context: str = ""
    where: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    both: bool = False  # it stands alone and in a count: languages with one form would show the number's name

    @property
    def key(self) -> Key:
        return self.context, self.text

    def also(self, other: "Marked") -> None:
        """Take in another place of the same text."""
        self.both = self.both or other.both or bool(self.plural) != bool(other.plural)
        self.plural = self.plural or other.plural
        self.where |= other.where
        self.notes += [note for note in other.notes if note not in self.notes]


def is_date(text: str) -> bool:
    """Whether a text is the order of a date, such as j F Y."""
    return "%" not in text and bool(ORDER.fullmatch(text)) and (len(text) > 1 or text in "jFYHN")


def together(every: list[Marked]) -> dict[Key, Marked]:
    """Each text once, in the order of its first place."""
    found: dict[Key, Marked] = {}
    for each in every:
        if each.key in found:
            found[each.key].also(each)
        else:
            found[each.key] = each
            each.notes += [DATE] * is_date(each.text)
    return found
