"""Making and reading ICC profiles with three primaries and one curve (ICC.1:2001-04, version 2.4)."""

import struct
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Chromaticity = tuple[float, float]  # CIE x and y
Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]  # from a channel's signal to light, both 0 to 1

D65 = (0.3127, 0.3290)
_D50_XYZ = np.array([0.9642, 1.0, 0.8249])  # white of the profile connection space
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_CURVES = (b"rTRC", b"gTRC", b"bTRC")
_COLUMNS = (b"rXYZ", b"gXYZ", b"bXYZ")
_SAMPLES = 4096  # of a curve


def matrix_profile(primaries: Sequence[Chromaticity], curve: Curve, white: Chromaticity = D65) -> bytes | None:
    """A display profile for these primaries, adapted from their white. None if they do not span a colour space."""
    try:
        columns = np.array([[x, y, 1 - x - y] for x, y in primaries]).T
        target = np.array([white[0] / white[1], 1.0, (1 - white[0] - white[1]) / white[1]])
        scaled = columns * np.linalg.solve(columns, target)
    except (ZeroDivisionError, np.linalg.LinAlgError):
        return None
    scale = np.diag((_BRADFORD @ _D50_XYZ) / (_BRADFORD @ target))
    adapted = np.linalg.inv(_BRADFORD) @ scale @ _BRADFORD @ scaled
    if not np.isfinite(adapted).all() or np.abs(adapted).max() > 100:
        return None
    return _of_columns([_xyz_tag(adapted[:, channel]) for channel in range(3)], curve)


def with_curve(profile: bytes, curve: Curve) -> bytes | None:
    """The profile with another curve. None if it does not consist of primaries and curves."""
    tags = _tags(profile)
    return _of_columns([tags[name] for name in _COLUMNS], curve) if tags.keys() >= {*_COLUMNS, *_CURVES} else None


def is_linear(profile: bytes) -> bool:
    """Whether the signal is linear light, as in some HDR pictures."""
    tags = _tags(profile)
    return all(_is_identity(tags.get(name, b"")) for name in _CURVES)


def curve_of(profile: bytes) -> Curve | None:
    """The curve from signal to light, if the profile consists of primaries and one curve for all three channels."""
    tags = _tags(profile)
    found = {tags.get(name, b"") for name in _CURVES}
    if not tags.keys() >= {*_COLUMNS, *_CURVES} or len(found) != 1:
        return None
    return _read_curve(found.pop())


def _read_curve(data: bytes) -> Curve | None:
    """A curve of the kind `curv`, or of the kind `para` (ICC.1:2010, 10.16). None for others."""
    if data[:4] == b"curv":
        count = int.from_bytes(data[8:12], "big")
        values = np.frombuffer(data[12 : 12 + 2 * min(count, 65536)], ">u2").astype("f8")
        if len(values) != count:
            return None
        if count <= 1:
            exponent = values[0] / 256 if count else 1.0
            return lambda signal: signal**exponent
        return lambda signal: np.interp(signal, np.linspace(0, 1, count), values / 65535)
    kind = int.from_bytes(data[8:10], "big")
    lengths = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}
    if data[:4] != b"para" or kind not in lengths or len(data) < 12 + 4 * lengths[kind]:
        return None
    numbers = [value / 65536 for value in struct.unpack_from(f">{lengths[kind]}i", data, 12)]
    g, a, b, c, d, e, f = (numbers + [0.0] * 7)[:7]
    if kind == 0:
        return lambda signal: signal**g
    if kind in (1, 2):  # from -b / a on, and the constant c
        return lambda signal: np.where(signal >= (-b / a if a else 0), (a * signal + b).clip(0) ** g + c, c)
    return lambda signal: np.where(signal >= d, (a * signal + b).clip(0) ** g + e, c * signal + f)


def is_rgb(profile: bytes) -> bool:
    """Whether the profile is for RGB."""
    return profile[16:20] == b"RGB "


def _is_identity(curve: bytes) -> bool:
    if curve[:4] == b"curv":
        count = int.from_bytes(curve[8:12], "big")
        values = np.frombuffer(curve[12 : 12 + 2 * count], ">u2").astype("f8")
        if count <= 1:
            return count == 0 or values.tolist() == [256.0]
        return len(values) == count and bool(np.abs(values - np.linspace(0, 65535, count)).max() < 300)
    # A parametric curve of type 0 has one number: the exponent.
    return curve[:4] == b"para" and curve[8:10] == b"\0\0" and curve[12:16] == b"\0\1\0\0"


def _tags(profile: bytes) -> dict[bytes, bytes]:
    """The content of each tag by its signature, cut off at the end of the profile."""
    count = min(int.from_bytes(profile[128:132], "big"), 100)
    entries = (profile[start : start + 12] for start in range(132, 132 + 12 * count, 12))
    places = (struct.unpack(">4sII", entry) for entry in entries if len(entry) == 12)
    return {name: profile[start : start + length] for name, start, length in places}


def _of_columns(columns: Sequence[bytes], curve: Curve) -> bytes:
    steps = np.round(curve(np.linspace(0, 1, _SAMPLES)) * 65535).clip(0, 65535).astype(">u2")
    trc = b"curv\0\0\0\0" + struct.pack(">I", len(steps)) + steps.tobytes()
    text = b"desc\0\0\0\0" + struct.pack(">I", 7) + b"Mirage\0" + b"\0" * (8 + 3 + 67)
    tags = [(b"desc", text), (b"cprt", b"text\0\0\0\0None\0"), (b"wtpt", _xyz_tag(_D50_XYZ))]
    return _assembled([*tags, *zip(_COLUMNS, columns, strict=True)], trc)


def _xyz_tag(xyz: NDArray[np.float64]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(float(value) * 65536) for value in xyz))


def _assembled(tags: list[tuple[bytes, bytes]], trc: bytes) -> bytes:
    """The whole profile: header, table and contents. The three curves share one content."""
    start = 128 + 4 + 12 * (len(tags) + len(_CURVES))
    table, body = struct.pack(">I", len(tags) + len(_CURVES)), b""
    for name, data in tags:
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    for name in _CURVES:
        table += name + struct.pack(">II", start + len(body), len(trc))
    body += trc + b"\0" * (-len(trc) % 4)
    size = 128 + len(table) + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 24 + b"\0" * 4
    header += struct.pack(">3i", *(round(float(value) * 65536) for value in _D50_XYZ))
    return header.ljust(128, b"\0") + table + body
