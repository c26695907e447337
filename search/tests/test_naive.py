"""Whatever is searched for, the query finds what plain Python finds, in every database."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from albums.models import Album, AlbumItem
from people.models import Face, Person
from photos.models import Comment, DetectedObject, Photo, PhotoText
from search.compile import Compiler, find
from search.hearing import names_of
from search.language.grammar import parse
from search.language.tree import Node, Not, Or, Term, Tree, Value, Word, both, either, quoted
from search.tests.naive import Facts, Library
from tags.models import PhotoTag, Tag

TITLES = ("", "", "On the beach", "Crème brûlée", "東京タワー", "new york", "Anna’s dog", "IMG 2023", "sunflower")
PLACES = (("", "", ""), ("Lisbon", "Portugal", "PT"), ("Porto", "Portugal", "PT"), ("Porto Alegre", "Brazil", "BR"),
          ("Kraków", "Poland", "PL"), ("New York City", "United States", "US"))  # fmt: skip
PEOPLE = ("Anna", "Ben", "Anna Lee", "Zoë", "")
TAGS = ("travel", "travel/japan", "travel/japan/kyoto", "food", "garden/japan", "beach")
ALBUMS = ("Our wedding", "Japan 2023", "Beach")
OBJECTS = ("dog", "cat", "pizza", "car")
TEXTS = ("", "", "", "INVOICE 2024", "Exit")
COMMENTS = ("what a sunset", "who is this?", "japan!")
CAMERAS = (("", ""), ("Apple", "iPhone 13"), ("Canon", "Canon EOS 5D"), ("FUJIFILM", "X-T5"))

VALUES = {
    "person": [*PEOPLE[:4], "ann", "lee", "nobody", "z"],
    "tag": [*TAGS, "japan", "kyoto", "trav", "nothing", "japan/kyoto"],
    "album": [*ALBUMS, "japan", "wed", "nothing"],
    "place": ["Lisbon", "porto", "krakow", "new york", "york", "lissabon", "por"],
    "country": ["portugal", "pt", "PL", "bra", "po"],
    "camera": ["canon", "iphone", "x-t5", "Canon EOS 5D", "apple iphone"],
    "title": ["beach", "creme", "タワー", "sun", "york"],
    "file": ["img", "0003", "jpg"],
    "object": ["dog", "puppy", "vehicle", "pizza"],
    "text": ["invoice", "exit", "inv"],
    "date": ["2023", "2024-05", "2024-05-03", "2023-11..2024-02", "summer", "summer 2023", "winter", "may", "12 may",
             "last year", "1990s", "2024-01..", "..2023-06", "today"],
    "added": ["2024", "last week", "yesterday"],
    "iso": ["100", "800", "100..400", "..200", "400.."],
    "f": ["2.8", "1.8..4", "f/4"],
    "focal": ["50mm", "24..70"],
    "rating": ["0", "3", "4..5"],
    "size": ["1MB", "500kb..2MB"],
    "duration": ["1m", "10..90"],
    "is": ["favourite", "archived", "untagged", "unnamed", "panorama", "animated", "doubtful"],
    "has": ["gps", "faces", "people", "comments", "text", "objects", "tags", "albums", "title", "description",
            "rating"],
    "taken": ["morning", "afternoon", "evening", "night", "weekend", "monday", "sunday"],
    "type": ["photo", "video", "jpeg", "heic", "mp4"],
}  # fmt: skip
WORDS = ("beach", "ann", "anna", "japan", "dog", "puppy", "porto", "port", "タワ", "creme", "img_0001", "2023",
         "sunset", "invoice", "canon", "the", "nowhere", "york", "lissabon")  # fmt: skip
PHRASES = ("on the beach", "new york", "anna lee", "the beach", "eos 5d", "york city", "dog")
COMPARED = {"iso", "f", "focal", "rating", "size", "duration"}
EXACTLY = {"person", "tag", "album", "place", "country", "camera", "title"}
MODES = {"person": ("any", "all", "alone"), "tag": ("any", "all"), "album": ("any", "all"), "object": ("any", "all")}


def random_tree(chance: random.Random, depth: int = 3) -> Node:
    """A tree of any shape."""
    kind = chance.random()
    if depth == 0 or kind < 0.45:
        return random_leaf(chance)
    if kind < 0.6:
        return Not(random_tree(chance, depth - 1))
    join = both if kind < 0.85 else either
    return join([random_tree(chance, depth - 1) for _ in range(chance.randint(2, 3))])


def random_leaf(chance: random.Random) -> Node:
    if chance.random() < 0.3:
        return Word(chance.choice(PHRASES), exact=True) if chance.random() < 0.3 else Word(chance.choice(WORDS))
    if chance.random() < 0.06:
        return Term("near", (Value("38.7,-9.1", exact=True),), km=chance.choice([5.0, 300.0, 2000.0, 8000.0]))
    key = chance.choice(list(VALUES))
    values = tuple(random_value(chance, key) for _ in range(chance.choice([1, 1, 1, 2])))
    return Term(key, values, chance.choice(MODES[key]) if key in MODES else "any")


def random_value(chance: random.Random, key: str) -> Value:
    text = chance.choice(VALUES[key])
    operator = ""
    if key in COMPARED and ".." not in text and chance.random() < 0.6:
        operator = chance.choice(["=", ">", ">=", "<", "<="])
    if key == "date" and text in ("2023", "2024-05", "2024-05-03") and chance.random() < 0.4:
        operator = chance.choice([">", ">=", "<", "<="])
    if key in EXACTLY and chance.random() < 0.25:
        operator = "="
    term = parse(f"{key}:{operator}{quoted(text)}").root
    assert isinstance(term, Term)
    return term.values[0]


@pytest.fixture
def library(make_photo, owner, tmp_path, settings):
    """Forty photos with everything at random, and what is known of them."""
    settings.MIRAGE_DATA = tmp_path

    def make(seed: int) -> tuple[Library, list[Facts]]:
        chance = random.Random(seed)
        people = [Person.objects.create(owner=owner, name=name) for name in PEOPLE]
        tags = [Tag.objects.create(owner=owner, name=path.rpartition("/")[2], path=path) for path in TAGS]
        albums = [Album.objects.create(owner=owner, name=name) for name in ALBUMS]
        facts = [random_facts(chance, make_photo, people, tags, albums) for _ in range(40)]
        names = [{thing.pk: getattr(thing, of) for thing in things} for things, of in
                 ((people, "name"), (tags, "path"), (albums, "name"))]  # fmt: skip
        return Library(names[0], names[1], names[2], Compiler(owner).today, names_of(owner)), facts

    return make


def random_facts(chance, make_photo, people, tags, albums):
    place, country, code = chance.choice(PLACES)
    make, model = chance.choice(CAMERAS)
    is_video = chance.random() < 0.2
    located = chance.random() < 0.6
    photo = make_photo(
        taken=datetime(2022, 11, 1) + timedelta(hours=chance.randrange(24 * 900)),
        added_at=datetime.now(UTC) - timedelta(days=chance.randrange(400)),
        title=chance.choice(TITLES), description=chance.choice(TITLES), place=place, country=country,
        country_code=code, camera_make=make, camera_model=model, kind="video" if is_video else "photo",
        media_type=chance.choice(["video/mp4"] if is_video else ["image/jpeg", "image/heic"]),
        duration=chance.choice([5.0, 60.0, 3000.0]) if is_video else None,
        iso=chance.choice([None, 100, 200, 800, 3200]), aperture=chance.choice([None, 1.8, 2.8, 2.799999, 4.0]),
        focal_length=chance.choice([None, 24.0, 50.0, 200.0]), rating=chance.choice([None, 0, 3, 4, 5]),
        size=chance.choice([400_000, 1_000_000, 5_000_000]), favourite=chance.random() < 0.3,
        archived=chance.random() < 0.2, panorama=chance.random() < 0.2, animated=chance.random() < 0.1,
        taken_doubtful=chance.random() < 0.1,
        latitude=chance.uniform(-60, 70) if located else None, longitude=chance.uniform(-180, 180) if located else None,
    )  # fmt: skip
    facts = Facts(photo)
    box = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}
    for person in chance.sample(people, chance.choice([0, 0, 1, 2])):
        Face.objects.create(photo=photo, person=person, assignment="automatic", **box)
        facts.people.add(person.pk)
    if chance.random() < 0.2:
        Face.objects.create(photo=photo, **box)
        facts.strangers = 1
    if chance.random() < 0.2:
        Face.objects.create(photo=photo, person=people[0], assignment="automatic", not_a_face=True, **box)
    for tag in chance.sample(tags, chance.choice([0, 0, 1, 2])):
        PhotoTag.objects.create(photo=photo, tag=tag)
        facts.tags.add(tag.pk)
    if tags[0].pk not in facts.tags and chance.random() < 0.2:
        PhotoTag.objects.create(photo=photo, tag=tags[0], rejected=True)
    for album in chance.sample(albums, chance.choice([0, 0, 1])):
        AlbumItem.objects.create(album=album, photo=photo, position=1)
        facts.albums.add(album.pk)
    if chance.random() < 0.2:
        facts.comments = [chance.choice(COMMENTS)]
        Comment.objects.create(photo=photo, author=photo.owner, text=facts.comments[0])
    if facts_text := chance.choice(TEXTS):
        facts.text = facts_text
        PhotoText.objects.create(photo=photo, text=facts_text, model="test")
    for label in chance.sample(OBJECTS, chance.choice([0, 0, 1])):
        DetectedObject.objects.create(photo=photo, label=label, score=0.8, model="test", **box)
        facts.objects.add(label)
    return facts


@pytest.mark.parametrize("seed", range(4))
def test_the_query_finds_what_plain_python_finds(library, owner, seed):
    known, facts = library(seed)
    chance = random.Random(seed + 100)
    for _ in range(150):
        root = random_tree(chance)
        found = set(find(Photo.objects.all(), owner, Tree(root)).photos.values_list("pk", flat=True))
        expected = {one.photo.pk for one in facts if known.finds(root, one)}
        assert found == expected, str(root)


@pytest.mark.parametrize("seed", range(6))
def test_a_tree_prints_back_as_itself(seed):
    chance = random.Random(seed)
    for _ in range(500):
        tree = Tree(random_tree(chance, 4), chance.choice(["", "", "oldest", "relevance"]))
        assert parse(str(tree)) == tree, str(tree)


def test_or_and_and_are_flat():
    chance = random.Random(1)
    for _ in range(200):
        root = parse(str(random_tree(chance, 4))).root
        assert not isinstance(root, Or) or not any(isinstance(child, Or) for child in root.children)
