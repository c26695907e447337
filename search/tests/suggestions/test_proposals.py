"""The values that a library has for a key."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from photos.models import DetectedObject, Photo
from search.suggestions import proposals
from search.suggestions.proposals import Name, fitting


def values(names: list[Name]) -> list[str]:
    return [name.value for name in names]


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("", ["New York", "York", "Old York Road", "Yorkshire"]),
        ("york", ["York", "Yorkshire", "New York", "Old York Road"]),
        ("YÖRK", ["York", "Yorkshire", "New York", "Old York Road"]),
        ("old y", ["Old York Road"]),
        ("york r", ["Old York Road"]),
        ("ork", []),
        ("york old", []),
        ("!", []),
    ],
)
def test_names_match_by_the_beginnings_of_their_words(part: str, found: list[str]) -> None:
    names = [Name(value) for value in ("New York", "York", "Old York Road", "Yorkshire")]
    assert values(fitting(names, part)) == found


def test_no_more_names_than_are_shown() -> None:
    names = [Name(f"a{number}") for number in range(20)]
    assert fitting(names, "a") == fitting(names, "") == names[: proposals.SHOWN]


def test_the_most_frequent_come_first(owner: User, stranger: User, make_photo: Callable[..., Photo], tag: Any) -> None:
    for place in ("Porto", "Lisbon", "Lisbon", "Faro", ""):
        make_photo(place=place)
    make_photo(place="Faro", trashed_at="2024-01-01T00:00Z"), make_photo(place="Faro", owner=stranger)
    assert proposals.of_column("place")(owner, "") == [Name("Lisbon", 2), Name("Faro", 1), Name("Porto", 1)]
    given = [tag(make_photo(), path) for path in ("sea", "sea/north", "sea/north", "air")]
    given[3].rejected = True
    given[3].save()
    assert proposals.tags(owner, "") == [Name("sea/north", 2), Name("sea", 1), Name("air", 0)]


def test_recognised_objects_are_counted_once_per_photo(owner: User, make_photo: Callable[..., Photo]) -> None:
    box = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1, "model": "test", "score": 0.9}
    one, other = make_photo(), make_photo()
    for photo, label, state in ((one, "cat", "proposed"), (one, "cat", "proposed"), (one, "dog", "rejected")):
        DetectedObject.objects.create(photo=photo, label=label, state=state, **box)
    assert proposals.objects(owner, "") == [Name("cat", 1)]
    DetectedObject.objects.create(photo=other, label="dog", **box)
    assert proposals.objects(owner, "") == [Name("cat", 1)]  # remembered for some seconds


def test_days_are_words_and_the_years_of_the_library(owner: User, make_photo: Callable[..., Photo]) -> None:
    (
        make_photo(taken=datetime(2023, 1, 1)),
        make_photo(taken=datetime(1994, 5, 1)),
        make_photo(taken=datetime(2023, 7, 1)),
    )
    found = values(proposals.days(owner, ""))
    assert found[:2] == ["today", "yesterday"]
    assert [text for text in found if text.isdigit()] == ["2023", "1994"]
    assert {"summer", "january", "december"} <= set(found)
    assert values(proposals.days(owner, "Last W")) == ["last week"]


def test_towns_of_the_world_the_largest_first(owner: User) -> None:
    assert proposals.towns(owner, " ") == []
    found = proposals.towns(owner, "lisb")
    assert found[0] == Name("Lisbon", about="Lisbon, Portugal")
