"""Named regions, as others write them, and turned with the picture."""

from typing import Any

import pytest
from PIL import Image, ImageOps

from media.metadata import regions
from media.metadata.formats import packets
from media.tests.metadata.conftest import packet
from media.tests.metadata.formats.test_xmp import FACE


def test_regions_by_their_middle() -> None:
    properties = packets.parse_packet(packet(elements=FACE.format(x=0.5, y=0.4, w=0.2, h=0.1, unit="normalized")))
    (region,) = regions.read_regions(properties)
    assert region.pop("applied") == (400.0, 300.0)  # the picture that they were measured on
    assert region == {"name": "Marie", "kind": "Face", "x": 0.4, "y": 0.35, "w": 0.2, "h": 0.1}


def test_regions_in_pixels_and_over_the_edge() -> None:
    properties = packets.parse_packet(packet(elements=FACE.format(x=20, y=150, w=80, h=60, unit="pixel")))
    (region,) = regions.read_regions(properties)
    assert (region["x"], region["y"], region["w"], region["h"]) == (0.0, 0.4, 0.15, 0.2)


def test_regions_of_microsoft() -> None:
    elements = """<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag>
    <rdf:li MPReg:PersonDisplayName="Pierre" MPReg:Rectangle="0.25, 0.1, 0.5, 0.2"/>
    <rdf:li MPReg:PersonDisplayName="Nowhere"/></rdf:Bag></MPRI:Regions></MP:RegionInfo>"""
    found = regions.read_regions(packets.parse_packet(packet(elements=elements)))
    assert found == [{"name": "Pierre", "kind": "Face", "x": 0.25, "y": 0.1, "w": 0.5, "h": 0.2}]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_regions_turn_with_the_picture(orientation: int) -> None:
    picture = Image.new("L", (40, 20))
    picture.paste(255, (4, 2, 12, 6))  # x 0.1, y 0.1, w 0.2, h 0.2
    exif = picture.getexif()
    exif[0x112] = orientation
    turned = ImageOps.exif_transpose(picture)
    left, top, right, bottom = turned.getbbox() or (0, 0, 0, 0)
    (region,) = regions.upright([{"name": None, "kind": "Face", "x": 0.1, "y": 0.1, "w": 0.2, "h": 0.2}], orientation)
    expected = (left / turned.width, top / turned.height, (right - left) / turned.width, (bottom - top) / turned.height)
    assert (region["x"], region["y"], region["w"], region["h"]) == pytest.approx(expected)


def working_group(*items: dict[str, Any], **size: str) -> dict[str, Any]:
    """Regions as the packet's reader gives them; `w` and `h` of the picture."""
    dimensions = {f"stDim:{name}": value for name, value in size.items()}
    return {"mwg-rs:Regions": {"mwg-rs:AppliedToDimensions": dimensions, "mwg-rs:RegionList": list(items)}}


def item(name: str = "Marie", kind: str = "Face", **area: str) -> dict[str, Any]:
    return {
        "mwg-rs:Name": name,
        "mwg-rs:Type": kind,
        "mwg-rs:Area": {f"stArea:{name}": value for name, value in area.items()},
    }


def test_a_circle_is_the_square_around_it() -> None:
    found = regions.read_regions(working_group(item(x="0.5", y="0.5", d="0.2")))
    assert found == [{"name": "Marie", "kind": "Face", "x": 0.4, "y": 0.4, "w": 0.2, "h": 0.2}]


@pytest.mark.parametrize(
    "area",
    [
        {"x": "0.5", "y": "0.5"},  # a point
        {"x": "0.5", "y": "0.5", "w": "0", "h": "0.1"},
        {"x": "0.5", "y": "0.5", "w": "-0.2", "h": "0.1"},
        {"x": "left", "y": "0.5", "w": "0.1", "h": "0.1"},
        {"x": "1e9", "y": "0.5", "w": "0.1", "h": "0.1"},
        {"x": "nan", "y": "0.5", "w": "0.1", "h": "0.1"},
        {"x": "2", "y": "0.5", "w": "0.1", "h": "0.1"},  # beside the picture
        {"x": "20", "y": "20", "w": "5", "h": "5", "unit": "pixel"},  # of a picture whose size is not told
    ],
)
def test_areas_that_are_none(area: dict[str, str]) -> None:
    assert regions.read_regions(working_group(item(**area))) == []


def test_pixels_are_of_the_picture_they_were_drawn_in() -> None:
    properties = working_group(item(x="50", y="50", w="20", h="40", unit="pixel"), w="100", h="200")
    (region,) = regions.read_regions(properties)
    assert [region[key] for key in "xywh"] == [0.4, 0.15, 0.2, 0.2]


def test_a_region_without_a_name_or_a_kind() -> None:
    (region,) = regions.read_regions(working_group(item("", "", x="0.5", y="0.5", w="0.2", h="0.2")))
    assert (region["name"], region["kind"]) == (None, "Face")


def test_a_single_region_that_is_no_list_and_what_is_none_at_all() -> None:
    alone = {"mwg-rs:Regions": {"mwg-rs:RegionList": item(x="0.5", y="0.5", w="0.2", h="0.2")}}
    assert len(regions.read_regions(alone)) == 1
    lists: tuple[Any, ...] = ("text", [{"mwg-rs:Area": "text"}])
    for odd in ("text", [], *({"mwg-rs:RegionList": each} for each in lists)):
        assert regions.read_regions({"mwg-rs:Regions": odd}) == []
    assert regions.read_regions({"MP:RegionInfo": "text"}) == []
    assert regions.read_regions({}) == []


def test_microsofts_count_only_where_the_working_groups_are_missing() -> None:
    theirs = {"MPRI:Regions": [{"MPReg:PersonDisplayName": "Pierre", "MPReg:Rectangle": "0.1,0.1,0.2,0.2"}]}
    both = {**working_group(item(x="0.5", y="0.5", w="0.2", h="0.2")), "MP:RegionInfo": theirs}
    assert [region["name"] for region in regions.read_regions(both)] == ["Marie"]
    assert [region["name"] for region in regions.read_regions({"MP:RegionInfo": theirs})] == ["Pierre"]


@pytest.mark.parametrize("rectangle", ["0.1,0.1,0.2", "0.1,0.1,0.2,wide", "", "0.1,0.1,0.2,0.2,0.3"])
def test_rectangles_of_microsoft_that_are_none(rectangle: str) -> None:
    theirs = {"MPRI:Regions": [{"MPReg:PersonDisplayName": "Pierre", "MPReg:Rectangle": rectangle}]}
    assert regions.read_regions({"MP:RegionInfo": theirs}) == []


def test_more_regions_than_any_picture_has_are_cut() -> None:
    many = [item(x="0.5", y="0.5", w="0.2", h="0.2")] * (regions.MAX_REGIONS + 1)
    assert len(regions.read_regions(working_group(*many))) == regions.MAX_REGIONS


def test_the_names_of_animals() -> None:
    found = [{"name": "Bello", "kind": "Pet"}, {"name": None, "kind": "Pet"}, {"name": "Marie", "kind": "Face"}]
    assert regions.pets(found) == ["Bello"]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_is_turned_and_turned_back_is_the_same(orientation: int) -> None:
    region = {"name": "Marie", "kind": "Face", "x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4}
    assert regions.stored(regions.upright([region], orientation), orientation) == [region]


@pytest.mark.parametrize(
    ("applied", "size", "proposal"),
    [
        ((4000, 3000), (4000, 3000), False),
        ((4000, 3000), (320, 240), False),
        ((3000, 4000), (320, 240), False),  # measured upright
        ((4000, 3000), (33, 24), False),
        ((4000, 1000), (320, 240), True),
        ((4000, 3000), (4000, 2250), True),
        ((4000, 3000), (3000, 3000), True),
        ((4000, 3000), (None, None), False),
        (None, (320, 240), False),
    ],
)
def test_regions_measured_on_another_picture_are_proposals(
    applied: tuple[int, int] | None, size: tuple[int | None, int | None], proposal: bool
) -> None:
    region = {"name": "Carl", "kind": "Face", "x": 0.1, "y": 0.1, "w": 0.2, "h": 0.2}
    (fitted,) = regions.fit([{**region, "applied": applied} if applied else region], *size)
    assert fitted == (region | {"proposal": True} if proposal else region)
