"""What is marked in the code for translation."""

from dataclasses import dataclass, field

KEPT = "kept"  # a note: the sentence is kept in English and translated when it is shown (media/sentences.py)
BUTTON = "button"  # a note: it stands on a button, where room is short

Key = tuple[str, str]  # the context, which may be empty, and the text


@dataclass
class Marked:
    """A text in English, where it stands, and what translators should know of it."""

    text: str
    plural: str = ""
    context: str = ""
    where: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return self.context, self.text

    def also(self, other: "Marked") -> None:
        """Take in another place of the same text."""
        self.plural = self.plural or other.plural
        self.where |= other.where
        self.notes += [note for note in other.notes if note not in self.notes]


def together(every: list[Marked]) -> dict[Key, Marked]:
    """Each text once, in the order of its first place."""
    found: dict[Key, Marked] = {}
    for each in every:
        if each.key in found:
            found[each.key].also(each)
        else:
            found[each.key] = each
    return found
