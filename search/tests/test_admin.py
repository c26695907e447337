"""The search language in the administration's list of photos."""

from datetime import datetime

import pytest

from accounts.models import User
from people.models import Face, Person

ADDRESS = "/admin/photos/photo/"


@pytest.fixture
def listed(client, db):
    client.force_login(User.objects.create_superuser("administrator"))
    return lambda query: client.get(ADDRESS, {"q": query}).content.decode()


def test_the_list_is_searched_as_its_owners_would(listed, make_photo, stranger):
    beach, other = make_photo(title="Beach", iso=1600), make_photo(title="Forest")
    foreign = make_photo(owner=stranger, title="Beach too")
    person = Person.objects.create(owner=stranger, name="Zoë")
    Face.objects.create(photo=foreign, person=person, assignment="confirmed", x=0.1, y=0.1, width=0.1, height=0.1)
    shown = listed("beach")
    assert beach.original_name in shown
    assert foreign.original_name in shown
    assert other.original_name not in shown
    assert foreign.original_name in listed("person:zoe")
    assert other.original_name in listed(other.key)
    assert beach.original_name not in listed(f"-iso:>800 {foreign.title}")


def test_a_mistake_is_shown_and_finds_nothing(listed, make_photo):
    photo = make_photo()
    text = listed("is:favourit")
    assert "Did you mean is:favourite?" in text
    assert photo.original_name not in text


def test_the_language_in_a_search_is_heeded(listed, make_photo):
    spring, other = make_photo(taken=datetime(2024, 5, 12, 12)), make_photo(taken=datetime(2023, 5, 12, 12))
    text = listed("mai 2024 language:fr")
    assert spring.original_name in text
    assert other.original_name not in text
