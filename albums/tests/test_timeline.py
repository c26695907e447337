"""An album as a list: pages in its own order, sections by headings, ranges for the selection."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from accounts import undoing
from accounts.models import User
from albums import actions, timeline
from albums.models import Album, AlbumItem, Share
from photos.gallery.timeline import PAGE_SIZE, Page, Timeline
from photos.models import Photo

Maker = Callable[..., Photo]
MakeAlbum = Callable[..., Album]


def names(page: Page) -> list[str]:
    return [photo.original_name for day in page.days for photo in day.photos]


def sections(page: Page) -> list[tuple[str, str]]:
    """The headings of a page, each with the names below it."""
    return [(day.heading, "".join(photo.original_name for photo in day.photos)) for day in page.days]


def head(album: Album, **headings: str) -> dict[str, int]:
    """Put headings above photos. Returns the ids of their sections."""
    ids = {}
    for name, text in headings.items():
        item = AlbumItem.objects.get(album=album, photo__original_name=name)
        item.heading = text
        item.save()
        ids[name] = item.pk
    return ids


@pytest.fixture
def album(make_photo: Maker, make_album: MakeAlbum) -> Album:
    """Photos a to h, not in the order they were taken, two of them at the same position."""
    photos = {name: make_photo(name=name) for name in "hgfedcba"}
    album = make_album("Lisbon", [photos[name] for name in "abcdefgh"])
    AlbumItem.objects.filter(photo=photos["d"]).update(position=2)  # that of c, which was put in before it
    return album


def photo(name: str) -> Photo:
    return Photo.objects.get(original_name=name)


# --- which photos -----------------------------------------------------------------------------------------------------


def test_an_album_by_hand_has_its_own_order(album: Album) -> None:
    shown = timeline.of_album(album)
    assert names(shown.older()) == list("abcdefgh")
    assert shown.listing.slug == f"album.{album.key}"
    assert (shown.listing.title, shown.listing.address) == ("Lisbon", album.get_absolute_url())
    assert shown.months() == []


def test_the_same_photo_has_its_place_in_each_album(album: Album, make_album: MakeAlbum) -> None:
    other = make_album("Porto", [photo("h"), photo("a")])
    head(other, a="Later")
    assert names(timeline.of_album(other).older()) == ["h", "a"]
    assert sections(timeline.of_album(album).older()) == [("", "abcdefgh")]


def test_photos_that_cannot_be_shown_are_left_out(album: Album, make_photo: Maker) -> None:
    Photo.objects.filter(original_name="b").update(trashed_at=timezone.now())
    Photo.objects.filter(original_name="e").update(displayable=False)
    assert names(timeline.of_album(album).older()) == list("acdfgh")


def test_photos_of_others_are_shown(album: Album, viewer: User, make_photo: Maker) -> None:
    added = make_photo(name="z", owner=viewer)
    AlbumItem.objects.create(album=album, photo=added, position=-1)
    assert names(timeline.of_album(album).older())[0] == "z"


def test_a_smart_album_is_in_the_order_of_time(
    owner: User, stranger: User, make_photo: Maker, make_album: MakeAlbum
) -> None:
    for day, name in ((1, "old"), (3, "new")):
        make_photo(name=name, title="beach", taken=datetime(2024, 5, day))
    make_photo(name="other", title="mountain")
    make_photo(name="theirs", title="beach", owner=stranger)
    shown = timeline.of_album(make_album(kind="smart", query="beach"))
    assert names(shown.older()) == ["new", "old"]
    assert [month.count for month in shown.months()] == [2]


def test_an_album_is_listed_for_those_who_may_see_it(
    owner: User, viewer: User, stranger: User, album: Album, share: Callable[..., Share]
) -> None:
    share(viewer, album)
    for user in (owner, viewer):
        assert names(timeline.timeline(user, album.key).older()) == list("abcdefgh")
    with pytest.raises(Http404):
        timeline.timeline(stranger, album.key)


def test_a_folder_is_not_a_list_of_photos(owner: User, make_album: MakeAlbum) -> None:
    with pytest.raises(Http404):
        timeline.timeline(owner, make_album(kind="folder").key)


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def long(make_photo: Maker, make_album: MakeAlbum) -> tuple[Timeline, list[str]]:
    """An album of two and a half pages, every second photo at the position of the one before it, and its names."""
    photos = [make_photo(name=f"{number:03}") for number in range(PAGE_SIZE * 5 // 2)]
    album = make_album("Long", photos)
    for place, item in enumerate(AlbumItem.objects.filter(album=album).order_by("position")):
        AlbumItem.objects.filter(pk=item.pk).update(position=place // 2)
    return timeline.of_album(album), [each.original_name for each in photos]


def test_pages_follow_one_another_without_gap_or_repetition(long: tuple[Timeline, list[str]]) -> None:
    shown, everything = long
    pages = [shown.older()]
    assert pages[0].newer is None
    while pages[-1].older:
        pages.append(shown.older(shown.parse(str(pages[-1].older))))
    assert [name for page in pages for name in names(page)] == everything
    assert [len(names(page)) for page in pages] == [PAGE_SIZE, PAGE_SIZE, PAGE_SIZE // 2]
    back = shown.newer(pages[-1].days[0].start)
    assert names(back) == names(pages[1])
    assert back.newer is not None
    assert names(shown.newer(back.newer)) == names(pages[0])


@pytest.mark.parametrize(
    ("number", "first"), [(0, 0), (PAGE_SIZE // 2 - 1, 0), (PAGE_SIZE // 2, 1), (PAGE_SIZE * 2, PAGE_SIZE * 3 // 2 + 1)]
)
def test_a_page_around_a_photo_shows_what_comes_before_it(
    long: tuple[Timeline, list[str]], number: int, first: int
) -> None:
    shown, everything = long
    page = shown.around(photo(everything[number]))
    assert names(page)[0] == everything[first]
    assert everything[number] in names(page)


def test_around_a_photo_from_elsewhere_is_the_first_page(long: tuple[Timeline, list[str]], make_photo: Maker) -> None:
    shown, everything = long
    assert names(shown.around(make_photo())) == everything[:PAGE_SIZE]


def test_neighbours_are_those_in_the_album(album: Album, make_photo: Maker) -> None:
    shown = timeline.of_album(album)

    def around(name: str) -> list[str | None]:
        return [each.original_name if each else None for each in shown.neighbours(photo(name))]

    assert around("a") == [None, "b"]
    assert around("c") == ["b", "d"]
    assert around("d") == ["c", "e"]
    assert around("h") == ["g", None]
    assert shown.neighbours(make_photo()) == (None, None)


# --- sections ---------------------------------------------------------------------------------------------------------


def test_headings_divide_a_page(album: Album) -> None:
    head(album, c="Noon", d="River", g="Night")
    assert sections(timeline.of_album(album).older()) == [("", "ab"), ("Noon", "c"), ("River", "def"), ("Night", "gh")]


def test_a_page_that_begins_within_a_section_names_it(album: Album) -> None:
    ids = head(album, d="River")
    shown = timeline.of_album(album)
    (day,) = shown.older(shown.cursor(photo("e"))).days
    assert (day.heading, day.section, [each.original_name for each in day.photos]) == ("River", ids["d"], list("fgh"))
    first, _ = shown.older().days
    assert (first.heading, first.section) == ("", 0)


def test_a_section_is_entered_at_its_heading(album: Album) -> None:
    ids = head(album, d="River")
    shown = timeline.of_album(album)
    assert names(shown.older(shown.place_of(str(ids["d"])))) == list("defgh")
    assert names(shown.older(shown.place_of("0"))) == list("abcdefgh")
    assert names(shown.older(shown.place_of(str(ids["d"] + 1000)))) == list("abcdefgh")  # one that is gone
    with pytest.raises(ValueError, match="invalid literal"):
        shown.place_of("yesterday")


def keys(*wanted: str) -> list[str]:
    found = dict(Photo.objects.values_list("original_name", "key"))
    return [found[name] for name in wanted]


def test_the_keys_of_a_section_end_where_the_next_one_begins(album: Album) -> None:
    ids = head(album, c="Noon", d="River", g="Night")
    shown = timeline.of_album(album)
    assert shown.keys_of_day("0", 10) == keys("a", "b")
    assert shown.keys_of_day(str(ids["c"]), 10) == keys("c")
    assert shown.keys_of_day(str(ids["d"]), 10) == keys("d", "e", "f")
    assert shown.keys_of_day(str(ids["d"]), 2) == keys("d", "e")
    assert shown.keys_of_day(str(ids["g"]), 10) == keys("g", "h")


def trash(*names: str) -> None:
    Photo.objects.filter(original_name__in=names).update(trashed_at=timezone.now())


def test_the_heading_of_a_photo_in_the_trash_stands_above_the_next_photo(album: Album) -> None:
    ids = head(album, b="Belém", e="Alfama")
    trash("b")
    shown = timeline.of_album(album)
    assert sections(shown.older()) == [("", "a"), ("Belém", "cd"), ("Alfama", "efgh")]
    assert shown.keys_of_day(str(ids["b"]), 9) == [photo(name).key for name in "cd"]
    assert shown.keys_of_day("0", 9) == [photo("a").key]
    trash("c")
    assert sections(shown.older()) == [("", "a"), ("Belém", "d"), ("Alfama", "efgh")]
    trash("d")  # with which nothing is left of the section
    assert sections(shown.older()) == [("", "a"), ("Alfama", "efgh")]
    trash("a", "e")
    assert sections(shown.older()) == [("Alfama", "fgh")]
    Photo.objects.update(trashed_at=None)
    assert sections(shown.older()) == [("", "a"), ("Belém", "bcd"), ("Alfama", "efgh")]


def test_a_page_that_begins_after_a_trashed_heading_names_its_section(long: tuple[Timeline, list[str]]) -> None:
    shown, order = long
    album = Album.objects.get()
    item = AlbumItem.objects.get(album=album, photo__original_name=order[0])
    AlbumItem.objects.filter(pk=item.pk).update(heading="Belém")
    trash(order[0])
    first = shown.older()
    second = shown.older(first.older)
    assert {(day.heading, day.section) for page in (first, second) for day in page.days} == {("Belém", item.pk)}


def test_a_heading_is_set_and_taken_away_where_it_is_shown(album: Album, owner: User) -> None:
    head(album, b="Belém")
    trash("b")
    shown = timeline.of_album(album)
    activity = actions.set_heading(album, owner, photo("c").key, "By the river")
    assert sections(shown.older())[1] == ("By the river", "cdefgh")
    undoing.undo(activity, owner)
    assert sections(shown.older())[1] == ("Belém", "cdefgh")
    actions.set_heading(album, owner, photo("c").key, "")
    assert sections(shown.older()) == [("", "acdefgh")]
    actions.set_heading(album, owner, photo("e").key, "Alfama")  # in the middle of a section
    assert sections(shown.older()) == [("", "acd"), ("Alfama", "efgh")]


def test_a_heading_stays_when_its_photo_is_removed_or_deleted_for_good(album: Album, owner: User) -> None:
    head(album, b="Belém", e="Alfama")
    shown = timeline.of_album(album)
    activity = actions.take_out(album, owner, [photo("b").pk, photo("c").pk])
    assert sections(shown.older()) == [("", "a"), ("Belém", "d"), ("Alfama", "efgh")]
    undoing.undo(activity, owner)
    assert sections(shown.older()) == [("", "a"), ("Belém", "bcd"), ("Alfama", "efgh")]
    assert AlbumItem.objects.exclude(heading="").count() == 2
    Photo.objects.filter(original_name__in="bce").delete()
    assert sections(shown.older()) == [("", "a"), ("Belém", "d"), ("Alfama", "fgh")]
    photo("d").delete()
    assert sections(shown.older()) == [("", "a"), ("Alfama", "fgh")]


@pytest.mark.parametrize(
    ("one", "other", "between"), [("b", "e", "bcde"), ("e", "b", "bcde"), ("c", "d", "cd"), ("d", "d", "d")]
)
def test_the_keys_from_one_photo_to_another(album: Album, one: str, other: str, between: str) -> None:
    shown = timeline.of_album(album)
    assert shown.keys_between(photo(one), photo(other), 10) == keys(*between)
    assert shown.keys_between(photo(one), photo(other), 1) == keys(between[0])


def test_no_keys_between_a_photo_and_one_from_elsewhere(album: Album, make_photo: Maker) -> None:
    assert timeline.of_album(album).keys_between(photo("a"), make_photo(), 10) == []


def test_finding_a_section_does_not_query_every_photo(album: Album, django_assert_num_queries: Any) -> None:
    head(album, c="Noon", e="River")
    shown = timeline.of_album(album)
    with django_assert_num_queries(4):  # the page; headings in the trash; the place of its first photo, its heading
        assert len(shown.older().days) == 3
