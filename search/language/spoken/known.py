"""The names that words can mean in a user's library: people, albums, tags and places."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from search.language.spoken.senses import ALBUM, PERSON, PLACE, TAG, Sense
from search.language.spoken.small import SMALL, without_small
from search.language.spoken.spelling import same_words
from search.language.tree import quoted, written
from search.language.words import words

LONGEST = 8  # words of a name that is looked for
ALIASES = {  # other names of places, where Unicode has none of them
    "usa": "United States", "america": "United States", "the states": "United States",
    "uk": "United Kingdom", "britain": "United Kingdom", "great britain": "United Kingdom", "holland": "Netherlands",
    "nyc": "New York City", "new york": "New York City", "sf": "San Francisco",
    "uae": "United Arab Emirates", "munchen": "Munich", "koln": "Cologne", "nurnberg": "Nuremberg",
    "firenze": "Florence", "venezia": "Venice", "napoli": "Naples", "torino": "Turin", "genova": "Genoa",
    "milano": "Milan", "sevilla": "Seville", "goteborg": "Gothenburg", "den haag": "The Hague",
    "antwerpen": "Antwerp", "brugge": "Bruges", "geneve": "Geneva", "genf": "Geneva", "luzern": "Lucerne",
    "bayern": "Bavaria", "toscana": "Tuscany", "sicilia": "Sicily", "catalunya": "Catalonia", "bretagne": "Brittany",
}  # fmt: skip
Senses = dict[tuple[str, ...], tuple[Sense, ...]]


def key_of(name: str) -> tuple[str, ...]:
    """The words by which a name is looked up: those that say something."""
    return without_small(words(name)[:LONGEST])


@dataclass
class Known:
    """All names of a library by their words."""

    names: Senses = field(default_factory=dict)

    def add(self, key: tuple[str, ...], sense: Sense) -> None:
        """Let the words mean this as well."""
        if key and sense not in (before := self.names.get(key, ())):
            self.names[key] = (*before, sense)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of the names, for typing mistakes."""
        return frozenset(word for key in self.names for word in key if word not in SMALL)

    def meant(self, key: tuple[str, ...]) -> tuple[Sense, ...]:
        """Those who are called so; of grandma also who is called granny, if nobody is called grandma."""
        found = self.names.get(key, ())
        if not found and len(key) == 1:
            others = (self.names.get((other,), ()) for other in same_words().get(key[0], ()))
            found = tuple(
                Sense(sense.kind, sense.text, sense.label)
                for senses in others
                for sense in senses
                if sense.kind == PERSON
            )
        return found


def known_names(
    people: Iterable[str],
    albums: Iterable[str],
    tags: Iterable[str],
    places: Mapping[tuple[str, ...], tuple[Sense, ...]],
) -> Known:
    """All of them together."""
    known = Known(dict(places))
    for name in people:
        for key, sense in called(name):
            known.add(key, sense)
    for name in albums:
        known.add(key_of(name), Sense(ALBUM, f"album:={written(name)}", name, soft=True))
    for path in tags:
        leaf = path.rpartition("/")[2]
        known.add(key_of(leaf), Sense(TAG, f"tag:{written(path)}", leaf, indexed=True, soft=True))
    return known


def called(name: str) -> Iterator[tuple[tuple[str, ...], Sense]]:
    """A person's name, and its first and last word, which may be those of others too."""
    parts = words(name)
    if not parts:
        return
    yield tuple(parts[:LONGEST]), Sense(PERSON, f"person:={written(name)}", name, indexed=True)
    said = name.split()
    if len(parts) > 1 and len(said) == len(parts):
        for part, shown in {(parts[0], said[0]), (parts[-1], said[-1])}:
            if part not in SMALL and len(part) > 1:
                yield (part,), Sense(PERSON, f"person:{quoted(shown)}", shown, indexed=True)


def place_senses(rows: Iterable[tuple[str, str, str]]) -> Senses:
    """Towns, regions and countries by name, and by what people call them."""
    known = Known()
    there = {}
    rows = list(rows)
    towns = {town.casefold() for town, _, _ in rows}
    for town, region, country in rows:
        for name, key in ((town, "place"), (region, "place"), (country, "country")):
            if name:
                is_town = key == "place" and name.casefold() in towns
                sense = Sense(PLACE, f"{key}:{quoted(name)}", name, indexed=True, town=is_town)
                there[name.casefold()] = sense
                known.add(key_of(name), sense)
    for alias, name in ALIASES.items():
        if meant := there.get(name.casefold()):
            known.add(tuple(alias.split()), replace(meant, indexed=False))
    return known.names
