"""Paths: names in every script, and those that no file can have."""

import unicodedata

import pytest

from dav.protocol import paths
from dav.protocol.refusals import Refusal

NAMES = [
    "日本 写真.jpg",
    "Ωμέγα.jpg",
    "צילום.jpg",
    "👨‍👩‍👧.jpg",
    "a&b;c=d+e#f?.jpg",
    "100%.jpg",
    "a'b\"c.jpg",
    "~x.jpg",
]


@pytest.mark.parametrize("name", NAMES)
def test_addresses_lead_back_to_names(name: str) -> None:
    href = paths.href("/dav", ("Upload", name), is_folder=False)
    assert href.isascii()
    assert paths.destination(f"http://host{href}", "/dav", "host") == ("Upload", name)
    assert paths.destination(href, "/dav", "host") == ("Upload", name)


def test_a_folder_ends_with_a_slash() -> None:
    assert paths.href("/dav", (), is_folder=True) == "/dav/"
    assert paths.split("Upload//a/") == ("Upload", "a")


def test_accents_count_however_they_are_encoded() -> None:
    assert paths.key("é.jpg") == paths.key(unicodedata.normalize("NFD", "é.jpg"))
    assert paths.key("É.jpg") != paths.key("é.jpg")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("a/../b", 400), ("./a", 400), ("a\x00b", 400), ("a\nb", 400), ("a\x7f", 400), ("\ufffd", 400),
        ("x" * 256, 414), ("a/" * 33, 403), ("ab/" * 1100, 414),
    ],
)  # fmt: skip
def test_names_that_no_file_can_have(path: str, status: int) -> None:
    with pytest.raises(Refusal) as refused:
        paths.split(path)
    assert refused.value.status == status


@pytest.mark.parametrize(
    "header", ["https://HOST:443/dav/a", "http://host:80/dav/a", "http://me@host/dav/a", "//host/dav/a"]
)
def test_a_port_that_says_nothing_is_the_same_server(header: str) -> None:
    assert paths.destination(header, "/dav", "host") == ("a",)
    assert paths.destination(header, "/dav", "host:80") == ("a",)


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 400), ("", 400), ("http://elsewhere/dav/a", 502), ("http://host/other/a", 502), ("/davy", 502),
        ("http://[", 400), ("http://host:8080/dav/a", 502),
    ],
)  # fmt: skip
def test_destinations_elsewhere(header: str | None, status: int) -> None:
    with pytest.raises(Refusal) as refused:
        paths.destination(header, "/dav", "host")
    assert refused.value.status == status
