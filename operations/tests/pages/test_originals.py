"""The page of where originals are stored."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import SecurityEvent, User
from operations import schedule
from photos.ingest import intake
from photos.models import OriginalsMove, Photo
from photos.storage import moving, rearranging

PAGE = "/administration/storage/originals/"
TEMPLATE = "{owner}/{kind}/{name}"


@pytest.fixture
def grandma(db: None) -> User:
    return User.objects.create_superuser("grandma")


@pytest.fixture
def administrator(client: Client, grandma: User, library: Path) -> Client:
    client.force_login(grandma)
    return client


@pytest.fixture
def photo(grandma: User, library: Path, make_picture: Callable[..., Path]) -> Photo:
    found = intake.ingest(grandma, make_picture("IMG_20240501_120000.jpg")).photo
    assert found is not None
    return found


def text(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def test_a_template_is_looked_at_and_saved(administrator: Client, photo: Photo) -> None:
    page = text(administrator.get(PAGE))
    assert "grandma/2024/05/IMG_20240501_120000.jpg" in page
    assert "Move the originals" not in page
    page = text(administrator.post(PAGE, {"template": TEMPLATE, "look": ""}))
    assert "grandma/photos/IMG_20240501_120000.jpg" in page
    assert "now grandma/2024/05/IMG_20240501_120000.jpg" in page
    assert "Of 1 original, 1 would be moved." in page
    assert settings.MIRAGE_STORAGE_TEMPLATE != TEMPLATE
    page = text(administrator.post(PAGE, {"template": TEMPLATE, "save": ""}, follow=True))
    assert "New photos are stored there" in page
    assert settings.MIRAGE_STORAGE_TEMPLATE == TEMPLATE
    assert "Move the originals" in page
    assert SecurityEvent.objects.filter(subject="MIRAGE_STORAGE_TEMPLATE").exists()
    assert Photo.objects.get().path == photo.path


def test_an_empty_library_is_told_of_no_originals(administrator: Client) -> None:
    page = text(administrator.get(PAGE))
    assert "You have no photos in the library yet." in page
    assert "would be moved" not in page


def test_originals_are_moved_and_the_page_says_how_far(
    administrator: Client, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    administrator.post(PAGE, {"template": TEMPLATE, "save": ""})
    page = text(administrator.post(f"{PAGE}move/", follow=True))
    assert "The move begins within seconds" in page
    assert 'hx-trigger="every 2s"' in page
    row = rearranging.take()
    assert row is not None
    with monkeypatch.context() as patch:  # it asks every two seconds, and does not look through the library for it
        patch.delattr(rearranging, "to_move")
        patch.delattr(rearranging, "examples")
        fragment = text(administrator.get(PAGE, headers={"HX-Request": "true"}))
    assert "0 of 1 originals looked at" in fragment
    assert "<html" not in fragment
    page = text(administrator.post(f"{PAGE}stop/", follow=True))
    assert "being stopped" in page
    OriginalsMove.objects.update(stop=False)
    monkeypatch.setattr(moving, "KEPT", timedelta())
    rearranging.run(row)
    assert "1 originals." in text(administrator.get(PAGE))
    assert Photo.objects.get().path == "grandma/photos/IMG_20240501_120000.jpg"


@pytest.mark.parametrize("bad", ["", "{name}", "{owner}/{kind}", "{owner}/{foo}/{name}", "{owner}/../{name}"])
def test_what_cannot_be_used_is_refused_and_stays_typed(administrator: Client, bad: str) -> None:
    response = administrator.post(PAGE, {"template": bad, "save": ""})
    assert response.status_code == 422
    assert f'value="{bad}"' in response.content.decode()
    assert settings.MIRAGE_STORAGE_TEMPLATE == "{owner}/{yyyy}/{mm}/{name}"


def test_others_see_and_change_nothing(client: Client, owner: User, photo: Photo) -> None:
    client.force_login(owner)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"template": TEMPLATE, "save": ""}).status_code == 404
    assert client.post(f"{PAGE}move/").status_code == 404
    assert not OriginalsMove.objects.exists()


def test_unknown_actions(administrator: Client) -> None:
    assert administrator.post(reverse("operations:act_on_originals", args=["burn"])).status_code == 404
    assert administrator.get(reverse("operations:act_on_originals", args=["move"])).status_code == 405


def test_albums_are_looked_at_by_the_schedule(administrator: Client) -> None:
    assert schedule.tasks()["originals"].when == ""
    page = text(administrator.post(PAGE, {"template": "{owner}/{album|yyyy}/{name}", "save": ""}, follow=True))
    assert "once nothing has changed for a quarter of an hour" in page
    assert schedule.tasks()["originals"].when
