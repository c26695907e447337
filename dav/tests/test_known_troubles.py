"""What programs have reported about other servers: it works with ours.

The cases come from the public trackers of Nextcloud, ownCloud, Immich, PhotoPrism, rclone, wsgidav, SFTPGo and others.
"""

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from dav.models import Entry
from dav.tests.arriving.test_ingesting import clip, jpeg, read_all
from dav.tests.conftest import Program, text_of, tree
from photos.models import Photo, Stack

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


# --- names, times and sums --------------------------------------------------------------------------------------------


def test_a_name_that_comes_again_with_another_photo_loses_none(program: Program, tmp_path: Path) -> None:
    """FullSizeRender.jpg from AirDrop, and IMG_0001.JPG after 9,999 others: no version of what was there."""
    for when in ("2019:07:01 12:00:00", "2024:07:01 12:00:00"):
        program.put("Upload/FullSizeRender.jpg", jpeg(tmp_path, f"{when[:4]}.jpg", when))
    assert Photo.objects.present().count() == 2
    assert not Stack.objects.exists()
    program.put("Upload/FullSizeRender.jpg", jpeg(tmp_path, "edited by hand.jpg", "2024:07:01 12:00:00"))
    assert Stack.objects.get().photos.count() == 2, "the same moment again is a version"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("1", "Thu, 01 Jan 1970 00:00:01 GMT"),
        ("0", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("-1787529600", "Sun, 11 May 1913 00:00:00 GMT"),
        ("1500000000.25", "Fri, 14 Jul 2017 02:40:00 GMT"),
        ("-11644473600", None),
        ("NaN", None),
        ("inf", None),
        ("0x5f5e100", None),
        ("1500000000000000", None),
    ],
)
def test_odd_times_keep_no_file_away(program: Program, make_picture: Pictures, sent: str, kept: str | None) -> None:
    answer = program.put("Upload/a.jpg", make_picture(), X_OC_Mtime=sent)
    assert answer.status_code == 201
    assert ("X-OC-MTime" in answer.headers) == bool(kept)
    told = program.property("Upload/a.jpg", "getlastmodified")
    assert told == kept if kept else told is not None


def test_rclone_sets_a_time_and_tells_a_sum_with_it(program: Program, make_picture: Pictures) -> None:
    program.put("Upload/a.jpg", make_picture())
    body = (
        '<?xml version="1.0" encoding="utf-8" ?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop>'
        '<lastmodified xmlns="DAV:">1500000000</lastmodified>'
        '<oc:checksums xmlns:oc="http://owncloud.org/ns"><oc:checksum>SHA1:00</oc:checksum></oc:checksums>'
        "</D:prop></D:set></D:propertyupdate>"
    )
    answer = program("PROPPATCH", "Upload/a.jpg", body)
    assert (answer.status_code, b"403" in answer.content) == (207, False)
    assert program.property("Upload/a.jpg", "getlastmodified") == "Fri, 14 Jul 2017 02:40:00 GMT"


@pytest.mark.parametrize("kind", ["SHA1", "MD5", "SHA256", "ADLER32", "sha1", "CRC9"])
def test_bytes_that_were_damaged_on_the_way_are_refused(program: Program, make_picture: Pictures, kind: str) -> None:
    content = make_picture().read_bytes()
    sums = {"adler32": f"{zlib.adler32(content):x}", "crc9": "nobody knows it"}
    for name in ("sha1", "md5", "sha256"):
        sums[name] = hashlib.new(name, content).hexdigest()
    right = f"{kind}:{sums[kind.lower()]}"
    if kind != "CRC9":
        refused = program.put("Upload/a.jpg", content[:-1] + b"x", OC_Checksum=right)
        assert (refused.status_code, Photo.objects.exists(), program.names("Upload/")) == (400, False, [])
    assert program.put("Upload/a.jpg", content, OC_Checksum=right).status_code == 201


def test_chunks_that_were_damaged_are_refused_and_can_be_sent_again(owner: User, make_picture: Pictures) -> None:
    app, content = Program(owner, base="/remote.php/dav/uploads/anna/"), make_picture().read_bytes()
    to = {"Destination": "http://testserver/remote.php/dav/files/anna/a.jpg"}
    checksum = f"SHA1:{hashlib.sha1(content).hexdigest()}"
    app("MKCOL", "1")
    app("PUT", "1/1", content[:-1] + b"x")
    assert app("MOVE", "1/.file", OC_Checksum=checksum, **to).status_code == 400
    assert not Photo.objects.exists()
    app("PUT", "1/1", content)
    assert app("MOVE", "1/.file", OC_Checksum=checksum, **to).status_code == 201


def test_compressed_bodies_are_refused_in_words(program: Program, make_picture: Pictures) -> None:
    refused = program.put("Upload/a.jpg", gzip.compress(make_picture().read_bytes()), Content_Encoding="gzip")
    assert refused.status_code == 415
    assert b"not compressed" in refused.content
    assert not Entry.objects.exists()


# --- programs, step by step -------------------------------------------------------------------------------------------

LOCK = (
    '<?xml version="1.0" encoding="utf-8" ?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope>'
    "<D:locktype><D:write/></D:locktype><D:owner><D:href>anna</D:href></D:owner></D:lockinfo>"
)


def windows_times(modified: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8" ?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:">'
        "<D:set><D:prop><Z:Win32CreationTime>Mon, 01 Jan 1601 00:00:00 GMT</Z:Win32CreationTime>"
        f"<Z:Win32LastModifiedTime>{modified}</Z:Win32LastModifiedTime>"
        "<Z:Win32FileAttributes>00000020</Z:Win32FileAttributes></D:prop></D:set></D:propertyupdate>"
    )


def test_windows_explorer_copies_a_file(program: Program, make_picture: Pictures) -> None:
    """As its MiniRedir does: empty file, lock without a depth, times, content, times, unlock, one after the other."""
    path, taken = "Upload/Bild%20(2).jpg", "Fri, 14 Jul 2017 02:40:00 GMT"
    assert program("PROPFIND", path, Depth="0").status_code == 404
    assert program.put(path, b"").status_code == 201
    locked = program("LOCK", path, LOCK, Timeout="Second-3600")
    held = {"If": f"({locked.headers['Lock-Token']})"}
    assert locked.status_code == 200
    assert b"403" not in program("PROPPATCH", path, windows_times("Mon, 01 Jan 1601 00:00:00 GMT"), **held).content
    assert program("HEAD", path).headers["Content-Length"] == "0"
    assert program.put(path, make_picture(), **held).status_code == 204
    assert program("PROPPATCH", path, windows_times(taken)).status_code == 423, "without the lock"
    assert program("PROPPATCH", path, windows_times(taken), **held).status_code == 207
    assert program("UNLOCK", path, Lock_Token=locked.headers["Lock-Token"]).status_code == 204
    assert (program.property(path, "getlastmodified"), Photo.objects.count()) == (taken, 1)


def test_finder_copies_a_file(program: Program, make_picture: Pictures) -> None:
    """An empty file and its lock, the same for what it notes beside it, then the content in pieces of no length."""
    content, notes = make_picture().read_bytes(), b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X" + bytes(100)
    for name, inside in (("a.jpg", content), ("._a.jpg", notes)):
        assert program("PROPFIND", f"Upload/{name}", Depth="0").status_code == 404
        assert program.put(f"Upload/{name}", b"").status_code == 201
        token = program("LOCK", f"Upload/{name}", LOCK, Depth="0", Timeout="Second-600").headers["Lock-Token"]
        sent = program.client.generic(
            "PUT",
            f"/dav/Upload/{name}",
            headers={"Authorization": program.basic, "If": f"({token})", "Transfer-Encoding": "chunked",
                     "X-Expected-Entity-Length": str(len(inside))},
            **{"wsgi.input": io.BytesIO(inside), "CONTENT_LENGTH": ""},
        )  # fmt: skip
        assert sent.status_code == 204
        assert program("UNLOCK", f"Upload/{name}", Lock_Token=token).status_code == 204
    assert Photo.objects.get().original_name == "a.jpg"
    assert text_of(program("GET", "Upload/._a.jpg")) == notes
    assert program("PROPFIND", "Upload/.metadata_never_index", Depth="0").status_code == 404


def test_a_proxy_that_ends_https_does_not_part_source_and_destination(program: Program, make_picture: Pictures) -> None:
    program.put("Upload/a.jpg", make_picture())
    for number, start in enumerate(("https://testserver", "https://testserver:443", "http://testserver", "")):
        to = f"{start}/dav/Upload/{number}.jpg"
        assert program("COPY", "Upload/a.jpg", Destination=to).status_code == 201
    assert len(program.names("Upload/")) == 5


def test_a_folder_moves_with_and_without_slashes(program: Program, make_picture: Pictures) -> None:
    program("MKCOL", "Upload/dir/")
    program.put("Upload/dir/a.jpg", make_picture())
    moves = [("dir/", "new/"), ("new", "other"), ("other/", "third"), ("third", "last/")]
    for source, target in moves:
        to = f"http://testserver/dav/Upload/{target}"
        assert program("MOVE", f"Upload/{source}", Destination=to, Overwrite="F").status_code == 201
    assert (program.names("Upload/"), program.names("Upload/last/")) == (["last"], ["a.jpg"])


def test_only_what_is_new_only_what_is_unchanged(program: Program, make_picture: Pictures) -> None:
    first = program.put("Upload/a.jpg", make_picture(), If_None_Match="*")
    assert first.status_code == 201
    assert program.put("Upload/a.jpg", make_picture(), If_None_Match="*").status_code == 412
    assert Photo.objects.count() == 1
    assert program.put("Upload/a.jpg", make_picture(), If_Match=first.headers["ETag"]).status_code == 204
    assert program.put("Upload/a.jpg", make_picture(), If_Match=first.headers["ETag"]).status_code == 412
    program("LOCK", "Upload/b.jpg", LOCK)
    empty = program("HEAD", "Upload/b.jpg").headers["ETag"]
    assert program.put("Upload/b.jpg", make_picture(), If_Match=empty).status_code == 423, "the tag fits, the lock not"


# --- photos of phones -------------------------------------------------------------------------------------------------


def test_both_halves_of_a_live_photo_with_the_same_bytes(program: Program, tmp_path: Path) -> None:
    content = jpeg(tmp_path, "a.jpg", "2022:07:01 12:00:00")
    assert [program.put(f"Upload/IMG_9880.{form}", content).status_code for form in ("MOV", "JPG")] == [201, 201]
    assert (Photo.objects.count(), sorted(program.names("Upload/"))) == (1, ["IMG_9880.JPG", "IMG_9880.MOV"])


def test_a_half_of_a_live_photo_can_be_deleted_alone(program: Program, tmp_path: Path) -> None:
    program.put("Upload/IMG_5.JPG", jpeg(tmp_path, "a.jpg", "2022:07:01 12:00:00"))
    program.put("Upload/IMG_5.MOV", clip(tmp_path))
    read_all()
    assert Stack.objects.get().photos.count() == 2
    assert program("DELETE", "Upload/IMG_5.MOV").status_code == 204
    assert [photo.original_name for photo in Photo.objects.present().as_tiles()] == ["IMG_5.JPG"]


def test_what_was_fetched_and_is_sent_elsewhere_is_not_doubled(program: Program, make_picture: Pictures) -> None:
    program("MKCOL", "Upload/A")
    program.put("Upload/A/a.jpg", make_picture())
    fetched = text_of(program("GET", "Upload/A/a.jpg"))
    program("MKCOL", "Upload/A/A")
    assert program.put("Upload/A/A/a.jpg", fetched, X_OC_Mtime="1").status_code == 201
    assert Photo.objects.count() == 1


def test_a_phone_that_touches_its_files_sends_them_again_for_nothing(program: Program, make_picture: Pictures) -> None:
    picture = make_picture()
    answers = [program.put("Upload/a.jpg", picture, X_OC_Mtime=f"150000000{second}") for second in range(3)]
    assert [answer.status_code for answer in answers] == [201, 204, 204]
    assert len({answer.headers["ETag"] for answer in answers}) == 1
    assert program.property("Upload/a.jpg", "getlastmodified") == "Fri, 14 Jul 2017 02:40:02 GMT"
    assert (Photo.objects.count(), Stack.objects.count()) == (1, 0)
