"""The dashboard of the administration, storage and scheduled tasks, and the tables for experts."""

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
from mirage.models import Setting
from mirage.testing.html import folded
from operations import schedule
from operations.models import LibraryFinding, ScheduledTask
from operations.pages import dashboard, sizes
from photos.models import Embedding, Photo, StageRun
from vision import embeddings
from vision.tests import tiny_clip

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]  # it shows the database's size and state

INTERNAL = {"auth.Permission", "contenttypes.ContentType"}  # Django's own


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Forget the counts of other tests."""
    cache.clear()


@pytest.fixture
def administrator(client: Client, library: Any) -> Client:
    client.force_login(User.objects.create_superuser("administrator"))
    return client


def test_an_empty_installation_has_a_dashboard(administrator: Client) -> None:
    page = administrator.get(reverse("operations:dashboard")).content.decode()
    assert "No photos yet." in page
    assert "No folder for it yet" in page


@pytest.mark.parametrize("name", ["dashboard", "storage", "jobs", "folders", "choose_folder", "tasks", "settings"])
def test_the_administration_is_for_administrators(client: Client, owner: User, name: str) -> None:
    address = reverse(f"operations:{name}")
    assert client.get(address).status_code == 302
    for user in (owner, User.objects.create_user("helper", is_staff=True)):
        client.force_login(user)
        assert client.get(address).status_code == 404
    client.force_login(User.objects.create_superuser("administrator"))
    page = client.get(address).content.decode()
    for title in ("Dashboard", "Jobs", "Folders", "Accounts", "Storage", "Scheduled tasks", "Settings", "Tables"):
        assert title in page, title


def test_the_tables_are_for_experts(administrator: Client) -> None:
    Setting.objects.create(name="MIRAGE_MAIL_PASSWORD", value="hunter2")
    assert "Tables of the database" in administrator.get(reverse("admin:index")).content.decode()
    row = Setting.objects.get()
    for address in (reverse("admin:mirage_setting_changelist"), reverse("admin:mirage_setting_change", args=[row.pk])):
        page = administrator.get(address).content.decode()
        assert "MIRAGE_MAIL_PASSWORD" in page
        assert "hunter2" not in page


def test_the_dashboard_shows_storage_work_and_failures(administrator: Client, make_photo: Callable[..., Photo]) -> None:
    schedule.prepare()
    schedule.note("look", "Everything is in order.", succeeded=True)
    photo = make_photo(size=3_000_000, added_at=datetime(2024, 3, 1, tzinfo=UTC))
    make_photo(size=500_000_000, kind="video", added_at=datetime(2024, 5, 1, tzinfo=UTC))
    StageRun.objects.create(photo=photo, stage="metadata", status="failed", error="no")
    LibraryFinding.objects.create(kind="damaged", subject="/x/y.jpg", photo=photo)
    page = administrator.get(reverse("operations:dashboard")).content.decode()
    for told in ("479.7\xa0MB", "1 original damaged", "2024-04: 0 added, 1 in total", "1 failed"):
        assert told in page, told
    assert "style=" not in page.split('id="dashboard"')[1]
    tasks = administrator.get(reverse("operations:tasks")).content.decode()
    assert "in order." in tasks


def test_storage_by_part_and_by_user(administrator: Client, make_photo: Callable[..., Photo], library: Path) -> None:
    make_photo(size=3_000_000)
    make_photo(size=500_000_000, kind="video", in_place=True, path="/x/y.mp4")
    User.objects.filter(username="anna").update(quota_bytes=10_000_000)
    (library / "derived/ab/abc").mkdir(parents=True)
    (library / "derived/ab/abc/small.webp").write_bytes(bytes(2_000))
    page = administrator.get(reverse("operations:storage")).content.decode()
    for told in ("2.9\xa0MB", "476.8\xa0MB", "2.0\xa0KB", "anna", "5030 %"):
        assert told in page, told


def test_a_large_library_is_estimated(library: Path) -> None:
    for number in range(4):
        folder = library / f"derived/{number:02d}"
        folder.mkdir(parents=True)
        (folder / "small.webp").write_bytes(bytes(1_000))
    assert sizes.derived_bytes(5) == (4_000, False)
    assert sizes.derived_bytes(-1) == (0, True)


def test_it_says_what_was_found_of_a_clip_and_how_far_it_is(
    administrator: Client, make_photo: Callable[..., Photo], tmp_path: Path, settings: Settings
) -> None:
    assert dashboard.clip_told() == ""
    settings.MIRAGE_CLIP = str(tiny_clip.make_immich(tmp_path / "ViT-B-32__openai"))
    cache.clear()
    Embedding.objects.create(photo=make_photo(), kind=embeddings.KIND, model=embeddings.MODEL, vector=b"\0\0" * 384)
    page = folded(administrator.get(reverse("operations:dashboard")).content.decode())
    assert "ViT-B-32__openai, from Immich’s model cache: pictures of 8 pixels, byte pairs, vectors of 3 numbers" in page
    assert "It knows 0 of 1 photos. Until it knows nearly all, Mirage’s own model answers." in page
    (tmp_path / "ViT-B-32__openai/textual/model.onnx").unlink()
    assert (
        "no text_model.onnx or textual/model.onnx"
        in administrator.get(reverse("operations:dashboard")).content.decode()
    )


def test_a_task_whose_time_has_come_is_due(administrator: Client) -> None:
    schedule.prepare()
    assert "due now" not in folded(administrator.get(reverse("operations:tasks")))
    ScheduledTask.objects.filter(name="look").update(next_at=datetime(2024, 1, 1, tzinfo=UTC))
    assert "due now" in folded(administrator.get(reverse("operations:tasks")))


def test_growth_includes_months_without_photos() -> None:
    assert dashboard.months_between("2023-11", "2024-02") == ["2023-11", "2023-12", "2024-01", "2024-02"]


def test_without_redis_the_dashboard_says_so(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from redis.exceptions import ConnectionError as NoConnection

    def fail(*_args: object) -> None:
        raise NoConnection("refused")

    monkeypatch.setattr("django_rq.get_queue", fail)
    monkeypatch.setattr("mirage.runtime.queues.connection_of", fail)
    monkeypatch.setattr("django_rq.get_connection", fail)
    assert "Redis does not answer" in administrator.get(reverse("operations:dashboard")).content.decode()


def test_a_task_is_run_from_the_dashboard(administrator: Client) -> None:
    schedule.prepare()
    assert administrator.post(reverse("operations:run_task", args=["look"])).status_code == 302
    assert schedule.take_due() == schedule.tasks()["look"]
    assert administrator.get(reverse("operations:run_task", args=["look"])).status_code == 405
    assert administrator.post(reverse("operations:run_task", args=["nothing"])).status_code == 404


def test_only_administrators_run_tasks(client: Client, owner: User) -> None:
    schedule.prepare()
    for user in (owner, User.objects.create_user("helper", is_staff=True)):
        client.force_login(user)
        assert client.post(reverse("operations:run_task", args=["look"])).status_code == 404
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
