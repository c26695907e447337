"""The strip over the timeline, the page of a memory, and what is left out."""

from datetime import UTC, datetime

import pytest

from photos.models import LeftOut

HTMX = {"HX-Request": "true"}
KEY = "day.2019-05-31"
ADDRESSES = ("/memories/strip/", f"/memories/{KEY}/", "/memories/settings/")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2024, 5, 31, 12, tzinfo=UTC))


@pytest.fixture
def photo(make_photo):
    return make_photo(taken=datetime(2019, 5, 31, 9))


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_anonymous_sign_in(client, address):
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_is_a_page_and_a_fragment(page, photo, address):
    assert b"<html" in page.get(address).content
    assert b"<html" not in page.get(address, headers=HTMX).content


def test_the_strip_shows_what_suits_today(page, photo):
    text = page.get("/memories/strip/", headers=HTMX).content.decode()
    assert "5 years ago" in text
    assert "31 May 2019" in text
    assert 'hx-get="/play/?in=memory.day.2019-05-31"' in text


def test_a_stranger_sees_nothing_of_it(client, stranger, photo):
    client.force_login(stranger)
    assert "No memories for today" in client.get("/memories/strip/").content.decode()
    assert photo.key not in client.get(f"/memories/{KEY}/").content.decode()
    assert client.get(f"/memories/{KEY}/menu/?photo={photo.key}").status_code == 404


def test_the_timeline_keeps_room_where_there_is_something(page, owner, photo):
    assert "memory-strip" in page.get("/").content.decode()
    assert "memory-strip" not in page.get("/", headers=HTMX).content.decode()
    assert "memory-strip" not in page.get("/?at=2001-01-01").content.decode()  # not at the top
    assert "memory-strip" not in page.get("/recent/").content.decode()
    owner.memories = False
    owner.save()
    assert "memory-strip" not in page.get("/").content.decode()


def test_a_memory_is_a_list(page, photo):
    text = page.get(f"/memories/{KEY}/").content.decode()
    assert f'id="p-{photo.key}"' in text
    assert page.get(f"/photo/{photo.key}/?in=memory.{KEY}").status_code == 200


@pytest.mark.parametrize("key", ["day.2019-02-30", "nothing", "person.unknown"])
def test_a_memory_that_does_not_exist_is_not_found(page, key):
    assert page.get(f"/memories/{key}/").status_code == 404


def test_the_menu_says_what_can_be_left_out(page, photo):
    text = page.get(f"/memories/{KEY}/menu/?photo={photo.key}", headers=HTMX).content.decode()
    assert "Not this memory" in text
    assert "No memories of 31 May 2019" in text
    assert "Make an album of it" in text


def test_leaving_out_is_remembered_and_undone(page, owner, photo):
    answer = page.post("/memories/leave-out/", {"subject": "memory", "value": KEY}, headers=HTMX)
    row = LeftOut.objects.get(user=owner)
    assert {"memories:changed", "dialog:done"} <= set(answer["HX-Trigger"].replace('"', " ").split())
    assert f"/memories/show-again/{row.pk}/" in answer.content.decode()
    assert "31 May 2019" not in page.get("/memories/strip/", headers=HTMX).content.decode()
    assert "31 May 2019" in page.get("/memories/settings/").content.decode()
    page.post(f"/memories/show-again/{row.pk}/", headers=HTMX)
    assert "31 May 2019" in page.get("/memories/strip/", headers=HTMX).content.decode()


def test_a_stranger_takes_nothing_back(client, owner, stranger):
    row = LeftOut.objects.create(user=owner, subject="day", value="2019-05-31", name="31 May 2019")
    client.force_login(stranger)
    assert client.post(f"/memories/show-again/{row.pk}/").status_code == 404
    assert "31 May 2019" not in client.get("/memories/settings/").content.decode()
    assert LeftOut.objects.exists()


@pytest.mark.parametrize(
    "form",
    [{}, {"subject": "memory", "value": "x"}, {"subject": "planet", "value": "1"}, {"subject": "day", "value": "2\0"}],
)
def test_nonsense_is_not_found(page, form):
    assert page.post("/memories/leave-out/", form).status_code == 404


def test_memories_are_turned_off_and_on(page, owner, photo):
    page.post("/memories/settings/", {})
    owner.refresh_from_db()
    assert not owner.memories
    assert "No memories for today" in page.get("/memories/strip/").content.decode()
    page.post("/memories/settings/", {"memories": "on"})
    owner.refresh_from_db()
    assert owner.memories


def test_what_is_left_out_is_not_on_the_page_of_the_day_either(page, photo):
    assert photo.key in page.get("/memories/?day=05-31").content.decode()
    page.post("/memories/leave-out/", {"subject": "day", "value": "2019-05-31"})
    assert photo.key not in page.get("/memories/?day=05-31").content.decode()


def test_an_album_is_made_of_what_is_shown(page, owner, photo):
    page.post("/albums/make/", {"in": f"memory.{KEY}", "name": "31 May 2019"})
    [album] = owner.albums.all()
    assert [item.photo for item in album.items.all()] == [photo]
