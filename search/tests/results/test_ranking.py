"""Orders other than by day: how lists are merged, and the pages of a listing in such an order."""

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.models import User
from photos.gallery.timeline import Page
from photos.models import Photo
from search.language.grammar import parse
from search.language.tree import Term
from search.results import ranking, timeline
from search.results.ranking import Ranking, merged, ordered_ids, surest, wanted

Maker = Callable[..., Photo]


# --- merging ----------------------------------------------------------------------------------------------------------


def test_each_list_gives_a_photo_more_the_higher_it_ranks_there() -> None:
    scores = merged([[1, 2], [3, 2]])
    assert scores == pytest.approx({1: 1 / 61, 2: 2 / 62, 3: 1 / 61})
    assert max(scores, key=scores.__getitem__) == 2
    assert merged([]) == merged([[]]) == {}


def test_the_highest_score_of_a_photo_counts() -> None:
    scores = [(1, "dog", 0.5), (1, "dog", 0.9), (2, "cat", 1.0), (3, "wolf", 0.95), (4, "dog", 0.9)]
    assert surest({"dog": 1, "wolf": 0.5}, scores) == [1, 4, 3]
    assert surest({}, scores) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("-sun", []),
        ("sun -(sea OR dog)", ["sun"]),
        ("sun (sea OR place:Porto)", ["sun", "sea", "place"]),
    ],
)
def test_negated_parts_do_not_rank(text: str, names: list[str]) -> None:
    assert [node.key if isinstance(node, Term) else node.text for node in wanted(parse(text).root)] == names  # type: ignore[attr-defined]


# --- orders -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("order", "expected"), [("largest", "cba"), ("oldest", "bac"), ("rating", "acb")])
@pytest.mark.parametrize("most", [3, 2])
def test_orders(
    owner: User, make_photo: Maker, monkeypatch: pytest.MonkeyPatch, order: str, expected: str, most: int
) -> None:
    monkeypatch.setattr(ranking, "MOST", most)
    made = {
        make_photo(size=1, rating=5, taken=datetime(2021, 1, 1)).pk: "a",
        make_photo(size=2, taken=datetime(2020, 1, 1)).pk: "b",  # without a rating, which is less than any
        make_photo(size=3, rating=1, taken=datetime(2022, 1, 1)).pk: "c",
    }
    ids = ordered_ids(timeline.find(owner, f"sort:{order}"), owner)
    assert "".join(made[pk] for pk in ids) == expected[:most]


def test_unranked_photos_come_last_newest_first(owner: User, make_photo: Maker) -> None:
    old, new = (make_photo(rating=5, taken=datetime(year, 1, 1)) for year in (2020, 2022))
    named = make_photo(title="dog", taken=datetime(2019, 1, 1))
    make_photo(title="cat")
    found = timeline.find(owner, "(dog OR rating:5) sort:relevance")
    assert ordered_ids(found, owner) == [named.pk, new.pk, old.pk]


# --- a list -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def photos(make_photo: Maker) -> list[Photo]:
    """The largest first."""
    return [make_photo(title="sun", size=100 - number) for number in range(5)]


@pytest.fixture
def ranked(owner: User, photos: list[Photo], monkeypatch: pytest.MonkeyPatch) -> Ranking:
    monkeypatch.setattr(ranking, "PAGE_SIZE", 2)
    made = timeline.of_found(owner, timeline.find(owner, "sun sort:largest"))
    assert isinstance(made, Ranking)
    return made


def shown(page: Page) -> list[Photo]:
    return [photo for day in page.days for photo in day.photos]


def test_pages_join_without_a_gap_in_both_directions(ranked: Ranking, photos: list[Photo]) -> None:
    first = ranked.older()
    second = ranked.older(first.older)
    third = ranked.older(second.older)
    assert [shown(page) for page in (first, second, third)] == [photos[:2], photos[2:4], photos[4:]]
    assert (first.newer, third.older) == (None, None)
    assert shown(ranked.newer(third.newer)) == photos[2:4]
    assert shown(ranked.newer(second.newer)) == photos[:2]
    assert shown(ranked.around(photos[3])) == photos[2:4]


def test_neighbours_at_both_ends_and_of_a_photo_that_was_not_found(
    ranked: Ranking, photos: list[Photo], make_photo: Maker
) -> None:
    assert ranked.neighbours(photos[0]) == (None, photos[1])
    assert ranked.neighbours(photos[2]) == (photos[1], photos[3])
    assert ranked.neighbours(photos[4]) == (photos[3], None)
    other = make_photo(title="rain")
    assert ranked.neighbours(other) == (None, None)
    assert ranked.cursor(other) is None
    assert ranked.keys_between(photos[0], other, 10) == []


def test_keys_between_two_photos_in_either_order(ranked: Ranking, photos: list[Photo]) -> None:
    keys = [photo.key for photo in photos]
    assert ranked.keys_between(photos[1], photos[3], 10) == ranked.keys_between(photos[3], photos[1], 10) == keys[1:4]
    assert ranked.keys_between(photos[2], photos[2], 10) == keys[2:3]
    assert ranked.keys_between(photos[0], photos[4], 2) == keys[:2]
    assert ranked.keys_of_day("section-0", 10) == keys
    assert ranked.keys_of_day("section-7", 10) == ranked.keys_of_day("nonsense", 10) == []


def test_a_photo_deleted_meanwhile_is_left_out(ranked: Ranking, photos: list[Photo]) -> None:
    assert len(ranked.ids) == 5
    photos[1].delete()
    assert shown(ranked.older()) == photos[:1]
    assert ranked.in_order(3) == [photos[0], photos[2]]
