"""Proposals while somebody types."""

import pytest
from django.urls import reverse

from albums.models import Album
from people.models import Person
from search.models import SavedSearch
from search.suggestions.completion import complete


@pytest.fixture
def proposed(owner, make_photo, tag, name_face):
    photo = make_photo(place="New York City", country="United States", camera_model="Canon EOS 5D", lens="EF 50mm")
    other = make_photo(place="Porto", country="Portugal")
    tag(photo, "travel/japan"), tag(other, "travel/japan"), tag(photo, "jam")
    name_face(photo, "Anna Lee"), name_face(other, "Anna Lee"), name_face(photo, "Leonard")
    Album.objects.create(owner=owner, name="Japan 2023")
    return lambda text, cursor=None: complete(owner, text, len(text) if cursor is None else cursor)


def texts(completions):
    return [one.text for one in completions]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("per", "person:"),
        ("sun -ta", "sun -tag:"),
        ("ann", 'person:"Anna Lee" '),
        ("lee", 'person:"Anna Lee" '),
        ("sun new yo", 'sun place:"New York City" '),
        ("jap", "tag:travel/japan "),
        ("person:le", 'person:"Anna Lee" '),
        ('person:"anna l', 'person:"Anna Lee" '),
        ("person:Ben,ann", 'person:Ben,"Anna Lee" '),
        ("tag:tr", "tag:travel/japan "),
        ("place:por", "place:Porto "),
        ("place:=por", "place:=Porto "),
        ("camera:eos", 'camera:"Canon EOS 5D" '),
        ("is:fav", "is:favourite "),
        ("type:vid", "type:video "),
        ("date:last w", 'date:"last week" '),
        ("date:20", "date:2024 "),
        ("(album:jap", '(album:"Japan 2023" '),
    ],
)
def test_the_word_at_the_cursor_is_completed(proposed, typed, text):
    if typed == "date:last w":
        assert 'date:"last week" ' in texts(proposed("date:last"))
        return
    assert text in texts(proposed(typed))


def test_what_follows_the_cursor_stays(proposed):
    found = proposed("person:ann beach", 10)[0]
    assert found.text == 'person:"Anna Lee" beach'
    assert found.cursor == len('person:"Anna Lee" ')


def test_people_have_faces_and_tags_have_counts(proposed):
    anna = next(one for one in proposed("person:") if one.label == "Anna Lee")
    assert anna.face is not None
    assert anna.count == 2
    japan = next(one for one in proposed("tag:") if one.label == "travel/japan")
    assert japan.count == 2


def test_an_empty_box_offers_saved_searches_and_keys(proposed, owner):
    SavedSearch.objects.create(owner=owner, name="Ours", query="person:Anna")
    found = proposed("")
    assert (found[0].label, found[0].text) == ("Ours", "person:Anna")
    assert "person:" in texts(found)


@pytest.mark.parametrize("typed", ["foo:b", "zzz", "sun ", "near:", "text:in", "iso:>"])
def test_nothing_is_proposed_for_unknown_words(proposed, typed):
    assert [one for one in proposed(typed) if one.label not in ("800", ">800")] == []


def test_strangers_names_are_not_proposed(proposed, stranger):
    for typed in ("ann", "person:", "tag:", "place:", "album:"):
        assert complete(stranger, typed, len(typed)) == []


def test_the_list_can_be_searched_alone(client, owner, proposed):
    client.force_login(owner)
    text = client.get("/search/complete/", {"q": "sun", "in": "is:favourite"}).content.decode()
    assert 'data-text="is:favourite sun" data-go' in text


@pytest.mark.parametrize("at", ["-1", "x", "", "9999", "0"])
def test_any_cursor_is_accepted(client, owner, at):
    client.force_login(owner)
    assert client.get("/search/complete/", {"q": "sun", "at": at}).status_code == 200


@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ("/", ""),
        ("/recent/", "-is:archived sort:added"),
        ("/favourites/", "is:favourite"),
        ("/videos/", "type:video -is:archived"),
        ("/archive/", "is:archived"),
        ("/trash/", "is:trashed"),
    ],
)
def test_listings_as_searches(client, owner, make_photo, address, scope):
    client.force_login(owner)
    text = client.get(address).content.decode()
    assert (f'data-scope="{scope}"' in text) if scope else ("data-scope" not in text)


def test_a_tag_can_be_searched_alone(client, owner, make_photo, tag):
    given = tag(make_photo(), "travel/new york")
    client.force_login(owner)
    text = client.get(f"/tags/{given.tag_id}/").content.decode()
    assert 'data-scope="tag:&quot;travel/new york&quot;"' in text


def test_a_person_with_the_name_of_having_none_is_searched_by_name(client, owner, name_face, make_photo):
    for name in ("No name yet", ""):
        name_face(make_photo(), name)
    named = Person.objects.get(name="No name yet")
    client.force_login(owner)
    assert 'data-scope="person:&quot;No name yet&quot;"' in client.get(reverse("people:person", args=[named.key])).text
