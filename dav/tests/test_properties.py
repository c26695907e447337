"""Properties: the living ones, those that programs note, and times in every form."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from dav import properties
from dav.models import Entry
from dav.tests.conftest import Program, text_of, tree
from photos.models import Photo

NOTE = '<D:propertyupdate xmlns:D="DAV:" xmlns:n="urn:n"><D:{}><D:prop>{}</D:prop></D:{}></D:propertyupdate>'
FIND = '<D:propfind xmlns:D="DAV:" xmlns:n="urn:n">{}</D:propfind>'


@pytest.fixture
def put(program: Program, make_picture: Callable[..., Path]) -> Program:
    program.put("Upload/a.jpg", make_picture())
    return program


def note(program: Program, inside: str, action: str = "set") -> Any:
    return program("PROPPATCH", "Upload/a.jpg", NOTE.format(action, inside, action))


def test_what_programs_note_is_kept(put: Program) -> None:
    assert b"200 OK" in note(put, "<n:colour>red <n:b/>&amp; blue</n:colour><n:empty/>").content
    found = tree(
        put("PROPFIND", "Upload/a.jpg", FIND.format("<D:prop><n:colour/><n:empty/><n:other/></D:prop>"), Depth="0")
    )
    ok, missing = found.iter("{DAV:}propstat")
    assert [one.tag for one in ok.findall("{DAV:}prop/*")] == ["{urn:n}colour", "{urn:n}empty"]
    assert [one.tag for one in missing.findall("{DAV:}prop/*")] == ["{urn:n}other"]
    assert ok.find(".//{urn:n}b") is not None
    note(put, "<n:colour/>", "remove")
    assert list(Entry.objects.get().properties) == ["{urn:n}empty"]


def test_all_or_nothing(put: Program) -> None:
    answer = note(put, "<n:colour>red</n:colour><D:getetag>x</D:getetag>")
    assert b"403 Forbidden" in answer.content
    assert b"424 Failed Dependency" in answer.content
    assert Entry.objects.get().properties == {}


def test_notes_have_a_limit(put: Program) -> None:
    assert note(put, f"<n:long>{'x' * properties.MOST_NOTED}</n:long>").status_code == 507
    assert put("PROPPATCH", "Upload/a.jpg", "<x>" + "y" * 70_000 + "</x>").status_code == 413


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 207), (FIND.format("<D:allprop/>"), 207), (FIND.format("<D:propname/>"), 207), (FIND.format(""), 400),
        (FIND.format("<D:allprop/><D:include><D:quota-used-bytes/></D:include>"), 207), ("<x/>", 400), ("<x", 400),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + FIND.format("<D:allprop/>"), 400),
    ],
)  # fmt: skip
def test_ways_to_ask(put: Program, body: str, status: int) -> None:
    assert put("PROPFIND", "Upload", body, Depth="1").status_code == status


def test_names_without_values(put: Program) -> None:
    answer = tree(put("PROPFIND", "Upload/a.jpg", FIND.format("<D:propname/>"), Depth="0"))
    assert all(one.text is None for one in answer.findall(".//{DAV:}prop/*"))


def test_room_by_quota_and_by_disk(put: Program, owner: User) -> None:
    def room() -> tuple[int, int]:
        asked = FIND.format("<D:prop><D:quota-used-bytes/><D:quota-available-bytes/></D:prop>")
        found = tree(put("PROPFIND", "", asked, Depth="0"))
        return tuple(int(found.findtext(f".//{{DAV:}}quota-{name}-bytes") or 0) for name in ("used", "available"))  # type: ignore[return-value]

    used, free = room()
    assert used > 0
    assert free > 10**6
    owner.quota_bytes = used + 123
    owner.save()
    assert room() == (used, 123)


def test_nextcloud_asks_for_more(put: Program) -> None:
    body = (
        '<d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop><oc:permissions/><oc:fileid/>'
        "<oc:size/></d:prop></d:propfind>"
    )
    texts = [one.text for one in tree(put("PROPFIND", "Upload/a.jpg", body, Depth="0")).find(".//{DAV:}prop") or ()]
    entry = Entry.objects.get()
    assert texts == ["GDNVW", str(entry.pk), str(entry.size)]


def test_the_sum_of_a_file_that_lies_as_it_came(put: Program, make_picture: Callable[..., Path]) -> None:
    body = '<d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop><oc:checksums/></d:prop></d:propfind>'

    def told() -> str | None:
        return tree(put("PROPFIND", "Upload/b.jpg", body, Depth="0")).findtext(".//{http://owncloud.org/ns}checksum")

    content = make_picture().read_bytes()
    put.put("Upload/b.jpg", content)
    assert told() == f"SHA1:{hashlib.sha1(content).hexdigest()}"
    Photo.objects.filter(dav_entries__name="b.jpg").update(sha256="0" * 64)  # metadata were written into the file
    assert told() is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1500000000", datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        ("1500000000.5", datetime(2017, 7, 14, 2, 40, 0, 500_000, tzinfo=UTC)),
        ("Fri, 14 Jul 2017 02:40:00 GMT", datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        ("2017-07-14T02:40:00Z", datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        ("2017-07-14T04:40:00+02:00", datetime(2017, 7, 14, 2, 40, tzinfo=UTC)),
        ("99999999999999999999", None), ("", None), ("yesterday", None), ("-1", None),
        ("-11644473600", None), ("--5", None), ("-1787529600", datetime(1913, 5, 11, tzinfo=UTC)),
        ("1.2.3", None), ("²", None),
    ],
)  # fmt: skip
def test_times_in_every_form(text: str, found: datetime | None) -> None:
    assert properties.moment_of(text) == found


def test_listing_takes_as_many_queries_for_more_files(
    put: Program, make_picture: Callable[..., Path], django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        put.put(f"Upload/{number}.jpg", make_picture())
    with django_assert_max_num_queries(12):
        assert text_of(put("PROPFIND", "Upload", Depth="1")).count(b"<d:response>") == 17
