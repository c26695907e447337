"""iCloud's export: details, albums as lists, shared albums, edited copies."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from accounts.models import User
from albums.models import Album
from photos.models import Photo, Stack
from takeout import icloud, importing
from takeout.tests.conftest import Part

DETAILS = """imgName,fileChecksum,favorite,hidden,deleted,originalCreationDate,viewCount,importDate
IMG_0001.JPG,abc,yes,no,no,"Saturday June 12,2021 10:12 PM GMT",3,"Sunday June 13,2021 1:00 AM GMT"
IMG_0002.JPG,def,no,yes,no,"someday",0,
IMG_0003.JPG,ghi,no,no,yes,"Saturday June 12,2021 10:13 PM GMT",0,
"""


@pytest.fixture
def export(make_part: Callable[[], Part]) -> Part:
    part = make_part()
    for number in (1, 2, 3, 4):
        part.photo(f"../../iCloud Photos/Photos/IMG_000{number}.JPG", number)
    part.photo("../../iCloud Photos/Photos/IMG_E0004.JPG", 5)
    part.photo("../../iCloud Photos/Shared Albums/Family/IMG_9.JPG", 6)
    part.write("iCloud Photos/Photos/Photo Details.csv", b"\xef\xbb\xbf" + DETAILS.encode())
    part.write("iCloud Photos/Albums/Été.csv", b"Images\nIMG_0001.JPG\nIMG_0004.JPG\nIMG_7777.JPG\n")
    part.write("iCloud Photos/Memories/On this day.csv", b"Images\nIMG_0001.JPG\n")
    return part


def test_all_details_are_imported(owner: User, export: Part) -> None:
    if export.root.suffix != ".zip":  # names with dots are for archives only
        export.root = export.root.parent
    report = importing.import_export(owner, [export.root])
    photos = {photo.original_name: photo for photo in Photo.objects.all()}
    assert (report.kind, report.added, report.described) == ("iCloud", 6, 3)
    first = photos["IMG_0001.JPG"]
    assert (first.favourite, first.taken_at) == (True, datetime(2021, 6, 12, 22, 12, tzinfo=UTC))
    assert photos["IMG_0002.JPG"].archived
    assert photos["IMG_0003.JPG"].trashed_at
    assert report.albums == {"Family": 1, "Été": 2}
    assert set(Album.objects.get(name="Été").items.values_list("photo", flat=True)) == {
        first.pk,
        photos["IMG_0004.JPG"].pk,
    }
    assert report.unmatched == ["Été: IMG_7777.JPG"]
    assert Stack.objects.get().cover == photos["IMG_E0004.JPG"]
    again = importing.import_export(owner, [export.root])
    assert (again.added, again.already_there, again.albums, again.edited) == (0, 6, report.albums, 0)


def test_edited_pairs() -> None:
    names = ["IMG_1234.HEIC", "IMG_E1234.JPG", "IMG_E9999.JPG", "IMG_1234.MOV"]
    assert icloud.edited_pairs(names) == [("IMG_1234.HEIC", "IMG_E1234.JPG"), ("IMG_1234.MOV", "IMG_E1234.JPG")]
