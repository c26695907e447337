"""The pages of jobs: pausing, resuming, trying again."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as current
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from mirage import changeable
from mirage.models import Setting
from photos import pipeline
from photos.models import Photo, StageRun
from photos.pipeline import STAGES

JOBS = "/administration/jobs/"


@pytest.fixture(autouse=True)
def nothing_changed(db: None) -> Iterator[None]:
    yield
    Setting.objects.all().delete()
    changeable.refresh(force=True)


@pytest.fixture
def administrator(client: Client, library: object) -> Client:
    client.force_login(User.objects.create_superuser("grandma"))
    return client


def test_a_paused_stage_does_nothing_until_it_goes_on(administrator: Client, make_photo: Callable[..., Photo]) -> None:
    run = StageRun.objects.create(photo=make_photo(), stage="metadata")
    administrator.post(reverse("operations:pause"), {"stage": "metadata", "paused": "yes"})
    assert current.MIRAGE_PAUSED == ["metadata"]
    assert pipeline.claim(STAGES["metadata"]) == []
    assert "Paused · 1 to do" in " ".join(administrator.get(JOBS).content.decode().split())
    administrator.post(reverse("operations:pause"), {"stage": "metadata", "paused": "no"})
    assert [claimed.pk for claimed in pipeline.claim(STAGES["metadata"])] == [run.pk]


def test_all_work_is_paused(administrator: Client) -> None:
    administrator.post(reverse("operations:pause"), {"paused": "yes"})
    assert set(current.MIRAGE_PAUSED) == set(STAGES)
    page = administrator.get(JOBS).content.decode()
    assert "Everything is paused" in page
    assert "Resume all" in page
    administrator.post(reverse("operations:pause"), {"paused": "no"})
    assert current.MIRAGE_PAUSED == []


def test_what_failed_is_shown_and_tried_again(administrator: Client, make_photo: Callable[..., Photo]) -> None:
    photo = make_photo(name="broken.jpg")
    StageRun.objects.create(photo=photo, stage="thumbnails", status="failed", error="It is damaged.", attempts=3)
    StageRun.objects.create(photo=photo, stage="metadata", status="failed", error="other")
    page = administrator.get(reverse("operations:job", args=["thumbnails"])).content.decode()
    assert "broken.jpg" in page
    assert "It is damaged." in page
    assert "other" not in page
    administrator.post(reverse("operations:retry"), {"stage": "thumbnails"})
    assert StageRun.objects.get(stage="thumbnails").status == "waiting"
    assert StageRun.objects.get(stage="metadata").status == "failed"
    administrator.post(reverse("operations:retry"))
    assert StageRun.objects.get(stage="metadata").status == "waiting"


def test_the_fragments_are_asked_for_again(administrator: Client) -> None:
    for address in (JOBS, reverse("operations:job", args=["faces"])):
        fragment = administrator.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in fragment
        assert "every " in fragment


def test_the_queries_do_not_grow_with_the_rows(administrator: Client, make_photo: Callable[..., Photo]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            administrator.get(reverse("operations:job", args=["thumbnails"]))
        return len(captured)

    counts = []
    for _ in range(2):
        for status in ("failed", "waiting", "running"):
            for _ in range(5):
                StageRun.objects.create(photo=make_photo(), stage="thumbnails", status=status)
        counts.append(queries())
    assert counts[0] >= counts[1]


def test_bad_input(administrator: Client, client: Client) -> None:
    assert administrator.get(reverse("operations:job", args=["nothing"])).status_code == 404
    for name in ("pause", "retry"):
        assert administrator.post(reverse(f"operations:{name}"), {"stage": "nothing"}).status_code == 404
        assert administrator.get(reverse(f"operations:{name}")).status_code in {404, 405}


def test_others_pause_nothing(client: Client, owner: User) -> None:
    client.force_login(owner)
    for name in ("pause", "retry"):
        assert client.post(reverse(f"operations:{name}"), {"paused": "yes"}).status_code == 404
    assert current.MIRAGE_PAUSED == []
