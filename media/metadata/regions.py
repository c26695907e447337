"""Named regions, mostly faces, as the Metadata Working Group and Microsoft define them."""

from __future__ import annotations

from typing import Any

from media.metadata import orientations
from media.metadata.fields import text

MAX_REGIONS = 500
SAME_SHAPE = 0.02  # relative difference that the ratio of the sides may have

Region = dict[str, Any]


def read_regions(properties: dict[str, Any]) -> list[Region]:
    """Regions of the picture as stored, before orientation: name, kind, and x, y, w, h as fractions.

    `applied` is the size of the picture that they were measured on, if given.
    """
    found = _working_group(properties.get("mwg-rs:Regions"))
    return (found or _microsoft(properties.get("MP:RegionInfo")))[:MAX_REGIONS]


def fit(regions: list[Region], width: int | None, height: int | None) -> list[Region]:
    """The regions of a stored picture of this size; those measured on a picture of another shape become a `proposal`.

    A crop keeps the regions of the whole picture: what they name may be elsewhere in it, or outside.
    """
    fitted = []
    for region in regions:
        applied = region.get("applied")
        others = {name: value for name, value in region.items() if name != "applied"}
        same = not (applied and width and height) or _same_shape(applied, (width, height))
        fitted.append(others if same else {**others, "proposal": True})
    return fitted


def _same_shape(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether one is the other at another size; programs measure on the picture as stored or upright."""
    width, height = other
    slack = max(SAME_SHAPE, 1.5 / min(other))  # sides are rounded to whole pixels
    return any(abs(one[0] * tall / (one[1] * wide) - 1) <= slack for wide, tall in ((width, height), (height, width)))


def pets(regions: list[Region]) -> list[str]:
    """The names of animals, which become keywords because their faces are not recognised."""
    return [region["name"] for region in regions if region["kind"] == "Pet" and region["name"]]


def upright(regions: list[Region], orientation: int) -> list[Region]:
    """The regions of a stored picture in the upright picture."""
    return [{**region, **_turned(region, orientation)} for region in regions]


def stored(regions: list[Region], orientation: int) -> list[Region]:
    """The regions of an upright picture in the picture as stored."""
    return upright(regions, orientations.back(orientation))


def _turned(region: Region, orientation: int) -> Region:
    x, y, w, h = (region[key] for key in "xywh")
    right, below = 1 - x - w, 1 - y - h
    x, y, w, h = {
        2: (right, y, w, h),
        3: (right, below, w, h),
        4: (x, below, w, h),
        5: (y, x, h, w),
        6: (below, x, h, w),
        7: (below, right, h, w),
        8: (y, right, h, w),
    }.get(orientation, (x, y, w, h))
    return {"x": round(x, 6), "y": round(y, 6), "w": round(w, 6), "h": round(h, 6)}


def _working_group(info: object) -> list[Region]:
    if not isinstance(info, dict):
        return []
    size = info.get("mwg-rs:AppliedToDimensions")
    size = size if isinstance(size, dict) else {}
    width, height = _float(size.get("stDim:w")), _float(size.get("stDim:h"))
    applied = (width, height) if width and height and width > 0 and height > 0 else None
    regions: list[Region] = []
    for item in _structures(info.get("mwg-rs:RegionList")):
        area = item.get("mwg-rs:Area")
        if not isinstance(area, dict):
            continue
        x, y = _float(area.get("stArea:x")), _float(area.get("stArea:y"))
        diameter = _float(area.get("stArea:d"))
        w, h = _float(area.get("stArea:w", diameter)), _float(area.get("stArea:h", diameter))
        if area.get("stArea:unit") == "pixel":
            if applied is None or None in (x, y, w, h):
                continue
            x, y, w, h = x / applied[0], y / applied[1], w / applied[0], h / applied[1]  # type: ignore[operator]
        if x is None or y is None or not w or not h:  # a point is no region
            continue
        found = _region(item.get("mwg-rs:Name"), item.get("mwg-rs:Type"), x - w / 2, y - h / 2, w, h)
        regions += [{**region, "applied": applied} for region in found] if applied else found
    return regions


def _microsoft(info: object) -> list[Region]:
    regions = []
    for item in _structures(info.get("MPRI:Regions") if isinstance(info, dict) else None):
        parts = [_float(part) for part in str(item.get("MPReg:Rectangle", "")).split(",")]
        if len(parts) == 4 and None not in parts:
            regions += _region(item.get("MPReg:PersonDisplayName"), "Face", *parts)  # type: ignore[arg-type]
    return regions


def _region(name: object, kind: object, x: float, y: float, w: float, h: float) -> list[Region]:
    # Regions reach beyond the edge by rounding or because a face does; the part outside is cut off.
    left, top, right, bottom = max(x, 0.0), max(y, 0.0), min(x + w, 1.0), min(y + h, 1.0)
    if right <= left or bottom <= top:
        return []
    box = {"x": round(left, 6), "y": round(top, 6), "w": round(right - left, 6), "h": round(bottom - top, 6)}
    return [{"name": text(name), "kind": text(kind) or "Face", **box}]


def _structures(value: object) -> list[dict[str, Any]]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _float(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if abs(number) < 1e6 else None
