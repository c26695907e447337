"""The pages of tags: owner, stranger, anonymous, fragments, bad input."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Activity
from mirage.testing.html import folded
from photos.access import photos_of
from photos.editing import bulk
from tags import keywords
from tags.access import counted_tags
from tags.models import PhotoTag, Tag

HTMX = {"HX-Request": "true"}


@pytest.fixture
def tag_of(owner):
    def make(path, *photos):
        some = photos_of(owner).filter(pk__in=[photo.pk for photo in photos])
        if photos:
            bulk.make(owner, some, keywords.change_keywords([path]), owner)
        else:
            keywords.ensure_tags(owner.pk, [path])
        return Tag.objects.get(owner=owner, path=path)

    return make


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


def test_the_tree_with_its_counts(page, owner, make_photo, tag_of):
    assert b"No tags yet" in page.get("/tags/").content
    tag = tag_of("travel/japan", make_photo(), make_photo())
    text = page.get("/tags/").content.decode()
    assert "depth-1" in text
    assert '<span class="small">2</span>' in text
    assert "<html" not in page.get("/tags/", headers=HTMX).content.decode()
    assert len(PhotoTag.objects.filter(tag=tag)) == 2


def test_the_photos_of_a_tag_and_of_those_below(page, make_photo, tag_of):
    photo, other = make_photo(), make_photo()
    tag_of("travel/japan", photo)
    text = page.get(f"/tags/{tag_of('travel').pk}/").content.decode()
    assert (photo.key in text, other.key in text) == (True, False)
    assert page.get(f"/months/?in=tag.{tag_of('travel').pk}").status_code == 200
    assert page.get("/months/?in=tag.x").status_code == 404


def test_strangers_and_the_anonymous(client, stranger, tag_of):
    tag = tag_of("travel")
    assert client.get("/tags/").url.startswith("/accounts/login/")
    client.force_login(stranger)
    assert client.get(f"/tags/{tag.pk}/").status_code == 404
    assert client.post(f"/tags/{tag.pk}/change/", {"name": "mine"}).status_code == 404
    assert "travel" not in client.get("/tags/").content.decode().replace("travel, and below", "")


def test_change_and_undo(page, owner, tag_of):
    tag, other = tag_of("travel"), tag_of("trips")
    address = f"/tags/{tag.pk}/change/"
    for form, status in (
        ({"name": "journeys"}, 200), ({"name": "trips"}, 422), ({"colour": "#3d7fd1"}, 200), ({"colour": "red"}, 422),
        ({"parent": other.pk}, 200), ({"parent": ""}, 200), ({"into": ""}, 422), ({}, 422), ({"parent": "x"}, 404),
    ):  # fmt: skip
        assert page.post(address, form, headers=HTMX).status_code == status, form
    page.post(address, {"into": other.pk}, headers=HTMX)
    assert list(Tag.objects.values_list("path", flat=True)) == ["trips"]
    merged = Activity.objects.get(verb="tags.merged")
    assert page.post(f"/tags/undo/{merged.pk}/", headers=HTMX).status_code == 200
    assert page.post(f"/tags/undo/{merged.pk}/", headers=HTMX).status_code == 422
    assert set(Tag.objects.values_list("path", flat=True)) == {"journeys", "trips"}
    page.post(address, {"delete": "yes"})
    assert set(Tag.objects.values_list("path", flat=True)) == {"trips"}


def test_the_dialog_and_its_form(page, owner, make_photo, tag_of):
    one, other = make_photo(), make_photo()
    tag_of("both", one, other)
    tag_of("one", one)
    tag_of("none")
    keys = f"{one.key},{other.key}"
    text = folded(page.post("/tags/choose/", {"keys": keys}, headers=HTMX))
    assert dict(re.findall(r'value="(\w+)" data-state="(\w+)"', text)) == {"both": "all", "one": "some", "none": "none"}
    sent = {"keys": keys, "add": ["none"], "remove": ["both"], "new": "fresh, family/anna"}
    assert page.post("/tags/put/", sent, headers=HTMX).status_code == 200
    assert keywords.keywords_of(other) == ["family/anna", "fresh", "none"]
    assert keywords.keywords_of(one) == ["family/anna", "fresh", "none", "one"]
    page.post(f"/changes/{Activity.objects.filter(target_type='photos').latest('pk').pk}/undo/")
    assert keywords.keywords_of(other) == ["both"]
    assert page.post("/tags/put/", {"keys": keys}, headers=HTMX).status_code == 422
    assert page.post("/tags/choose/", {"keys": "x"}, headers=HTMX).status_code == 422


def test_queries_do_not_grow(page, make_photo, tag_of):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page.get("/tags/")
        return len(captured)

    tag_of("a/b", make_photo())
    few = queries()
    for number in range(12):
        tag_of(f"a/{number}/c", make_photo())
    assert queries() == few


def test_counts_leave_out_the_trash_and_what_is_only_proposed(owner, make_photo, tag_of):
    photos = [make_photo() for _ in range(5)]
    tag, empty = tag_of("travel/japan", *photos), tag_of("empty")
    tag_of("other", photos[0])
    PhotoTag.objects.filter(tag=tag, photo=photos[1]).update(source=PhotoTag.Source.LEARNT)
    PhotoTag.objects.filter(tag=tag, photo=photos[2]).update(rejected=True)
    photos_of(owner).filter(pk__in=[photos[1].pk, photos[3].pk]).trash()
    counts = {tag.path: tag.photo_count for tag in counted_tags(owner)}
    assert counts == {"travel": 0, "travel/japan": 2, empty.path: 0, "other": 1}
