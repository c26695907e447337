"""The same word written otherwise: British and American, one and many, what family members are called; and typing
mistakes."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache

SAME = (  # words that mean the same, in either spelling
    "grey gray", "theatre theater", "centre center", "harbour harbor", "neighbour neighbor", "neighbours neighbors",
    "colour color", "colours colors", "coloured colored", "colourful colorful", "favourite favorite",
    "favourites favorites", "flavour flavor", "jewellery jewelry", "pyjamas pajamas", "moustache mustache", "tyre tire",
    "tyres tires", "kerb curb", "plough plow", "catalogue catalog", "dialogue dialog", "aeroplane airplane",
    "aeroplanes airplanes", "traveller traveler", "travelling traveling", "cosy cozy", "licence license", "metre meter",
    "armour armor", "parlour parlor", "doughnut donut", "doughnuts donuts", "yoghurt yogurt", "sceptical skeptical",
    "organised organized", "mould mold", "storey story", "programme program", "litre liter", "fibre fiber",
    "holiday vacation", "holidays vacations", "mum mom mummy mommy mama mother", "mums moms",
    "dad daddy papa father", "grandma granny gran nana grandmother nan oma", "grandpa grandad granddad grandfather opa",
    "auntie aunt aunty", "bike bicycle", "bikes bicycles", "kid child", "kids children", "tv television",
    "fridge refrigerator", "christmas xmas", "lorry truck", "nappy diaper", "pram stroller",
)  # fmt: skip
MANY = {
    "child": "children", "man": "men", "woman": "women", "foot": "feet", "mouse": "mice", "goose": "geese",
    "tooth": "teeth", "person": "people", "wife": "wives", "knife": "knives", "leaf": "leaves", "wolf": "wolves",
}  # fmt: skip
LEAST = 4  # letters of a word in which a typing mistake is forgiven; three where two letters changed places
LETTERS = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абвгґдеєжзиіклмнопрстуфхцчшщьюя"  # folded: й is и


@cache
def same_words() -> dict[str, tuple[str, ...]]:
    """For each word the others that mean the same."""
    groups = [line.split() for line in SAME]
    return {word: tuple(other for other in group if other != word) for group in groups for word in group}


@cache
def ones() -> dict[str, str]:
    return {many: one for one, many in MANY.items()}


def otherwise(word: str) -> tuple[str, ...]:
    """The word in its other spellings, as one and as many, each once and without itself."""
    forms = [word, *same_words().get(word, ())]
    counted = [other for form in forms for other in numbers(form)]
    return tuple(dict.fromkeys(form for form in (*forms[1:], *counted) if form != word))


def numbers(word: str) -> Iterator[str]:
    """A word for one as for many, and the other way round."""
    if word in MANY:
        yield MANY[word]
    elif word in ones():
        yield ones()[word]
    elif word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    elif word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
        yield word[:-2]
    elif word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        yield word[:-1]
    elif word.endswith("y") and len(word) > 3 and word[-2] not in "aeiou":
        yield word[:-1] + "ies"


# --- typing mistakes --------------------------------------------------------------------------------------------------


def meant(word: str, known: Mapping[str, int], *, any_first: bool = False) -> str:
    """The known word that is one mistake away: a letter more, less, or another, or two that changed places.

    `known` says how good each is, the smallest the best. Letters that changed places are the likeliest mistake. The
    first letter is seldom wrong: it must be right, unless `any_first`.
    """
    if len(word) < LEAST - 1 or not word.isalpha():
        return ""
    found = {other: kind for kind, other in reversed(list(edits(word, letters_of(word)))) if other in known}
    if len(word) < LEAST:
        found = {other: kind for other, kind in found.items() if kind == 0}
    if not any_first:
        found = {other: kind for other, kind in found.items() if kind == 0 or other[0] == word[0]}
    good = sorted(found, key=lambda other: (known[other], other[0] != word[0], found[other], other))
    return good[0] if good else ""


def letters_of(word: str) -> str:
    """The letters that may stand in the word by mistake."""
    return CYRILLIC if word[:1] in CYRILLIC else LETTERS


def edits(word: str, letters: Collection[str]) -> Iterator[tuple[int, str]]:
    """All that is one mistake away, with the kind of mistake, the likeliest first."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from ((0, head + tail[1] + tail[0] + tail[2:]) for head, tail in cuts if len(tail) > 1)
    yield from ((1, head + tail[1:]) for head, tail in cuts if tail)
    yield from ((1, head + letter + tail) for head, tail in cuts for letter in letters)
    yield from ((2, head + letter + tail[1:]) for head, tail in cuts if tail for letter in letters)
