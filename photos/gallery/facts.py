"""What is known about a photo in words, for the info panel. What is unknown is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from media.editing import description
from mirage.web.languages import in_language
from mirage.wording import listed
from photos.editing.bulk import Difference
from photos.gallery import dates, place_names
from photos.models import Photo, RawMetadata

SOURCES = {
    "file": _lazy("from the file's date"),
    "filename": _lazy("from the file's name"),
    "folder": _lazy("from the folder's name"),
    "sidecar": _lazy("from the sidecar file"),
    "gps": _lazy("from GPS"),
    "exif": _lazy("from the camera"),
    "xmp": _lazy("from the file's XMP"),
    "iptc": _lazy("from the file's IPTC"),
    "takeout": _lazy("from Google Takeout"),
    "user": _lazy("set by you"),
    "container": _lazy("from the video's container"),
    "picture": _lazy("from the picture's own fields"),
    "png": _lazy("from the PNG's text"),
    "maker": _lazy("from the camera"),
    "exiftool": _lazy("from exiftool"),
    "zone": _lazy("by the time zone there"),
    "home": _lazy("the home zone"),
    "position": _lazy("by the position"),
}
# Photographers' words for the names that media/metadata/formats/exif.py reads.
PROGRAMS = {
    "Manual": _lazy("Manual exposure"),
    "Program AE": _lazy("Program"),
    "Aperture-priority AE": _lazy("Aperture priority"),
    "Shutter speed priority AE": _lazy("Shutter priority"),
    "Creative (Slow speed)": _lazy("Creative program"),
    "Action (High speed)": _lazy("Action program"),
    "Portrait": _lazy("Portrait mode"),
    "Landscape": _lazy("Landscape mode"),
}
METERING = {
    "Average": _lazy("Average metering"),
    "Center-weighted average": _lazy("Centre-weighted metering"),
    "Spot": _lazy("Spot metering"),
    "Multi-spot": _lazy("Multi-spot metering"),
    "Multi-segment": _lazy("Pattern metering"),
    "Partial": _lazy("Partial metering"),
    "Other": "",
}
PRECISIONS = {  # what is known of a date
    "time": pgettext_lazy("known of a date", "time"),
    "day": pgettext_lazy("known of a date", "day"),
    "month": pgettext_lazy("known of a date", "month"),
    "year": pgettext_lazy("known of a date", "year"),
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
    reasons = [in_language(reason.partition(": ")[2] or reason) for reason in told.get("taken_doubts") or ()]
    choices = [Choice(_("It is right"), photo.taken_local)]
    for other in told.get("taken_alternatives") or ():
        local, source = datetime.fromisoformat(other["local"]), SOURCES.get(other["source"], other["source"])
        # Translators: a date with where it was found, such as: 4 July 1950, 10:00 from the file's name
        words = _("%(date)s %(source)s") % {"date": date_format(local, _("j F Y, H:i")), "source": source}
        choices.append(Choice(words, local))
    return Doubt(list(dict.fromkeys(reasons)), choices)


LABELS = {  # of columns that previews of edits show
    "taken_local": _lazy("Taken"),
    "taken_at": _lazy("Instant"),
    "taken_offset": _lazy("Time zone"),
    "taken_source": _lazy("Source of the time"),
    "latitude": _lazy("Latitude"),
    "longitude": _lazy("Longitude"),
    "altitude": _lazy("Altitude"),
    "place": _lazy("Place"),
    "region": _lazy("Region"),
    "country": _lazy("Country"),
    "title": _lazy("Title"),
    "description": _lazy("Description"),
    "rating": _lazy("Rating"),
    "keywords": _lazy("Keywords"),
    "label": _lazy("Label"),
    "author": _lazy("Author"),
    "copyright": _lazy("Copyright"),
}
READ_LABELS = {  # of what else is read from files (media/metadata/fields.py)
    "taken_precision": _lazy("Taken precision"),
    "taken_doubtful": _lazy("Taken doubtful"),
    "taken_doubts": _lazy("Taken doubts"),
    "taken_alternatives": _lazy("Taken alternatives"),
    "width": _lazy("Width"),
    "height": _lazy("Height"),
    "orientation": _lazy("Orientation"),
    "turn": _lazy("Turn"),
    "upright_by": _lazy("Upright by"),
    "camera_make": _lazy("Camera make"),
    "camera_model": _lazy("Camera model"),
    "lens": _lazy("Lens"),
    "iso": _lazy("Iso"),
    "aperture": _lazy("Aperture"),
    "exposure": _lazy("Exposure"),
    "focal_length": _lazy("Focal length"),
    "focal_length_35mm": _lazy("Focal length 35mm"),
    "flash": _lazy("Flash"),
    "exposure_program": _lazy("Exposure program"),
    "metering_mode": _lazy("Metering mode"),
    "white_balance": _lazy("White balance"),
    "direction": _lazy("Direction"),
    "country_code": _lazy("Country code"),
    "software": _lazy("Software"),
    "picture_edit": _lazy("Edit of the picture"),
    "regions": _lazy("Regions"),
    "duration": _lazy("Duration"),
    "video_codec": _lazy("Video codec"),
    "audio_codec": _lazy("Audio codec"),
    "frame_rate": _lazy("Frame rate"),
    "bit_rate": _lazy("Bit rate"),
    "rotation": _lazy("Rotation"),
    "panorama": _lazy("Panorama"),
    "motion_video": _lazy("Motion video"),
    "burst_id": _lazy("Burst id"),
    "live_id": _lazy("Live id"),
}


def label_of(field: str) -> str:
    """What a field of a photo is called."""
    return str(LABELS.get(field) or READ_LABELS.get(field) or field.replace("_", " ").capitalize())


def in_words(difference: Difference) -> list[tuple[str, str, str]]:
    """What a change does to a photo, as label, old value and new value."""
    shown = ((name, pair) for name, pair in difference.values.items() if name in LABELS)
    told = [(name, str(LABELS[name]), *(value_text(name, value) for value in pair)) for name, pair in shown]
    return [(label, old, new) for name, label, old, new in told if name not in ("taken_at", "taken_source")]


def fields_in_words(fields: Mapping[str, Any], sources: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What the files say, as label, value and source of each field. Empty and obvious values are left out."""
    told = {name: value for name, value in fields.items() if value not in (None, "", [], {}) and value is not False}
    return [
        (
            label_of(name),
            value_text(name, value),
            pgettext("between two sources", " and ").join(
                str(SOURCES.get(source, source)) for source in sources.get(name, "").split("+")
            ),
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
        return dates.moment(value)
    if name == "taken_offset":
        return offset_text(value)
    if name == "exposure":
        return exposure_text(value)
    if name == "taken_precision":
        return str(PRECISIONS.get(value, value))
    if name == "regions":
        nameless = ngettext("%(number)s without a name", "%(number)s without a name", len(value))
        names = listed(region["name"] for region in value)
        return names or nameless % {"number": len(value)}
    if name == "picture_edit":
        return listed(_(description.in_words(step["op"])) for step in value["operations"])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return listed(value)
    if isinstance(value, float):
        return f"{value:.5f}" if name in ("latitude", "longitude") else decimal(value)
    return str(value)


def decimal(value: float) -> str:
    """A number with as many digits as it needs: 2.8 or 2,8."""
    return number_format(f"{value:g}")


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
        return _("%(seconds)s s") % {"seconds": f"1/{fraction.denominator}"}
    return _("%(seconds)s s") % {"seconds": number_format(f"{seconds:.1f}".rstrip("0").rstrip("."))}


def focal_text(length: float | None, equivalent: float | None) -> str:
    """50 mm (75 mm equivalent): the focal length, and the one on 35 mm film unless it is unknown or the same."""
    own = _("%(length)s mm") % {"length": decimal(length)} if length else ""
    if not equivalent or equivalent == length:
        return own
    # Translators: the focal length that a lens would have on 35 mm film
    other = _("%(length)s mm equivalent") % {"length": decimal(equivalent)}
    return f"{own} ({other})" if own else other


def megapixels(photo: Photo) -> str:
    if not photo.width or not photo.height or photo.is_video:
        return ""
    count = photo.width * photo.height / 1e6
    return _("%(number)s MP") % {"number": number_format(f"{count:.1f}")} if count >= 0.1 else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _time(photo: Photo) -> Fact:
    said = str(SOURCES.get(photo.taken_source, photo.taken_source))
    doubtful = pgettext("a date", "doubtful") if photo.taken_doubtful else ""
    clock = dates.time_text(photo, "H:i:s")
    zone = offset_text(photo.taken_offset) if clock else ""
    return Fact("calendar-days", dates.weekday_text(photo), _joined(clock, zone, said, doubtful), "taken")


def _place(photo: Photo, language: str) -> Fact | None:
    town = place_names.town_in(language, photo.country_code, photo.place)
    country = place_names.country_in(language, photo.country_code, photo.country)
    names = listed(dict.fromkeys((town, photo.region, country)))
    position = ""
    if photo.latitude is not None and photo.longitude is not None:
        position = f"{photo.latitude:.5f}, {photo.longitude:.5f}"
    height = _("%(height)s m") % {"height": f"{photo.altitude:.0f}"} if photo.altitude is not None else ""
    if not names and not position:
        return None
    return Fact("map-pin", names or position, _joined(position if names else "", height), "position")


def white_balance_text(mode: str) -> str:
    """Auto white balance. Empty if unknown."""
    words = {"Auto": _("Auto white balance"), "Manual": _("Manual white balance")}
    return words.get(mode, _("%(mode)s white balance") % {"mode": mode}) if mode else ""


def _camera(photo: Photo) -> Fact | None:
    make, model = photo.camera_make.strip(), photo.camera_model.strip()
    name = model if model.lower().startswith(make.lower()) else f"{make} {model}".strip()
    settings = _joined(
        f"ƒ/{decimal(photo.aperture)}" if photo.aperture else "",
        exposure_text(photo.exposure),
        focal_text(photo.focal_length, photo.focal_length_35mm),
        f"ISO {photo.iso}" if photo.iso else "",
    )
    automatics = _joined(
        str(PROGRAMS.get(photo.exposure_program, photo.exposure_program)),
        str(METERING.get(photo.metering_mode, photo.metering_mode)),
        white_balance_text(photo.white_balance),
        "" if photo.flash is None else _("Flash fired") if photo.flash else _("Flash did not fire"),
    )
    lens = photo.lens if photo.lens != name else ""
    first, *rest = [part for part in (name, lens, settings, automatics) if part] or [""]
    return Fact("camera", first, "\n".join(rest)) if first else None


def _picture(photo: Photo) -> Fact:
    size = f"{photo.width} × {photo.height}" if photo.width and photo.height else ""
    kind = photo.media_type.partition("/")[2].removeprefix("x-").upper()
    # Translators: frames per second
    rate = _("%(rate)s fps") % {"rate": decimal(photo.frame_rate)} if photo.frame_rate else ""
    panorama = _("panorama") if photo.panorama else ""
    codecs = "/".join(codec for codec in (photo.video_codec, photo.audio_codec) if codec)
    return Fact(
        "film" if photo.is_video else "file-image",
        photo.original_name,
        _joined(size, megapixels(photo), filesizeformat(photo.size), kind, codecs, rate, panorama),
        is_detail=True,
    )


def _file(photo: Photo) -> Fact:
    where = _("in place, never changed") if photo.in_place else _("in the library")
    if photo.is_copy:
        where = _("copy %(number)s, with another edit of the same file") % {"number": photo.copy_number}
    came = _("from %(folder)s") % {"folder": photo.folder} if photo.folder else ""
    return Fact("folder", photo.path, _joined(where, came), is_detail=True)
