"""What is known about a photo in words, for the info panel. What is unknown is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.template.defaultfilters import filesizeformat

from photos.editing.bulk import Difference
from photos.gallery import dates, place_names
from photos.models import Photo, RawMetadata

SOURCES = {
    "file": "from the file's date",
    "filename": "from the file's name",
    "folder": "from the folder's name",
    "sidecar": "from the sidecar file",
    "gps": "from GPS",
    "exif": "from the camera",
    "xmp": "from the file's XMP",
    "iptc": "from the file's IPTC",
    "takeout": "from Google Takeout",
    "user": "set by you",
    "container": "from the video's container",
    "picture": "from the picture's own fields",
    "png": "from the PNG's text",
    "maker": "from the camera",
    "exiftool": "from exiftool",
    "zone": "by the time zone there",
    "home": "the home zone",
    "position": "by the position",
}
# Photographers' words for the names that media/metadata/formats/exif.py reads.
PROGRAMS = {
    "Manual": "Manual exposure",
    "Program AE": "Program",
    "Aperture-priority AE": "Aperture priority",
    "Shutter speed priority AE": "Shutter priority",
    "Creative (Slow speed)": "Creative program",
    "Action (High speed)": "Action program",
    "Portrait": "Portrait mode",
    "Landscape": "Landscape mode",
}
METERING = {
    "Average": "Average metering",
    "Center-weighted average": "Centre-weighted metering",
    "Spot": "Spot metering",
    "Multi-spot": "Multi-spot metering",
    "Multi-segment": "Pattern metering",
    "Partial": "Partial metering",
    "Other": "",
}
SELF_EVIDENT = {"turn": 1, "upright_by": 1, "orientation": 1}


@dataclass(frozen=True)
class Fact:
    """A line of the panel: icon, text, and the smaller text below."""

    icon: str
    text: str
    small: str = ""
    field: str = ""  # the field that edits it (photos/editing/form_readers.py)
    is_detail: bool = False  # about the file, not the photo


@dataclass(frozen=True)
class Choice:
    """A date that may be the right one for a photo with a doubtful date."""

    words: str
    local: datetime


@dataclass(frozen=True)
class Doubt:
    """Why a date is doubtful, and the dates to choose from, the current one first."""

    reasons: list[str]
    choices: list[Choice]


def facts_of(photo: Photo, language: str = place_names.ENGLISH, *, with_path: bool = False) -> list[Fact]:
    """The lines of the panel, with places in that language. `with_path` is for owners only."""
    lines = [_time(photo), _place(photo, language), _camera(photo), _picture(photo)]
    if with_path:
        lines.append(_file(photo))
    return [fact for fact in lines if fact]


def doubt_of(photo: Photo) -> Doubt:
    """What the files say about a doubtful date."""
    told = RawMetadata.objects.filter(photo=photo).values_list("fields", flat=True).first() or {}
    reasons = [reason.partition(": ")[2] or reason for reason in told.get("taken_doubts") or ()]
    choices = [Choice("It is right", photo.taken_local)]
    for other in told.get("taken_alternatives") or ():
        local, source = datetime.fromisoformat(other["local"]), SOURCES.get(other["source"], other["source"])
        choices.append(Choice(f"{local:%-d %B %Y, %H:%M} {source}", local))
    return Doubt(list(dict.fromkeys(reasons)), choices)


LABELS = {
    "taken_local": "Taken", "taken_at": "Instant", "taken_offset": "Time zone", "taken_source": "Source of the time",
    "latitude": "Latitude", "longitude": "Longitude", "altitude": "Altitude", "place": "Place", "region": "Region",
    "country": "Country", "title": "Title", "description": "Description", "rating": "Rating", "keywords": "Keywords",
    "label": "Label", "author": "Author", "copyright": "Copyright",
}  # fmt: skip


def in_words(difference: Difference) -> list[tuple[str, str, str]]:
    """What a change does to a photo, as label, old value and new value."""
    shown = ((name, pair) for name, pair in difference.values.items() if name in LABELS)
    told = [(name, LABELS[name], *(value_text(name, value) for value in pair)) for name, pair in shown]
    return [(label, old, new) for name, label, old, new in told if name not in ("taken_at", "taken_source")]


def fields_in_words(fields: Mapping[str, Any], sources: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What the files say, as label, value and source of each field. Empty and obvious values are left out."""
    told = {name: value for name, value in fields.items() if value not in (None, "", [], {}) and value is not False}
    return [
        (
            LABELS.get(name, name.replace("_", " ").capitalize()),
            value_text(name, value),
            " and ".join(SOURCES.get(source, source) for source in sources.get(name, "").split("+")),
        )
        for name, value in told.items()
        if name not in ("taken_at", "taken_source") and value != SELF_EVIDENT.get(name)
    ]


def value_text(name: str, value: Any) -> str:
    """A column's value in words. A dash if it is empty."""
    if value in (None, "", []):
        return "–"
    if name == "taken_local":
        value = datetime.fromisoformat(value) if isinstance(value, str) else value
        return f"{value:%-d %b %Y, %H:%M:%S}"
    if name == "taken_offset":
        return offset_text(value)
    if name == "exposure":
        return exposure_text(value)
    if name == "regions":
        return ", ".join(filter(None, (region["name"] for region in value))) or f"{len(value)} without a name"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:.5f}" if name in ("latitude", "longitude") else f"{value:g}"
    return str(value)


def offset_text(minutes: int | None) -> str:
    """UTC+02:00 for 120. Empty if unknown."""
    if minutes is None:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def exposure_text(seconds: float | None) -> str:
    """1/250 s, 0.4 s, 30 s. Empty if unknown."""
    if not seconds or seconds <= 0:
        return ""
    if seconds < 0.3:
        fraction = Fraction(1, max(round(1 / seconds), 1))
        return f"1/{fraction.denominator} s"
    return f"{seconds:.1f}".rstrip("0").rstrip(".") + " s"


def focal_text(length: float | None, equivalent: float | None) -> str:
    """50 mm (75 mm equivalent): the focal length, and the one on 35 mm film unless it is unknown or the same."""
    own = f"{length:g} mm" if length else ""
    if not equivalent or equivalent == length:
        return own
    return f"{own} ({equivalent:g} mm equivalent)" if own else f"{equivalent:g} mm equivalent"


def megapixels(photo: Photo) -> str:
    if not photo.width or not photo.height or photo.is_video:
        return ""
    count = photo.width * photo.height / 1e6
    return f"{count:.1f} MP" if count >= 0.1 else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _time(photo: Photo) -> Fact:
    said = SOURCES.get(photo.taken_source, photo.taken_source)
    doubtful = "doubtful" if photo.taken_doubtful else ""
    clock = dates.time_text(photo, "%H:%M:%S")
    zone = offset_text(photo.taken_offset) if clock else ""
    return Fact("calendar-days", dates.weekday_text(photo), _joined(clock, zone, said, doubtful), "taken")


def _place(photo: Photo, language: str) -> Fact | None:
    town = place_names.town_in(language, photo.country_code, photo.place)
    country = place_names.country_in(language, photo.country_code, photo.country)
    names = ", ".join(dict.fromkeys(name for name in (town, photo.region, country) if name))
    position = ""
    if photo.latitude is not None and photo.longitude is not None:
        position = f"{photo.latitude:.5f}, {photo.longitude:.5f}"
    height = f"{photo.altitude:.0f} m" if photo.altitude is not None else ""
    if not names and not position:
        return None
    return Fact("map-pin", names or position, _joined(position if names else "", height), "position")


def _camera(photo: Photo) -> Fact | None:
    make, model = photo.camera_make.strip(), photo.camera_model.strip()
    name = model if model.lower().startswith(make.lower()) else f"{make} {model}".strip()
    settings = _joined(
        f"ƒ/{photo.aperture:g}" if photo.aperture else "",
        exposure_text(photo.exposure),
        focal_text(photo.focal_length, photo.focal_length_35mm),
        f"ISO {photo.iso}" if photo.iso else "",
    )
    automatics = _joined(
        PROGRAMS.get(photo.exposure_program, photo.exposure_program),
        METERING.get(photo.metering_mode, photo.metering_mode),
        f"{photo.white_balance} white balance" if photo.white_balance else "",
        "" if photo.flash is None else "Flash fired" if photo.flash else "Flash did not fire",
    )
    lens = photo.lens if photo.lens != name else ""
    first, *rest = [part for part in (name, lens, settings, automatics) if part] or [""]
    return Fact("camera", first, "\n".join(rest)) if first else None


def _picture(photo: Photo) -> Fact:
    size = f"{photo.width} × {photo.height}" if photo.width and photo.height else ""
    kind = photo.media_type.partition("/")[2].removeprefix("x-").upper()
    rate = f"{photo.frame_rate:g} fps" if photo.frame_rate else ""
    panorama = "panorama" if photo.panorama else ""
    codecs = "/".join(codec for codec in (photo.video_codec, photo.audio_codec) if codec)
    return Fact(
        "film" if photo.is_video else "file-image",
        photo.original_name,
        _joined(size, megapixels(photo), filesizeformat(photo.size), kind, codecs, rate, panorama),
        is_detail=True,
    )


def _file(photo: Photo) -> Fact:
    return Fact("folder", photo.path, "in place, never changed" if photo.in_place else "in the library", is_detail=True)
