"""A search as plain Python over every photo: slow, short, and sharing no code with the queries."""

import math
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from photos.gallery import labels, place_names
from photos.models import Photo
from search.language import dates
from search.language.grammar import parse
from search.language.keys import ALL, ALONE, KEYS, Kind
from search.language.names import Names, Paths, contains
from search.language.numbers import Range, parse_number
from search.language.spoken.known import Known
from search.language.spoken.reading import read
from search.language.spoken.senses import Unit
from search.language.spoken.spelling import otherwise
from search.language.tree import And, Node, Not, Or, Term, Value, Word
from search.language.words import words


@dataclass
class Facts:
    """Everything that is known about one photo."""

    photo: Photo
    people: set[int] = field(default_factory=set)  # named or not
    strangers: int = 0  # faces of nobody
    tags: set[int] = field(default_factory=set)
    albums: set[int] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)
    objects: set[str] = field(default_factory=set)
    text: str = ""


@dataclass
class Library:
    """The names that a search can use, and today's date."""

    people: dict[int, str]
    tags: dict[int, str]
    albums: dict[int, str]
    today: date
    known: Known = field(default_factory=Known)  # as plain words call them

    def finds(self, node: Node | None, facts: Facts) -> bool:
        """Whether the photo is found."""
        match node:
            case None:
                return True
            case Not():
                return not self.finds(node.child, facts)
            case And():
                said = [child for child in node.children if isinstance(child, Word)]
                rest = (child for child in node.children if not isinstance(child, Word))
                return self.said(said, facts) and all(self.finds(child, facts) for child in rest)
            case Or():
                return any(self.finds(child, facts) for child in node.children)
            case Word():
                return self.said([node], facts)
            case Term():
                return self.term(node, facts)

    def said(self, words: list[Word], facts: Facts) -> bool:
        return all(self.unit(unit, facts) for unit in read(words, self.known) if unit.words)

    def unit(self, unit: Unit, facts: Facts) -> bool:
        """Whether the photo is one of those that a name, a date or a kind means, or has just these words."""
        if not unit.senses:
            return all(self.word(word, facts) for word in unit.words)
        phrase = Word(" ".join(word.text for word in unit.words), exact=True)
        inner = bool(unit.inner) and all(self.unit(one, facts) for one in unit.inner)
        meant = any(self.finds(parse(sense.text).root, facts) for sense in unit.senses)
        return inner or meant or any(has(value, phrase) for value in self.values(facts))

    def word(self, word: Word, facts: Facts) -> bool:
        named = set(labels.meant(word.text))
        if word.exact:
            named &= {labels.folded(word.text)}
        if not word.exact and word.text == str(facts.photo.taken_local.year):
            return True
        others = () if word.exact else otherwise(word.text)
        forms = [word, *(Word(other, exact=True) for other in others)]
        return bool(named & facts.objects) or any(has(value, form) for value in self.values(facts) for form in forms)

    def values(self, facts: Facts) -> list[str]:
        photo = facts.photo
        tags = [part for tag in facts.tags for part in self.tags[tag].split("/")]
        return [
            *(photo.title, photo.description, photo.original_name, photo.place, photo.region, photo.country),
            f"{photo.camera_make} {photo.camera_model}", facts.text, *facts.comments, *tags,
            *place_names.also_called(photo.country_code, photo.place),
            *(self.people[person] for person in facts.people),
        ]  # fmt: skip

    def term(self, term: Term, facts: Facts) -> bool:
        match term.key:
            case "person":
                asked = [Names(self.people).meant(value) for value in term.values]
                if term.mode == ALONE:
                    only = facts.people == set().union(*asked) & facts.people and not facts.strangers
                    return only and all(people & facts.people for people in asked)
                return combined(term, [bool(people & facts.people) for people in asked])
            case "tag":
                return combined(term, [bool(Paths(self.tags).meant(value) & facts.tags) for value in term.values])
            case "album":
                return combined(term, [bool(Names(self.albums).meant(value) & facts.albums) for value in term.values])
            case "object":
                return combined(term, [bool(set(labels.meant(value.said)) & facts.objects) for value in term.values])
        return any(self.value(term, value, facts) for value in term.values)

    def value(self, term: Term, value: Value, facts: Facts) -> bool:
        photo = facts.photo
        match KEYS[term.key].kind:
            case Kind.DATE:
                day = (photo.taken_local if term.key == "date" else photo.added_at).date()
                if value.operator:
                    return day in dates.compared(value.operator, value.text, self.today)
                return day in dates.parse(value.text, self.today)
            case Kind.NUMBER:
                return compares(value, KEYS[term.key].units, number_of(term.key, photo))
            case Kind.TEXT:
                return any(fits(term.key, value, text) for text in texts(term.key, facts))
            case Kind.NEAR:
                latitude, longitude = map(float, value.text.split(","))
                return photo.latitude is not None and distance(photo, latitude, longitude) <= term.km
        return getattr(Choices(facts, self), f"{term.key}_{value.text}")()


def has(text: str, word: Word) -> bool:
    return contains(words(text), words(word.text), word.exact)


def combined(term: Term, each: list[bool]) -> bool:
    return all(each) if term.mode == ALL else any(each)


def number_of(key: str, photo: Photo) -> float | None:
    column = {"f": "aperture", "focal": "focal_length"}.get(key, key)
    return getattr(photo, column)


def compares(value: Value, units: Any, number: float | None) -> bool:
    if number is None:
        return False
    asked = parse_number(value.text, units)
    if isinstance(asked, Range):
        low, high = asked.low, asked.high
        return (low is None or number >= low or close(number, low)) and (
            high is None or number <= high or close(number, high)
        )
    amount, half = asked
    same = close(number, amount)
    compared = {">": number > amount and not same, ">=": number > amount or same, "<": number < amount and not same}
    compared |= {"<=": number < amount or same}
    return compared.get(value.operator, amount - half <= number < amount + half)


def close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-6)


def texts(key: str, facts: Facts) -> list[str]:
    photo = facts.photo
    elsewhere = list(place_names.also_called(photo.country_code, photo.place))
    return {
        "place": [photo.place, photo.region, *elsewhere],
        "country": [photo.country, photo.country_code, *elsewhere],
        "camera": [f"{photo.camera_make} {photo.camera_model}", photo.camera_model],
        "lens": [photo.lens], "title": [photo.title], "description": [photo.description],
        "file": [photo.original_name], "text": [facts.text],
    }[key]  # fmt: skip


def fits(key: str, value: Value, text: str) -> bool:
    asked = words(value.text)
    if value.operator:
        return words(text) == asked
    return contains(words(text), asked, value.exact or (key == "country" and len(value.text) == 2))


def distance(photo: Photo, latitude: float, longitude: float) -> float:
    """Kilometres on the sphere, by the haversine."""
    phi, other = math.radians(latitude), math.radians(photo.latitude or 0)
    turn = math.radians((photo.longitude or 0) - longitude)
    half = math.sin((other - phi) / 2) ** 2 + math.cos(phi) * math.cos(other) * math.sin(turn / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(half, 1)))


@dataclass
class Choices:
    """is:, has:, taken: and type:, a method each."""

    facts: Facts
    library: Library

    def __getattr__(self, name: str) -> Any:
        photo, facts = self.facts.photo, self.facts
        hour, day = photo.taken_local.hour, photo.taken_local.strftime("%A").lower()
        known = {
            "is_favourite": photo.favourite, "is_archived": photo.archived, "is_panorama": photo.panorama,
            "is_untagged": not facts.tags, "is_animated": photo.animated, "is_doubtful": photo.taken_doubtful,
            "is_unnamed": facts.strangers > 0 or any(not self.library.people[one] for one in facts.people),
            "has_gps": photo.latitude is not None, "has_title": photo.title != "",
            "has_description": photo.description != "", "has_rating": photo.rating is not None,
            "has_faces": bool(facts.people) or facts.strangers > 0, "has_comments": bool(facts.comments),
            "has_people": any(self.library.people[one] for one in facts.people), "has_text": facts.text != "",
            "has_objects": bool(facts.objects), "has_tags": bool(facts.tags), "has_albums": bool(facts.albums),
            "taken_morning": 5 <= hour < 12, "taken_afternoon": 12 <= hour < 17, "taken_evening": 17 <= hour < 22,
            "taken_night": hour >= 22 or hour < 5, "taken_weekend": day in ("saturday", "sunday"),
            f"taken_{day}": True, f"type_{photo.kind}": True, f"type_{photo.media_type.partition('/')[2]}": True,
        }  # fmt: skip
        return lambda: known.get(name, False)
