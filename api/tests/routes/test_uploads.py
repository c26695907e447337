"""Bringing files in over the API: asking before, one request, resumable pieces, sidecars."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from photos.models import Photo, Upload

TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def picture(make_picture: Any) -> Path:
    return make_picture("harbour.jpg")


def test_one_request(ask: Any, owner: User, picture: Path) -> None:
    file = SimpleUploadedFile("harbour.jpg", picture.read_bytes())
    answer = ask("POST", "/uploads", data={"file": file, "folder": "Norway", "modified": "1577934245.5"}).json()
    assert answer["outcome"] == "added"
    photo = Photo.objects.get(owner=owner)
    assert answer["photo"]["key"] == photo.key
    assert photo.sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()
    again = ask("POST", "/uploads", data={"file": SimpleUploadedFile("other.jpg", picture.read_bytes())}).json()
    assert (again["outcome"], Photo.objects.count()) == ("already there", 1)
    assert not Upload.objects.exists()


def test_resumable(ask: Any, owner: User, picture: Path) -> None:
    content = picture.read_bytes()
    name = base64.b64encode(b"harbour.jpg").decode()
    headers = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": f"filename {name}"}
    begun = ask("POST", "/uploads/tus", headers=headers)
    assert begun.status_code == 201
    path = begun.headers["Location"].removeprefix("/api/v1")
    kind = "application/offset+octet-stream"
    ask("PATCH", path, data=content[:100], content_type=kind, headers={**TUS, "Upload-Offset": "0"})
    assert [one["offset"] for one in ask("GET", "/uploads").json()["uploads"]] == [100]
    assert ask("HEAD", path, headers=TUS).headers["Upload-Offset"] == "100"
    key = path.rpartition("/")[2]
    assert ask("POST", f"/uploads/{key}/finish", json={}).status_code == 409
    ask("PATCH", path, data=content[100:], content_type=kind, headers={**TUS, "Upload-Offset": "100"})
    sum_ = hashlib.sha256(content).hexdigest()
    assert ask("POST", f"/uploads/{key}/finish", json={"sha256": sum_}).json()["outcome"] == "added"
    known = ask("POST", "/uploads/check", json={"sha256": [sum_, "0" * 64]}).json()["photos"]
    assert [one["sha256"] for one in known] == [sum_]


def test_a_stranger_cannot_continue_an_upload(ask: Any, program: Any, stranger: User) -> None:
    name = base64.b64encode(b"a.jpg").decode()
    headers = {**TUS, "Upload-Length": "10", "Upload-Metadata": f"filename {name}"}
    path = ask("POST", "/uploads/tus", headers=headers).headers["Location"].removeprefix("/api/v1")
    other = program(stranger)
    assert other("HEAD", path, headers=TUS).status_code == 404
    assert other("DELETE", path, headers=TUS).status_code == 404
    assert other("POST", f"/uploads/{path.rpartition('/')[2]}/finish", json={}).status_code == 404
    assert other("GET", "/uploads").json() == {"uploads": []}
    assert Upload.objects.count() == 1


def test_other_files_are_refused(ask: Any) -> None:
    assert ask("POST", "/uploads", data={"file": SimpleUploadedFile("x.html", b"<script>")}).status_code == 415
    disguised = ask("POST", "/uploads", data={"file": SimpleUploadedFile("x.ts", b"export const a = 1;")})
    assert disguised.json() == {"outcome": "skipped", "photo": None, "change": None}


def test_quota(ask: Any, owner: User, picture: Path) -> None:
    owner.quota_bytes = 10
    owner.save()
    assert ask("POST", "/uploads", data={"file": SimpleUploadedFile("a.jpg", picture.read_bytes())}).status_code == 413


def test_a_guest_has_no_library(ask: Any, owner: User, picture: Path) -> None:
    owner.is_guest = True
    owner.save()
    assert ask("POST", "/uploads", data={"file": SimpleUploadedFile("a.jpg", picture.read_bytes())}).status_code == 403


def test_sidecars_are_paired_and_kept(ask: Any, make_picture: Any, picture: Path) -> None:
    names = ["harbour.jpg", "harbour.xmp", "notes.json", "b.jpg", "b.jpg.json"]
    pairs = ask("POST", "/uploads/pairs", json={"names": names}).json()["sidecars"]
    assert pairs == {"harbour.jpg": ["harbour.xmp"], "b.jpg": ["b.jpg.json"]}
    key = ask("POST", "/uploads", data={"file": SimpleUploadedFile("harbour.jpg", picture.read_bytes())}).json()[
        "photo"
    ]["key"]
    sidecar = SimpleUploadedFile("harbour.xmp", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    assert ask("POST", f"/uploads/sidecars/{key}", data={"file": sidecar}).status_code == 200
    assert Photo.objects.get().files.count() == 1
    assert ask("POST", f"/uploads/sidecars/{key}", data={"file": SimpleUploadedFile("a.exe", b"MZ")}).status_code == 422


def test_photos_in_the_trash_are_restored_with_undo(ask: Any, owner: User, picture: Path) -> None:
    ask("POST", "/uploads", data={"file": SimpleUploadedFile("harbour.jpg", picture.read_bytes())})
    for bring in ("whole", "sum"):
        Photo.objects.all().trash()
        if bring == "whole":
            again = ask("POST", "/uploads", data={"file": SimpleUploadedFile("a.jpg", picture.read_bytes())}).json()
            assert (again["outcome"], again["photo"]["trashed_at"]) == ("restored from the trash", None)
        else:
            sums = [hashlib.sha256(picture.read_bytes()).hexdigest(), "0" * 64]
            again = ask("POST", "/uploads/back", json={"sha256": sums}).json()
            assert again["keys"] == [Photo.objects.get().key]
            assert ask("POST", "/uploads/back", json={"sha256": sums}).json() == {"keys": [], "change": None}
        assert not Photo.objects.trashed().exists()
        told = ask("GET", "/changes").json()["changes"][0]
        assert (told["id"], told["sentence"]) == (again["change"], "Photo restored from the trash")
        assert ask("POST", f"/changes/{again['change']}/undo").status_code == 200
        assert Photo.objects.trashed().count() == 1


def test_nobody_restores_photos_of_others(ask: Any, stranger: User, make_photo: Any) -> None:
    photo = make_photo(owner=stranger)
    Photo.objects.all().trash()
    assert ask("POST", "/uploads/back", json={"sha256": [photo.sha256]}).json()["keys"] == []
    assert Photo.objects.trashed().count() == 1


def test_files_to_leave_out_come_with_the_reason(ask: Any) -> None:
    body = {
        "names": ["a.jpg", "a.jpg~", "GX01.LRV"],
        "folders": ["resources", "originals"],
        "folder": "P.photoslibrary",
    }
    told = ask("POST", "/uploads/pairs", json=body).json()
    assert set(told["left_out"]) == {"a.jpg~", "GX01.LRV", "resources"}
    assert told["sidecars"] == {}
