"""What a video file is called in RFC 6381: `video/mp4; codecs="avc1.640028, mp4a.40.2"`, so that a browser can tell
whether it plays it. Empty for what no browser plays. Runs in a sandbox, like media/video.py.
"""

from av.container import InputContainer
from av.video.stream import VideoStream

from media.mediatypes import M4V, MOV, MP4, THREE_GP, WEBM, MediaType

# QuickTime's files are of the same family as MP4: browsers that decode what is in them open them too.
CONTAINERS = {**dict.fromkeys((MP4, M4V, MOV, THREE_GP), "video/mp4"), WEBM: "video/webm"}
SOUNDS = {
    "aac": "mp4a.40.2", "mp3": "mp4a.6B", "mp3float": "mp4a.6B", "opus": "opus", "vorbis": "vorbis", "flac": "flac",
    "ac3": "ac-3", "eac3": "ec-3", "alac": "alac",
}  # fmt: skip
VP9_DEPTHS = {"yuv420p": 8, "yuv420p10le": 10, "yuv420p12le": 12}
HEVC_ARRAYS = 13  # where the compatibility and level of an hvcC record end


def browser_type(container: InputContainer, stream: VideoStream, media: MediaType | None) -> str:
    """The type with its codecs; empty if they are not known exactly."""
    kind = CONTAINERS.get(media) if media else None
    picture = picture_codec(stream.codec_context.codec.canonical_name, stream.codec_context.extradata or b"", stream)
    sound = next((SOUNDS.get(audio.codec_context.name, "") for audio in container.streams.audio[:1]), None)
    if not kind or not picture or sound == "":
        return ""
    codecs = ", ".join([picture, sound] if sound else [picture])
    return f'{kind}; codecs="{codecs}"'


def picture_codec(name: str, extra: bytes, stream: VideoStream) -> str:
    """The codec of the pictures with its profile and level."""
    if name == "h264" and len(extra) > 4 and extra[0] == 1:
        return f"avc1.{extra[1]:02x}{extra[2]:02x}{extra[3]:02x}"
    if name == "hevc" and len(extra) >= HEVC_ARRAYS and extra[0] == 1:
        return hevc(extra)
    if name == "av1" and len(extra) >= 4 and extra[0] == 0x81:
        return av1(extra)
    if name == "vp9":
        depth = VP9_DEPTHS.get(stream.codec_context.pix_fmt or "")
        return f"vp09.{0 if depth == 8 else 2:02}.{vp9_level(stream)}.{depth:02}" if depth else ""
    return "vp8" if name == "vp8" else ""


def hevc(record: bytes) -> str:
    """The codec of an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, annex E.3)."""
    space, tier, profile = record[1] >> 6, record[1] >> 5 & 1, record[1] & 31
    compatible = int(f"{int.from_bytes(record[2:6]):032b}"[::-1], 2)  # written from the last bit on
    constraints = record[6:12].rstrip(b"\0")
    parts = [f"hvc1.{' ABC'[space].strip()}{profile}", f"{compatible:X}", f"{'LH'[tier]}{record[12]}"]
    return ".".join([*parts, *(f"{byte:X}" for byte in constraints)])


def av1(record: bytes) -> str:
    """The codec of an AV1CodecConfigurationRecord (AV1 in ISOBMFF, section 5)."""
    profile, level, tier = record[1] >> 5, record[1] & 31, record[2] >> 7
    high, twelve = record[2] >> 6 & 1, record[2] >> 5 & 1
    return f"av01.{profile}.{level:02}{'MH'[tier]}.{(12 if twelve else 10) if high else 8:02}"


def vp9_level(stream: VideoStream) -> str:
    """A level that is not too low: the file may not say it, and browsers look at the profile and depth."""
    pixels = stream.codec_context.width * stream.codec_context.height
    return "31" if pixels <= 1280 * 768 else "41" if pixels <= 2048 * 1088 else "51"
