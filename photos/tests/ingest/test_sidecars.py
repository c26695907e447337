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
        ("PXL_1.MP~2", "PXL_1.MP~2.jpg.json"),
        (LONG, LONG[:46] + ".json"),
        ("\U0001f600" * 24 + ".jpg", "\U0001f600" * 23 + ".json"),
        ("IMG_1-ha editado.jpg", "IMG_1.jpg.json"),
        (LONG.replace(".jpg", "(3).jpg"), LONG[:46] + "(3).json"),
        ("x" * 43 + ".jpg", "x" * 43 + ".jp.json"),
        ("Peanut Butter.jpg", "Peanut Butter.supplemental-metadata.json"),
        ("Peanut Butter.jpg", "Peanut Butter.json"),
        ("2013-12-23(1).jpg", "2013-12-23.supplemental-metadata(1).json"),
        ("22340893-edited.jpg", "22340893.supplemental-metadata.json"),
        ("My holiday", "My holiday.supplemental-metadata.json"),
        ("x" * 44 + "-ed.jpg", "x" * 44 + ".j.json"),
        ("x" * 45 + "-.jpg", "x" * 45 + "..json"),
        ("x" * 40 + "-bearb(2).jpg", "x" * 40 + ".jpg.s(2).json"),
        ("IMG_1.JPG", "IMG_1.JPG.SUPPLEMENTAL-METADATA.JSON"),
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
        ("2013-12-23.jpg", "2013-12-23.supplemental-metadata(1).json"),
        ("2013-12-23(1).jpg", "2013-12-23.supplemental-metadata.json"),
        ("IMG_1-ed.jpg", "IMG_1.jpg.json"),
        ("IMG_1-edite.jpg", "IMG_1.jpg.json"),
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


NFC, NFD = "Caf\u00e9", "Cafe\u0301"


@pytest.mark.parametrize(
    ("photos", "beside"),
    [
        (("IMG_1.JPG", "IMG_1.jpg"), ("IMG_1.JPG.xmp", "IMG_1.jpg.xmp")),
        (("IMG_1.JPG", "img_1.JPG"), ("IMG_1.xmp", "img_1.xmp")),
        ((f"{NFC}.jpg", f"{NFD}.jpg"), (f"{NFC}.jpg.xmp", f"{NFD}.jpg.xmp")),
        (("IMG_1.JPG", "IMG_1.jpg"), ("IMG_1.JPG.json", "IMG_1.jpg.json")),
        ((f"{NFC}.jpg", f"{NFD}.jpg"), (f"{NFC}.jpg.json", f"{NFD}.jpg.json")),
    ],
)
def test_twins_have_each_their_own(photos: tuple[str, str], beside: tuple[str, str]) -> None:
    folder = Neighbours([*photos, *beside])
    assert [folder.sidecars_of(photo) for photo in photos] == [[name] for name in beside]


def test_the_exact_name_comes_before_the_folded() -> None:
    folder = Neighbours(["IMG_2.JPG", "img_2.jpg", "IMG_2.xmp"])
    assert (folder.sidecars_of("IMG_2.JPG"), folder.sidecars_of("img_2.jpg")) == (["IMG_2.xmp"], [])
    only = Neighbours(["img_2.jpg", "IMG_2.XMP", "IMG_2.jpg.Json"])
    assert only.sidecars_of("img_2.jpg") == ["IMG_2.XMP", "IMG_2.jpg.Json"]
    jsons = Neighbours(["IMG_2.JPG", "IMG_2.jpg", "IMG_2.jpg.json"])
    assert (jsons.sidecars_of("IMG_2.JPG"), jsons.sidecars_of("IMG_2.jpg")) == ([], ["IMG_2.jpg.json"])


def test_raw_and_jpeg_share_the_sidecar_of_their_stem() -> None:
    folder = Neighbours(["a.CR2", "a.JPG", "a.xmp", "a.JPG.xmp"])
    assert folder.sidecars_of("a.CR2") == ["a.xmp"]
    assert folder.sidecars_of("a.JPG") == ["a.JPG.xmp", "a.xmp"]
