"""Reading one file: all its layers, merged into one record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from media.metadata import filename, orientations, places, regions, timing
from media.metadata.fields import Layer, Metadata, capped, text
from media.metadata.formats import (
    comments,
    containers,
    early,
    exif,
    exiftool,
    heif,
    iptc,
    jxl,
    motion_photos,
    png,
    stills,
    takeout,
    xmp,
)
from media.metadata.merge import combined, merge
from media.sentences import english

HEIF_MIMES = ("image/heic", "image/heif", "image/avif")
MAX_NOTES = 50
MAX_SIDECAR = 8 * 1024 * 1024  # bytes
TOO_LARGE = english("It is too large to be a sidecar.")


def read(
    path: Path,
    mime: str,
    sidecars: Sequence[Path] = (),
    *,
    home_zone: str = "UTC",
    original_name: str | None = None,
    modified_at: float | None = None,
    seen_at: float | None = None,
    exiftool_program: str = "",
) -> Metadata:
    """Read everything that a file of media type `mime` and its sidecars say about it.

    `home_zone` is assumed for a local time without any hint of its zone; `original_name` is the file's name before it
    was stored; `modified_at` is its last change (seconds since 1970), the last resort; `seen_at` is when the file was
    first seen (default: now): no photo was taken after that; `exiftool_program` is used if no date is found. Malformed
    content gives missing fields and notes, never an exception.
    """
    layers, motion, unreadable = _read_layers(path, mime, sidecars, Path(original_name or path.name).suffix)
    if exiftool_program and not any(layer.moments for layer in layers):
        layers.append(exiftool.interpret(exiftool_program, path))
    layers = combined(layers)
    fields, sources = merge(layers)
    around = timing.Surroundings(
        name_moment=filename.find_moment(original_name or path.name),
        modified_at=modified_at,
        position=(fields["latitude"], fields["longitude"]) if "latitude" in fields else None,
        home_zone=home_zone,
        now=datetime.now(UTC) if seen_at is None else datetime.fromtimestamp(seen_at, UTC),
        duration=fields.get("duration") or 0.0,
    )
    doubts = _put_time(fields, sources, layers, around)
    _put_place(fields, sources)
    _put_orientation(fields, sources, layers, mime)
    _put_regions(fields)
    return _record(fields, sources, layers, doubts, motion_video=motion, unreadable=unreadable)


def _read_layers(
    path: Path, mime: str, sidecars: Sequence[Path], extension: str
) -> tuple[list[Layer], dict[str, int] | None, dict[str, str]]:
    """The layers of the file and its sidecars; the position of a motion photo's video; why sidecars cannot be read."""
    layers: list[Layer] = []
    video = mime.startswith("video/")
    what = english("video") if video else english("picture")
    properties = _guarded(what, layers, _read_video if video else _read_still, path, mime)
    unreadable = {}
    for sidecar in sidecars:
        _guarded(sidecar.name, layers, _read_sidecar, sidecar, mime, extension.removeprefix("."))
        if layers[-1].unreadable:
            unreadable[str(sidecar)] = layers[-1].unreadable
    motion = (
        _guarded(english("motion photo"), layers, _read_motion, path, mime, properties or {}) if not video else None
    )
    return layers, motion, unreadable


def _guarded(what: str, layers: list[Layer], reader: Any, *arguments: Any) -> Any:
    """Add a reader's layers to the others. Returns its result, or None if it fails."""
    try:
        found, answer = reader(*arguments)
    # Whatever hostile bytes do to one parser, the other layers and the file itself are worth keeping.
    except Exception as error:  # noqa: BLE001
        reason = f"{type(error).__name__}: {str(error)[:200]}"
        note = english("%(what)s could not be read: %(reason)s", what=what, reason=reason)
        layers.append(Layer("none", notes=[note], unreadable=reason))
        return None
    layers.extend(found)
    return answer


def _read_still(path: Path, mime: str) -> tuple[list[Layer], dict[str, Any]]:
    still = stills.read_still(path)
    file = Layer("file", {"width": still.width, "height": still.height}, notes=still.notes)
    picture = heif.read_item(path) if mime in HEIF_MIMES else jxl.read_head(path) if mime == "image/jxl" else None
    if mime == "image/gif":
        still.xmp = still.xmp or stills.read_gif_packet(path)
        still.comment = still.comment or stills.read_gif_comment(path)
    embedded, properties = xmp.interpret(picture.xmp if picture and picture.xmp else still.xmp, "xmp")
    if not still.exif and picture and picture.exif:  # libexiv2 misses some that other programs wrote
        still.exif = stills.read_block(picture.exif)
    file.put("description", comments.read_comment(still.comment))
    if still.comment:
        file.raw["File.Comment"] = still.comment
    layers = [exif.interpret(still.exif), embedded, iptc.interpret(still.iptc), file]
    if not still.exif and mime == "image/jpeg":
        layers.append(early.interpret(path))
    if mime == "image/png":
        layers.append(png.interpret(path))
    if picture and picture.width:
        layers.insert(0, _transformed(picture))
    return layers, properties


def _transformed(item: heif.Item) -> Layer:
    # These formats turn the picture by fields of their own; an EXIF orientation beside them must be ignored.
    return Layer("picture", {"width": item.width, "height": item.height, "orientation": item.orientation})


def _read_video(path: Path, mime: str) -> tuple[list[Layer], dict[str, Any]]:
    container, packet = containers.read_container(path, mime)
    embedded, properties = xmp.interpret(packet, "xmp")
    embedded.fields.pop("orientation", None)
    return [container, embedded], properties


def _read_sidecar(path: Path, mime: str, extension: str) -> tuple[list[Layer], None]:
    if path.suffix.lower() == ".json":
        return [takeout.interpret(path)], None
    if path.stat().st_size > MAX_SIDECAR:
        note = english("%(name)s is too large to be a sidecar", name=path.name)
        return [Layer("sidecar", notes=[note], unreadable=TOO_LARGE)], None
    packet = path.read_bytes()
    layer, properties = xmp.interpret(packet, "sidecar")
    if not packet.strip(b"\0 \r\n\t"):
        layer.unreadable = english("The file is empty.")
    meant = xmp.first(properties, "photoshop:SidecarForExtension")
    if meant and meant.casefold() != extension.casefold():
        layer.fields.pop("orientation", None)  # of the raw file beside this one
    if mime.startswith("video/"):
        layer.fields.pop("orientation", None)  # digiKam writes a copy of the container's
    return [layer], None


def _read_motion(path: Path, mime: str, properties: dict[str, Any]) -> tuple[list[Layer], dict[str, int] | None]:
    return [], motion_photos.find_video(path, mime, properties)


def _put_time(
    fields: dict[str, Any], sources: dict[str, str], layers: Sequence[Layer], around: timing.Surroundings
) -> list[str]:
    """The fields about time, the source of the offset, and notes about dates that were not believed."""
    taken = timing.choose(layers, around)
    fields.update(
        taken_at=taken.at,
        taken_local=taken.local,
        taken_offset=taken.offset,
        taken_source=taken.source,
        taken_precision=taken.precision,
        taken_doubtful=taken.doubtful,
        taken_doubts=taken.notes,
        taken_alternatives=taken.alternatives,
    )
    if taken.offset_source:
        sources["taken_offset"] = taken.offset_source
    if taken.source:
        sources["taken_at" if taken.by_instant else "taken_local"] = taken.source
    return taken.notes


def _record(
    fields: dict[str, Any], sources: dict[str, str], layers: Sequence[Layer], doubts: Sequence[str], **rest: Any
) -> Metadata:
    raw = {name: value for layer in layers for name, value in layer.raw.items()}
    notes = [*doubts, *(note for layer in layers for note in layer.notes)]
    notes = list(dict.fromkeys(filter(None, map(text, notes))))[:MAX_NOTES]
    return Metadata(**fields, sources=sources, raw=capped(raw), notes=notes, **rest)


def _put_orientation(fields: dict[str, Any], sources: dict[str, str], layers: Sequence[Layer], mime: str) -> None:
    """The file's orientation, how decoders turn it, and what a sidecar adds.

    HEIC, AVIF and JPEG XL are turned by fields of their own: an EXIF orientation beside them is only reported. Programs
    that do not change the file write the user's orientation into the sidecar. Videos have none.
    """
    if mime.startswith("video/"):
        return
    told = {layer.source: layer.fields["orientation"] for layer in layers if "orientation" in layer.fields}
    tag = next((told[source] for source in ("exif", "xmp") if source in told), None)
    own = told.get("picture") or tag or 1
    wanted = told.get("sidecar")
    fields["turn"] = 1 if wanted is None else orientations.together(orientations.back(tag or own), wanted)
    fields["upright_by"] = orientations.together(own, fields["turn"])
    fields.pop("orientation", None)
    source = next((source for source in ("exif", "xmp", "picture") if source in told), None)
    if source:
        fields["orientation"], sources["orientation"] = told[source], source
    else:
        sources.pop("orientation", None)


def _put_regions(fields: dict[str, Any]) -> None:
    """Regions in the upright picture; those of a sidecar are stored for the picture before it is turned, too.

    Names at a doubtful place become keywords, like those of Takeout.
    """
    if not fields.get("regions"):
        return
    fitted = regions.fit(fields["regions"], fields.get("width"), fields.get("height"))
    fields["regions"] = regions.upright(fitted, fields.get("upright_by", 1))
    named = [one["name"] for one in fitted if one.get("proposal") and one["kind"] == "Face" and one["name"]]
    if named:
        words = [*fields.get("keywords", []), *(f"people/{name.replace('/', ' ')}" for name in named)]
        fields["keywords"] = xmp.joined([word for word in words if "/" in word], words)


def _put_place(fields: dict[str, Any], sources: dict[str, str]) -> None:
    """Names of the place by its position; names that somebody wrote count only if there is no position."""
    if "latitude" not in fields:
        return
    place = places.find_place(fields["latitude"], fields["longitude"])
    for name in ("place", "region", "country", "country_code"):
        fields.pop(name, None)
        sources.pop(name, None)
        if place and getattr(place, name):
            fields[name], sources[name] = getattr(place, name), "position"
