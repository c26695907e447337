"""RDF/XML as plain values, and what is no such thing."""

import pytest

from media.metadata.formats import packets, xmp
from media.tests.metadata.conftest import packet
from media.tests.metadata.formats.test_xmp import FACE, bag


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


def test_a_resource_and_a_value_with_qualifiers() -> None:
    elements = '<dc:relation rdf:resource="https://example.org"/>'
    elements += "<dc:source><rdf:Description><rdf:value>archive</rdf:value></rdf:Description></dc:source>"
    assert packets.parse_packet(packet(elements=elements)) == {
        "dc:relation": "https://example.org",
        "dc:source": "archive",
    }


@pytest.mark.parametrize(
    ("alternatives", "title"),
    [
        ({"x-default": "Hello", "fr": "Bonjour"}, "Hello"),
        ({"fr": "Bonjour", "de": "Hallo"}, "Bonjour"),
        ({"x-default": " ", "fr": "Bonjour"}, "Bonjour"),
        ({"x-default": ""}, None),
        ({}, None),
    ],
)
def test_the_default_language_else_the_first_that_says_anything(
    alternatives: dict[str, str], title: str | None
) -> None:
    items = "".join(f'<rdf:li xml:lang="{language}">{text}</rdf:li>' for language, text in alternatives.items())
    found = packets.parse_packet(packet(elements=f"<dc:title><rdf:Alt>{items}</rdf:Alt></dc:title>"))
    assert found.get("dc:title") == title


def test_empty_values_are_left_out() -> None:
    elements = bag("dc:subject", "", "sea", " ") + bag("dc:creator") + "<xmp:Label> </xmp:Label>"
    assert packets.parse_packet(packet(elements=elements)) == {"dc:subject": ["sea"]}


def test_of_two_descriptions_the_first_counts() -> None:
    twice = packet('xmp:Rating="3"').replace(
        b"</rdf:RDF>",
        b'<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5" xmp:Label="Red"/></rdf:RDF>',
    )
    assert packets.parse_packet(twice) == {"xmp:Rating": "3", "xmp:Label": "Red"}


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("http://ns.adobe.com/xap/1.0/", "xmp:Own"),
        ("http://example.org/own/1.0/", "1.0:Own"),
        ("http://example.org/own#", "own:Own"),
    ],
)
def test_names_of_namespaces_that_nobody_knows(uri: str, name: str) -> None:
    content = packet(elements=f'<o:Own xmlns:o="{uri}">x</o:Own>')
    assert packets.parse_packet(content) == {name: "x"}


def test_characters_that_xml_does_not_allow_are_left_out() -> None:
    assert packets.parse_packet(packet("xmp:Label='a\x00\x0bb'")) == {"xmp:Label": "ab"}


def test_a_packet_may_lack_the_outer_element_and_carry_comments() -> None:
    inner = packet('xmp:Rating="2"').decode()
    bare = inner[inner.index("<rdf:RDF") : inner.index("</x:xmpmeta>")]
    assert packets.parse_packet(f"junk {bare} junk".encode()) == {"xmp:Rating": "2"}
    assert packets.parse_packet(bare.replace("<rdf:Desc", "<!-- by hand --><rdf:Desc", 1).encode()) == {
        "xmp:Rating": "2"
    }


def test_an_outer_element_without_rdf_says_nothing() -> None:
    assert packets.parse_packet(b'<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>') == {}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_at_its_start(encoding: str) -> None:
    text = "<?xpacket begin=''?>" + packet('xmp:Label="Grün"').decode()
    assert packets.parse_packet(text.encode(encoding)) == {"xmp:Label": "Grün"}
    if encoding == "utf-16-le":
        assert packets.parse_packet(packet('xmp:Label="Grün"').decode().encode(encoding)) == {"xmp:Label": "Grün"}


def test_properties_as_flat_text() -> None:
    face = packets.parse_packet(packet(elements=FACE.format(x=0.5, y=0.4, w=0.2, h=0.1, unit="normalized")))
    flat = packets.flatten(face)
    assert flat["mwg-rs:Regions/mwg-rs:RegionList[1]/mwg-rs:Name"] == "Marie"
    assert flat["mwg-rs:Regions/mwg-rs:AppliedToDimensions/stDim:w"] == "400"
    assert packets.flatten({"dc:subject": ["a", "b"], "xmp:Rating": "3"}) == {"dc:subject": "a, b", "xmp:Rating": "3"}
