"""Identifying a file's type from its first 64 KiB. The extension decides only if the content does not."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from media.files import open_regular

Kind = Literal["photo", "video"]


@dataclass(frozen=True, slots=True)
class MediaType:
    """A type of file that Mirage can import. `extension` is the usual one, with its dot."""

    mime: str
    kind: Kind
    extension: str


def _photo(mime: str, extension: str) -> MediaType:
    return MediaType(f"image/{mime}", "photo", extension)


def _video(mime: str, extension: str) -> MediaType:
    return MediaType(f"video/{mime}", "video", extension)


JPEG, PNG, GIF, BMP = _photo("jpeg", ".jpg"), _photo("png", ".png"), _photo("gif", ".gif"), _photo("bmp", ".bmp")
WEBP, HEIC, HEIF = _photo("webp", ".webp"), _photo("heic", ".heic"), _photo("heif", ".heif")
AVIF, JXL, TIFF = _photo("avif", ".avif"), _photo("jxl", ".jxl"), _photo("tiff", ".tif")
JPEG2000, PSD = _photo("jp2", ".jp2"), _photo("vnd.adobe.photoshop", ".psd")
MP4, MOV, M4V = _video("mp4", ".mp4"), _video("quicktime", ".mov"), _video("x-m4v", ".m4v")
THREE_GP, MKV, WEBM = _video("3gpp", ".3gp"), _video("x-matroska", ".mkv"), _video("webm", ".webm")
AVI, MPEG, MPEG_TS = _video("x-msvideo", ".avi"), _video("mpeg", ".mpg"), _video("mp2t", ".ts")
WMV, FLV, OGV = _video("x-ms-wmv", ".wmv"), _video("x-flv", ".flv"), _video("ogg", ".ogv")
REAL = _video("vnd.rn-realvideo", ".rm")

_RAW_MAKERS = {  # of raw files by extension
    "3fr": "hasselblad", "arw": "sony", "cr2": "canon", "cr3": "canon", "crw": "canon", "dcr": "kodak", "dng": "adobe",
    "erf": "epson", "iiq": "phaseone", "kdc": "kodak", "mef": "mamiya", "mrw": "minolta", "nef": "nikon",
    "nrw": "nikon", "orf": "olympus", "pef": "pentax", "raf": "fuji", "rw2": "panasonic", "rwl": "leica",
    "sr2": "sony", "srf": "sony", "srw": "samsung", "x3f": "sigma",
}  # fmt: skip
RAW = {f".{name}": _photo(f"x-{maker}-{name}", f".{name}") for name, maker in _RAW_MAKERS.items()}
RAW_MIMES = frozenset(media.mime for media in RAW.values())

_BY_EXTENSION = RAW | {
    ".jpg": JPEG, ".jpeg": JPEG, ".jpe": JPEG, ".jfif": JPEG, ".mpo": JPEG, ".insp": JPEG,
    ".png": PNG, ".apng": PNG, ".gif": GIF, ".webp": WEBP, ".bmp": BMP, ".dib": BMP,
    ".heic": HEIC, ".heif": HEIF, ".hif": HEIF, ".avif": AVIF, ".jxl": JXL,
    ".tif": TIFF, ".tiff": TIFF, ".jp2": JPEG2000, ".j2k": JPEG2000, ".psd": PSD,
    ".mp4": MP4, ".mov": MOV, ".qt": MOV, ".m4v": M4V, ".3gp": THREE_GP, ".3g2": THREE_GP,
    ".mkv": MKV, ".webm": WEBM, ".avi": AVI, ".wmv": WMV, ".asf": WMV, ".rm": REAL, ".rmvb": REAL,
    ".flv": FLV, ".ogv": OGV,
    ".mpg": MPEG, ".mpeg": MPEG, ".vob": MPEG, ".m2ts": MPEG_TS, ".mts": MPEG_TS,
}  # fmt: skip
# Extensions that have other meanings too (TypeScript, disk images): only the content decides.
_EXTENSIONS = _BY_EXTENSION.keys() | {".ts", ".raw", ".insv"}

HEAD_BYTES = 65536
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_EBML = b"\x1a\x45\xdf\xa3"
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")  # the type of a stream
_REAL_VIDEO = b"video/x-pn-"
_OTHERS = (b"MThd", b"fLaC", b".ra\xfd", b"ID3")  # audio, whatever the name says
_MAGIC: tuple[tuple[bytes, MediaType], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"\xff\x0a", JXL),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", JXL),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", JPEG2000),
    (b"\xff\x4f\xff\x51", JPEG2000),
    (b"8BPS\x00\x01", PSD),
    (b"FUJIFILMCCD-RAW", RAW[".raf"]),
    (b"IIRO", RAW[".orf"]),
    (b"IIRS", RAW[".orf"]),
    (b"MMOR", RAW[".orf"]),
    (b"II\x1a\x00\x00\x00HEAPCCDR", RAW[".crw"]),
    (b"\x00MRM", RAW[".mrw"]),
    (b"FOVb", RAW[".x3f"]),
    (b"FLV\x01", FLV),
    (b"\x00\x00\x01\xba", MPEG),
    (b"\x00\x00\x01\xb3", MPEG),
)


def looks_like_media(name: str) -> bool:
    """Whether a file with this name may be a photo or a video, by its extension."""
    path = PurePath(name)
    return not path.name.startswith("._") and path.suffix.lower() in _EXTENSIONS


def extensions() -> list[str]:
    """The extensions of photos and videos, sorted, with the dot."""
    return sorted(_EXTENSIONS)


def identify(path: Path) -> MediaType | None:
    """The file's type by content, or else by extension. None if it is not a photo or video.

    A broken file that is named like a photo has a type too, so that it is imported and listed, not ignored.
    Raises OSError if the file cannot be read.
    """
    extension = path.suffix.lower()
    known, media = _by_content(_head(path), extension)
    return media if known else _BY_EXTENSION.get(extension)


def identify_content(path: Path) -> MediaType | None:
    """Like identify, but by content only."""
    return _by_content(_head(path), path.suffix.lower())[1]


def identify_head(head: bytes, name: str) -> MediaType | None:
    """The type of a file by its first HEAD_BYTES bytes."""
    return _by_content(head, PurePath(name).suffix.lower())[1]


_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..(.)", re.DOTALL)  # a JPEG's: length, precision


def bits_a_channel(head: bytes) -> int | None:
    """The bits per channel of a JPEG or a Photoshop file, from its first bytes. None for other types."""
    if head.startswith(b"8BPS"):
        return int.from_bytes(head[22:24], "big")
    if head.startswith(b"\xff\xd8\xff") and (frame := _FRAME.search(head, 2)):
        return frame[1][0]
    return None


def _head(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(HEAD_BYTES)


def _by_content(head: bytes, extension: str) -> tuple[bool, MediaType | None]:
    """Whether the content is known, and its type. Known content may be neither photo nor video, such as an M4A."""
    if head.startswith(_APPLE_DOUBLE):
        return True, None  # macOS's "._name" files on other file systems hold attributes
    for magic, media in _MAGIC:
        if head.startswith(magic):
            return True, media
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return True, _tiff(head, extension)
    if head[:4] == b"IIU\x00":
        return True, RAW[".rwl"] if extension == ".rwl" else RAW[".rw2"]
    if head[:4] == b"RIFF":
        return _known({b"WEBP": WEBP, b"AVI ": AVI}.get(head[8:12]))
    if head[:4] == _EBML:
        return True, WEBM if b"webm" in head[:64] else MKV
    if head[:4] == b"OggS":
        return True, OGV if b"\x80theora" in head[:512] else None
    if head.startswith(_ASF):
        whole = int.from_bytes(head[16:24], "little") <= len(head)
        return True, None if whole and _ASF_VIDEO not in head else WMV
    if head.startswith(b".RMF"):
        return True, REAL if _REAL_VIDEO in head else None
    if head.startswith(_OTHERS):
        return True, None
    if head[:2] == b"BM" and head[14:18] in _BMP_HEADER_SIZES:
        return True, BMP
    if _is_transport_stream(head):
        return True, MPEG_TS
    return _iso_media(head, extension)


def _known(media: MediaType | None) -> tuple[bool, MediaType | None]:
    return media is not None, media


_BMP_HEADER_SIZES = {struct.pack("<I", size) for size in (12, 16, 40, 52, 56, 64, 108, 124)}


def _is_transport_stream(head: bytes) -> bool:
    """Whether there are sync bytes every 188 bytes, or every 192 with the time codes of M2TS."""
    return any(
        len(head) > start + 3 * size and all(head[start + i * size] == 0x47 for i in range(4))
        for start, size in ((0, 188), (4, 192))
    )


# Brands of ISO base media files (ISO/IEC 14496-12, 23008-12, 3GPP TS 26.244, Apple, Canon).
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_AVIF_BRANDS = {b"avif", b"avis"}
_AUDIO_BRANDS = {b"M4A ", b"M4B ", b"M4P "}
_CLASSIC_QUICKTIME = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}


def _iso_media(head: bytes, extension: str) -> tuple[bool, MediaType | None]:
    if head[4:8] != b"ftyp":
        # QuickTime before 1999 has no ftyp box: its first box is one of these.
        return _known(MOV if head[4:8] in _CLASSIC_QUICKTIME else None)
    size = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {head[i : i + 4] for i in range(16, size - 3, 4)} | {major}
    if major in _AUDIO_BRANDS:
        return True, None
    if major == b"crx ":
        return True, RAW[".cr3"]
    if brands & _AVIF_BRANDS:
        return True, AVIF
    if brands & _HEIC_BRANDS:
        return True, HEIC
    if major in (b"mif1", b"msf1", b"mif2"):
        return True, HEIF
    if major == b"qt  ":
        return True, MOV
    if major.startswith((b"3gp", b"3g2", b"3ge", b"3gg")):
        return True, THREE_GP
    if major.startswith(b"M4V"):
        return True, M4V
    return True, MP4


# TIFF tags that distinguish a raw file from a TIFF.
_MAKE, _SUB_IFDS, _COMPRESSION, _PHOTOMETRIC, _DNG_VERSION = 271, 330, 259, 262, 50706
_SENSOR_PHOTOMETRICS = {32803, 34892}  # colour filter array, linear raw
_SENSOR_COMPRESSIONS = {32767, 32769, 32770, 34713, 65000, 65535}  # Sony, Epson, Samsung, Nikon, Kodak, Pentax
_RAW_BY_MAKE = (
    (b"NIKON", ".nef"), (b"SONY", ".arw"), (b"PENTAX", ".pef"), (b"RICOH", ".pef"), (b"SAMSUNG", ".srw"),
    (b"Canon", ".cr2"), (b"Hasselblad", ".3fr"), (b"Phase One", ".iiq"), (b"EASTMAN KODAK", ".dcr"),
    (b"Kodak", ".dcr"), (b"SEIKO EPSON", ".erf"), (b"Mamiya", ".mef"),
)  # fmt: skip


def _tiff(head: bytes, extension: str) -> MediaType:
    if head[8:10] == b"CR":
        return RAW[".cr2"]
    if extension in RAW:
        return RAW[extension]
    order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"
    if head[2:4] not in (b"*\x00", b"\x00*"):
        return TIFF  # BigTIFF, which no camera uses for raw files
    first = dict(_tags(head, int.from_bytes(head[4:8], order), order))
    if _DNG_VERSION in first:
        return RAW[".dng"]
    sub = first.get(_SUB_IFDS, b"")
    offset = int.from_bytes(sub[:4], order)
    tags = [first, dict(_tags(head, offset, order))] if offset else [first]
    if not any(_holds_sensor_data(ifd, order) for ifd in tags):
        return TIFF
    make = first.get(_MAKE, b"")
    return next((RAW[ext] for name, ext in _RAW_BY_MAKE if make.upper().startswith(name.upper())), TIFF)


def _holds_sensor_data(ifd: dict[int, bytes], order: Literal["little", "big"]) -> bool:
    photometric = int.from_bytes(ifd.get(_PHOTOMETRIC, b"")[:2], order)
    compression = int.from_bytes(ifd.get(_COMPRESSION, b"")[:2], order)
    return photometric in _SENSOR_PHOTOMETRICS or compression in _SENSOR_COMPRESSIONS


_TIFF_TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 13: 4}  # byte, ASCII, short, long, IFD


def _tags(head: bytes, offset: int, order: Literal["little", "big"]) -> Iterator[tuple[int, bytes]]:
    """Tag numbers and raw values of the directory at `offset`, cut off at the end of `head`."""
    count = int.from_bytes(head[offset : offset + 2], order)
    for start in range(offset + 2, min(offset + 2 + 12 * count, len(head) - 11), 12):
        tag = int.from_bytes(head[start : start + 2], order)
        kind = int.from_bytes(head[start + 2 : start + 4], order)
        size = _TIFF_TYPE_SIZES.get(kind, 0) * int.from_bytes(head[start + 4 : start + 8], order)
        at = start + 8 if size <= 4 else int.from_bytes(head[start + 8 : start + 12], order)
        yield tag, head[at : at + size]
