"""A search as a listing: its key, its scope, its order and its notices."""

from collections.abc import Callable

import pytest
from django.http import Http404

from accounts.models import User
from photos.gallery.timeline import Page
from photos.models import Photo
from search.results.ranking import Ranking
from search.results.timeline import Results, find, key_of, notices_of, of_found, text_of, timeline

Maker = Callable[..., Photo]
EMPTY = Page([], None, None)


@pytest.mark.parametrize("text", ["", "beach", "is:trashed", "föhn -regen", "a?b>c~", "写真 2019"])
def test_a_key_gives_the_search_again(text: str) -> None:
    assert text_of(key_of(text)) == text
    assert set(key_of(text)).isdisjoint("+/=")  # it is a part of an address


@pytest.mark.parametrize("key", ["x", "_w", key_of("(beach")])
def test_an_invalid_key_is_404(owner: User, key: str) -> None:
    with pytest.raises(Http404):
        timeline(owner, key)


def test_the_trash_is_searched_only_if_it_is_named(owner: User, make_photo: Maker) -> None:
    kept, trashed = make_photo(title="lighthouse"), make_photo(title="lighthouse")
    Photo.objects.filter(pk=trashed.pk).trash()
    assert set(find(owner, "lighthouse").photos) == {kept}
    assert set(find(owner, "lighthouse is:trashed").photos) == {trashed}
    assert of_found(owner, find(owner, "lighthouse is:trashed")).listing.in_trash
    assert not of_found(owner, find(owner, "lighthouse OR is:trashed")).listing.in_trash


def test_strangers_photos_are_not_searched(owner: User, stranger: User, make_photo: Maker) -> None:
    make_photo(title="lighthouse", owner=stranger)
    assert not find(owner, "lighthouse").photos.exists()


def test_an_explicit_order_is_kept(owner: User, make_photo: Maker) -> None:
    first, second = make_photo(title="lighthouse"), make_photo(title="lighthouse at night")
    assert isinstance(of_found(owner, find(owner, "lighthouse sort:relevance")), Ranking)
    newest = of_found(owner, find(owner, "lighthouse sort:newest"))
    assert isinstance(newest, Results)
    assert set(newest.in_order(5)) == {first, second}
    assert len(newest.in_order(1)) == 1


def test_an_unknown_name_comes_with_a_suggestion(owner: User) -> None:
    from people.models import Person

    Person.objects.create(owner=owner, name="Marie")
    (told,) = notices_of("beach person:Mrie", find(owner, "beach person:Mrie"), EMPTY)
    assert "Mrie" in told.message
    assert told.suggestion == "beach person:Marie"


def test_lower_case_connectives_are_noticed_only_if_little_was_found(owner: User) -> None:
    found = find(owner, "beach or forest")
    assert [told.suggestion for told in notices_of("beach or forest", found, EMPTY)] == ["beach OR forest"]
    assert notices_of("beach or forest", found, Page([], None, "older")) == []
