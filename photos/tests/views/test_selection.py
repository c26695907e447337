"""What is done with chosen photos."""

from datetime import UTC, datetime

import pytest

from mirage.testing.html import folded
from photos.models import Photo
from photos.storage import paths

HTMX = {"HX-Request": "true"}
TRASHED = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def act(client, owner):
    client.force_login(owner)

    def post(action, *photos, **fields):
        form = {"keys": ",".join(photo.key for photo in photos), **fields}
        return client.post(f"/selection/{action}/", form, headers=HTMX)

    return post


@pytest.mark.parametrize(
    ("action", "field", "before", "after"),
    [
        ("favourite", "favourite", False, True),
        ("unfavourite", "favourite", True, False),
        ("archive", "archived", False, True),
        ("unarchive", "archived", True, False),
        ("restore", "trashed_at", TRASHED, None),
    ],
)
def test_each_action_does_what_it_says(act, make_photo, action, field, before, after):
    one, two, other = (make_photo(**{field: before}) for _ in range(3))
    response = act(action, one, two)
    assert response.status_code == 200
    assert "2 photos" in response.content.decode()
    assert [getattr(Photo.objects.get(pk=photo.pk), field) for photo in (one, two, other)] == [after, after, before]


def test_trash_sets_the_time_once(act, make_photo):
    fresh, long_since = make_photo(), make_photo(trashed_at=TRASHED)
    act("trash", fresh, long_since)
    fresh.refresh_from_db()
    long_since.refresh_from_db()
    assert fresh.trashed_at is not None
    assert long_since.trashed_at == TRASHED


def test_undo_concerns_what_was_changed_and_nothing_else(act, make_photo):
    already, changed = make_photo(favourite=True), make_photo()
    text = folded(act("favourite", already, changed))
    assert "Photo added to favourites" in text
    assert 'action="/selection/unfavourite/" data-action="unfavourite"' in text
    assert changed.key in text
    assert already.key not in text
    text = act("unfavourite", changed, undo="yes").content.decode()
    assert "Undone" in text
    assert "<form" not in text
    assert set(Photo.objects.filter(favourite=True)) == {already}


def test_nothing_to_change_is_said_and_cannot_be_undone(act, make_photo):
    text = act("archive", make_photo(archived=True)).content.decode()
    assert "Nothing to change" in text
    assert "<form" not in text


def test_strangers_photos_are_left_alone(act, stranger, make_photo):
    foreign = make_photo(owner=stranger)
    for action in ("favourite", "archive", "trash"):
        act(action, foreign)
    foreign.refresh_from_db()
    assert (foreign.favourite, foreign.archived, foreign.trashed_at) == (False, False, None)
    Photo.objects.filter(pk=foreign.pk).update(trashed_at=TRASHED)
    act("delete", foreign, confirmed="yes")
    assert Photo.objects.filter(pk=foreign.pk).exists()


def test_thousands_at_once_as_one_field(act, make_photo, monkeypatch):
    monkeypatch.setattr("photos.access.KEYS_AT_ONCE", 40)
    photos = [make_photo() for _ in range(100)]
    assert "100 photos moved to the trash" in act("trash", *photos).content.decode()
    assert Photo.objects.trashed().count() == 100


def test_the_anonymous_and_get_change_nothing(client, owner, make_photo):
    photo = make_photo()
    for action in ("trash", "delete"):
        assert client.post(f"/selection/{action}/", {"keys": photo.key}).status_code == 302
    assert client.post("/trash/empty/", {"confirmed": "yes"}).status_code == 302
    client.force_login(owner)
    for address in ("/selection/trash/", "/selection/delete/", "/trash/empty/"):
        assert client.get(address).status_code == 405
    assert Photo.objects.present().count() == 1


def test_an_unknown_action_is_404(act, make_photo):
    assert act("explode", make_photo()).status_code == 404


def kept_files(photo):
    original = paths.original_path(photo)
    derived = paths.derived_folder(photo.sha256) / "small.webp"
    for file in (original, derived):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    return original, derived


@pytest.mark.django_db(transaction=True)
def test_deleting_for_good_removes_rows_and_files_of_the_trashed_only(act, make_photo):
    trashed, present = make_photo(trashed_at=TRASHED), make_photo()
    gone, stays = kept_files(trashed), kept_files(present)
    text = act("delete", trashed, present, confirmed="yes").content.decode()
    assert "Photo deleted for good" in text
    assert "Undo" not in text
    assert list(Photo.objects.all()) == [present]
    assert [file.exists() for file in (*gone, *stays)] == [False, False, True, True]


def test_deleting_asks_first(act, make_photo):
    photo = make_photo(trashed_at=TRASHED)
    text = act("delete", photo).content.decode()
    assert "for good?" in text
    assert 'name="confirmed"' in text
    assert photo.key in text
    assert Photo.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_trash_is_emptied_after_asking(client, owner, stranger, make_photo):
    client.force_login(owner)
    for fields in ({"trashed_at": TRASHED}, {"trashed_at": TRASHED}, {}, {"trashed_at": TRASHED, "owner": stranger}):
        make_photo(**fields)
    assert "Empty the trash?" in client.post("/trash/empty/").content.decode()
    assert Photo.objects.count() == 4
    response = client.post("/trash/empty/", {"confirmed": "yes", "next": "/trash/"}, follow=True)
    assert "2 photos deleted for good" in response.content.decode()
    assert Photo.objects.count() == 2


def test_without_javascript_one_returns_to_the_page_with_the_report(client, owner, make_photo):
    client.force_login(owner)
    photo = make_photo()
    response = client.post("/selection/trash/", {"keys": photo.key, "next": "/favourites/"}, follow=True)
    assert response.redirect_chain == [("/favourites/", 302)]
    text = response.content.decode()
    assert "Photo moved to the trash" in text
    assert 'action="/selection/restore/"' in text
    assert photo.key in text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", ""])
def test_one_is_never_sent_elsewhere(client, owner, make_photo, target):
    client.force_login(owner)
    response = client.post("/selection/favourite/", {"keys": make_photo().key, "next": target})
    assert response.url == "/"


def test_a_form_without_token_is_refused(owner, make_photo):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert client.post("/selection/trash/", {"keys": make_photo().key}).status_code == 403
