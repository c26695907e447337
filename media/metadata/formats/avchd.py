"""What AVCHD camcorders write into their H.264 stream: "modified DV pack metadata" in a user data SEI message."""

from __future__ import annotations

from datetime import datetime

from media.metadata.fields import Layer, Moment

MARK = bytes.fromhex("17ee8c60f84d11d98cd60800200c9a66") + b"MDPM"
MAX_PACK = 4_096  # bytes of one message; 255 entries of five bytes fit
DATE, TIME, MAKE = 0x18, 0x19, 0xE0
MAKES = {0x0103: "Panasonic", 0x0108: "Sony", 0x1011: "Canon", 0x1104: "JVC"}
SUMMER, WEST, HALF_HOUR = 0x40, 0x20, 0x01  # flags of the time zone byte


def interpret(packet: bytes, layer: Layer) -> bool:
    """Add what a packet of the stream says to the container's layer. Returns whether it said anything."""
    start = packet.find(MARK)
    if start < 0:
        return False
    # A byte of 3 is inserted where two zeros would look like the start of the next unit.
    pack = packet[start + len(MARK) : start + MAX_PACK].replace(b"\0\0\3", b"\0\0")
    entries = _entries(pack)
    moment = _moment(entries.get(DATE, b""), entries.get(TIME, b""))
    if moment:
        layer.moments.insert(0, moment)
    layer.put("camera_make", MAKES.get(int.from_bytes(entries.get(MAKE, b"")[:2], "big")))
    return bool(entries)


def _entries(pack: bytes) -> dict[int, bytes]:
    """Four bytes by tag; tags are in rising order."""
    found: dict[int, bytes] = {}
    for index in range(pack[0] if pack else 0):
        entry = pack[1 + 5 * index : 6 + 5 * index]
        if len(entry) < 5 or (found and entry[0] <= max(found)):
            break
        found[entry[0]] = entry[1:]
    return found


def _moment(date: bytes, clock: bytes) -> Moment | None:
    """Zone, century, year, month; then day, hour, minute, second: all but the zone as two decimal digits per byte."""
    if len(date) < 4 or len(clock) < 4:
        return None
    try:
        century, year, month, day, hour, minute, second = (int(f"{byte:02x}") for byte in date[1:] + clock)
        local = datetime(100 * century + year, month, day, hour, minute, second)
    except ValueError:
        return None
    return Moment.zoned("container", local, _offset(date[0]))


def _offset(zone: int) -> int | None:
    """Minutes east of UTC with summer time; None for a clock without a zone."""
    hours = zone >> 1 & 0x0F
    if hours > 14:
        return None
    minutes = 60 * hours + (30 if zone & HALF_HOUR else 0)
    return (-minutes if zone & WEST else minutes) + (60 if zone & SUMMER else 0)
