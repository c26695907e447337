"""What programs have reported about other servers: it works with ours.

The cases come from the public trackers of Nextcloud, ownCloud, rclone and programs that synchronise over WebDAV.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dav.models import Entry
from dav.tests.conftest import Program, tree
from photos.models import Photo

Pictures = Callable[..., Path]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("100%25.jpg", "100%.jpg"),
        ("May19%2301.jpg", "May19#01.jpg"),
        ("a+b%20c.jpg", "a+b c.jpg"),
        ("it's%20%22mine%22%20%26%20yours.jpg", 'it\'s "mine" & yours.jpg'),
        ("what%3Fever.jpg", "what?ever.jpg"),
        ("caf%C3%A9%20%F0%9F%93%B7.jpg", "café 📷.jpg"),
    ],
)
def test_signs_that_mean_something_in_addresses(
    program: Program, make_picture: Pictures, written: str, shown: str
) -> None:
    assert program.put(f"Upload/{written}", make_picture()).status_code == 201
    assert Entry.objects.get().name == shown
    [listed] = program.names("Upload/")
    assert program("GET", f"Upload/{listed}").status_code == 200, "the address that is listed works"
    assert program("MOVE", f"Upload/{written}", Destination="/dav/Upload/plain.jpg").status_code == 201


def test_a_folder_is_made_with_and_without_a_slash_and_once(program: Program) -> None:
    assert program("MKCOL", "Upload/a").status_code == 201
    assert program("MKCOL", "Upload/b/").status_code == 201
    assert [program("MKCOL", f"Upload/{name}").status_code for name in ("a", "a/", "b", "b/")] == [405] * 4
    assert program("MKCOL", "Upload/none/c").status_code == 409, "rclone makes the folder above then"
    assert sorted(program.names("Upload")) == ["a", "b"], "a folder is listed without a slash as well"


def test_an_upload_that_broke_off_locks_nothing(program: Program, make_picture: Pictures) -> None:
    content = make_picture().read_bytes()
    headers = {"Authorization": program.basic}
    extra: dict[str, Any] = {"wsgi.input": io.BytesIO(content[:50]), "CONTENT_LENGTH": str(len(content))}
    assert program.client.generic("PUT", "/dav/Upload/a.jpg", headers=headers, **extra).status_code == 400
    assert program.put("Upload/a.jpg", content).status_code == 201


def test_an_upload_that_is_sent_again_because_the_answer_came_too_late(
    program: Program, make_picture: Pictures
) -> None:
    picture = make_picture()
    assert [program.put("Upload/a.jpg", picture).status_code for _ in range(3)] == [201, 204, 204]
    assert program.put("Upload/a (1).jpg", picture).status_code == 201
    assert Photo.objects.count() == 1


def test_replacing_is_the_rule_where_nothing_is_said(program: Program, make_picture: Pictures) -> None:
    program.put("Upload/a.jpg", make_picture("a.jpg"))
    program.put("Upload/b.jpg", make_picture("b.jpg"))
    assert program("MOVE", "Upload/a.jpg", Destination="/dav/Upload/b.jpg").status_code == 204
    assert program.names("Upload/") == ["b.jpg"]
    assert Photo.objects.count() == 2


def test_folders_are_made_by_the_file_if_the_program_wishes(program: Program, make_picture: Pictures) -> None:
    picture = make_picture()
    assert program.put("Upload/2024/07/a.jpg", picture).status_code == 409
    assert program.put("Upload/2024/07/a.jpg", picture, X_NC_WebDAV_AutoMkcol="1").status_code == 201
    assert program.put("Upload/2024/07/b.jpg", picture, X_NC_WebDAV_AutoMkcol="1").status_code == 201
    assert program.names("Upload/2024/") == ["07"]
    assert program.put("Upload/2024/07/a.jpg/c.jpg", picture, X_NC_WebDAV_AutoMkcol="1").status_code == 409


def test_an_empty_file_is_taken(program: Program) -> None:
    assert program.put("Upload/empty.txt", b"").status_code == 201
    assert program.property("Upload/empty.txt", "getcontentlength") == "0"


def test_the_root_answers_with_and_without_its_slash(program: Program) -> None:
    for path in ("", "Upload", "Upload/"):
        assert program("PROPFIND", path, Depth="0").status_code == 207
    bare = Program(program.user, base="/dav")
    assert bare("PROPFIND", "", Depth="1").status_code == 207, "who expects 207 must not get a page or a way elsewhere"


def test_an_unknown_property_is_missing_in_its_own_part(program: Program, make_picture: Pictures) -> None:
    program.put("Upload/a.jpg", make_picture())
    body = '<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/><d:quota-used-bytes/></d:prop></d:propfind>'
    answer = tree(program("PROPFIND", "Upload/a.jpg", body, Depth="0"))
    statuses = [one.findtext("{DAV:}status") for one in answer.findall(".//{DAV:}propstat")]
    assert statuses == ["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"]


@pytest.mark.parametrize("name", ["a%0D%0Ab.jpg", "a%00b.jpg", "%07.jpg"])
def test_a_name_that_no_file_can_have_is_refused_in_words(program: Program, make_picture: Pictures, name: str) -> None:
    refused = program.put(f"Upload/{name}", make_picture())
    assert refused.status_code == 400
    assert b"name" in refused.content
