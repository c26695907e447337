"""The page of albums from folders."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from albums.models import Album, FolderRule
from photos.models import Photo

PAGE = "/albums/from-folders/"
RULE = {"folder": "Pics", "depth": "1", "pattern": ""}


@pytest.fixture
def signed_in(client: Client, owner: User, make_photo: Callable[..., Photo]) -> Client:
    for folder in ("Pics/2019", "Pics/2019", "Pics/2020/Rome", "Other"):
        make_photo(folder=folder)
    client.force_login(owner)
    return client


def text(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def test_looked_at_made_and_undone(signed_in: Client) -> None:
    assert '<option value="Pics/2019"' in text(signed_in.get(PAGE))
    assert '<option value="Pics" selected' in text(signed_in.get(PAGE, {"folder": "Pics"}))
    page = text(signed_in.get(PAGE, RULE))
    assert "2 albums, 3 photos" in page
    assert not Album.objects.exists()
    page = text(signed_in.post(f"{PAGE}make/", RULE | {"follow": "on"}, follow=True))
    assert "Made 2 albums from folders with 3 photos" in page
    assert set(Album.objects.values_list("name", flat=True)) == {"2019", "2020"}
    assert FolderRule.objects.get().following
    assert "There is no folder with photos" in text(signed_in.get(PAGE, RULE))
    signed_in.post(re.findall(r"/accounts/history/\d+/undo/", page)[0])
    assert not Album.objects.exists()


def test_the_fragment(signed_in: Client) -> None:
    assert "<html" not in text(signed_in.get(PAGE, RULE, headers={"HX-Request": "true"}))


def test_rules_are_followed_and_forgotten(signed_in: Client) -> None:
    signed_in.post(f"{PAGE}make/", RULE)
    rule = FolderRule.objects.get()
    assert "new folders are left alone" in text(signed_in.get(PAGE))
    assert "within an hour" in text(signed_in.post(f"{PAGE}{rule.pk}/follow/", follow=True))
    assert FolderRule.objects.get().following
    assert "left alone" in text(signed_in.post(f"{PAGE}{rule.pk}/unfollow/", follow=True))
    assert not FolderRule.objects.get().following
    assert "stay as they are" in text(signed_in.post(f"{PAGE}{rule.pk}/forget/", follow=True))
    assert not FolderRule.objects.exists()
    assert Album.objects.count() == 2


def test_a_rule_that_follows_goes_on_after_a_look_at_what_is_new(
    signed_in: Client, make_photo: Callable[..., Photo]
) -> None:
    assert 'name="follow" checked>' not in text(signed_in.get(PAGE, RULE))
    signed_in.post(f"{PAGE}make/", RULE | {"follow": "on"})
    make_photo(folder="Pics/2021")
    assert 'name="follow" checked>' in text(signed_in.get(PAGE, RULE))


def test_the_folders_to_choose_from(signed_in: Client, make_photo: Callable[..., Photo]) -> None:
    for folder in ("Pics/2019/Lisbon/Day 1", "Pics 2", "pics/ä", "pics/b", "pics/Z"):
        make_photo(folder=folder)
    make_photo(folder="Hidden", archived=True)
    chosen = re.compile(r'<option value="([^"]*)"')
    offered = ["", "Other", "Pics", "Pics/2019", "Pics/2020", "pics", "pics/ä", "pics/b", "pics/Z", "Pics 2"]
    assert chosen.findall(text(signed_in.get(PAGE)))[: len(offered)] == offered
    assert '<option value="Pics/2019/Lisbon" selected' in text(signed_in.get(PAGE, {"folder": "Pics/2019/Lisbon"}))
    assert "Lisbon/Day" not in text(signed_in.get(PAGE, {"folder": "Pics/2019/Lisbon/Day 1"}))  # nothing is below it


def test_more_folders_at_the_top_take_as_many_queries(signed_in: Client, make_photo: Callable[..., Photo]) -> None:
    counts = []
    for first in (0, 10):
        for number in range(first, first + 10):
            make_photo(folder=f"Top {number}/below")
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(PAGE)
        counts.append(len(captured))
    assert counts[1] <= counts[0]


@pytest.mark.parametrize("bad", [{"depth": "9"}, {"depth": "x"}, {"folder": "Theirs"}, {"pattern": "x" * 101}])
def test_bad_input(signed_in: Client, bad: dict[str, str]) -> None:
    assert signed_in.get(PAGE, RULE | bad).status_code == 422
    assert signed_in.post(f"{PAGE}make/", RULE | bad).status_code == 404
    assert not Album.objects.exists()


def test_strangers_and_others(signed_in: Client, client: Client, stranger: User) -> None:
    signed_in.post(f"{PAGE}make/", RULE)
    rule = FolderRule.objects.get()
    assert signed_in.post(f"{PAGE}{rule.pk}/burn/").status_code == 404
    client.force_login(stranger)
    page = text(client.get(PAGE))
    assert "Pics" not in page
    assert client.post(f"{PAGE}{rule.pk}/forget/").status_code == 404
    client.logout()
    assert client.get(PAGE).status_code == 302
    assert FolderRule.objects.exists()


def test_the_preview_stays_cheap(signed_in: Client, make_photo: Callable[..., Photo]) -> None:
    counts = []
    for first in (0, 10):
        for number in range(first, first + 10):
            make_photo(folder=f"Pics/{number}")
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(PAGE, RULE)
        counts.append(len(captured))
    assert counts[1] <= counts[0]
