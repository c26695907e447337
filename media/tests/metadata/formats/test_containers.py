import struct
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest

from media.metadata.formats import avchd, bmff, containers
from media.metadata.reading import read
from media.tests.metadata.conftest import packet
from media.tests.videos import write

MakeVideo = Callable[..., Path]
CREATED = "2024-01-28T09:54:20.000000Z"


def test_streams(make_video: MakeVideo) -> None:
    found = read(make_video(), "video/mp4")
    assert (found.width, found.height, found.video_codec, found.audio_codec) == (64, 48, "mpeg4", None)
    assert (found.duration, found.frame_rate, found.rotation) == (0.5, 24.0, 0)
    assert found.bit_rate
    assert found.orientation is None


def test_times_are_utc_by_the_standard(make_video: MakeVideo) -> None:
    found = read(make_video(creation_time=CREATED), "video/mp4", home_zone="Europe/Zurich")
    assert (found.taken_at, found.taken_source) == (datetime(2024, 1, 28, 9, 54, 20, tzinfo=UTC), "container")
    assert (found.taken_local, found.taken_offset) == (datetime(2024, 1, 28, 10, 54, 20), 60)


@pytest.mark.parametrize(
    "maker", [{"make": "Canon"}, {"comment": "PENTAX DIGITAL CAMERA  "}, {"firmware": "GoPro HD9"}]
)
def test_times_of_some_makers_are_local(make_video: MakeVideo, maker: dict[str, str]) -> None:
    found = read(make_video(creation_time=CREATED, **maker), "video/mp4", home_zone="Europe/Zurich")
    assert (found.taken_local, found.taken_offset) == (datetime(2024, 1, 28, 9, 54, 20), 60)


def put_into(path: Path, kind: bytes, content: bytes) -> None:
    """Put a box into the `udta` of a movie whose pictures stand before it."""
    box = struct.pack(">I4s", len(content) + 8, kind) + content
    words = struct.pack(">I4s", len(box) + 8, b"udta") + box
    data = bytearray(path.read_bytes())
    start = data.index(b"moov") - 4
    size = int.from_bytes(data[start : start + 4], "big")
    data[start + 8 : start + 8] = words
    data[start : start + 4] = (size + len(words)).to_bytes(4, "big")
    path.write_bytes(data)


@pytest.mark.parametrize("brand", [b"niko", b"CAEP", b"pana"])
def test_brands_identify_the_maker_too(make_video: MakeVideo, brand: bytes) -> None:
    path = make_video(creation_time=CREATED)
    data = path.read_bytes()
    assert data[4:8] == b"ftyp"
    path.write_bytes(data.replace(b"iso2", brand, 1))
    found = read(path, "video/mp4", home_zone="Europe/Zurich")
    assert (found.taken_local, found.taken_offset) == (datetime(2024, 1, 28, 9, 54, 20), 60)


def test_the_date_of_taking_among_the_users_data(make_video: MakeVideo) -> None:
    path = make_video(creation_time=CREATED)
    put_into(path, b"date", b"2016-03-25T11:46:00+0100")
    found = read(path, "video/mp4", home_zone="Asia/Tokyo")
    assert (found.taken_local, found.taken_offset) == (datetime(2016, 3, 25, 11, 46), 60)


def test_the_time_of_a_track_where_the_movie_has_none(make_video: MakeVideo) -> None:
    path = make_video(creation_time=CREATED)
    data = bytearray(path.read_bytes())
    start = data.index(b"mvhd") + 8
    data[start : start + 8] = bytes(8)
    path.write_bytes(data)
    assert read(path, "video/mp4").taken_at == datetime(2024, 1, 28, 9, 54, 20, tzinfo=UTC)


def test_a_digitised_tape_is_as_old_as_its_recording(make_video: MakeVideo) -> None:
    found = read(make_video("a.mkv", creation_time=CREATED, DATE_RECORDED="1994-08-12"), "video/x-matroska")
    assert (found.taken_local, found.taken_precision) == (datetime(1994, 8, 12), "day")


SONY = """<?xml version="1.0" encoding="UTF-8"?>
<NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00" lastUpdate="2023-05-06T10:02:03+09:00">
<CreationDate value="2023-05-06T10:02:03+09:00"/>
<Device serialNo="1" modelName="ILCE-7M4" manufacturer="Sony"/>
<AcquisitionRecord><Group name="ExifGPS"><Item name="LatitudeRef" value="S"/><Item name="Latitude" value="35:41:22.8"/>
<Item name="LongitudeRef" value="E"/><Item name="Longitude" value="139:42:0.0"/></Group></AcquisitionRecord>
</NonRealTimeMeta>"""


def with_sony(path: Path, document: str) -> Path:
    xml = b"\0\0\0\0" + document.encode()
    content = b"\0\0\0\0" + struct.pack(">I4s", len(xml) + 8, b"xml ") + xml
    path.write_bytes(path.read_bytes() + struct.pack(">I4s", len(content) + 8, b"meta") + content)
    return path


def test_sonys_xml_knows_zone_camera_and_position(make_video: MakeVideo) -> None:
    found = read(with_sony(make_video(creation_time="2023-05-06T01:02:03Z"), SONY), "video/mp4")
    assert (found.taken_local, found.taken_offset) == (datetime(2023, 5, 6, 10, 2, 3), 540)
    assert (found.camera_make, found.camera_model) == ("Sony", "ILCE-7M4")
    assert (found.latitude, found.longitude) == (pytest.approx(-35.689667, abs=1e-6), 139.7)


@pytest.mark.parametrize("document", ["", "<a", "<!DOCTYPE a><a/>", "<a><Item name='Latitude' value='x:y'/></a>"])
def test_xml_that_is_none_of_sonys(make_video: MakeVideo, document: str) -> None:
    found = read(with_sony(make_video(creation_time=CREATED), document), "video/mp4")
    assert (found.taken_at, found.camera_make, found.latitude) == (
        datetime(2024, 1, 28, 9, 54, 20, tzinfo=UTC),
        None,
        None,
    )


def pack(zone: int, digits: str, make: int = 0x0108) -> bytes:
    """A packet of AVCHD's stream: the date as two decimal digits a byte."""
    date = bytes.fromhex(digits)
    entries = [b"\x13\0\0\0\0", bytes([avchd.DATE, zone]) + date[:3], bytes([avchd.TIME]) + date[3:]]
    entries.append(bytes([avchd.MAKE]) + make.to_bytes(2, "big") + b"\0\0")
    content = bytes([len(entries)]) + b"".join(entries)
    return b"\0\0\1\x06\x05\x30" + avchd.MARK + content.replace(b"\0\0\0", b"\0\0\3\0") + b"\x80"


@pytest.mark.parametrize(
    ("zone", "offset"),
    [(0x02, 60), (0x42, 120), (0x00, 0), (0x2A, -300), (0x27, -210), (0x0B, 330), (0xFF, None)],
)
def test_dates_in_the_stream_of_camcorders(zone: int, offset: int | None) -> None:
    layer = containers.Layer("container")
    assert avchd.interpret(pack(zone, "20110724102030"), layer)
    assert [(m.local, m.offset) for m in layer.moments] == [(datetime(2011, 7, 24, 10, 20, 30), offset)]
    assert layer.fields["camera_make"] == "Sony"


@pytest.mark.parametrize("packet", [b"", b"\0\0\1", avchd.MARK, avchd.MARK + b"\xff", pack(0, "20119924102030")])
def test_streams_without_a_date(packet: bytes) -> None:
    layer = containers.Layer("container")
    avchd.interpret(packet, layer)
    assert layer.moments == []


def test_the_stream_of_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "00001.MTS"
    with av.open(str(path), "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 128, dtype=np.uint8), format="rgb24")
        encoded = [*stream.encode(frame), *stream.encode()]
        first = av.Packet(pack(0x02, "20110724102030") + bytes(encoded[0]))
        first.stream, first.pts, first.dts = stream, encoded[0].pts, encoded[0].dts
        first.time_base, first.is_keyframe = encoded[0].time_base, True
        container.mux([first, *encoded[1:]])
    found = read(path, "video/mp2t")
    assert (found.taken_local, found.taken_offset) == (datetime(2011, 7, 24, 10, 20, 30), 60)
    assert found.sources["taken_offset"] == "container"


def test_movies_of_compact_cameras_tell_the_exposure(make_video: MakeVideo) -> None:
    record = bytearray(0xB1)
    record[:22] = b"PENTAX DIGITAL CAMERA\0"
    struct.pack_into("<III", record, 0x26, 384, 40, 10)
    struct.pack_into("<II", record, 0x48, 189, 10)
    struct.pack_into("<H", record, 0xAF, 50)
    path = make_video("a.mov")
    put_into(path, b"TAGS", bytes(record))
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


def with_words(path: Path, **words: str) -> Path:
    """A copy of the video that has these tags."""
    copy = path.with_stem("words")
    container_format = "ogg" if path.suffix == ".ogv" else None
    with av.open(str(path)) as container, av.open(str(copy), "w", format=container_format) as output:
        output.metadata.update(words)
        stream = output.add_stream_from_template(container.streams.video[0])
        for part in container.demux(video=0):
            if part.dts is not None:
                part.stream = stream
                output.mux(part)
    return copy


def test_words_in_the_encoding_of_old_cameras(tmp_path: Path) -> None:
    path = with_words(write(tmp_path / "a.avi", codec="mpeg4"), title="M_we", artist="東京", comment="Am Meer")
    path.write_bytes(path.read_bytes().replace(b"M_we", "Möwe".encode("cp1252")))
    found = read(path, "video/x-msvideo")
    assert (found.title, found.author, found.description) == ("Möwe", "東京", "Am Meer")


def test_words_of_an_ogg_are_those_of_its_stream(tmp_path: Path) -> None:
    path = with_words(write(tmp_path / "a.ogv", codec="libvpx", format="ogg"), title="Möwe", date="2003-03-10")
    found = read(path, "video/ogg")
    assert (found.title, found.taken_local) == ("Möwe", datetime(2003, 3, 10))


def test_an_mpeg_without_container(tmp_path: Path) -> None:
    path = write(tmp_path / "a.m2v", codec="mpeg2video", format="mpeg2video", options={"strict": "unofficial"})
    found = read(path, "video/mpeg")
    assert (found.width, found.height, found.video_codec, found.notes) == (96, 64, "mpeg2video", [])
