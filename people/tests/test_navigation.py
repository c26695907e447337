"""People on the page Explore, and among what there is to tidy up."""

from people.models import Face, Person
from people.navigation import people, unnamed
from photos.gallery.explore import Visitor


def person(owner, name, photos):
    someone = Person.objects.create(owner=owner, name=name)
    for photo in photos:
        Face.objects.create(photo=photo, person=someone, assignment="confirmed", x=0, y=0, width=0.5, height=0.5)
    return someone


def test_named_people_come_first_and_people_in_one_photo_are_left_out(owner, stranger, make_photo):
    photos = [make_photo() for _ in range(3)]
    person(owner, "", photos), person(owner, "", photos[:1])
    anna = person(owner, "Anna", photos[:1])
    person(stranger, "Mallory", [make_photo(owner=stranger)])
    found = people(Visitor(owner))
    assert [(tile.title, tile.text) for tile in found] == [("Anna", "1 photo"), ("Add name", "3 photos")]
    assert unnamed(owner) == 1
    assert found[0].url == f"/people/person/{anna.key}/"
    assert "/people/faces/" in found[0].picture
