"""Chips read as people do, and each can be taken away."""

from typing import Any

import pytest

from accounts.models import User
from search.results.chips import chips
from search.results.timeline import find


@pytest.fixture
def anna(make_photo: Any, name_face: Any) -> None:
    photo = make_photo(place="Niigata", country="Japan", country_code="JP")
    name_face(photo, "Anna Lee"), name_face(photo, "Ben")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("sun", [("sun", "")]),
        ("sun rating:5 sort:oldest", [("sun", "rating:5 sort:oldest"), ("rating:5", "sun sort:oldest")]),
        ("sun -(sea OR dog)", [("sun", "-(sea OR dog)"), ("not sea or dog", "sun")]),
        ("place:Niigata", [("Niigata", "")]),
        ("place:=Niigata date:2024-01", [("Niigata", "date:2024-01"), ("January 2024", "place:=Niigata")]),
        ('person:"Anna Lee",Ben all', [("Anna Lee and Ben", "")]),
        ("person:Ben alone", [("Only Ben", "")]),
        ("type:video is:favourite", [("Videos", "is:favourite"), ("Favourites", "type:video")]),
        ("-has:gps", [("not With a position", "")]),
        ("date:>2020", [("after 2020", "")]),
        ("date:2020..2022", [("2020 to 2022", "")]),
        ("near:Niigata 20km", [("Near Niigata, 20 km", "")]),
        ("anna niigata", [("Anna", "niigata"), ("Niigata", "anna")]),
        ("photos of anna in january 2024", [("Anna", "in january 2024"), ("January 2024", "photos of anna")]),
        ("anna lee or ben last summer", [("Anna Lee or Ben", "last summer"), ("Last summer", "anna lee or ben")]),
        ("ben without anna", [("Ben", "without anna"), ("without Anna", "ben")]),
        ('"anna lee" ben', [('"anna lee"', "ben"), ("Ben", '"anna lee"')]),
        ("sun OR sea", [("sun or sea", "")]),
    ],
)
def test_each_part_of_a_search_reads_well_and_can_be_taken_away(
    owner: User, anna: None, text: str, parts: list[tuple[str, str]]
) -> None:
    assert [(chip.label, chip.without) for chip in chips(find(owner, text))] == parts


def test_a_chip_shows_what_was_written(owner: User, anna: None) -> None:
    assert [(chip.written, chip.icon) for chip in chips(find(owner, "photos of anna lee place:Niigata"))] == [
        ("anna lee", "user"),
        ("place:Niigata", "map-pin"),
    ]
