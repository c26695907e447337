"""The history of a library: its sentences on albums, tags, photos and comments, who sees it, and undo."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import batches, history
from accounts.models import Activity
from albums import actions, sharing
from albums.changes import AddToAlbum
from albums.models import AlbumItem
from photos.editing import bulk, edits
from photos.gallery import comments
from photos.gallery.stacking import stacks
from photos.models import Photo
from tags import tree
from tags.keywords import change_keywords

HTMX = {"HX-Request": "true"}
ADDRESS = "/accounts/history/"


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


def sentences(user, kind=""):
    return [action.told.sentence for action in history.told(list(history.of(user, kind)))]


def test_actions_are_listed_newest_first(page, owner, viewer, make_photo):
    photos = [make_photo(), make_photo()]
    album = actions.create(owner, "Lisbon")
    actions.edit(album, owner, name="Porto")
    bulk.make(owner, Photo.objects.all(), AddToAlbum(album.pk, album.name), owner)
    sharing.share_album(album, viewer, "viewer", owner)
    tag, _ = tree.add(owner, "travel")
    tree.rename(tag, "journeys")
    bulk.make(owner, Photo.objects.all(), change_keywords(["journeys"]), owner)
    bulk.make(owner, Photo.objects.all(), edits.set_words(title="Tram"), owner)
    comments.add(photos[0], viewer, "Lovely")
    stacks.stack_chosen(owner, photos, owner)
    assert sentences(owner) == [
        "Stacked photos",
        "Commented: Lovely",
        "2 photos changed",
        "2 photos tagged journeys",
        "Renamed the tag travel to journeys",
        "Made the tag travel",
        "Shared Porto with vera",
        "2 photos added to Porto",
        "Renamed Lisbon to Porto",
        "Made Porto",
    ]
    assert len(sentences(owner, "albums")) == 4
    assert len(sentences(owner, "tags")) == 3
    assert len(sentences(owner, "comments")) == 1
    text = page.get(ADDRESS).content.decode()
    assert "Renamed the tag travel to journeys" in text
    assert "vera" in text
    assert album.get_absolute_url() in text
    assert "<html" not in page.get(ADDRESS, headers=HTMX).content.decode()


def test_each_action_can_be_undone(page, owner, make_photo):
    photo = make_photo()
    album = actions.create(owner, "Lisbon")
    tag, _ = tree.add(owner, "travel")
    tree.rename(tag, "journeys")
    actions.delete(album, owner)
    bulk.make(owner, Photo.objects.all(), edits.set_words(title="Tram"), owner)
    for verb in ("albums.deleted", "tags.renamed", "edited"):
        activity = Activity.objects.get(verb=verb)
        response = page.post(f"{ADDRESS}{activity.pk}/undo/", {"kind": ""}, headers=HTMX)
        assert "undone" in response.content.decode()
    for row in (photo, album, tag):
        row.refresh_from_db()
    assert (photo.title, album.deleted_at, tag.name) == ("", None, "travel")


def test_a_refused_undo_says_why(page, owner):
    tag, _ = tree.add(owner, "travel")
    renaming = tree.rename(tag, "journeys")
    tag.refresh_from_db()
    tree.rename(tag, "trips")
    response = page.post(f"{ADDRESS}{renaming.pk}/undo/", headers=HTMX)
    assert "have changed since" in response.content.decode()
    made = Activity.objects.filter(verb="tags.added").get()
    assert page.post(f"{ADDRESS}{made.pk}/undo/").status_code == 302
    assert "have changed since" in page.get(ADDRESS).content.decode()
    tag.refresh_from_db()
    assert tag.name == "trips"


def test_a_long_change_shows_its_progress(page, owner, make_photo, monkeypatch):
    monkeypatch.setattr(bulk.Changes, "size", 2)
    for _ in range(5):
        make_photo()
    activity = bulk.begin(owner, Photo.objects.all(), edits.set_words(title="Tram"), owner)
    batches.step(activity.pk)
    text = page.get(ADDRESS).content.decode()
    assert "5 photos changed: 2 of 5 so far" in text
    assert 'value="40"' in text
    assert 'hx-trigger="every 2s"' in text
    batches.carry_on(activity.pk)
    text = page.get(ADDRESS).content.decode()
    assert "5 photos changed" in text
    assert "so far" not in text
    assert "every 2s" not in text


def test_nobody_sees_or_undoes_the_actions_of_others(client, owner, stranger):
    tree.add(owner, "travel")
    activity = Activity.objects.get()
    assert client.get(ADDRESS).url.startswith("/accounts/login/")
    client.force_login(stranger)
    assert "travel" not in client.get(ADDRESS).content.decode()
    assert client.post(f"{ADDRESS}{activity.pk}/undo/").status_code == 404
    for bad in ("kind=nothing", "before=x", "before=" + "9" * 19):
        assert client.get(f"{ADDRESS}?{bad}").status_code == 404


def test_pages_follow_one_another_and_queries_do_not_grow(page, owner, make_photo, make_album):
    album = make_album()
    photo = make_photo()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            page.get(ADDRESS)
        return len(captured)

    def do(number):
        actions.edit(album, owner, name=f"Number {number}")
        tree.add(owner, f"tag {number}")
        comments.add(photo, owner, f"Comment {number}")
        bulk.make(owner, Photo.objects.all(), edits.set_words(title=f"Title {number}"), owner)

    do(0)
    few = queries()
    for number in range(1, 15):
        do(number)
    assert queries() == few
    text = page.get(ADDRESS).content.decode()
    assert len(re.findall(r"Undo\s*</button>", text)) >= 30
    older = Activity.objects.order_by("-pk")[49].pk
    assert f"before={older}" in text
    assert "Number 0" in page.get(f"{ADDRESS}?before={older}").content.decode()
    assert AlbumItem.objects.count() == 0
