"""Writing into files from the panel, from the selection, by the workers and by the command, and back."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from media.metadata.reading import read
from photos import pipeline
from photos.editing import bulk, edits, file_writing
from photos.ingest import intake
from photos.models import Photo, StageRun
from photos.storage import paths
from photos.views import writing

HTMX = {"HX-Request": "true"}


@pytest.fixture
def make_titled(owner, make_picture):
    """A photo of the library whose title was edited."""

    def make(title="Edited"):
        photo = intake.ingest(owner, make_picture()).photo
        pipeline.perform_next(pipeline.STAGES["metadata"])
        bulk.make(owner, Photo.objects.filter(pk=photo.pk), edits.set_words(title=title), owner)
        return Photo.objects.get(pk=photo.pk)

    return make


@pytest.fixture
def post(client, owner):
    client.force_login(owner)
    return lambda address, headers=HTMX, **form: client.post(address, form, headers=headers)


def title_in(photo):
    photo.refresh_from_db()
    assert photo.sha256 == paths.sha256_of(paths.original_path(photo))
    return read(paths.original_path(photo), photo.media_type).title


def test_one_file_is_written_after_a_question_and_put_back(client, post, make_titled):
    photo = make_titled()
    panel = client.get(f"/photo/{photo.key}/info/").content.decode()
    assert "Write into the file" in panel
    assert "Restore the file" not in panel
    asked = post("/selection/files/write/", headers={}, keys=photo.key)
    assert b"Write into the file?" in asked.content
    assert b"deleted" not in asked.content
    assert title_in(photo) is None
    answer = post("/selection/files/write/", keys=photo.key, confirmed="yes").content.decode()
    assert "The file written into" in answer
    assert "/selection/files/back/" in answer
    assert title_in(photo) == "Edited"
    assert "Restore the file" in client.get(f"/photo/{photo.key}/info/").content.decode()
    assert "The file restored" in post("/selection/files/back/", keys=photo.key).content.decode()
    assert title_in(photo) is None
    assert Photo.objects.get().title == "Edited"


def test_writable_files_of_a_selection_are_written(post, make_titled, make_photo):
    photos = [make_titled(), make_titled("Other")]
    video = make_photo(media_type="video/mp4")
    form = {"keys": ",".join(photo.key for photo in [*photos, video]), "field": "files", "files": "write"}
    preview = post("/selection/edit/", preview="yes", **form).content.decode()
    assert "2 files" in preview
    assert "1 cannot be" in preview
    assert title_in(photos[0]) is None
    answer = post("/selection/edit/", **form)
    assert "2 files written into; 1 cannot be" in answer.content.decode()
    assert "photos:edited" in answer.headers["HX-Trigger"]
    assert [title_in(photo) for photo in photos] == ["Edited", "Other"]


def test_many_are_for_the_workers_and_what_waits_is_withdrawn(post, make_titled, monkeypatch):
    monkeypatch.setattr(writing, "AT_ONCE", 0)
    photo = make_titled()
    form = {"keys": photo.key, "field": "files"}
    assert "Activity page shows" in post("/selection/edit/", files="write", **form).content.decode()
    assert StageRun.objects.get(stage="writing").status == "waiting"
    file_writing.demand([photo.pk], back=True)
    assert not StageRun.objects.filter(stage="writing").exists()
    file_writing.demand([photo.pk])
    assert pipeline.perform_next(pipeline.STAGES["writing"]) == 1
    assert title_in(photo) == "Edited"
    assert StageRun.objects.get(stage="writing").status == "done"
    assert "Restoring" in post("/selection/edit/", files="back", **form).content.decode()
    pipeline.perform_next(pipeline.STAGES["restoring"])
    assert title_in(photo) is None


@pytest.mark.on_disk
def test_a_failure_is_recorded_with_the_photo(make_titled):
    photo = make_titled()
    paths.original_path(photo).unlink()
    file_writing.demand([photo.pk])
    pipeline.perform_next(pipeline.STAGES["writing"])
    run = StageRun.objects.get(stage="writing")
    assert run.status == "failed"
    assert "not changed" in run.error


def test_a_refusal_says_why(post, make_titled, make_photo):
    titled, heic = make_titled(), make_photo(media_type="image/heic")
    answer = post("/selection/files/back/", keys=titled.key)
    assert (answer.status_code, "has not written" in answer.content.decode()) == (422, True)
    answer = post("/selection/files/write/", keys=heic.key, confirmed="yes")
    assert (answer.status_code, file_writing.UNFIT in answer.content.decode()) == (422, True)
    answer = post("/selection/edit/", keys=heic.key, field="files", files="write")
    assert (answer.status_code, 'id="edit-preview"' in answer.content.decode()) == (422, True)


def test_strangers_files_stay_as_they_are(client, stranger, make_titled):
    photo = make_titled()
    client.force_login(stranger)
    for address, form in (("/selection/files/write/", {"confirmed": "yes"}), ("/selection/edit/", {"field": "files"})):
        client.post(address, {"keys": photo.key, **form}, headers=HTMX)
    assert title_in(photo) is None
    assert client.post("/selection/files/burn/", {"keys": photo.key}).status_code == 404
    assert client.get("/selection/files/write/").status_code == 405
    client.logout()
    assert client.post("/selection/files/write/", {"keys": photo.key}).status_code == 302


def test_the_command_writes_and_puts_back(owner, make_titled, make_photo):
    photo, other = make_titled(), make_titled("Other")
    make_photo(media_type="image/heic")

    def run(*arguments):
        out = StringIO()
        call_command("write_files", *arguments, "--owner", owner.username, "--json", stdout=out)
        return json.loads(out.getvalue())

    assert run(photo.key) == {"written": 1, "unchanged": 0, "left": 0, "failed": 0, "failures": []}
    assert run() == {"written": 1, "unchanged": 1, "left": 1, "failed": 0, "failures": []}
    assert [title_in(one) for one in (photo, other)] == ["Edited", "Other"]
    assert run("--back")["written"] == 2
    assert title_in(photo) is None
