"""manage.py detect_faces and cluster_faces."""

import json
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from people.models import FaceScan
from people.tests.conftest import MakeFace
from photos import pipeline
from photos.models import Photo, StageRun


def run(name: str, *arguments: str) -> dict[str, object]:
    out = StringIO()
    call_command(name, *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_faces_are_grouped_and_counted(owner: User, make_face: MakeFace) -> None:
    for identity in (1, 1, 1, 2, 2, 3):
        make_face(identity)
    counts = {"owner": "anna", "people": 2, "faces": 6, "unsure": 0, "alone": 1}
    assert run("cluster_faces") == counts
    assert run("cluster_faces", "--owner", "anna", "--rebuild") == counts
    with pytest.raises(CommandError):
        call_command("cluster_faces", "--owner", "nobody")


@pytest.fixture
def photos(make_photo: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch) -> dict[str, Photo]:
    """One that nobody has looked at, one done, one failed, one seen by another model."""
    monkeypatch.setattr(pipeline.Stage, "missing_weights", lambda stage: [])
    named = {name: make_photo() for name in ("new", "done", "failed", "stale")}
    for photo in named.values():
        StageRun.objects.create(photo=photo, stage="thumbnails", status="done", version=1)
    for name in ("done", "failed", "stale"):
        status = "failed" if name == "failed" else "done"
        StageRun.objects.create(
            photo=named[name], stage="faces", status=status, version=pipeline.STAGES["faces"].version
        )
    FaceScan.objects.create(photo=named["done"], model="yunet+SFace/1")
    FaceScan.objects.create(photo=named["stale"], model="yunet+Other/1")
    return named


@pytest.mark.parametrize(
    ("option", "waiting"), [((), {"new"}), (("--stale",), {"new", "failed", "stale"}), (("--all",), None)]
)
def test_only_the_photos_asked_for_are_queued(
    photos: dict[str, Photo], option: tuple[str, ...], waiting: set[str] | None
) -> None:
    answer = run("detect_faces", "--no-wait", *option)
    runs = StageRun.objects.filter(stage="faces", status="waiting").values_list("photo", flat=True)
    assert {name for name, photo in photos.items() if photo.pk in set(runs)} == (waiting or set(photos))
    assert answer["waiting"] == len(runs)


def test_missing_models_are_named(photos: dict[str, Photo], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.Stage, "missing_weights", lambda stage: ["sface-int8"])
    with pytest.raises(CommandError, match="sface-int8"):
        run("detect_faces")
