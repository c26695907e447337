"""Things and kinds of photos on the page Explore."""

from django.utils.translation import override

from photos.gallery import vocabulary
from photos.gallery.explore import Visitor
from photos.models import DetectedObject
from search import explore


def test_only_kinds_in_the_library_are_shown(owner, stranger, make_photo):
    make_photo(kind="video"), make_photo(kind="video", owner=stranger)
    make_photo(name="Screenshot_2023-01-02.png")
    found = explore.kinds(Visitor(owner))
    assert [(tile.title, tile.text, tile.url) for tile in found] == [
        ("Videos", "1 photo", "/search/?q=type%3Avideo"),
        ("Screenshots", "1 photo", "/search/?q=is%3Ascreenshot"),
    ]


def see(photo, label, **fields):
    return DetectedObject.objects.create(photo=photo, label=label, score=0.9, x=0, y=0, width=1, height=1, **fields)


def test_things_are_counted_by_photos(owner, stranger, make_photo):
    photos = [make_photo(), make_photo()]
    for photo in photos:
        (
            see(photo, "dog"),
            see(photo, "dog"),
            see(photo, "cat", state="rejected"),
            see(make_photo(owner=stranger), "bird"),
        )
    see(photos[0], "car")
    assert [(tile.title, tile.text) for tile in explore.things(Visitor(owner))] == [("Dog", "2 photos")]
    owner.automatic_labels = False
    assert explore.things(Visitor(owner)) == []


def test_scenes_and_things_that_photos_look_like(owner, make_photo, monkeypatch):
    photos = [make_photo(), make_photo()]
    tiles = {
        "scenes": [vocabulary.Tile("horse riding", 3, photos[0]), vocabulary.Tile("beach", 1, photos[1])],
        "things": [vocabulary.Tile("dog", 5, photos[0]), vocabulary.Tile("insect", 2, photos[1])],
    }
    monkeypatch.setattr(vocabulary, "tiles", lambda user, subject, limit: tiles[subject])
    assert [(tile.title, tile.text, tile.url) for tile in explore.scenes(Visitor(owner))] == [
        ("Horse riding", "3 photos", "/search/?q=scene%3A%22horse+riding%22"),
    ]
    assert [tile.title for tile in explore.more_things(Visitor(owner))] == ["Insect"]  # dogs are objects
    owner.automatic_labels = False
    assert explore.scenes(Visitor(owner)) == []


def test_things_are_named_in_the_readers_language(owner, make_photo):
    for _number in range(2):
        see(make_photo(), "traffic light")
    with override("de"):
        tile = explore.things(Visitor(owner))[0]
    assert tile.title == "Ampel"
    assert "traffic" in tile.url
