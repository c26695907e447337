"""The family's library of library.toml as rows, with what a model would see in the photos; and the questions."""

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from accounts.models import User
from albums.models import Album, AlbumItem
from people.models import Face, Person
from photos.gallery import labels
from photos.models import DetectedObject, Photo, PhotoText
from tags.models import PhotoTag, Tag
from vision.words import query

HERE = Path(__file__).parent
BOX = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}
PLACES = {  # region, country, code, latitude, longitude
    "Paris": ("Île-de-France", "France", "FR", 48.8534, 2.3488),
    "Nice": ("Provence-Alpes-Côte d'Azur", "France", "FR", 43.7031, 7.2661),
    "Rome": ("Lazio", "Italy", "IT", 41.8919, 12.5113),
    "Munich": ("Bavaria", "Germany", "DE", 48.1374, 11.5755),
    "Berlin": ("Berlin", "Germany", "DE", 52.5244, 13.4105),
    "Niigata": ("Niigata", "Japan", "JP", 37.9022, 139.0236),
    "Tokyo": ("Tokyo", "Japan", "JP", 35.6895, 139.6917),
    "Lisbon": ("Lisbon", "Portugal", "PT", 38.7169, -9.1399),
    "London": ("England", "United Kingdom", "GB", 51.5085, -0.1257),
    "New York City": ("New York", "United States", "US", 40.7143, -74.006),
}
Question = tuple[str, set[str]]


def questions(names: set[str], file: str = "questions.txt") -> list[Question]:
    """What is asked, and the names of the photos that must be found."""
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    asked = (line.partition("=>") for line in lines if "=>" in line)
    return [(text.strip(), chosen(found.split(), names)) for text, _, found in asked]


def chosen(found: list[str], names: set[str]) -> set[str]:
    if found[:2] == ["all", "but"]:
        return names - set(found[2:])
    assert set(found) <= names, found
    return set(found)


def move_in(owner: User, make_photo: Callable[..., Photo]) -> dict[str, Photo]:
    """Make the library. The photos by their names."""
    told = tomllib.loads((HERE / "library.toml").read_text())
    photos = {}
    for name, facts in told.items():
        photos[name] = make_photo(**fields(facts))
        hang(owner, photos[name], facts)
    return photos


def fields(facts: dict[str, Any]) -> dict[str, Any]:
    """The photo's own columns."""
    columns = ("name", "title", "favourite", "archived", "panorama", "animated", "rating", "lens", "taken")
    made: dict[str, Any] = {key: facts[key] for key in columns if key in facts}
    if "place" in facts:
        region, country, code, latitude, longitude = PLACES[facts["place"]]
        made |= {"place": facts["place"], "region": region, "country": country, "country_code": code}
        made |= {"latitude": latitude, "longitude": longitude}
    if "video" in facts:
        made |= {"kind": "video", "media_type": "video/mp4", "duration": facts["video"]}
    if "type" in facts:
        made["media_type"] = facts["type"]
    if "camera" in facts:
        made |= {"camera_make": "Apple" if "iPhone" in facts["camera"] else "SONY", "camera_model": facts["camera"]}
    return made | ({"live_id": "A1"} if "live" in facts else {})


def hang(owner: User, photo: Photo, facts: dict[str, Any]) -> None:
    """People, a tag, an album, an object and written words."""
    for name in facts.get("people", ()):
        person, _ = Person.objects.get_or_create(owner=owner, name=name)
        Face.objects.create(photo=photo, person=person, assignment="confirmed", **BOX)
    if path := facts.get("tag"):
        tag, _ = Tag.objects.get_or_create(owner=owner, name=path.rpartition("/")[2], path=path)
        PhotoTag.objects.create(photo=photo, tag=tag)
    if name := facts.get("album"):
        album, _ = Album.objects.get_or_create(owner=owner, name=name)
        AlbumItem.objects.create(album=album, photo=photo, position=1)
    if label := facts.get("object"):
        DetectedObject.objects.create(photo=photo, label=label, score=0.9, model="test", **BOX)
    if text := facts.get("text"):
        PhotoText.objects.create(photo=photo, text=text, model="test")


def eyes(photos: dict[str, Photo]) -> Callable[[User, Sequence[str]], list[int]]:
    """What stands for the model: photos that show all the words that say something."""
    told = tomllib.loads((HERE / "library.toml").read_text())
    shown = {photos[name].pk: set(facts.get("shows", "").split()) for name, facts in told.items()}

    def find(user: User, words: Sequence[str]) -> list[int]:
        telling = [{word.lower(), *labels.singulars(word.lower())} for word in words if not query.is_empty(word)]
        return [pk for pk, things in shown.items() if telling and all(forms & things for forms in telling)]

    return find
