"""Which file describes which photo, by all the names that Takeout gives."""

import pytest

from photos.ingest.sidecars import Neighbours

LONG = "Screenshot_20230506-112233_Some.Very.Long.Application.Name.jpg"


@pytest.mark.parametrize(
    ("photo", "json"),
    [
        ("IMG_1.jpg", "IMG_1.jpg.json"),
        ("IMG_1.JPG", "img_1.jpg.json"),
        ("IMG_1.jpg", "IMG_1.jpg.supplemental-metadata.json"),
        ("IMG_1.jpg", "IMG_1.jpg.supplemental-me.json"),
        ("IMG_1.jpg", "IMG_1.jpg.s.json"),
        ("IMG_1.jpg", "IMG_1.jpg..json"),
        ("IMG_1(2).jpg", "IMG_1.jpg(2).json"),
        ("IMG_1(2).jpg", "IMG_1(2).jpg.json"),
        ("IMG_1(2).jpg", "IMG_1.jpg.supplemental-metadata(2).json"),
        ("IMG_1-edited.jpg", "IMG_1.jpg.json"),
        ("IMG_1-edited(1).jpg", "IMG_1.jpg(1).json"),
        ("IMG_1-bearbeitet.jpg", "IMG_1.jpg.supplemental-metadata.json"),
        ("IMG_1-modifi\u00e9.jpg", "IMG_1.jpg.json"),
        ("IMG_1-modifie\u0301.jpg", "IMG_1.jpg.json"),
        ("IMG_1.MP4", "IMG_1.HEIC.json"),
        ("IMG_1.MOV", "IMG_1.HEIC.supplemental-metadata.json"),
        ("PXL_1.MP", "PXL_1.MP.jpg.json"),
        (LONG, LONG[:46] + ".json"),
        ("\U0001f600" * 24 + ".jpg", "\U0001f600" * 23 + ".json"),
        ("IMG_1-ha editado.jpg", "IMG_1.jpg.json"),
        (LONG.replace(".jpg", "(3).jpg"), LONG[:46] + "(3).json"),
        ("x" * 43 + ".jpg", "x" * 43 + ".jp.json"),
    ],
)
def test_takeouts_names(photo: str, json: str) -> None:
    assert Neighbours([photo, json]).sidecars_of(photo) == [json]
    assert Neighbours([json]).claimed() == frozenset()


@pytest.mark.parametrize(
    ("photo", "json"),
    [
        ("IMG_1.jpg", "IMG_1.jpg(1).json"),
        ("IMG_1(1).jpg", "IMG_1.jpg.json"),
        ("IMG_1.jpg", "IMG_10.jpg.json"),
        ("IMG_1.jpg", "IMG_1.png.json"),
        ("IMG_1.jpg", "IMG_1.jpg.other.json"),
        ("IMG_1.jpg", "metadata.json"),
        ("IMG_1.png", "IMG_1.mp4.json"),
    ],
)
def test_names_of_others(photo: str, json: str) -> None:
    assert Neighbours([photo, json]).sidecars_of(photo) == []


def test_each_its_own_where_several_could_be_meant() -> None:
    names = ["a.jpg", "a(1).jpg", "a-edited.jpg", "a.mp4", "a.jpg.json", "a.jpg(1).json", "a.mp4.json"]
    folder = Neighbours(names)
    found = {name: folder.supplement_of(name) for name in names if not name.endswith("json")}
    assert found == {
        "a.jpg": "a.jpg.json",
        "a(1).jpg": "a.jpg(1).json",
        "a-edited.jpg": "a.jpg.json",
        "a.mp4": "a.mp4.json",
    }
    assert folder.claimed() == {"a.jpg.json", "a.jpg(1).json", "a.mp4.json"}
