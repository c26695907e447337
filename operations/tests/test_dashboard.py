"""The dashboard of the administration, and the pages of its tables."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Token, User
from mirage.testing.html import folded
from operations import dashboard, schedule
from operations.models import LibraryFinding, ScheduledTask
from photos.models import Embedding, Photo, StageRun
from vision import embeddings
from vision.tests import tiny_clip

pytestmark = pytest.mark.django_db

INTERNAL = {"auth.Permission", "contenttypes.ContentType"}  # Django's own


@pytest.fixture
def administrator(client: Client, library: Any) -> Client:
    client.force_login(User.objects.create_superuser("administrator"))
    return client


def test_an_empty_installation_has_a_dashboard(administrator: Client) -> None:
    page = administrator.get(reverse("admin:index")).content.decode()
    assert "No photos yet." in page
    assert "set MIRAGE_BACKUP_TO" in page


def test_the_dashboard_shows_storage_work_and_failures(administrator: Client, make_photo: Callable[..., Photo]) -> None:
    schedule.prepare()
    schedule.note("look", "Everything is in order.", succeeded=True)
    photo = make_photo(size=3_000_000, added_at=datetime(2024, 3, 1, tzinfo=UTC))
    make_photo(size=500_000_000, kind="video", added_at=datetime(2024, 5, 1, tzinfo=UTC))
    StageRun.objects.create(photo=photo, stage="metadata", status="failed", error="no")
    LibraryFinding.objects.create(kind="damaged", subject="/x/y.jpg", photo=photo)
    page = administrator.get(reverse("admin:index")).content.decode()
    for told in ("2.9\xa0MB", "476.8\xa0MB", "1 original damaged", "2024-04: 0 added, 1 in total", "in order."):
        assert told in page, told
    assert "style=" not in page.split('class="overview"')[1].split("</section>")[2]


def test_it_says_what_was_found_of_a_clip_and_how_far_it_is(
    administrator: Client, make_photo: Callable[..., Photo], tmp_path: Path, settings: Settings
) -> None:
    assert dashboard.clip_told() == ""
    settings.MIRAGE_CLIP = str(tiny_clip.make_immich(tmp_path / "ViT-B-32__openai"))
    cache.clear()
    Embedding.objects.create(photo=make_photo(), kind=embeddings.KIND, model=embeddings.MODEL, vector=b"\0\0" * 384)
    page = folded(administrator.get(reverse("admin:index")).content.decode())
    assert "ViT-B-32__openai, from Immich’s model cache: pictures of 8 pixels, byte pairs, vectors of 3 numbers" in page
    assert "It knows 0 of 1 photos. Until it knows them all, Mirage’s own maps answer." in page
    (tmp_path / "ViT-B-32__openai/textual/model.onnx").unlink()
    assert "no text_model.onnx or textual/model.onnx" in administrator.get(reverse("admin:index")).content.decode()


def test_a_task_whose_time_has_come_is_due(administrator: Client) -> None:
    schedule.prepare()
    assert "<td>due</td>" not in folded(administrator.get(reverse("admin:index")))
    ScheduledTask.objects.filter(name="look").update(next_at=datetime(2024, 1, 1, tzinfo=UTC))
    assert "<td>due</td>" in folded(administrator.get(reverse("admin:index")))


def test_growth_includes_months_without_photos() -> None:
    assert dashboard.months_between("2023-11", "2024-02") == ["2023-11", "2023-12", "2024-01", "2024-02"]


def test_without_redis_the_dashboard_says_so(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from redis.exceptions import ConnectionError as NoConnection

    def fail(*_args: object) -> None:
        raise NoConnection("refused")

    monkeypatch.setattr("django_rq.get_queue", fail)
    monkeypatch.setattr("django_rq.get_connection", fail)
    assert "Redis does not answer" in administrator.get(reverse("admin:index")).content.decode()


def test_a_task_is_run_from_the_dashboard(administrator: Client) -> None:
    schedule.prepare()
    assert administrator.post(reverse("admin:run_task", args=["look"])).status_code == 302
    assert schedule.take_due() == schedule.tasks()["look"]
    assert administrator.get(reverse("admin:run_task", args=["look"])).status_code == 405
    assert administrator.post(reverse("admin:run_task", args=["nothing"])).status_code == 404


def test_only_administrators_run_tasks(client: Client, owner: User) -> None:
    schedule.prepare()
    for user in (owner, User.objects.create_user("helper", is_staff=True)):
        client.force_login(user)
        assert client.post(reverse("admin:run_task", args=["look"])).status_code in {302, 404}
    assert schedule.take_due() is None
    assert not ScheduledTask.objects.filter(started_at__isnull=False).exists()


def test_every_model_is_in_the_admin() -> None:
    known = (model for model in apps.get_models() if not model._meta.auto_created)
    ours = {model._meta.label for model in known if not model.__module__.startswith("allauth.")}
    registered = {model._meta.label for model in admin.site._registry}
    assert ours - registered - INTERNAL == set()


def test_secrets_are_not_shown(administrator: Client, owner: User) -> None:
    token = Token.objects.create(user=owner, name="phone", token_hash="c0ffee" * 10)
    page = administrator.get(reverse("admin:accounts_token_change", args=[token.pk])).content.decode()
    assert "phone" in page
    assert "c0ffee" not in page


def test_findings_are_repaired(administrator: Client, make_photo: Callable[..., Photo]) -> None:
    photo = make_photo()
    row = LibraryFinding.objects.create(kind="derived-missing", subject="/x", photo=photo, sha256=photo.sha256)
    data = {"action": "repair", "_selected_action": [row.pk]}
    administrator.post(reverse("admin:operations_libraryfinding_changelist"), data)
    assert StageRun.objects.get(photo=photo, stage="thumbnails").status == "waiting"
    assert not LibraryFinding.objects.exists()


def test_pictures_in_the_administration_need_permission(client: Client, make_photo: Callable[..., Photo]) -> None:
    address = reverse("admin:photos_photo_preview", args=[make_photo().pk])
    client.force_login(User.objects.create_user("helper", is_staff=True))
    assert client.get(address).status_code == 403
    client.force_login(User.objects.create_superuser("administrator"))
    assert client.get(address).status_code == 404  # it has no file
