"""What the library brings to the palette."""

from collections.abc import Callable

from accounts.models import User
from photos import navigation
from photos.models import Photo


def test_places_are_those_of_the_users_timeline(owner: User, stranger: User, make_photo: Callable[..., Photo]) -> None:
    make_photo(place="Lisbon"), make_photo(place="Lisbon"), make_photo(place="")
    make_photo(place="Porto", archived=True)
    make_photo(place="Rome", owner=stranger)
    (lisbon,) = navigation.places(owner)
    assert (lisbon.key, lisbon.title) == ("place:Lisbon", "Lisbon")
    assert "Lisbon" in lisbon.url


def test_who_has_no_library_uploads_nothing(owner: User) -> None:
    assert [action.title for action in navigation.actions(owner)] == ["Upload"]
    owner.is_guest = True
    assert navigation.actions(owner) == []


def test_pages_that_no_list_has_are_found(owner: User) -> None:
    assert {page.title for page in navigation.pages(owner)} == {"Tidy up", "On this day", "Search by a picture"}
