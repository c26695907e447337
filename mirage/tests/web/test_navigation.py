"""The doors of every page, and what is behind them."""

import pytest
from django.urls import reverse

from mirage.testing.html import folded
from mirage.web import navigation
from mirage.web.navigation import DOORS, LIBRARY, TASKS, Task, current_door


def test_there_are_seven_doors_in_this_order(owner):
    titles = [door.title for door in navigation.ordered(DOORS, owner)]
    assert titles == ["Photos", "Explore", "Albums", "People", "Map", "Sharing", "Library"]


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/", "photos"),
        ("/explore/", "explore"),
        ("/memories/", "explore"),
        ("/albums/", "albums"),
        ("/albums/album/KEY/", "albums"),
        ("/albums/sharing/", "sharing"),
        ("/people/review/", "people"),
        ("/map/", "map"),
        ("/library/", "library"),
        ("/tidy/", "library"),
        ("/trash/", "library"),
        ("/tags/7/", "library"),
        ("/duplicates/many/", "library"),
        ("/search/", ""),
        ("/search/saved/", "library"),
        ("/accounts/", ""),
    ],
)
def test_a_page_is_behind_one_door(path, door):
    assert current_door(path) == door


def test_the_door_of_the_page_is_marked(client, owner):
    client.force_login(owner)
    page = folded(client.get("/videos/"))
    assert '<a class="rail-link" href="/library/" aria-current="page">' in page
    assert page.count('class="rail-link" href') == len(DOORS)


def test_what_is_behind_a_door_is_behind_more_on_the_phone(client, owner):
    client.force_login(owner)
    sheet = folded(client.get("/")).split('id="more"')[1]
    for entry in (*LIBRARY.values(), *(door for door in DOORS.values() if not door.on_phone)):
        assert f'href="{entry.url}"' in sheet


def test_every_entry_leads_to_a_page(client, owner):
    owner.is_staff = owner.is_superuser = True
    owner.save()
    client.force_login(owner)
    for entries in (DOORS, LIBRARY, TASKS, navigation.ACCOUNT):
        for entry in entries.values():
            assert client.get(entry.url).status_code == 200, entry


def test_the_administration_is_offered_to_staff_only(client, owner):
    client.force_login(owner)
    assert 'href="/admin/"' not in client.get("/").content.decode()
    owner.is_staff = True
    owner.save()
    assert 'href="/admin/"' in client.get("/").content.decode()


def test_upload_is_offered_to_those_who_may(client, owner):
    client.force_login(owner)
    assert f'href="{reverse("photos:upload")}"' in client.get("/albums/").content.decode()
    owner.is_guest = True
    owner.save()
    assert f'href="{reverse("photos:upload")}"' not in client.get("/albums/").content.decode()


def test_what_is_urgent_is_counted_on_every_page(client, owner, monkeypatch):
    failed = Task("Failed", "x", "photos:attention", 1, count=lambda user: 3, urgent=True)
    calm = Task("Calm", "x", "photos:trash", 2, count=lambda user: 5)
    monkeypatch.setattr(TASKS, "_entries", {"failed": failed, "calm": calm})
    client.force_login(owner)
    page = folded(client.get("/"))
    assert '<span>Library</span><span class="badge">3</span>' in page
    assert [(task.title, count) for task, count in navigation.open_tasks(owner)] == [("Failed", 3), ("Calm", 5)]
    assert '<span class="badge neutral">5 photos</span>' in folded(client.get("/tidy/"))


def test_what_is_done_is_no_open_task(owner, monkeypatch):
    monkeypatch.setattr(TASKS, "_entries", {"done": Task("Done", "x", "photos:trash", 1)})
    assert navigation.open_tasks(owner) == []
