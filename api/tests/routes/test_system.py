"""The installation over the API."""

from typing import Any

import pytest

from accounts.models import User
from api.routes import system
from operations.health import Condition
from photos.models import StageRun


def test_jobs_and_health(ask: Any, program: Any, owner: User) -> None:
    stages = ask("GET", "/jobs").json()["stages"]
    assert "thumbnails" in {one["name"] for one in stages}
    assert program(owner, "admin")("GET", "/health").status_code == 403
    owner.is_superuser = True
    owner.save()
    health = program(owner, "admin")("GET", "/health").json()
    assert {one["name"] for one in health["conditions"]} >= {"database", "redis", "disk"}


def test_photos_are_counted_by_stage(ask: Any, program: Any, stranger: User, make_photo: Any) -> None:
    for photo, status in ((make_photo(), "waiting"), (make_photo(), "failed"), (make_photo(), "done")):
        StageRun.objects.create(photo=photo, stage="thumbnails", status=status)
    (told,) = (one for one in ask("GET", "/jobs").json()["stages"] if one["name"] == "thumbnails")
    assert (told["waiting"], told["running"], told["done"], told["failed"]) == (1, 0, 1, 1)
    theirs = program(stranger)("GET", "/jobs").json()["stages"]
    assert sum(one["waiting"] + one["done"] + one["failed"] for one in theirs) == 0


@pytest.mark.parametrize(("needed", "sound"), [(True, False), (False, True)])
def test_optional_conditions_do_not_affect_health(
    program: Any, owner: User, monkeypatch: pytest.MonkeyPatch, needed: bool, sound: bool
) -> None:
    owner.is_superuser = True
    owner.save()
    ill = Condition("scanner", sound=False, text="It is gone.", needed=needed)
    monkeypatch.setattr(system, "conditions", lambda: [ill])
    told = program(owner, "admin")("GET", "/health").json()
    assert (told["sound"], told["conditions"][0]["sound"]) == (sound, False)
