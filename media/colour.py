"""Colours of any picture to sRGB: embedded ICC profiles, and the code points HEIC and AVIF carry in their place.

Code points are those of ITU-T H.273 (colour primaries, transfer characteristics); a profile is made of them, so
that Little CMS does the work either way.
"""

import io
import struct
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")
_MODES = frozenset({"RGB", "L", "CMYK", "LAB"})  # of Pillow's, those that Little CMS can read
_PROBE = Image.frombytes(
    "RGB", (9, 81), np.stack(np.meshgrid(*[np.arange(0, 257, 32).clip(0, 255)] * 3), -1).astype("u1")
)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """An image of mode L, RGB, CMYK or LAB as RGB in sRGB; without a usable profile RGB is taken to be sRGB."""
    transform = _transform(profile, image.mode) if profile or image.mode == "LAB" else None
    if transform is not None:
        return transform.apply(image)
    return image if image.mode == "RGB" else image.convert("RGB")


@lru_cache(maxsize=32)
def _transform(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    """To sRGB, or None where the profile is broken, is for another kind of picture, or changes nothing to be seen."""
    if mode not in _MODES:
        return None
    try:
        source = ImageCms.getOpenProfile(io.BytesIO(profile)) if profile else ImageCms.createProfile("LAB")
        transform = ImageCms.buildTransform(source, _SRGB, mode, "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC)
    except (ImageCms.PyCMSError, OSError):
        return None
    if mode == "RGB" and _changes_nothing(transform):
        return None
    return transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """True for the many profiles that are sRGB by another name: no colour moves by more than two of 255."""
    before, after = np.asarray(_PROBE, "i2"), np.asarray(transform.apply(_PROBE), "i2")
    return bool(np.abs(before - after).max() <= 2)


# H.273 table 2: red, green, blue as (x, y); the white is D65 for these.
_PRIMARIES = {
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),  # BT.2020
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  # Display P3
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),  # BT.709, sRGB
}
_D65 = (0.3127, 0.3290)
_D50_XYZ = np.array([0.9642, 1.0, 0.8249])  # ICC.1:2010, the profile connection space's white
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_PQ, _HLG = 16, 18
HDR_TRANSFERS = frozenset({_PQ, _HLG})
_REFERENCE_WHITE = 203.0  # cd/m2, BT.2408: where HDR puts the white of paper


@lru_cache(maxsize=32)
def profile_of(primaries: int, transfer: int) -> bytes | None:
    """An ICC profile for these code points; None for those that are sRGB already, or nearly, or unknown.

    PQ and HLG are rolled off above paper white, so that a high dynamic range picture looks right on a page.
    """
    wide = primaries in (9, 12)
    if not wide and transfer not in HDR_TRANSFERS:
        return None
    curve = {_PQ: _pq, _HLG: _hlg}.get(transfer, _srgb)
    return _matrix_profile(_PRIMARIES.get(primaries, _PRIMARIES[1]), curve)


def cube_of(primaries: int, transfer: int, steps: int = 33) -> str | None:
    """The same as a look-up table in the .cube format that FFmpeg's lut3d reads (Adobe Cube LUT 1.0)."""
    profile = profile_of(primaries, transfer)
    if profile is None:
        return None
    levels = np.linspace(0, 255, steps).round().astype("u1")
    blue, green, red = np.meshgrid(levels, levels, levels, indexing="ij")  # red runs fastest
    grid = Image.frombytes("RGB", (steps, steps * steps), np.stack((red, green, blue), -1).tobytes())
    rows = np.asarray(to_srgb(grid, profile), dtype="f8").reshape(-1, 3) / 255
    return f"LUT_3D_SIZE {steps}\n" + "".join(f"{r:.5f} {g:.5f} {b:.5f}\n" for r, g, b in rows)


def _srgb(signal: np.ndarray) -> np.ndarray:
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)


def _pq(signal: np.ndarray) -> np.ndarray:
    """SMPTE ST 2084, then rolled off."""
    power = signal ** (1 / 78.84375)
    light = (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
    return _roll_off(light * 10000 / _REFERENCE_WHITE)


def _hlg(signal: np.ndarray) -> np.ndarray:
    """ARIB STD-B67 with the system gamma 1.2 of a 1000 cd/m2 display, then rolled off."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return _roll_off(scene**1.2 * 1000 / _REFERENCE_WHITE)


def _roll_off(light: np.ndarray, knee: float = 0.6) -> np.ndarray:
    """Unchanged up to the knee, then ever flatter towards 1."""
    return np.where(light <= knee, light, knee + (1 - knee) * (1 - np.exp(-(light - knee) / (1 - knee))))


def _xyz(x: float, y: float) -> np.ndarray:
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _matrix_profile(primaries: tuple[tuple[float, float], ...], curve: Callable[[np.ndarray], np.ndarray]) -> bytes:
    """A display profile of three primaries and one curve (ICC.1:2001-04, version 2.4)."""
    columns = np.stack([_xyz(*chromaticity) for chromaticity in primaries], axis=1)
    white = _xyz(*_D65)
    scale = np.diag((_BRADFORD @ _D50_XYZ) / (_BRADFORD @ white))
    adapted = np.linalg.inv(_BRADFORD) @ scale @ _BRADFORD @ (columns * np.linalg.solve(columns, white))
    steps = np.round(curve(np.linspace(0, 1, 4096)) * 65535).clip(0, 65535).astype(">u2")
    trc = b"curv\0\0\0\0" + struct.pack(">I", len(steps)) + steps.tobytes()
    text = b"desc\0\0\0\0" + struct.pack(">I", 7) + b"Mirage\0" + b"\0" * (8 + 3 + 67)
    tags = [(b"desc", text), (b"cprt", b"text\0\0\0\0None\0"), (b"wtpt", _xyz_tag(_D50_XYZ))]
    tags += [(name, _xyz_tag(adapted[:, i])) for i, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))]
    return _icc(tags, shared=((b"rTRC", b"gTRC", b"bTRC"), trc))


def _xyz_tag(xyz: np.ndarray) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(float(value) * 65536) for value in xyz))


def _icc(tags: list[tuple[bytes, bytes]], shared: tuple[tuple[bytes, ...], bytes]) -> bytes:
    names, common = shared
    start = 128 + 4 + 12 * (len(tags) + len(names))
    table, body = struct.pack(">I", len(tags) + len(names)), b""
    for name, data in tags:
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    for name in names:
        table += name + struct.pack(">II", start + len(body), len(common))
    body += common + b"\0" * (-len(common) % 4)
    size = 128 + len(table) + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 24 + b"\0" * 4
    header += struct.pack(">3i", *(round(float(value) * 65536) for value in _D50_XYZ))
    return header.ljust(128, b"\0") + table + body
