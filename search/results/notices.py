"""What the user should know of a search: names that nobody has, words that were mended or that mean two things."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext, pgettext_lazy

from search.compile import Found, Notice
from search.language.spoken.everyday import EVERYDAY
from search.language.spoken.senses import ALBUM, DATE, KIND, PERSON, PLACE, TAG, Sense, Spoken, Unit, flat
from search.language.tree import Word, quoted, written

CALLED = {
    PERSON: pgettext_lazy("what a word means", "a person"),
    PLACE: pgettext_lazy("what a word means", "a place"),
    DATE: pgettext_lazy("what a word means", "a date"),
    KIND: pgettext_lazy("what a word means", "a kind"),
}
ONLY = {
    PERSON: _lazy("only the person"),
    PLACE: _lazy("only the place"),
    DATE: _lazy("only the date"),
    KIND: _lazy("only the kind"),
}


@dataclass(frozen=True)
class Other:
    """A search that finds one of the things alone, under what it is: the person."""

    label: str
    search: str


@dataclass(frozen=True)
class Told:
    """A notice in words; the search as it was probably meant, or as it was typed where words were mended; or others."""

    message: str
    suggestion: str = ""
    mended: str = ""  # what was typed
    choices: tuple[Other, ...] = ()


def notices_of(text: str, found: Found) -> list[Told]:
    """All that is to be told of the search `text`."""
    told = [named(text, notice) for notice in found.notices]
    for spoken in found.spoken:
        told += [*mended(text, spoken), *ambiguous(text, spoken)]
    return told


def named(text: str, notice: Notice) -> Told:
    """That nobody or nothing is called so; the suggestion has the name that was meant."""
    meant = f"{text[: notice.start]}{written(notice.meant)}{text[notice.end :]}" if notice.meant else ""
    return Told(notice.message, meant)


def mended(text: str, spoken: Spoken) -> Iterator[Told]:
    """That typing mistakes were mended, with the search as it was typed: in quotation marks nothing is mended."""
    if not spoken.corrections:
        return
    meant = replaced(text, [(one.typed, one.meant) for one in spoken.corrections])
    typed = replaced(text, [(one.typed, quoted(one.typed.text)) for one in spoken.corrections])
    words = " ".join(one.typed.text for one in spoken.corrections)
    yield Told(_("Showing results for “%(words)s”.") % {"words": meant}, typed, mended=words)


def ambiguous(text: str, spoken: Spoken) -> Iterator[Told]:
    """That words mean two things, and how to ask for one of them."""
    asked = [unit for unit in flat(spoken.units) if not unit.left_out]
    for unit in [*asked, *(inner for one in asked for inner in one.inner)]:
        senses = {sense.kind: sense for sense in unit.senses if sense.kind not in (ALBUM, TAG)}
        choices = [Other(str(ONLY[kind]), replaced_by(text, unit, in_words(senses[kind]))) for kind in senses]
        kinds = [str(CALLED[kind]) for kind in senses]
        if len(senses) == 1 and unit.text.lower() in EVERYDAY:
            [sense] = senses.values()
            kinds.append(pgettext("what a word means", "an everyday word"))
            choices.append(
                Other(_("only the word"), replaced_by(text, unit, f"{quoted(unit.text)} -{in_words(sense)}"))
            )
        if len(kinds) > 1:
            said = {"word": unit.text, "kinds": pgettext("between meanings of a word", " and ").join(kinds)}
            # Translators: kinds is such as: a person and a date
            yield Told(_("“%(word)s” is %(kinds)s. This finds both.") % said, choices=tuple(choices))


def in_words(sense: Sense) -> str:
    return f"({sense.text})" if " OR " in sense.text else sense.text


def replaced_by(text: str, unit: Unit, term: str) -> str:
    """The search with a term in place of the words."""
    return f"{text[: unit.words[0].start]}{term}{text[unit.words[-1].end :]}"


def replaced(text: str, words: list[tuple[Word, str]]) -> str:
    """The search with other texts in place of words."""
    for word, instead in sorted(words, key=lambda pair: -pair[0].start):
        text = f"{text[: word.start]}{instead}{text[word.end :]}"
    return text
