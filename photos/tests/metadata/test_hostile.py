"""Nothing that a file holds may raise out of `read`, nor take more than a moment and a few megabytes."""

import json
import pickle
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photos.metadata.fields import Metadata
from photos.metadata.reading import read

from .conftest import packet
from .test_stills import CAMERA, POSITION
from .test_xmp import FACE, bag

MAX_GROWTH = 200 * 1024  # KiB of resident memory over a whole test
SETTINGS = settings(
    max_examples=60,
    deadline=None,  # the first call loads the map of time zones
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
damage = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["set", "ones", "zeros", "cut", "drop", "repeat"]), st.integers(0, 255)),
    min_size=1,
    max_size=40,
)
Damage = list[tuple[float, str, int]]
STARTS = {
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\x01\x20meta\0\0\0\0",
    "image/jxl": b"\xff\x0a",
    "image/png": b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
    "image/jpeg": b"\xff\xd8\xff\xe1\0\x80Exif\0\0II*\0\x08\0\0\0",
    "video/mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\x01\x20moov",
}


def damaged(data: bytes, blows: Damage) -> bytes:
    """The file with bytes changed, removed, repeated or cut off; most hits fall near the start, where the tags are."""
    broken = bytearray(data)
    for where, how, value in blows:
        at = int(where**3 * (len(broken) - 1)) if broken else 0
        if how == "set" and broken:
            broken[at] = value
        elif how in ("ones", "zeros"):
            broken[at : at + 4] = (b"\xff" if how == "ones" else b"\0") * 4
        elif how == "drop":
            del broken[at : at + value]
        elif how == "repeat":
            broken[at:at] = broken[at : at + value]
        elif how == "cut" and value > 200:
            del broken[max(at, 8) :]
    return bytes(broken)


def check(path: Path, mime: str, *sidecars: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read(path, mime, sidecars, modified_at=1_700_000_000.0)
    assert isinstance(found, Metadata)
    assert found.taken_at is not None
    assert found.latitude is None or abs(found.latitude) <= 90
    assert found.rating is None or -1 <= found.rating <= 5
    assert all(0 <= region[key] <= 1 for region in found.regions for key in "xywh")
    assert len(json.dumps([found.raw, found.sources, found.notes, found.keywords])) < 2_000_000
    assert "\0" not in json.dumps(found.raw) + str(found.title) + "".join(found.notes)
    pickle.dumps(found)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MAX_GROWTH


@pytest.fixture
def rich_jpeg(make_jpeg: Callable[..., Path]) -> Path:
    elements = FACE.format(x=0.5, y=0.4, w=0.2, h=0.1, unit="normalized") + bag("dc:subject", "a", "b")
    iptc = {"Iptc.Application2.Keywords": ["a", "b"], "Iptc.Application2.DateCreated": "2023-06-07"}
    return make_jpeg(exif={**CAMERA, **POSITION}, iptc=iptc, xmp=packet('xmp:Rating="4"', elements))


@SETTINGS
@given(blows=damage)
def test_damaged_jpeg(rich_jpeg: Path, blows: Damage) -> None:
    path = rich_jpeg.with_name("damaged.jpg")
    path.write_bytes(damaged(rich_jpeg.read_bytes(), blows))
    check(path, "image/jpeg")


@SETTINGS
@given(blows=damage)
def test_damaged_sidecar(rich_jpeg: Path, blows: Damage) -> None:
    beside = rich_jpeg.with_name("photo.xmp")
    elements = FACE.format(x=0.5, y=0.4, w=0.2, h=0.1, unit="normalized")
    beside.write_bytes(damaged(packet('exif:GPSLatitude="1,2N" exif:GPSLongitude="3,4E"', elements), blows))
    check(rich_jpeg, "image/jpeg", beside)


@SETTINGS
@given(blows=damage)
def test_damaged_video(make_video: Callable[..., Path], blows: Damage) -> None:
    whole = make_video("whole.mp4", creation_time="2024-01-28T09:54:20Z")
    path = whole.with_name("damaged.mp4")
    path.write_bytes(damaged(whole.read_bytes(), blows))
    check(path, "video/mp4")


@SETTINGS
@given(
    data=st.binary(max_size=300),
    kind=st.sampled_from(sorted(STARTS)),
)
def test_noise_behind_a_true_start(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "noise"
    path.write_bytes(STARTS[kind] + data)
    check(path, kind)
