"""Forms whose values were changed elsewhere while they were open: what is merged, refused, and shown."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from albums import actions
from albums.models import Album, ShareLink
from albums.public import links
from mirage.testing.html import folded
from mirage.web.stale import Stale, as_text, differs, fresh, put
from people.models import Person
from photos.models import Comment
from search.models import SavedSearch
from tags import tree

HTMX = {"HX-Request": "true"}


def form(**fields: str) -> QueryDict:
    made = QueryDict(mutable=True)
    made.update({name.replace("before_", "before-"): value for name, value in fields.items()})
    return made


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (False, ""), (True, "yes"), (7, "7"), (date(1950, 1, 2), "1950-01-02"), (" a\r\nb\rc ", "a\nb\nc")],
)
def test_values_are_texts_in_forms(value: object, text: str) -> None:
    assert as_text(value) == text


def test_texts_of_one_look_are_equal() -> None:
    assert not differs("Zoë", "Zoe\u0308", "Other")
    assert differs("Zoë", "Zoe", "Other")


def test_what_only_others_changed_stays_theirs() -> None:
    sent = form(name="Old", before_name="Old", query="mine", before_query="q")
    merged = fresh(sent, {"name": "Theirs", "query": "q"})
    assert (merged["name"], merged["query"]) == ("Theirs", "mine")
    assert sent["name"] == "Old"


def test_what_both_changed_is_refused_with_both_texts() -> None:
    with pytest.raises(Stale) as refused:
        fresh(form(query="mine", before_query="old"), {"query": "theirs"}, {"query": "Search"})
    (conflict,) = refused.value.conflicts
    assert (conflict.label, conflict.now, conflict.wrote) == ("Search", "theirs", "mine")


def test_both_wrote_the_same() -> None:
    assert fresh(form(name="New", before_name="Old"), {"name": "New"})["name"] == "New"


def test_programs_that_know_of_no_other_are_not_asked() -> None:
    assert fresh(form(name="New"), {"name": "Theirs"})["name"] == "New"
    assert "name" not in fresh(form(before_name="Old"), {"name": "Theirs"})  # the form does not change it


def test_boxes_are_merged() -> None:
    assert fresh(form(before_pinned=""), {"pinned": True})["pinned"] == "yes"
    assert "pinned" not in fresh(form(pinned="on", before_pinned="yes"), {"pinned": False})
    assert "pinned" not in fresh(form(before_pinned="yes"), {"pinned": True})  # unticked here


def test_a_number_taken_away_is_no_number() -> None:
    put(sent := {"limit": "7"}, "limit", None)
    assert sent["limit"] == ""


# --- each form of the pages that holds a text -------------------------------------------------------------------------


@pytest.fixture
def album(owner: Any) -> Album:
    return actions.create(owner, "Old")


def smart(owner: Any) -> tuple[str, Any, str]:
    made = actions.create(owner, "Smart", kind=Album.Kind.SMART, query="old")
    return f"/albums/album/{made.key}/edit/", made, "query"


def described(owner: Any) -> tuple[str, Any, str]:
    made = actions.create(owner, "Lisbon")
    actions.edit(made, owner, description="old")
    return f"/albums/album/{made.key}/edit/", made, "description"


def named(owner: Any) -> tuple[str, Any, str]:
    made = actions.create(owner, "old")
    return f"/albums/album/{made.key}/edit/", made, "name"


def person(owner: Any) -> tuple[str, Any, str]:
    made = Person.objects.create(owner=owner, name="old")
    return f"/people/person/{made.key}/name/", made, "name"


def tag(owner: Any) -> tuple[str, Any, str]:
    made, _ = tree.add(owner, "old")
    return f"/tags/{made.pk}/change/", made, "name"


def saved(owner: Any) -> tuple[str, Any, str]:
    made = SavedSearch.objects.create(owner=owner, name="Kept", query="old")
    return f"/search/saved/{made.pk}/change/", made, "query"


FORMS = [named, described, smart, person, tag, saved]


@pytest.mark.parametrize("make", FORMS)
def test_the_second_tab_is_shown_both_texts_and_may_save_its_own(client: Any, owner: Any, make: Any) -> None:
    address, made, field = make(owner)
    client.force_login(owner)

    def send(text: str, before: str) -> Any:
        rest = {"name": "Kept"} if make is saved else {}
        return client.post(address, {**rest, field: text, f"before-{field}": before}, headers=HTMX)

    def now() -> str:
        made.refresh_from_db()
        return str(getattr(made, field))

    assert send("first", "old").status_code == 200
    late = send("second", "old")
    text = folded(late)
    assert (late.status_code, late["HX-Retarget"], now()) == (422, "#dialog-place", "first")
    assert "<blockquote>first</blockquote>" in text
    assert "<blockquote>second</blockquote>" in text
    assert f'name="before-{field}" value="first"' in text
    assert f'name="{field}" value="second"' in text
    assert send("second", "first").status_code == 200
    assert now() == "second"


def test_without_htmx_both_texts_are_a_page(client: Any, owner: Any, album: Album) -> None:
    client.force_login(owner)
    sent = {"name": "Mine", "before-name": "Older", "next": "/albums/"}
    response = client.post(f"/albums/album/{album.key}/edit/", sent)
    text = folded(response)
    assert response.status_code == 422
    assert "<html" in text
    assert '<a class="button" href="/albums/">Keep the other</a>' in text
    assert text.count('name="csrfmiddlewaretoken"') >= 1
    album.refresh_from_db()
    assert album.name == "Old"


def test_a_dialog_answers_to_where_the_form_would(client: Any, owner: Any) -> None:
    address, _, _ = saved(owner)
    client.force_login(owner)
    sent = {"name": "Kept", "query": "mine", "before-query": "older"}
    page = "http://testserver/search/saved/?x=1"
    text = folded(client.post(address, sent, headers=HTMX | {"HX-Target": "saved", "HX-Current-URL": page}))
    assert 'hx-target="#saved"' in text
    assert 'href="/search/saved/?x=1"' in text
    assert "<html" not in text


def test_a_comment_that_its_author_changed_is_not_overwritten_by_the_owner(
    client: Any, owner: Any, make_photo: Any
) -> None:
    comment = Comment.objects.create(photo=make_photo(), author=owner, text="Now")
    client.force_login(owner)
    sent = {"text": "Mine", "before-text": "Before"}
    response = client.post(f"/comments/{comment.pk}/edit/", sent, headers=HTMX)
    assert (response.status_code, "<h3>Comment</h3>" in folded(response)) == (422, True)
    comment.refresh_from_db()
    assert comment.text == "Now"


def test_birthdays_too(client: Any, owner: Any) -> None:
    who = Person.objects.create(owner=owner, name="Anna", birthday=date(1950, 1, 2))
    client.force_login(owner)
    address = f"/people/person/{who.key}/birthday/"
    sent = {"birthday": "1960-01-02", "before-birthday": ""}
    assert client.post(address, sent, headers=HTMX).status_code == 422
    assert client.post(address, sent | {"before-birthday": "1950-01-02"}, headers=HTMX).status_code == 200
    who.refresh_from_db()
    assert who.birthday == date(1960, 1, 2)


def test_terms_of_a_link_that_others_changed_stay(client: Any, owner: Any, album: Album) -> None:
    link = links.make(owner, links.Terms(name="Guests"), album=album, keys=[], query="")
    client.force_login(owner)
    address = f"/albums/links/{link.key}/edit/"
    shown = folded(client.get(address, headers=HTMX))
    assert 'name="before-name" value="Guests"' in shown
    opened = {"name": "Guests", "before-name": "Guests", "before-allow_download": "yes", "allow_download": "yes"}
    assert client.post(address, opened | {"name": "Friends"}, headers=HTMX).status_code == 200
    assert client.post(address, opened | {"view_limit": "7", "before-view_limit": ""}, headers=HTMX).status_code == 200
    link = ShareLink.objects.get()
    assert (link.name, link.view_limit) == ("Friends", 7)
    late = client.post(address, opened | {"name": "Mine"}, headers=HTMX)
    assert (late.status_code, "<h3>Title guests see</h3>" in folded(late)) == (422, True)


def test_a_saved_search_that_cannot_be_read_is_still_in_its_dialog(client: Any, owner: Any) -> None:
    address, made, _ = saved(owner)
    client.force_login(owner)
    response = client.post(address, {"name": "Kept", "query": "persn:x (", "before-query": "old"}, headers=HTMX)
    text = folded(response)
    assert response.status_code == 422
    assert 'value="persn:x ("' in text
    assert f'id="search-change-{made.pk}" aria-label="Change Kept" data-opens' in text
