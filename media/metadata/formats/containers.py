"""Videos: streams, duration, date, position and words, by FFmpeg (PyAV) and from boxes that it does not read."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import av
import av.error

from media.metadata import instants
from media.metadata.fields import Layer, Moment, decode, text
from media.metadata.formats import avchd, bmff, hachoir, sony
from media.sentences import english

# The demuxer is named, not guessed: FFmpeg would follow a playlist named like a video to other files.
DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/x-m4v": "mov",
    "video/3gpp": "mov",
    "video/x-matroska": "matroska",
    "video/webm": "matroska",
    "video/x-msvideo": "avi",
    "video/mpeg": "mpeg",
    "video/mp2t": "mpegts",
    "video/x-ms-wmv": "asf",
    "video/x-flv": "flv",
    "video/ogg": "ogg",
    "video/vnd.rn-realvideo": "rm",
}
SECOND_READER = ("avi", "asf", "flv", "ogg", "rm")  # FFmpeg does not read some of their dates and words
STREAM_PACKETS = 40  # bytes of the picture, searched for what AVCHD camcorders write at each key frame
# QuickTime's times are UTC by the standard, and phones follow it; cameras without a time zone write local time.
# AVI has local time only.
WALL_CLOCK_MAKERS = re.compile(
    r"\b(canon|caep|panasonic|pana|gopro|dji|olympus|om digital|fujifilm|pentax|pent|casio|ricoh|kodak|sanyo"
    r"|nikon|niko|konica|minolta)\b",
    re.IGNORECASE,
)
_ISO_6709 = re.compile(r"^([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)(?:([+-]\d+(?:\.\d+)?))?", re.ASCII)
_MPEG_SEQUENCE = b"\0\0\1\xb3"  # how pictures without a container begin
_APPLE = "com.apple.quicktime."
_ANDROID = "com.android."

Tags = dict[str, str]


def read_container(path: Path, mime: str) -> tuple[Layer, bytes]:
    """The container layer of a video, and its XMP packet."""
    layer, movie = Layer("container"), bmff.Movie()
    demuxer = _demuxer(path, mime)
    if demuxer == "mov":
        movie = bmff.read_movie(path)
        layer.put("rotation", movie.rotation)
        if movie.spherical:
            layer.put("panorama", True)
        _read_compact_camera(movie.camera, layer)
        if movie.width and movie.height:  # the track's own size, in square pixels
            layer.put("width", movie.width)
            layer.put("height", movie.height)
    try:
        options = {"protocol_whitelist": "file"}
        with (
            path.open("rb") as file,
            av.open(file, "r", format=demuxer, options=options, metadata_errors="surrogateescape") as container,
        ):
            _read_opened(container, demuxer, layer)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)  # the whole error contains the path
        layer.notes.append(english("video could not be opened: %(reason)s", reason=reason[:200]))
        demuxer = None
    if demuxer is None or demuxer in SECOND_READER:
        hachoir.add_to(layer, path, mime)
    sony.interpret(movie.sony, layer)
    if moment := instants.parse(decode(movie.date), "container"):
        layer.moments.insert(0, moment)
    return layer, movie.xmp


def _read_opened(container: av.container.InputContainer, demuxer: str | None, layer: Layer) -> None:
    _read_streams(container, layer)
    tags = _tags(container, demuxer)
    told_by_clock = demuxer == "avi" or bool(WALL_CLOCK_MAKERS.search(_marks(container)))
    _read_tags(tags, layer, told_by_clock)
    if demuxer in SECOND_READER:
        layer.put("description", text(tags.get("comment")))  # these have no other place for it
    if demuxer == "mpegts":
        _read_stream_data(container, layer)


def _demuxer(path: Path, mime: str) -> str | None:
    if mime == "video/mpeg" and path.open("rb").read(4) == _MPEG_SEQUENCE:
        return "mpegvideo"
    return DEMUXERS.get(mime)


def _read_compact_camera(record: bytes, layer: Layer) -> None:
    """The record that Pentax and Nikon compacts of the 2000s wrote into movies, at fixed positions."""
    make = record[:24].split(b"\0")[0].decode("ascii", "replace")
    if len(record) < 0xB1 or not make.startswith(("PENTAX", "NIKON")):
        return
    layer.put("camera_make", text(make))
    exposure, above, below = struct.unpack_from("<III", record, 0x26)
    layer.put("exposure", 10 / exposure if exposure else None)
    layer.put("aperture", round(above / below, 2) if above and below else None)
    above, below = struct.unpack_from("<II", record, 0x48)
    layer.put("focal_length", round(above / below, 2) if above and below else None)
    layer.put("iso", struct.unpack_from("<H", record, 0xAF)[0] or None)


def _read_streams(container: av.container.InputContainer, layer: Layer) -> None:
    if container.duration and container.duration > 0:
        layer.put("duration", round(container.duration / 1_000_000, 3))
    layer.put("bit_rate", container.bit_rate or None)
    pictures = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    video = pictures[0] if pictures else None
    if video and video.codec_context:  # a codec that FFmpeg does not know has none
        layer.put("width", video.width or None)
        layer.put("height", video.height or None)
        layer.put("video_codec", _codec(video))
        rate = video.average_rate or video.base_rate
        layer.put("frame_rate", round(float(rate), 3) if rate else None)
    if container.streams.audio:
        layer.put("audio_codec", _codec(container.streams.audio[0]))
    for index, stream in enumerate(container.streams):
        layer.raw.update({f"Stream{index}.{name}": value for name, value in _decoded(stream.metadata).items()})


def _codec(stream: av.stream.Stream) -> str | None:
    codec = stream.codec_context.codec if stream.codec_context else None
    return codec.canonical_name if codec else None


def _read_stream_data(container: av.container.InputContainer, layer: Layer) -> None:
    streams = [stream for stream in container.streams.video if _codec(stream) == "h264"]
    if not streams:
        return
    for packet, _ in zip(container.demux(streams[0]), range(STREAM_PACKETS), strict=False):
        if avchd.interpret(bytes(packet), layer):
            return


def _tags(container: av.container.InputContainer, demuxer: str | None) -> Tags:
    """The container's tags, with the time of its first stream if it has none."""
    tags = _decoded(container.metadata)
    if demuxer == "ogg":  # which has all its tags in the streams
        tags = _decoded(container.streams.video[0].metadata) | tags if container.streams.video else tags
    if _is_unset(tags.get("creation_time")):
        times = (stream.metadata.get("creation_time") for stream in container.streams)
        told = next((time for time in times if not _is_unset(time)), None)
        tags |= {"creation_time": told} if told else {}
    return tags


def _decoded(tags: Mapping[str, str]) -> Tags:
    """Tags whose bytes are UTF-8, or in the encodings of old cameras and programs."""
    return {name: decode(value.encode("utf-8", "surrogateescape")) for name, value in tags.items()}


def _is_unset(value: str | None) -> bool:
    """Whether this is not a time, or only the zero of QuickTime's or Unix's clock."""
    return not value or value.startswith(("1904-01-01T00:00:00", "1970-01-01T00:00:00"))


def _marks(container: av.container.InputContainer) -> str:
    """Everything that may name the maker, in one text."""
    names = ("make", "model", "major_brand", "encoder", "firmware", "comment", "original_format")
    marks = [value for name, value in container.metadata.items() if name.lower().removeprefix(_APPLE) in names]
    brands = container.metadata.get("compatible_brands", "")  # four characters each, without spaces between
    marks += [brands[start : start + 4] for start in range(0, len(brands), 4)]
    for stream in container.streams:
        marks += [stream.metadata.get("handler_name", ""), stream.metadata.get("vendor_id", "")]
    return " ".join(marks)


def _read_tags(metadata: Tags, layer: Layer, told_by_clock: bool) -> None:
    layer.raw.update({f"Container.{name}": value for name, value in metadata.items()})
    tags = {name.lower(): value for name, value in metadata.items()}

    def first(*names: str) -> str | None:
        return next((found for name in names if (found := text(tags.get(name)))), None)

    _read_times(
        first(_APPLE + "creationdate"),
        first("creation_time", "metadatadate"),
        first("date_recorded", "date", "creationdate"),
        layer,
        told_by_clock,
    )
    _read_position(first(_APPLE + "location.iso6709", "location", "location-eng", "com.android.location"), layer)
    layer.put("camera_make", first(_APPLE + "make", "make", _ANDROID + "manufacturer"))
    layer.put("camera_model", first(_APPLE + "model", "model", _ANDROID + "model"))
    layer.put("software", first(_APPLE + "software", "software", "encoder"))
    layer.put("title", first(_APPLE + "title", "title"))
    layer.put("description", first(_APPLE + "description", "description", "synopsis"))
    layer.put("author", first(_APPLE + "author", _APPLE + "artist", "artist", "author"))
    layer.put("copyright", first(_APPLE + "copyright", "copyright"))
    keywords = (first(_APPLE + "keywords", "keywords") or "").split(",")
    layer.put("keywords", [word.strip() for word in keywords if word.strip()])
    layer.put("live_id", first(_APPLE + "content.identifier"))


def _read_times(
    zoned: str | None, created: str | None, recorded: str | None, layer: Layer, told_by_clock: bool
) -> None:
    """The dates: Apple's with its zone, the container's (UTC, or local time if `told_by_clock`), one as text."""
    moments = [instants.parse(zoned, "container"), instants.parse(recorded, "container")]
    creation = instants.parse(created, "container")
    if creation and creation.local and creation.local.year > 1904:  # 1904 is QuickTime's zero: no date at all
        told, local = moments[1], creation.local
        # Of a digitised film the container has the date of digitising.
        place = 2 if told and told.local and told.local.year < local.year else 1
        moment = Moment("container", local=local) if told_by_clock else _utc(local)
        moments.insert(place, moment)
    layer.moments = [moment for moment in moments if moment]


def _utc(local: datetime) -> Moment:
    return Moment("container", instant=local.replace(tzinfo=UTC))


def _read_position(value: str | None, layer: Layer) -> None:
    found = _ISO_6709.match(value or "")
    if found:
        layer.put_position(_degrees(found[1], 2), _degrees(found[2], 3))
        if found[3] and abs(float(found[3])) < 100_000:
            layer.put("altitude", float(found[3]))


def _degrees(value: str, digits: int) -> float:
    """Degrees from ISO 6709's `±DD.D`, `±DDMM.M` or `±DDMMSS.S`, distinguished by the digits before the point."""
    sign, number = (-1 if value[0] == "-" else 1), value[1:]
    whole = number.split(".")[0]
    if len(whole) <= digits:
        return sign * float(number)
    degrees, rest = float(number[:digits]), number[digits:]
    if len(whole) <= digits + 2:
        return sign * (degrees + float(rest) / 60)
    return sign * (degrees + float(rest[:2]) / 60 + float(rest[2:]) / 3600)
