"""Compare Mirage's metadata readers with exiftool over a folder: share of equal values a field, milliseconds a file.

    python benchmarks/metadata.py FOLDER [--differences] [--json]

exiftool (Debian: libimage-exiftool-perl) is the yardstick of this comparison only; Mirage itself never needs it.
A file counts for a field when exiftool or Mirage has a value for it; sidecars are compared nowhere: exiftool reads
one file at a time.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from media.mediatypes import identify
from media.metadata.fields import Metadata
from media.metadata.formats.comments import is_camera_word, is_filler
from media.metadata.formats.exif import EXPOSURE_PROGRAMS, METERING_MODES, WHITE_BALANCES
from media.metadata.formats.makernotes import lens_range
from media.metadata.formats.xmp import joined
from media.metadata.reading import read

Tags = dict[str, Any]


def main() -> int:
    """Run the comparison and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--differences", action="store_true", help="list every value that is not equal")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args()
    if not shutil.which("exiftool"):
        print("exiftool is needed for the comparison: apt-get install libimage-exiftool-perl", file=sys.stderr)
        return 2
    files = [path for path in sorted(options.folder.rglob("*")) if path.is_file()]
    media = {path: found.mime for path in files if (found := identify(path))}
    theirs, their_ms = run_exiftool(list(media))
    ours, our_ms = run_mirage(media)
    table, differences = compare(media, theirs, ours)
    report = {"files": len(media), "exiftool_ms": their_ms, "mirage_ms": our_ms, "fields": table}
    print(json.dumps(report, default=str) if options.json else as_table(report))
    if options.differences:
        for line in differences:
            print(line)
    return 0


def run_exiftool(paths: list[Path]) -> tuple[dict[Path, Tags], float]:
    """All files in one batch: tags by file under `Group:Tag` names, and milliseconds a file without the start."""
    command = ["exiftool", "-@", "-", "-j", "-n", "-G1", "-struct", "-api", "largefilesupport=1"]
    start = time.perf_counter()
    subprocess.run(["exiftool", "-ver"], check=True, capture_output=True)
    idle = time.perf_counter() - start
    start = time.perf_counter()
    done = subprocess.run(command, input="\n".join(map(str, paths)), capture_output=True, text=True, check=False)
    took = time.perf_counter() - start - idle
    tags = {Path(item["SourceFile"]): item for item in json.loads(done.stdout)}
    return tags, 1000 * took / len(paths)


def run_mirage(media: dict[Path, str]) -> tuple[dict[Path, Metadata], float]:
    """All files one after the other, and milliseconds a file without the loading of the maps."""
    warm, mime = next(iter(media.items()))
    read(warm, mime)
    from media.metadata import places

    places.find_place(0.0, 0.0)
    start = time.perf_counter()
    found = {path: read(path, mime) for path, mime in media.items()}
    return found, 1000 * (time.perf_counter() - start) / len(media)


def compare(
    media: dict[Path, str], theirs: dict[Path, Tags], ours: dict[Path, Metadata]
) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Counts and shares a field, and a line for each difference."""
    told, equal, differences = Counter[str](), Counter[str](), []
    for path, mime in media.items():
        tags = theirs.get(path, {})
        for name, (expected, actual, same) in FIELDS.items():
            want, have = expected(tags, mime), actual(ours[path])
            if want is None and (have is None or name in THEIRS_ONLY):
                continue
            told[name] += 1
            if want is not None and have is not None and same(want, have):
                equal[name] += 1
            else:
                differences.append(f"{name:18} {path.name:44} exiftool {want!r:.80}  mirage {have!r:.80}")
    table = {
        name: {"files": told[name], "equal": equal[name], "share": round(equal[name] / told[name], 4)}
        for name in FIELDS
        if told[name]
    }
    return table, sorted(differences)


def as_table(report: dict[str, Any]) -> str:
    """The report as text."""
    lines = [f"{'field':20}{'files':>7}{'equal':>7}{'share':>8}"]
    for name, row in report["fields"].items():
        lines.append(f"{name:20}{row['files']:7}{row['equal']:7}{row['share']:8.3f}")
    ours, theirs = report["mirage_ms"], report["exiftool_ms"]
    lines += ["", f"{report['files']} files; ms a file: mirage {ours:.1f}, exiftool in a batch {theirs:.1f}"]
    return "\n".join(lines)


def tag(*names: str) -> Callable[[Tags, str], Any]:
    """The first of the named tags that has a value."""

    def find(tags: Tags, mime: str) -> Any:
        for name in names:
            value = tags.get(name)
            if value not in (None, "", "undef", "inf", []):
                return value.strip() or None if isinstance(value, str) else value
        return None

    return find


def own(name: str) -> Callable[[Metadata], Any]:
    """A field of Mirage's."""
    return lambda metadata: getattr(metadata, name)


def positive(*names: str) -> Callable[[Tags, str], float | None]:
    """A number above zero: 0 stands for unknown."""

    def find(tags: Tags, mime: str) -> float | None:
        for name in names:
            value = tags.get(name)
            first = str(value[0] if isinstance(value, list) else value).split(" ")[0]
            if re.fullmatch(r"[\d.]+(e-?\d+)?", first) and 0 < float(first) < math.inf:
                return float(first)
        return None

    return find


TIMES = (
    "Composite:SubSecDateTimeOriginal", "ExifIFD:DateTimeOriginal", "IFD0:DateTimeOriginal",
    "XMP-exif:DateTimeOriginal", "XMP-photoshop:DateCreated", "Keys:CreationDate",
     "Composite:SubSecCreateDate", "ExifIFD:CreateDate",
    "XMP-exif:DateTimeDigitized", "XMP-xmp:CreateDate", "QuickTime:CreateDate", "Matroska:DateTimeOriginal",
    "Composite:DateTimeCreated", "IPTC:DateCreated", "PNG:CreationTime", "IFD0:ModifyDate",
    "CIFF:DateTimeOriginal", "PictureInfo:DateTimeOriginal", "XMP-xmp:ModifyDate",
)  # fmt: skip


def expected_time(tags: Tags, mime: str) -> datetime | None:
    """The wall clock to the second, without its zone."""
    for name in TIMES:
        found = re.match(r"(\d{4}):(\d\d):(\d\d)(?: (\d\d):(\d\d):(\d\d))?", str(tags.get(name, "")))
        if found and int(found[1]) and int(found[2]) and not (name.startswith("QuickTime") and found[1] == "1904"):
            return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
    return None


def actual_time(metadata: Metadata) -> datetime | None:
    """Mirage's wall clock, of a video its UTC reading as exiftool prints that; none where no tag told a time."""
    if metadata.taken_source in ("file", "filename", "gps") or metadata.taken_local is None:
        return None
    zoned = metadata.sources.get("taken_offset") in ("container", "xmp")
    utc = metadata.taken_source == "container" and not zoned
    moment = metadata.taken_at if utc and metadata.taken_at else metadata.taken_local
    return moment.replace(microsecond=0, tzinfo=None)


def expected_offset(tags: Tags, mime: str) -> int | None:
    """Minutes of the offset tag that belongs to the original time."""
    found = re.match(r"([+-])(\d\d):(\d\d)", str(tags.get("ExifIFD:OffsetTimeOriginal", "")))
    return (1 if found[1] == "+" else -1) * (int(found[2]) * 60 + int(found[3])) if found else None


def size(index: int) -> Callable[[Tags, str], int | None]:
    """Width or height."""

    def find(tags: Tags, mime: str) -> int | None:
        parts = str(tags.get("Composite:ImageSize", "")).split()
        return int(parts[index]) if len(parts) == 2 and parts[index].isdigit() else None

    return find


def position(axis: str) -> Callable[[Tags, str], float | None]:
    """Signed degrees; exactly 0, 0 is no position."""

    def find(tags: Tags, mime: str) -> float | None:
        names = ("Latitude", "Longitude")
        pair = [tags.get(f"Composite:GPS{name}", tags.get(f"XMP-exif:GPS{name}")) for name in names]
        if any(isinstance(value, str | None) for value in pair) or pair == [0, 0]:
            return None
        return float(pair[axis == "Longitude"])  # type: ignore[arg-type]

    return find


def orientation(tags: Tags, mime: str) -> int | None:
    """EXIF's orientation, else XMP's; 0 and nonsense are none."""
    value = tag("IFD0:Orientation", "XMP-tiff:Orientation")(tags, mime)
    return value if not mime.startswith("video/") and value in range(1, 9) else None


def actual_orientation(metadata: Metadata) -> int | None:
    """Mirage's orientation where a tag told it, not where the format's own fields did without one."""
    told = metadata.raw.get("Exif.Image.Orientation", "0") != "0" or "Xmp.tiff:Orientation" in metadata.raw
    return metadata.orientation if told else None


def keywords(tags: Tags, mime: str) -> set[str] | None:
    """Every word of every keyword, for programs write hierarchies in different ways."""
    # IPTC's are the same words, in an encoding that exiftool does not guess.
    value = tags.get("XMP-dc:Subject") or tags.get("IPTC:Keywords") or []
    flat = [str(word).strip() for word in (value if isinstance(value, list) else [value])]
    paths = []
    for name in ("XMP-lr:HierarchicalSubject", "XMP-digiKam:TagsList", "XMP-microsoft:LastKeywordXMP"):
        value = tags.get(name) or []
        paths += [str(word).replace("|", "/") for word in (value if isinstance(value, list) else [value])]
    return steps(joined(paths, flat)) or steps(re.split(";", str(tags.get("IFD0:XPKeywords") or "")))


def steps(words: list[str]) -> set[str] | None:
    """Keywords as the set of their steps, case folded."""
    return {step.strip().casefold() for word in words for step in word.split("/") if step.strip()} or None


def fired(tags: Tags, mime: str) -> bool | None:
    """Whether the flash fired."""
    value = tags.get("ExifIFD:Flash", tags.get("IFD0:Flash", tags.get("PictureInfo:Flash")))
    if isinstance(value, int):
        return bool(value & 1)
    flash = tags.get("XMP-exif:Flash")
    return flash.get("Fired") in (True, "True", "true") if isinstance(flash, dict) and "Fired" in flash else None


def coded(*names: str, zero: bool = False) -> Callable[[Tags, str], int | None]:
    """A code above zero (0 is "not defined"), or also zero where it means something."""

    def find(tags: Tags, mime: str) -> int | None:
        value = tag(*names)(tags, mime)
        return value if isinstance(value, int) and (value or zero) else None

    return find


def code_of(field: str, table: dict[int, str]) -> Callable[[Metadata], int | None]:
    """The code behind a word of Mirage's."""
    codes = {word: code for code, word in table.items()}
    return lambda metadata: codes.get(getattr(metadata, field))


def same_text(want: Any, have: Any) -> bool:
    """Equal but for space."""
    return " ".join(str(want).split()) == " ".join(str(have).split())


def close(tolerance: float, relative: bool = True) -> Callable[[Any, Any], bool]:
    """Equal within a share, or within an absolute tolerance."""

    def same(want: Any, have: Any) -> bool:
        try:
            return abs(float(want) - float(have)) <= (tolerance * abs(float(want)) if relative else tolerance)
        except (TypeError, ValueError):
            return False

    return same


def equal(want: Any, have: Any) -> bool:
    """Equal."""
    return bool(want == have)


def lens(tags: Tags, mime: str) -> str | None:
    """The lens by name, else by its range."""
    named = tag("ExifIFD:LensModel", "Canon:LensModel", "Olympus:LensModel", "XMP-exifEX:LensModel", "XMP-aux:Lens")
    found = named(tags, mime)
    return found or lens_range(tag("ExifIFD:LensInfo", "Nikon:Lens", "XMP-exifEX:LensInfo")(tags, mime))


def author(tags: Tags, mime: str) -> str | None:
    """The author, or the authors with commas between."""
    value = tag("XMP-dc:Creator", "IPTC:By-line", "IFD0:Artist")(tags, mime)
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def rating(tags: Tags, mime: str) -> int | None:
    """Stars."""
    value = tag("XMP-xmp:Rating", "IFD0:Rating", "XMP-acdsee:Rating")(tags, mime)
    return int(value) if isinstance(value, int | float) else None


def description(tags: Tags, mime: str) -> str | None:
    """The description, else a comment; what cameras and programs put in its place is none."""
    names = ("XMP-dc:Description", "IPTC:Caption-Abstract", "IFD0:ImageDescription", "XMP-tiff:ImageDescription")
    for name in (*names, "XMP-acdsee:Caption", "IFD0:XPComment", "IFD0:XPSubject"):
        found = tag(name)(tags, mime)
        if found is not None and not is_camera_word(str(found)):
            return str(found)
    comment = tag("ExifIFD:UserComment", "File:Comment")(tags, mime)
    return None if comment is None or is_filler(str(comment)) else str(comment)


# Fields counted only where exiftool tells them: Mirage finds offsets in more places, the size of every JPEG XL, and
# words of Matroska.
THEIRS_ONLY = ("offset", "width", "height", "copyright", "title")
FIELDS: dict[str, tuple[Callable[[Tags, str], Any], Callable[[Metadata], Any], Callable[[Any, Any], bool]]] = {
    "time": (expected_time, actual_time, equal),
    "offset": (expected_offset, lambda m: m.taken_offset if m.sources.get("taken_offset") == "exif" else None, equal),
    "width": (size(0), own("width"), equal),
    "height": (size(1), own("height"), equal),
    "orientation": (orientation, actual_orientation, equal),
    "latitude": (position("Latitude"), own("latitude"), close(1e-5, relative=False)),
    "longitude": (position("Longitude"), own("longitude"), close(1e-5, relative=False)),
    "altitude": (
        tag("Composite:GPSAltitude", "GPS:GPSAltitude", "XMP-exif:GPSAltitude"),
        own("altitude"),
        close(0.01, relative=False),
    ),
    "make": (
        tag("IFD0:Make", "XMP-tiff:Make", "Keys:Make", "UserData:Make", "CIFF:Make", "Pentax:Make"),
        own("camera_make"),
        same_text,
    ),
    "model": (
        tag("IFD0:Model", "XMP-tiff:Model", "Keys:Model", "UserData:Model", "CIFF:Model", "PictureInfo:CameraType"),
        own("camera_model"),
        same_text,
    ),
    "lens": (lens, own("lens"), same_text),
    "iso": (
        positive("ExifIFD:ISO", "XMP-exif:ISO", "Composite:ISO", "ExifIFD:ISOSpeed", "Casio:ISO", "Pentax:ISO"),
        own("iso"),
        close(0.01),
    ),
    "aperture": (positive("ExifIFD:FNumber", "XMP-exif:FNumber", "Composite:Aperture"), own("aperture"), close(0.01)),
    "exposure": (
        positive("ExifIFD:ExposureTime", "XMP-exif:ExposureTime", "Composite:ShutterSpeed"),
        own("exposure"),
        close(0.01),
    ),
    "focal length": (
        positive("ExifIFD:FocalLength", "XMP-exif:FocalLength", "Pentax:FocalLength"),
        own("focal_length"),
        close(0.01),
    ),
    "focal length 35mm": (
        positive("ExifIFD:FocalLengthIn35mmFormat", "IFD0:FocalLengthIn35mmFormat", "XMP-exif:FocalLengthIn35mmFormat"),
        own("focal_length_35mm"),
        close(0.01),
    ),
    "flash": (fired, own("flash"), equal),
    "exposure program": (
        coded("ExifIFD:ExposureProgram", "XMP-exif:ExposureProgram"),
        code_of("exposure_program", EXPOSURE_PROGRAMS),
        equal,
    ),
    "metering mode": (
        coded("ExifIFD:MeteringMode", "XMP-exif:MeteringMode"),
        code_of("metering_mode", METERING_MODES),
        equal,
    ),
    "white balance": (
        coded("ExifIFD:WhiteBalance", "XMP-exif:WhiteBalance", zero=True),
        code_of("white_balance", WHITE_BALANCES),
        equal,
    ),
    "title": (tag("XMP-dc:Title", "IPTC:ObjectName", "IFD0:XPTitle", "Matroska:Title"), own("title"), same_text),
    "description": (description, own("description"), same_text),
    "keywords": (keywords, lambda metadata: steps(metadata.keywords), equal),
    "rating": (rating, own("rating"), equal),
    "label": (tag("XMP-xmp:Label"), own("label"), same_text),
    "author": (author, own("author"), same_text),
    "copyright": (tag("XMP-dc:Rights", "IPTC:CopyrightNotice", "IFD0:Copyright"), own("copyright"), same_text),
    "duration": (tag("QuickTime:Duration", "Matroska:Duration", "Composite:Duration"), own("duration"), close(0.02)),
}

if __name__ == "__main__":
    sys.exit(main())
