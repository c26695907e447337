import pytest

from media.metadata import regions
from media.metadata.formats import packets, xmp
from media.tests.metadata.conftest import packet

FACE = """<mwg-rs:Regions rdf:parseType="Resource">
<mwg-rs:AppliedToDimensions stDim:w="400" stDim:h="300" stDim:unit="pixel"/>
<mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="Marie" mwg-rs:Type="Face">
<mwg-rs:Area stArea:x="{x}" stArea:y="{y}" stArea:w="{w}" stArea:h="{h}" stArea:unit="{unit}"/>
</rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"""


def bag(name: str, *words: str) -> str:
    return f"<{name}><rdf:Bag>{''.join(f'<rdf:li>{word}</rdf:li>' for word in words)}</rdf:Bag></{name}>"


def test_values_in_all_their_forms() -> None:
    found = packets.parse_packet(
        packet(
            'xmp:Rating="3"',
            "<xmp:Label>Blue</xmp:Label>"
            + bag("dc:subject", "a", "b")
            + '<dc:title><rdf:Alt><rdf:li xml:lang="fr">Bonjour</rdf:li>'
            + '<rdf:li xml:lang="x-default">Hello</rdf:li></rdf:Alt></dc:title>'
            + '<exif:Flash exif:Fired="True" exif:Mode="1"/>',
        )
    )
    assert found == {
        "xmp:Rating": "3",
        "xmp:Label": "Blue",
        "dc:subject": ["a", "b"],
        "dc:title": "Hello",
        "exif:Flash": {"exif:Fired": "True", "exif:Mode": "1"},
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_and_padding(encoding: str) -> None:
    wrapped = (
        '<?xpacket begin="\ufeff" id="W5M0"?>' + packet('xmp:Rating="1"').decode() + " " * 500 + '<?xpacket end="w"?>'
    )
    assert packets.parse_packet(wrapped.encode(encoding)) == {"xmp:Rating": "1"}


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"no xml at all",
        b"<x:xmpmeta" * 100_000,
        b"<rdf:RDF><a></rdf:RDF>",
        b'<!DOCTYPE r [<!ENTITY a "aaaa">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&a;</rdf:RDF>',
        b"<RDF><!DOCTYPE RDF></RDF>",
        b"<RDF>" + b"<a>" * 50_000 + b"</RDF>",
    ],
    ids=["empty", "text", "starts", "unclosed", "entity", "doctype", "deep"],
)
def test_malformed_packets_are_noted(hostile: bytes) -> None:
    with pytest.raises(packets.MalformedPacket):
        packets.parse_packet(hostile)
    layer, properties = xmp.interpret(hostile or b"x", "xmp")
    assert (layer.fields, properties) == ({}, {})
    assert len(layer.notes) == 1


def test_structures_nested_without_end_are_cut() -> None:
    deep = "<dc:a rdf:parseType='Resource'>" * 300 + "</dc:a>" * 300
    packets.flatten(packets.parse_packet(packet(elements=deep)))


def test_a_packet_larger_than_any_real_one_is_refused() -> None:
    with pytest.raises(packets.MalformedPacket, match="larger"):
        packets.parse_packet(packet() + b" " * packets.MAX_PACKET)


@pytest.mark.parametrize(
    ("latitude", "longitude", "position"),
    [
        ("51,30.0416667N", "0,7.474494W", (51.50069, -0.12457)),
        ("33,51,25.2S", "151,12,54E", (-33.857, 151.215)),
        ("-33.857", "151.215", (-33.857, 151.215)),
    ],
)
def test_positions(latitude: str, longitude: str, position: tuple[float, float]) -> None:
    layer, _ = xmp.interpret(packet(f'exif:GPSLatitude="{latitude}" exif:GPSLongitude="{longitude}"'), "xmp")
    assert (layer.fields["latitude"], layer.fields["longitude"]) == pytest.approx(position, abs=1e-5)


def test_hierarchies_absorb_the_flat_copies_of_their_steps() -> None:
    elements = bag("lr:hierarchicalSubject", "Places|France|Paris", "Places|France")
    elements += bag("digiKam:TagsList", "Places/France/Paris", "People/Marie") + bag(
        "dc:subject", "Paris", "Marie", "Night"
    )
    layer, _ = xmp.interpret(packet(elements=elements), "xmp")
    assert layer.fields["keywords"] == ["Places/France/Paris", "People/Marie", "Night"]


@pytest.mark.parametrize(
    ("attributes", "rating"),
    [
        ('xmp:Rating="-1"', -1),
        ('xmp:Rating="0"', 0),
        ('xmp:Rating="9"', None),
        ('MicrosoftPhoto:Rating="75"', 4),
        ('MicrosoftPhoto:Rating="99" xmp:Rating="2"', 2),
        ('MicrosoftPhoto:Rating="0"', None),
    ],
)
def test_ratings(attributes: str, rating: int | None) -> None:
    layer, _ = xmp.interpret(packet(attributes), "xmp")
    assert layer.fields.get("rating") == rating


def test_regions_by_their_middle() -> None:
    properties = packets.parse_packet(packet(elements=FACE.format(x=0.5, y=0.4, w=0.2, h=0.1, unit="normalized")))
    assert regions.read_regions(properties) == [
        {"name": "Marie", "kind": "Face", "x": 0.4, "y": 0.35, "w": 0.2, "h": 0.1}
    ]


def test_the_name_of_a_pet_is_a_keyword() -> None:
    face = FACE.format(x=0.5, y=0.4, w=0.2, h=0.1, unit="normalized")
    layer, _ = xmp.interpret(packet(elements=face.replace("Face", "Pet").replace("Marie", "Bello")), "xmp")
    assert layer.fields["keywords"] == ["Bello"]
    assert layer.fields["regions"][0]["kind"] == "Pet"
    layer, _ = xmp.interpret(packet(elements=face), "xmp")
    assert "keywords" not in layer.fields


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
    from PIL import Image, ImageOps

    picture = Image.new("L", (40, 20))
    picture.paste(255, (4, 2, 12, 6))  # x 0.1, y 0.1, w 0.2, h 0.2
    exif = picture.getexif()
    exif[0x112] = orientation
    turned = ImageOps.exif_transpose(picture)
    left, top, right, bottom = turned.getbbox() or (0, 0, 0, 0)
    (region,) = regions.upright([{"name": None, "kind": "Face", "x": 0.1, "y": 0.1, "w": 0.2, "h": 0.2}], orientation)
    expected = (left / turned.width, top / turned.height, (right - left) / turned.width, (bottom - top) / turned.height)
    assert (region["x"], region["y"], region["w"], region["h"]) == pytest.approx(expected)
