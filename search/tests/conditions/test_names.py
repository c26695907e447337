"""People, tags, albums and objects: any, all, alone; and the notices about unknown names."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from albums.models import Album, AlbumItem
from people import actions
from people.models import Person
from photos.models import DetectedObject, Photo
from search.compile import Found, find
from search.language.grammar import parse
from tags import tree
from tags.models import PhotoTag, Tag

BOX = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1, "model": "test"}
Search = Callable[[str], Found]


@pytest.fixture
def search(owner: User) -> Search:
    return lambda text: find(Photo.objects.all(), owner, parse(text))


@pytest.fixture
def finds(search: Search) -> Callable[[str], str]:
    """The names of what is found, in order."""
    return lambda text: "".join(sorted(photo.original_name for photo in search(text).photos))


@pytest.fixture
def three(make_photo: Callable[..., Photo], tag: Any, name_face: Any) -> list[Photo]:
    """a: Anna, tag sea. b: Anna and Ben, tags sea and dog/poodle. c: Ben and a stranger; a dog and a cat."""
    a, b, c = (make_photo(name=name) for name in "abc")
    for photo, people in ((a, ["Anna"]), (b, ["Anna", "Ben"]), (c, ["Ben", ""])):
        for person in people:
            name_face(photo, person)
    tag(a, "sea"), tag(b, "sea"), tag(b, "dog/poodle")
    for label in ("dog", "cat"):
        DetectedObject.objects.create(photo=c, label=label, score=0.9, **BOX)
    DetectedObject.objects.create(photo=b, label="dog", score=0.9, **BOX)
    return [a, b, c]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("person:Anna", "ab"), ("person:Anna,Ben", "abc"), ("person:Anna,Ben all", "b"), ("person:Anna alone", "a")),
        *(("person:Anna,Ben alone", "b"), ("person:Ben alone", ""), ("person:Anna,Zoë", "ab")),
        *(("person:Anna,Zoë all", ""), ("-person:Anna", "c"), ("person:Zoë", "")),
        *(("tag:sea", "ab"), ("tag:sea,poodle", "ab"), ("tag:sea,dog all", "b"), ("tag:sea,rock all", "")),
        *(("object:dog", "bc"), ("object:dog,cat", "bc"), ("object:dog,cat all", "c"), ("object:puppies", "bc")),
        *(("object:dog,nothing", "bc"), ("object:dog,nothing all", ""), ("object:nothing", "")),
    ],
)
def test_any_all_and_alone(finds: Callable[[str], str], three: list[Photo], text: str, found: str) -> None:
    assert finds(text) == found


@pytest.mark.parametrize(
    ("text", "message", "meant"),
    [
        ("person:Anan", "Nobody is named “Anan”.", "Anna"),
        ("person:Anna,Zoë", "Nobody is named “Zoë”.", ""),
        ("tag:see", "There is no tag “see”.", "sea"),
        ("album:x", "There is no album “x”.", ""),
        ("object:dgo", "Mirage does not recognise “dgo”.", "dog"),
        ("similar:x", "There is no photo with the key “x”.", ""),
    ],
)
def test_unknown_names_become_notices(search: Search, three: list[Photo], text: str, message: str, meant: str) -> None:
    [notice] = search(text).notices
    assert (notice.message, notice.meant) == (message, meant)
    assert f"“{text[notice.start : notice.end]}”" in message


def test_somebody_without_a_name_is_asked_for_by_key(
    finds: Callable[[str], str], make_photo: Callable[..., Photo], name_face: Any, stranger: User
) -> None:
    face = name_face(make_photo(name="a"), "Somebody")
    face.person.name = ""
    face.person.save()
    assert finds(f"person:{face.person.key}") == "a"
    face.person.owner = stranger
    face.person.save()
    assert finds(f"person:{face.person.key}") == ""


def chain(owner: User, count: int, last: str) -> None:
    """Smart albums of which each asks for the next."""
    for number in range(count):
        query = f"album:Album{number + 1}" if number + 1 < count else last
        Album.objects.create(owner=owner, name=f"Album{number}", kind=Album.Kind.SMART, query=query)


@pytest.mark.parametrize(("count", "found"), [(1, "a"), (3, "a"), (4, "")])
def test_smart_albums_ask_for_smart_albums_three_deep(
    finds: Callable[[str], str], make_photo: Callable[..., Photo], owner: User, count: int, found: str
) -> None:
    make_photo(name="a", title="sun")
    chain(owner, count, "sun")
    assert finds("album:Album0") == found


@pytest.mark.parametrize("query", ["mai 2024 language:fr", "album:Within"])
def test_a_smart_album_in_a_search_keeps_its_language(
    owner: User, search: Search, make_photo: Callable[..., Photo], query: str
) -> None:
    made = make_photo(taken=datetime(2024, 5, 12, 12))
    make_photo(taken=datetime(2023, 5, 12, 12))
    for name, text in (("Within", "mai 2024 language:fr"), ("Spring", query)):
        Album.objects.create(owner=owner, name=name, kind=Album.Kind.SMART, query=text)
    assert [*search("album:Spring").photos] == [made]


def test_a_smart_album_without_a_language_is_read_in_the_readers(
    owner: User, search: Search, make_photo: Callable[..., Photo]
) -> None:
    made = make_photo(taken=datetime(2024, 5, 12, 12))
    Album.objects.create(owner=owner, name="Spring", kind=Album.Kind.SMART, query="mai 2024")
    with translation.override("fr"):
        assert [*search("album:Spring").photos] == [made]


@pytest.mark.parametrize("query", ["(", ""])
def test_a_smart_album_with_an_invalid_or_empty_search_finds_nothing(
    finds: Callable[[str], str], make_photo: Callable[..., Photo], owner: User, query: str
) -> None:
    make_photo(name="a")
    Album.objects.create(owner=owner, name="Broken", kind=Album.Kind.SMART, query=query)
    assert finds("album:Broken") == ""


def test_a_folder_means_everything_in_it(
    finds: Callable[[str], str], make_photo: Callable[..., Photo], owner: User
) -> None:
    a, _ = make_photo(name="a"), make_photo(name="b", rating=5)
    folder = Album.objects.create(owner=owner, name="Folder", kind=Album.Kind.FOLDER)
    album = Album.objects.create(owner=owner, name="Inside", parent=folder)
    Album.objects.create(owner=owner, name="Best", kind=Album.Kind.SMART, query="rating:5", parent=folder)
    AlbumItem.objects.create(album=album, photo=a, position=1)
    assert (finds("album:Folder"), finds("album:Inside"), finds("album:Inside,Best all")) == ("ab", "a", "")


def test_who_was_renamed_or_merged_is_found_under_the_former_name(
    owner: User, finds: Callable[[str], str], search: Search, three: list[Photo]
) -> None:
    anna, ben = (Person.objects.get(name=name) for name in ("Anna", "Ben"))
    actions.name_person(anna, "Maria Schulz", owner)
    assert finds("person:Anna") == "ab"
    assert finds("person:Anna,Ben all") == "b"
    assert not search("person:Anna").notices
    actions.merge(anna, [ben], owner)
    assert finds("person:Ben") == "abc"
    actions.name_person(Person.objects.get(pk=anna.pk), "Maria", owner)
    other = Person.objects.create(owner=owner, name="Anna")  # whoever is called so now comes first
    assert finds("person:Anna") == ""
    other.delete()
    assert finds("-person:Anna") == ""


def test_tags_are_found_under_the_paths_that_they_had(
    owner: User, finds: Callable[[str], str], search: Search, make_photo: Callable[..., Photo]
) -> None:
    sea, _ = tree.add(owner, "sea")
    dog, _ = tree.add(owner, "dog")
    poodle, _ = tree.add(owner, "poodle", dog)
    for name, tag in (("a", sea), ("b", poodle)):
        PhotoTag.objects.create(photo=make_photo(name=name), tag=tag, source="owner")
    tree.rename(dog, "hound")
    assert (finds("tag:dog"), finds("tag:dog/poodle"), finds("tag:hound")) == ("b", "b", "b")
    tree.merge(sea, Tag.objects.get(path="hound"))
    assert finds("tag:sea") == "ab"
    tree.delete(Tag.objects.get(path="hound"))
    assert finds("tag:dog") == ""
    assert search("tag:dog").notices


def test_former_names_of_others_mean_nothing(stranger: User, finds: Callable[[str], str], three: list[Photo]) -> None:
    Person.objects.create(owner=stranger, name="Now", former_names=["Carl"])
    assert finds("person:Carl") == ""
