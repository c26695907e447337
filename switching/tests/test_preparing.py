"""The steps of a library: their order and size, and what the report counts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.batches import expand
from accounts.models import User
from photos.models import Photo
from switching import preparing
from switching.models import Switch
from switching.tests.conftest import FACE, sha1_of
from switching.tests.samples import osxphotos
from switching.tests.samples.family import make_family
from switching.tests.samples.immich import Dump

pytestmark = pytest.mark.django_db
Make = Callable[..., Photo]


def test_people_and_tags_come_before_photos_and_albums_last(
    owner: User, make_known: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "AT_ONCE", 2)
    dump = Dump()
    emma = dump.person("Emma")
    keys = []
    for number in range(5):
        make_known(f"{number}.jpg", [FACE])
        keys.append(dump.asset(f"{number}.jpg", sha1_of(f"{number}.jpg")))
        dump.face(keys[-1], emma, FACE)
        dump.tagged(keys[-1], "sea")
    dump.album("Trip", keys)
    switch = Switch.objects.create(owner=owner, program="immich", path=str(dump.write(tmp_path / "dump.sql")))
    seen: list[tuple[int, int]] = []
    preparing.prepare(switch, lambda done, total: seen.append((done, total)))
    steps = list(switch.steps.order_by("number"))
    assert [step.kind for step in steps] == ["people", "tags", "photos", "photos", "photos", "albums"]
    assert expand(steps[0].wishes) == [{"key": emma, "name": "Emma", "birthday": None, "hidden": False}]
    assert expand(steps[1].wishes) == ["sea"]
    assert seen == [(2, 5), (4, 5), (5, 5)]
    assert (switch.state, switch.done, switch.report["counts"]["tags new"]) == ("ready", 0, 1)


def test_two_assets_of_one_photo_count_once(owner: User, make_known: Make, tmp_path: Path) -> None:
    make_known("a.jpg", [FACE])
    dump = Dump()
    for name in ("a.jpg", "copy of a.jpg"):
        dump.asset(name, sha1_of("a.jpg"), isFavorite=True)
    report = preparing.examine(owner, "immich", dump.write(tmp_path / "dump.sql"))
    assert (report.found, report.counts["favourite"], report.counts["twice"]) == (2, 1, 1)


def test_people_of_one_name_are_told(owner: User, make_known: Make, tmp_path: Path) -> None:
    make_known("a.jpg", [FACE])
    dump = Dump()
    key = dump.asset("a.jpg", sha1_of("a.jpg"))
    for number in range(2):
        person = dump.person("Emma", id=f"p{number}")
        dump.face(key, person, (0.2 + number / 2, 0.2, 0.1, 0.15))
    report = preparing.examine(owner, "immich", dump.write(tmp_path / "dump.sql"))
    assert report.lists["same name"] == ["Emma"]
    assert (report.counts["people"], report.counts["people new"]) == (1, 1)


def test_people_whose_photos_are_not_here_are_not_made(owner: User, make_known: Make, tmp_path: Path) -> None:
    make_known("a.jpg")
    dump = Dump()
    dump.asset("a.jpg", sha1_of("a.jpg"))
    dump.face(dump.asset("gone.jpg", "ab" * 20), dump.person("Emma"), FACE)
    switch = Switch.objects.create(owner=owner, program="immich", path=str(dump.write(tmp_path / "dump.sql")))
    preparing.prepare(switch)
    assert "people" not in {step.kind for step in switch.steps.all()}


def test_preparing_again_replaces_the_steps(owner: User, make_known: Make, tmp_path: Path) -> None:
    make_known("a.jpg")
    dump = Dump()
    dump.asset("a.jpg", sha1_of("a.jpg"), isFavorite=True)
    switch = Switch.objects.create(owner=owner, program="immich", path=str(dump.write(tmp_path / "dump.sql")))
    preparing.prepare(switch)
    preparing.prepare(switch)
    assert switch.steps.count() == 1


def test_what_may_be_elsewhere_is_not_missed(owner: User, make_photo: Make, tmp_path: Path) -> None:
    family = make_family(2)
    make_photo(name="IMG_0000.jpg", size=100_000)
    photos = [osxphotos.photo(shot, family, hasadjustments=True) for shot in family.shots]
    report = preparing.examine(owner, "apple", osxphotos.write_json(tmp_path / "a.json", photos))
    assert (report.found, report.photos) == (1, 2)
    assert report.counts["missing"] == 1


def test_a_file_that_is_there_twice_is_here_once_and_in_the_albums_of_both(
    owner: User, make_photo: Make, tmp_path: Path
) -> None:
    family = make_family(3)
    make_photo(name="IMG_0001.jpg", size=100_001)
    prints = ["same", "same", "other"]
    photos = [osxphotos.photo(shot, family, fingerprint=prints[shot.number]) for shot in family.shots]
    photos[0]["album_info"] = [osxphotos.album("Only the first")]
    report = preparing.examine(owner, "apple", osxphotos.write_json(tmp_path / "a.json", photos))
    assert (report.found, report.photos, report.counts["missing"]) == (2, 3, 1)
    assert report.counts["album photos"] == 2  # in Summer, and in that of its twin
