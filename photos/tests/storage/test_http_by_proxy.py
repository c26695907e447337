"""Files that the proxy in front sends: it is told which, and we move no byte."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from photos.models import Photo


@pytest.fixture
def photo(make_photo: Callable[..., Photo], library: Path, settings: Settings) -> Photo:
    settings.MIRAGE_PROXY_SENDS = True
    photo = make_photo(path="anna/2024/05/a photo, 50%?.jpg")
    place = library / "originals" / photo.path
    place.parent.mkdir(parents=True)
    place.write_bytes(b"0123456789")
    return photo


def test_the_proxy_is_told_which_file(client: Client, photo: Photo, owner: User) -> None:
    client.force_login(owner)
    answer = client.get(reverse("photos:original", args=[photo.key]), headers={"Range": "bytes=2-4"})
    assert answer.headers["X-Accel-Redirect"] == "/originals/anna/2024/05/a%20photo%2C%2050%25%3F.jpg"
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, b"", "image/jpeg")
    assert "Content-Range" not in answer.headers
    assert "filename" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_strangers_are_told_nothing(client: Client, photo: Photo, stranger: User) -> None:
    client.force_login(stranger)
    answer = client.get(reverse("photos:original", args=[photo.key]))
    assert (answer.status_code, "X-Accel-Redirect" in answer.headers) == (404, False)


def test_a_file_in_place_is_out_of_the_proxys_reach(client: Client, photo: Photo, owner: User, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere.jpg"
    place.write_bytes(b"abc")
    Photo.objects.update(path=str(place), in_place=True)
    client.force_login(owner)
    answer = client.get(reverse("photos:original", args=[photo.key]))
    assert "X-Accel-Redirect" not in answer.headers
    assert b"".join(answer.streaming_content) == b"abc"  # type: ignore[attr-defined]
