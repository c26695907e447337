"""Reading videos: their properties, frames, and a poster. Transcoding is in media/transcoding.py.

Run this in a sandbox. FFmpeg comes with PyAV. It may open only the containers below, and only files: a playlist must
not make us fetch other addresses.
"""

import errno
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from media import codecs, decoding, mediatypes
from media.decoding import Decoded
from media.pixels import colour
from media.sandbox import UnreadableFile
from media.sentences import english

MAX_PIXELS = 8192 * 8192
MIRRORED = (2, 4, 5, 7)  # orientations in which browsers do not show videos
_CONTAINERS = "mov,matroska,avi,mpeg,mpegvideo,mpegts,asf,flv,ogg,rm"

DAMAGED = english("The video is incomplete or damaged, and cannot be opened.")
NOT_WHAT_IT_SAYS = english("This is not a video, although it is named like one.")
NO_PICTURE = english("The video has no picture that Mirage can show.")
TOO_LARGE = english("The video's pictures are too large.")

# Shares of the duration at which to look for a poster, though not in the first second. The first good frame is used.
_POSTER_AT = (0.1, 0.25, 0.5, 0.0)
_POSTER_FIRST_SECOND = 1.0
_POSTER_SECONDS = 20.0  # of decoding, after which the best frame so far is used
_POSTER_FRAMES = 120  # decoded after the key frame, at most
_DARK, _FLAT = 24.0, 6.0  # a frame with a lower mean or deviation of its brightness (of 255) shows nothing


@dataclass(frozen=True, slots=True)
class Video:
    """The upright size in square pixels, duration in seconds, bits per second, FFmpeg's names of codecs.

    `playable` says whether Chrome, Firefox and Safari can all play the file. With `browser_type` (media/codecs.py) each
    browser can tell for itself; it is empty if none can.
    """

    width: int
    height: int
    duration: float | None
    frame_rate: float | None
    bit_rate: int | None
    video_codec: str
    audio_codec: str | None
    playable: bool
    browser_type: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """How to make a decoded frame upright: EXIF's orientation, and the width of a pixel relative to its height."""

    width: int
    height: int
    orientation: int
    pixel_aspect: Fraction

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height upright, in square pixels."""
        width, height = round(self.width * self.pixel_aspect), self.height
        return (height, width) if self.orientation >= 5 else (width, height)


def probe(path: Path) -> Video:
    """Read the headers and the first frame. Raises UnreadableFile."""
    with opened(path) as (container, stream):
        view = view_of(first_frame(container, stream), stream)
        audio = container.streams.audio[0] if container.streams.audio else None
        rate, media = stream.average_rate, mediatypes.identify(path)
        mirrored = view.orientation in MIRRORED
        return Video(
            *view.upright,
            duration=duration_of(container, stream),
            frame_rate=round(float(rate), 3) if rate else None,
            bit_rate=container.bit_rate or None,
            video_codec=stream.codec_context.name,
            audio_codec=audio.codec_context.name if audio else None,
            playable=plays_in_browsers(container, stream, view, media),
            browser_type="" if mirrored else codecs.browser_type(container, stream, media),
        )


def poster(path: Path, fit: int) -> Decoded:
    """An upright sRGB frame that shows something, its longer side at most `fit` pixels. Raises UnreadableFile."""
    with opened(path) as (container, stream):
        frame = _telling_frame(container, stream)
        view = view_of(frame, stream)
        width, height = view.upright
        return Decoded(still(frame, view, fit), width, height)


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open the container and its video stream. FFmpeg's errors inside become UnreadableFile."""
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
    try:
        with av.open(f"file:{path.resolve()}", options=options, metadata_errors="replace") as container:
            streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
            if not streams:
                raise UnreadableFile(NO_PICTURE)
            stream = streams[0]
            if stream.width * stream.height > MAX_PIXELS:
                raise UnreadableFile(TOO_LARGE)
            stream.thread_type = "AUTO"
            yield container, stream
    except MemoryError:
        raise  # FFmpeg's error is one too; the sandbox handles it
    except (av.FFmpegError, *decoding.DECODER_ERRORS) as problem:
        if getattr(problem, "errno", None) in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise  # the output is the cause, not the video
        raise UnreadableFile(_reason(path, problem)) from problem


def _reason(path: Path, problem: Exception) -> str:
    if isinstance(problem, FileNotFoundError):
        return decoding.GONE
    if isinstance(problem, PermissionError):
        return decoding.FORBIDDEN
    media = mediatypes.identify_content(path)
    return DAMAGED if media and media.kind == "video" else NOT_WHAT_IT_SAYS


def first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame:
    """The first frame that can be decoded. The container's position is then after it."""
    for frame in frames_of(container, stream):
        return frame
    raise UnreadableFile(NO_PICTURE)


def frames_of(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """All frames from the current position. Damaged packets are skipped, as in players."""
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


def view_of(frame: VideoFrame, stream: VideoStream) -> View:
    """The view from the frame's display matrix and the stream's pixel aspect ratio."""
    aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or Fraction(1)
    if not Fraction(1, 4) <= aspect <= 4:
        aspect = Fraction(1)
    return View(frame.width, frame.height, _orientation(frame), aspect)


def _orientation(frame: VideoFrame) -> int:
    """The EXIF orientation nearest to the frame's display matrix (ISO/IEC 14496-12, 8.5.2)."""
    side_data: Any = frame.side_data  # PyAV's stubs know only some of the keys
    if "DISPLAYMATRIX" not in side_data:
        return 1
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(side_data["DISPLAYMATRIX"])[:36])
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return {(True, True): 1, (False, True): 2, (False, False): 3, (True, False): 4}[a >= 0, d >= 0]
    return {(True, True): 5, (True, False): 6, (False, False): 7, (False, True): 8}[b >= 0, c >= 0]


def duration_of(container: InputContainer, stream: VideoStream) -> float | None:
    """The duration in seconds. Recordings by browsers do not state it, so it comes from their last packet."""
    if container.duration and container.duration > 0:
        return container.duration / av.time_base
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    last = max((packet.pts for packet in container.demux(stream) if packet.pts is not None), default=None)
    start = stream.start_time or 0
    return float((last - start) * stream.time_base) if last is not None and stream.time_base else None


def plays_in_browsers(
    container: InputContainer, stream: VideoStream, view: View, media: mediatypes.MediaType | None
) -> bool:
    """Whether Chrome, Firefox and Safari can all play it: H.264 with AAC or MP3 in MP4, VP8 or VP9 in WebM.

    QuickTime's own container, HEVC and AV1 play only in some of them, or on some hardware.
    """
    sounds = {audio.codec_context.name for audio in container.streams.audio[:1]}
    if view.orientation in MIRRORED:
        return False
    if media == mediatypes.WEBM:
        return stream.codec_context.name in ("vp8", "vp9") and is_ordinary(stream) and sounds <= {"vorbis", "opus"}
    return media in (mediatypes.MP4, mediatypes.M4V) and is_common_h264(stream) and sounds <= {"aac", "mp3", "mp3float"}


def is_common_h264(stream: VideoStream) -> bool:
    """Whether it is H.264 that every browser decodes: 8 bits, 4:2:0, progressive, at most 4096 pixels and level 5.2."""
    context = stream.codec_context
    interlaced = context.field_order not in (0, 1)
    return context.name == "h264" and is_ordinary(stream) and not interlaced and (context.level or 0) <= 52


def is_ordinary(stream: VideoStream) -> bool:
    """Whether it is 8-bit 4:2:0, and not too large for browsers' decoders."""
    context = stream.codec_context
    return context.pix_fmt in ("yuv420p", "yuvj420p") and max(context.width, context.height) <= 4096


def _telling_frame(container: InputContainer, stream: VideoStream) -> VideoFrame:
    """The first frame at the places above that is neither dark nor flat, or else the best of them."""
    deadline = time.monotonic() + _POSTER_SECONDS
    duration = (container.duration or 0) / av.time_base
    best: tuple[float, VideoFrame] | None = None
    for share in _POSTER_AT:
        at = min(max(duration * share, _POSTER_FIRST_SECOND), duration / 2) if share else 0.0
        frame = frame_at(container, stream, at, deadline)
        if frame is None:
            continue
        shown = _shows(frame)
        if best is None or shown > best[0]:
            best = shown, frame
        if shown >= 1 or time.monotonic() > deadline:
            break
    if best is None:
        raise UnreadableFile(NO_PICTURE)
    return best[1]


def frame_at(container: InputContainer, stream: VideoStream, at: float, deadline: float) -> VideoFrame | None:
    """The frame at that many seconds, or the last one decoded if that takes too long. None if there is none.

    If seeking finds no key frame, the video is decoded from the beginning.
    """
    wanted = float((stream.start_time or 0) * (stream.time_base or 0)) + at
    try:
        container.seek(int(wanted * av.time_base))
    except av.FFmpegError:
        if at:
            return None  # without an index only the beginning can be read
    found = _reached(container, stream, wanted, deadline)
    if found is None:
        with suppress(av.FFmpegError):
            container.seek(0)
            found = _reached(container, stream, wanted, deadline)
    return found


def _reached(container: InputContainer, stream: VideoStream, wanted: float, deadline: float) -> VideoFrame | None:
    """The frame at that time, decoded from the current position, or the last one within the limits."""
    found = None
    for count, frame in enumerate(frames_of(container, stream)):
        found = frame
        reached = frame.time is None or frame.time >= wanted
        if reached or count >= _POSTER_FRAMES or time.monotonic() > deadline:
            break
    return found


def _shows(frame: VideoFrame) -> float:
    """How much a frame shows: 1 or more if it is neither dark nor flat."""
    grey = ImageStat.Stat(frame.reformat(64, 64, "gray").to_image().convert("L"))
    return min(grey.mean[0] / _DARK, grey.stddev[0] / _FLAT)


def still(frame: VideoFrame, view: View, fit: int) -> Image.Image:
    """The frame as an upright image in sRGB, with HDR highlights rolled off."""
    stored = (round(view.width * view.pixel_aspect), view.height)
    width, height = decoding.scaled(stored, fit)
    graph = av.filter.Graph()
    nodes = [add_source(graph, frame, Fraction(1, 1000)), add_scale(graph, frame, width, height)]
    nodes += [graph.add("format", pix_fmts="rgb24"), graph.add("buffersink")]
    graph.link_nodes(*nodes).configure()
    graph.vpush(frame)
    graph.vpush(None)
    image = graph.vpull().to_image()
    image = colour.to_srgb(image, colour.profile_of_video(int(frame.color_primaries), int(frame.color_trc)))
    image.info = {}
    turn = decoding.UPRIGHT.get(view.orientation)
    return image.transpose(turn) if turn is not None else image


def add_source(graph: av.filter.Graph, frame: VideoFrame, time_base: Fraction) -> av.filter.context.FilterContext:
    """The node that takes frames like this one."""
    return graph.add(
        "buffer",
        video_size=f"{frame.width}x{frame.height}",
        pix_fmt=frame.format.name,
        time_base=str(time_base),
        colorspace=str(int(frame.colorspace)),
        range=str(int(frame.color_range)),
    )


def add_scale(graph: av.filter.Graph, frame: VideoFrame, width: int, height: int) -> av.filter.context.FilterContext:
    """A node that scales and converts colours. Unspecified colours count as BT.709 from 720 lines, or else BT.601."""
    unsaid = int(frame.colorspace) in (0, 2, 3)
    matrix = ("bt709" if min(frame.width, frame.height) >= 720 else "bt601") if unsaid else "auto"
    return graph.add(
        "scale", w=str(width), h=str(height), in_color_matrix=matrix, out_color_matrix="bt709", flags="bicubic"
    )
