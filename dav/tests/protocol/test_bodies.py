"""XML from strangers: read strictly, written so that anything can be in it."""

import pytest

from dav.protocol import bodies
from dav.protocol.bodies import DAV, BadXml, read


def test_elements_with_namespaces_and_text() -> None:
    prop_in_it = b'<D:prop xmlns:x="urn:x">a<x:y>b</x:y>c</D:prop>'
    root = read(b'<?xml version="1.0"?><D:propfind xmlns:D="DAV:">' + prop_in_it + b"</D:propfind>")
    prop = root.child("prop")
    assert prop is not None
    assert (root.name, [child.name for child in prop]) == ((DAV, "propfind"), [("urn:x", "y")])
    assert prop.inside() == 'a<x:y xmlns:x="urn:x">b</x:y>c'


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<a>&undefined;</a>",
        b"<?xml-stylesheet href='x'?><a/>",
        b"<a><b></a>",
        b"<a/><b/>",
        b"",
        BOMB.decode().encode("utf-16"),
        b"<a>" * 25 + b"</a>" * 25,
        b"<a>" + b"x" * bodies.MOST_BYTES + b"</a>",
        b"<a xmlns:b='DAV:'><c:d/></a>",
    ],
    ids=lambda body: body[:24].decode(errors="replace"),
)
def test_hostile_and_broken_bodies_are_refused(body: bytes) -> None:
    with pytest.raises(BadXml):
        read(body)


def test_what_is_written_can_be_read() -> None:
    name = "a & b < c > \" ' é 日\x01"
    written = f"<d:a {bodies.PREFIXED}>{bodies.text(name)}{bodies.element(('urn:<&', 'x'), '1')}</d:a>"
    root = read(written.encode())
    assert root.text == name.replace("\x01", "")
    assert root.children[0].name == ("urn:<&", "x")
    assert bodies.element(("", "bare")) == "<bare/>"
