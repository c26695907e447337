"""The commands: a dry run, the act, a second run, undo, a comparison, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from photos.models import Photo
from switching.models import Brought, Switch
from switching.tests.conftest import FACE, people_in, sha1_of
from switching.tests.samples.immich import Dump

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(make_known: Callable[..., Photo]) -> Photo:
    return make_known("a.jpg", [FACE])


@pytest.fixture
def dump(tmp_path: Path) -> str:
    made = Dump()
    made.face(made.asset("a.jpg", sha1_of("a.jpg"), isFavorite=True), made.person("Emma"), FACE)
    return str(made.write(tmp_path / "dump.sql"))


def test_a_dry_run_writes_nothing(owner: User, photo: Photo, dump: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("switch_from", "immich", dump, "--owner", "anna", "--dry-run")
    said = capsys.readouterr().out
    assert "1 of 1 photo found (1 by content)." in said
    assert "1 face with a name: 1 to be named." in said
    assert people_in(photo) == {}
    assert not Switch.objects.exists()


def test_the_act_a_second_run_and_undo(
    owner: User, photo: Photo, dump: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("switch_from", "immich", dump, "--owner", "anna")
    assert people_in(photo) == {"Emma": "confirmed"}
    assert "You can undo it" in capsys.readouterr().out
    call_command("switch_from", "immich", dump, "--owner", "anna")
    assert "Nothing new" in capsys.readouterr().out
    assert Switch.objects.count() == 1
    call_command("switch_from", "immich", "--owner", "anna", "--undo")
    assert people_in(photo) == {}
    assert not Brought.objects.exists()
    with pytest.raises(CommandError, match="Nothing from Immich can be undone"):
        call_command("switch_from", "immich", "--owner", "anna", "--undo")


def test_the_report_as_json(owner: User, photo: Photo, dump: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("switch_from", "immich", dump, "--owner", "anna", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["photos"], report["counts"]["confirm"], report["counts"]["favourite"]) == (1, 1, 1)


def test_a_comparison_says_what_is_missing_and_fails(
    owner: User, photo: Photo, dump: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("compare_with", "immich", dump, "--owner", "anna")
    assert ended.value.code == 1
    assert "1 face with a name: 1 to be named." in capsys.readouterr().out
    assert people_in(photo) == {}
    call_command("switch_from", "immich", dump, "--owner", "anna")
    call_command("compare_with", "immich", dump, "--owner", "anna")
    assert "Nothing new" in capsys.readouterr().out


def test_what_is_refused(owner: User, tmp_path: Path) -> None:
    (tmp_path / "x.sql").write_text("nothing")
    for program, path, words in (
        ("immich", "x.sql", "no tables"), ("immich", "none.sql", "nothing at|cannot be read"),
        ("lightroom", "x.sql", "not an SQLite database"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=words):
            call_command("switch_from", program, str(tmp_path / path), "--owner", "anna")
        with pytest.raises(CommandError, match=words):
            call_command("compare_with", program, str(tmp_path / path), "--owner", "anna")
    with pytest.raises(CommandError, match="Say where"):
        call_command("switch_from", "immich", "--owner", "anna")
    assert not Switch.objects.exists()
