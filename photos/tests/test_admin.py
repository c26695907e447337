"""Every list and form of the admin opens, and its actions do what they say."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from photos.models import Photo, StageRun

MODELS = sorted(model._meta.label_lower for model in admin.site._registry)


@pytest.fixture
def administrator(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("administrator"))
    return client


@pytest.mark.parametrize("label", MODELS)
def test_every_list_and_form_opens(administrator: Client, label: str, make_photo: Callable[..., Photo]) -> None:
    StageRun.objects.create(photo=make_photo(), stage="metadata", status="failed", error="no")
    name = "admin:" + label.replace(".", "_")
    assert administrator.get(reverse(f"{name}_changelist")).status_code == 200
    model = next(model for model in admin.site._registry if model._meta.label_lower == label)
    if model._meta.managed and (row := model._default_manager.first()):
        assert administrator.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


def test_failed_stages_are_retried(administrator: Client, make_photo: Callable[..., Photo]) -> None:
    run = StageRun.objects.create(photo=make_photo(), stage="metadata", status="failed", error="no", attempts=3)
    data = {"action": "retry", "_selected_action": [run.pk]}
    administrator.post(reverse("admin:photos_stagerun_changelist"), data)
    run.refresh_from_db()
    assert (run.status, run.attempts, run.error) == ("waiting", 0, "")


def test_photos_are_trashed_and_restored(administrator: Client, make_photo: Callable[..., Photo]) -> None:
    photo = make_photo()
    address = reverse("admin:photos_photo_changelist")
    administrator.post(address, {"action": "move_to_trash", "_selected_action": [photo.pk]})
    assert Photo.objects.trashed().count() == 1
    administrator.post(address, {"action": "restore", "_selected_action": [photo.pk]})
    assert Photo.objects.trashed().count() == 0


def test_the_photo_list_asks_the_same_number_of_questions(
    administrator: Client, make_photo: Callable[..., Photo], django_assert_max_num_queries: Callable
) -> None:
    for _ in range(12):
        make_photo()
    with django_assert_max_num_queries(8):
        administrator.get(reverse("admin:photos_photo_changelist"))


def test_the_admin_is_for_administrators(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.get(reverse("admin:index")).status_code == 302
