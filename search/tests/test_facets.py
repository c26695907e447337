"""Facets: their choices, the number of photos of each, and the search with it."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from photos.models import Photo
from search import facets
from search.facets import Choice, most_common
from search.language.tree import Term, written
from search.results import timeline
from tags.models import PhotoTag

Maker = Callable[..., Photo]


def choices(user: User, text: str) -> dict[str, list[Choice]]:
    """The choices of each facet by its title."""
    counts = facets.counted(timeline.find(user, text))
    return {str(facet.title): facet.choices for facet in facets.facets(counts, user)}


def numbers(made: list[Choice]) -> list[tuple[str, int]]:
    return [(choice.label, choice.count) for choice in made]


@pytest.mark.parametrize("many", [4_000, 2])  # counted here, and by the database
def test_results_are_counted(
    owner: User, make_photo: Maker, tag: Any, name_face: Any, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(facets, "MANY", many)
    for year, place in ((2022, "Porto"), (2023, "Porto"), (2023, "Lisbon")):
        photo = make_photo(title="sun", place=place, country="Portugal", taken=datetime(year, 5, 1))
        name_face(photo, "Anna"), name_face(photo, "")
    name_face(photo, "Anna")  # twice in one photo
    name_face(photo, "Ben")
    tag(photo, "travel/portugal"), tag(photo, "sea")
    name_face(make_photo(title="rain", place="Oslo", country="Norway"), "Carl")
    made = choices(owner, "sun")
    assert numbers(made["People"]) == [("Anna", 3), ("Ben", 1)]
    assert numbers(made["Places"]) == [("Porto", 2), ("Lisbon", 1)]  # all are of one country
    assert numbers(made["Years"]) == [("2023", 2), ("2022", 1)]
    assert numbers(made["Tags"]) == [("sea", 1), ("travel/portugal", 1)]
    assert [choice.search for choice in made["People"]] == ["sun person:Anna", "sun person:Ben"]
    assert made["Places"][0].search == "sun place:=Porto"
    assert [choice.label for choice in choices(owner, "")["Places"][:2]] == ["Portugal", "Norway"]


@pytest.mark.parametrize("text", ["scene:Strand", "scene:beach"])
def test_a_choice_is_on_whether_it_was_clicked_or_typed_in_another_language(owner: User, text: str) -> None:
    with translation.override("de"):
        found = timeline.find(owner, f"2024 {text}")
        made = facets.choice(found, "Strand", 1, Term("scene", (written("beach"),)))
    assert (made.is_on, made.search) == (True, "2024")


def test_a_single_choice_is_left_out_unless_it_is_on(owner: User, make_photo: Maker, name_face: Any) -> None:
    name_face(make_photo(), "Anna")
    assert "People" not in choices(owner, "")
    (anna,) = choices(owner, "person:Anna")["People"]
    assert (anna.is_on, anna.count, anna.search) == (True, 1, "")


def test_a_year_replaces_another_and_is_removed_again(owner: User, make_photo: Maker) -> None:
    for month in (3, 5):
        make_photo(title="sun", taken=datetime(2023, month, 1))
    made = choices(owner, "sun date:2023 sort:oldest")
    assert [(choice.label, choice.search) for choice in made["Months"]] == [
        ("March 2023", "sun date:2023-03 sort:oldest"),
        ("May 2023", "sun date:2023-05 sort:oldest"),
    ]
    make_photo(title="sun", taken=datetime(2022, 1, 1))
    made = choices(owner, "sun date:2022..2023")
    assert [choice.search for choice in made["Years"]] == ["sun date:2023", "sun date:2022"]


def test_hidden_people_rejected_tags_and_names_of_others_are_no_choices(
    owner: User, stranger: User, make_photo: Maker, tag: Any, name_face: Any
) -> None:
    photo = make_photo()
    for name in ("Anna", "Ben", "Hidden"):
        face = name_face(photo, name)
    face.person.hidden = True
    face.person.save()
    tag(photo, "sea"), tag(photo, "sun")
    refused = tag(photo, "dog")
    PhotoTag.objects.filter(pk=refused.pk).update(rejected=True)
    made = choices(owner, "")
    assert {choice.label for choice in made["People"]} == {"Anna", "Ben"}
    assert {choice.label for choice in made["Tags"]} == {"sea", "sun"}
    assert choices(stranger, "") == {}


def test_without_results_there_are_no_choices(owner: User) -> None:
    assert choices(owner, "nothing") == {}


@pytest.mark.parametrize(
    ("counts", "limit", "common"),
    [
        ({}, 2, []),
        ({"b": 1, "a": 1, "c": 2}, 2, [("c", 2), ("a", 1)]),
        ({"": 5, None: 4, "a": 1}, 2, [("a", 1)]),
        ({0: 1}, 2, [(0, 1)]),
    ],
)
def test_the_most_common(counts: dict[Any, int], limit: int, common: list[tuple[Any, int]]) -> None:
    assert most_common(Counter(counts), limit) == common


def test_counting_kinds_does_not_search_again(owner: User, make_photo: Maker) -> None:
    make_photo(title="sun", name="Screenshot 1.png"), make_photo(title="rain", name="Screenshot 2.png")
    counts = facets.counted(timeline.find(owner, "sun"))
    with CaptureQueriesContext(connection) as queries:
        [made] = facets.kinds_of_pictures(counts, owner).choices
    assert (made.label, made.count) == ("Screenshots", 1)
    assert not [query for query in queries if "MATCH" in query["sql"] or "@@" in query["sql"]]


def test_kinds_of_pictures(owner: User, make_photo: Maker) -> None:
    make_photo(title="sun", name="Screenshot 1.png"), make_photo(title="sun")
    assert "Kinds" not in choices(owner, "sun")  # one is no choice
    (screenshots,) = choices(owner, "sun is:screenshot")["Kinds"]
    assert (screenshots.label, screenshots.count, screenshots.search, screenshots.is_on) == (
        "Screenshots",
        1,
        "sun",
        True,
    )
