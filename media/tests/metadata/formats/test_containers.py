import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from media.metadata.formats import bmff, containers
from media.metadata.reading import read
from media.tests.metadata.conftest import packet

MakeVideo = Callable[..., Path]
CREATED = "2024-01-28T09:54:20.000000Z"


def test_streams(make_video: MakeVideo) -> None:
    found = read(make_video(), "video/mp4")
    assert (found.width, found.height, found.video_codec, found.audio_codec) == (64, 48, "mpeg4", None)
    assert (found.duration, found.frame_rate, found.rotation) == (0.5, 24.0, 0)
    assert found.bit_rate
    assert found.orientation is None


def test_times_are_utc_by_the_book(make_video: MakeVideo) -> None:
    found = read(make_video(creation_time=CREATED), "video/mp4", home_zone="Europe/Zurich")
    assert (found.taken_at, found.taken_source) == (datetime(2024, 1, 28, 9, 54, 20, tzinfo=UTC), "container")
    assert (found.taken_local, found.taken_offset) == (datetime(2024, 1, 28, 10, 54, 20), 60)


@pytest.mark.parametrize(
    "maker", [{"make": "Canon"}, {"comment": "PENTAX DIGITAL CAMERA  "}, {"firmware": "GoPro HD9"}]
)
def test_times_are_wall_clocks_in_some_makers_practice(make_video: MakeVideo, maker: dict[str, str]) -> None:
    found = read(make_video(creation_time=CREATED, **maker), "video/mp4", home_zone="Europe/Zurich")
    assert (found.taken_local, found.taken_offset) == (datetime(2024, 1, 28, 9, 54, 20), 60)


def test_movies_of_compact_cameras_tell_the_exposure(make_video: MakeVideo) -> None:
    record = bytearray(0xB1)
    record[:22] = b"PENTAX DIGITAL CAMERA\0"
    struct.pack_into("<III", record, 0x26, 384, 40, 10)
    struct.pack_into("<II", record, 0x48, 189, 10)
    struct.pack_into("<H", record, 0xAF, 50)
    path = make_video("a.mov")
    tags = struct.pack(">I4s", len(record) + 8, b"TAGS") + record
    words = struct.pack(">I4s", len(tags) + 8, b"udta") + tags
    data = bytearray(path.read_bytes())
    start = data.index(b"moov") - 4
    size = int.from_bytes(data[start : start + 4], "big")
    data[start + 8 : start + 8] = words
    data[start : start + 4] = (size + len(words)).to_bytes(4, "big")
    path.write_bytes(data)
    found = read(path, "video/quicktime")
    assert (found.exposure, found.aperture, found.focal_length) == (pytest.approx(10 / 384), 4.0, 18.9)
    assert (found.iso, found.camera_make) == (50, "PENTAX DIGITAL CAMERA")


def test_avi_has_the_wall_clock(make_video: MakeVideo) -> None:
    path = make_video("a.avi")
    data = bytearray(path.read_bytes())
    start = data.index(b"hdrl")
    size = int.from_bytes(data[start - 4 : start], "little")
    chunk = b"IDIT" + (26).to_bytes(4, "little") + b"Mon Mar 10 15:04:43 2008\n\0"
    data[start + size : start + size] = chunk
    data[start - 4 : start] = (size + len(chunk)).to_bytes(4, "little")
    path.write_bytes(data)
    found = read(path, "video/x-msvideo", home_zone="Europe/Berlin")
    assert (found.taken_local, found.taken_offset) == (datetime(2008, 3, 10, 15, 4, 43), 60)


def test_apples_own_date_knows_its_zone(make_video: MakeVideo) -> None:
    apple = {"com.apple.quicktime.creationdate": "2026-03-23T15:57:19+0100", "com.apple.quicktime.make": "Apple"}
    apple |= {"com.apple.quicktime.location.ISO6709": "+49.1989+016.6071+222.469/"}
    apple |= {"com.apple.quicktime.content.identifier": "9B539AB8"}
    found = read(make_video("a.mov", creation_time=CREATED, **apple), "video/quicktime")
    assert (found.taken_local, found.taken_offset) == (datetime(2026, 3, 23, 15, 57, 19), 60)
    assert (found.latitude, found.longitude, found.altitude, found.place) == (49.1989, 16.6071, 222.469, "Brno")
    assert (found.camera_make, found.live_id) == ("Apple", "9B539AB8")


def test_the_name_tells_the_zone(make_video: MakeVideo) -> None:
    path = make_video(creation_time=CREATED)
    found = read(path, "video/mp4", original_name="20240128_105420.mp4")
    assert (found.taken_local, found.sources["taken_offset"]) == (datetime(2024, 1, 28, 10, 54, 20), "filename")


def test_words_of_matroska(make_video: MakeVideo) -> None:
    found = read(make_video("a.mkv", title="Flash mob", copyright="© dadaprod"), "video/x-matroska")
    assert (found.title, found.copyright) == ("Flash mob", "© dadaprod")


@pytest.mark.parametrize(
    ("value", "position"),
    [
        ("+48.8125+2.4862+000.000/", (48.8125, 2.4862)),
        ("-3351.42+15112.9/", (-33.857, 151.215)),
        ("+513002.5-0000728.4/", (51.500694, -0.124556)),
    ],
)
def test_iso_6709(value: str, position: tuple[float, float]) -> None:
    layer = containers.Layer("container")
    containers._read_position(value, layer)
    assert (layer.fields["latitude"], layer.fields["longitude"]) == pytest.approx(position, abs=1e-5)


def test_rotation_and_xmp_of_the_boxes(make_video: MakeVideo) -> None:
    path = make_video()
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 40
    struct.pack_into(">9i", data, matrix, 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
    content = bmff.XMP_UUID + packet('xmp:Rating="3"')
    data += struct.pack(">I", len(content) + 8) + b"uuid" + content
    path.write_bytes(data)
    found = read(path, "video/mp4")
    assert (found.rotation, found.rating, found.width) == (90, 3, 64)


def test_a_playlist_under_a_videos_name_opens_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ts"
    secret.write_bytes(b"G" + b"\0" * 187)
    playlist = tmp_path / "a.mp4"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n")
    found = read(playlist, "video/mp4")
    assert found.duration is None
    assert any("could not be opened" in note for note in found.notes)
