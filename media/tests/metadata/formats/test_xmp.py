"""XMP properties as fields."""

from collections.abc import Callable
from pathlib import Path

import pytest

from media.metadata.fields import decode
from media.metadata.formats import xmp
from media.metadata.reading import read
from media.tests.metadata.conftest import packet

FACE = """<mwg-rs:Regions rdf:parseType="Resource">
<mwg-rs:AppliedToDimensions stDim:w="400" stDim:h="300" stDim:unit="pixel"/>
<mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="Marie" mwg-rs:Type="Face">
<mwg-rs:Area stArea:x="{x}" stArea:y="{y}" stArea:w="{w}" stArea:h="{h}" stArea:unit="{unit}"/>
</rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"""


def bag(name: str, *words: str) -> str:
    return f"<{name}><rdf:Bag>{''.join(f'<rdf:li>{word}</rdf:li>' for word in words)}</rdf:Bag></{name}>"


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


def test_the_name_of_a_pet_is_a_keyword() -> None:
    face = FACE.format(x=0.5, y=0.4, w=0.2, h=0.1, unit="normalized")
    layer, _ = xmp.interpret(packet(elements=face.replace("Face", "Pet").replace("Marie", "Bello")), "xmp")
    assert layer.fields["keywords"] == ["Bello"]
    assert layer.fields["regions"][0]["kind"] == "Pet"
    layer, _ = xmp.interpret(packet(elements=face), "xmp")
    assert "keywords" not in layer.fields


def test_the_name_of_a_proposal_is_a_keyword(make_jpeg: Callable[..., Path]) -> None:
    face = FACE.format(x=0.5, y=0.4, w=0.2, h=0.1, unit="normalized")
    fitting = read(make_jpeg(xmp=packet(elements=face), size=(40, 30)), "image/jpeg")
    cropped = read(make_jpeg(xmp=packet(elements=face + bag("dc:subject", "sea")), size=(90, 30)), "image/jpeg")
    assert (fitting.keywords, cropped.keywords) == ([], ["people/Marie", "sea"])
    assert ["proposal" in one for one in (*fitting.regions, *cropped.regions)] == [False, True]


@pytest.mark.parametrize("reference", ["&#0;", "&#x1F;", "&#xFFFE;", "&#xD800;", "&#99999999;"])
def test_references_to_what_xml_forbids_spoil_nothing_else(reference: str) -> None:
    item = f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">a{reference}b&#xA;&#233;</rdf:li></rdf:Alt></dc:title>'
    layer, _ = xmp.interpret(packet(elements=item), "xmp")
    assert (layer.fields["title"], layer.notes) == ("ab\né", [])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Zürich".encode(), "Zürich"),
        ("Zürich".encode("cp1252"), "Zürich"),
        ("Straße in Köln".encode()[:-3], "Straße in K"),
        ("Café".encode("cp1252"), "Café"),
    ],
)
def test_bytes_as_text(value: bytes, text: str) -> None:
    assert decode(value) == text
