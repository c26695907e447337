"""German, French, Spanish and Italian queries, translated word by word into English, the only language of the encoder.

languages.txt has a few hundred words for things that can be seen. A query is translated if one language has all of its
words and English does not.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".txt")
CODES = ("de", "fr", "es", "it")
LONGEST = 4  # the most words in a phrase of the file
# Small words: articles and the like, which say nothing about a picture, and prepositions, which are translated.
NOTHING = {
    "de": "der die das den dem des ein eine einen einem einer zwei drei vor bei zu von aus",
    "fr": "le la les un une des du de l d deux trois aux chez par",
    "es": "el la los las un una unos unas de del dos tres por para",
    "it": "il lo la i gli le un uno una di del della dei delle dello dell due tre da dal dalla l d",
}
BETWEEN = {
    "de": {"on": "am an auf", "in": "im in ins", "with": "mit", "and": "und", "at": "beim", "under": "unter"},
    "fr": {"on": "sur", "in": "dans en", "with": "avec", "and": "et", "at": "à au", "under": "sous"},
    "es": {"on": "sobre", "in": "en", "with": "con", "and": "y", "at": "al a", "under": "bajo"},
    "it": {"on": "su sul sulla sullo sull", "in": "in nel nella nello nell", "with": "con", "and": "e ed",
           "at": "al alla a all", "under": "sotto"},
}  # fmt: skip
# Words of the file that are English for something else. Some are English even alone, since that can be seen as well;
# the others beside a word that is English for sure: a kind man, the main street; but kind alone is a child.
ENGLISH_TOO = frozenset(
    re.findall(
        r"\w+",
        "ape arena boot boutique cascade case champ chateau course eclair eclairs grill hut journal luge mantel "
        "mascara mesa montana mouton nave pan pane pasta plan port prairie raisin raisins robe rosa sable salon "
        "scale sole sombrero sombreros stall tee tier toboggan",
    )
)
ENGLISH_BESIDE = frozenset(
    re.findall(
        r"\w+",
        "all alter bad bar basket blitz brief bureau canape cane cartel chat chats cote cuisine dormant estate "
        "farfalle grand gross halt handy kind laden legumes lit main mains manger manner mare mono noir ours "
        "pain papas papillon papillons petite piccolo portable pre rot rouge route rue sac saute scala see seen "
        "sol stanza strand teller tenant tour tours vague vista voile",
    )
)


@dataclass(frozen=True)
class Language:
    """The English for a language's words and phrases, which are in small letters without accents."""

    words: dict[str, str]
    between: dict[str, str]  # the same for the small words between them; empty for those that say nothing

    def translated(self, words: Sequence[str], is_english: Callable[[str], bool]) -> tuple[int, list[str]]:
        """How many words were translated, and the English text. Zero and nothing if a word is not known."""
        found: list[str] = []
        at = count = 0
        while at < len(words):
            length = self._phrase(words, at)
            said = " ".join(words[at : at + length])
            if length:
                found += self.words[said].split()
                count += length
            elif words[at] in self.between:
                found += self.between[words[at]].split()
            elif is_english(words[at]):
                found.append(words[at])
            else:
                return 0, []
            at += length or 1
        return count, found

    def _phrase(self, words: Sequence[str], at: int) -> int:
        """The number of words in the longest known phrase that starts here."""
        lengths = range(min(LONGEST, len(words) - at), 0, -1)
        return next((length for length in lengths if " ".join(words[at : at + length]) in self.words), 0)


def in_english(words: Sequence[str], is_english: Callable[[str], bool]) -> list[str]:
    """The words in English. They stay as they are if they are English already, or if no language knows them all."""

    def known(word: str) -> bool:
        return is_english(word) or word in english() or word.removesuffix("s") in english()

    if is_in_english([part for word in words for part in written(word)], known):
        return list(words)
    folded = [part for word in words for part in parts_of(word)]
    count, found = max((language.translated(folded, known) for language in shipped()), key=lambda one: one[0])
    return found if count else list(words)


def is_in_english(words: Sequence[str], is_english: Callable[[str], bool]) -> bool:
    """Whether these words, with their accents, are English. "the" always is, because French writes "thé"."""
    sure = [word for word in words if is_english(word)]
    others = {word for word in words if word not in sure} - ENGLISH_TOO
    return "the" in words or not others or (bool(sure) and others <= ENGLISH_BESIDE)


def written(text: str) -> list[str]:
    """The words of a text in small letters."""
    return re.findall(r"\w+", unicodedata.normalize("NFC", text.casefold()))


def parts_of(text: str) -> list[str]:
    """A text's words in small letters without accents. An apostrophe ends a word, so that French articles come off."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    return re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


@cache
def english() -> frozenset[str]:
    """The English words of the file. Café is not among them: more often it is French for coffee."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    found = (word for line in lines if not line.startswith("#") for word in written(line.partition("|")[0]))
    return frozenset(word for word in found if word.isascii())


@cache
def shipped() -> tuple[Language, ...]:
    """The languages that come with Mirage, read once."""
    known: list[dict[str, str]] = [{} for _ in CODES]
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        english, *others = line.split("|")
        for words, said in zip(known, others, strict=True):
            for word in said.split(","):
                words.setdefault(" ".join(parts_of(word)), english)
    return tuple(Language(words, _between(code)) for words, code in zip(known, CODES, strict=True))


def _between(code: str) -> dict[str, str]:
    found = {word: "" for said in NOTHING[code].split() for word in parts_of(said)}
    return found | {word: english for english, said in BETWEEN[code].items() for word in parts_of(said)}


def lines_of(code: str) -> list[str]:
    """The lines of the file for one language: the English word, and what it is called there. None for others."""
    if code not in CODES:
        return []
    column = CODES.index(code) + 1
    rows = (line.split("|") for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return [f"{row[0]}|{row[column]}" for row in rows]
