"""Converting the colours of pictures to sRGB, from ICC profiles or from what formats have instead.

Code points are those of ITU-T H.273 (colour primaries, transfer characteristics). They are made into a profile, so that
Little CMS converts all pictures.
"""

import io
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

from media.pixels import icc
from media.pixels.icc import D65, Chromaticity, Curve

_SRGB = ImageCms.createProfile("sRGB")
_MODES = frozenset({"RGB", "L", "CMYK", "LAB"})  # Pillow's modes that Little CMS can read
_PROBE = Image.frombytes(
    "RGB", (9, 81), np.stack(np.meshgrid(*[np.arange(0, 257, 32).clip(0, 255)] * 3), -1).astype("u1")
)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert an image of mode L, RGB, CMYK or LAB to sRGB. Without a usable profile it counts as sRGB."""
    if image.mode == "L" and profile and icc.is_rgb(profile):
        image = image.convert("RGB")  # grey that was saved with a colour profile
    transform = _transform(profile, image.mode) if profile or image.mode == "LAB" else None
    if transform is not None:
        return transform.apply(image)
    return image if image.mode == "RGB" else image.convert("RGB")


@lru_cache(maxsize=32)
def _transform(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform to sRGB. None if the profile is broken, of the wrong mode, or changes nothing visible."""
    if mode not in _MODES:
        return None
    try:
        lab = mode == "LAB"
        source = ImageCms.createProfile("LAB") if lab or not profile else ImageCms.getOpenProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(source, _SRGB, mode, "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC)
    except (ImageCms.PyCMSError, OSError):
        return None
    if mode == "RGB" and _changes_nothing(transform):
        return None
    return transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether no colour changes by more than 2 of 255. Many profiles are sRGB under another name."""
    before, after = np.asarray(_PROBE, "i2"), np.asarray(transform.apply(_PROBE), "i2")
    return bool(np.abs(before - after).max() <= 2)


# --- curves from a channel's signal to light --------------------------------------------------------------------------


def srgb_light(signal: np.ndarray) -> np.ndarray:
    """sRGB's curve (IEC 61966-2-1)."""
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)


def srgb_signal(light: np.ndarray) -> np.ndarray:
    """The inverse of srgb_light."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light.clip(0.0031308) ** (1 / 2.4) - 0.055)


def _power(exponent: float) -> Curve:
    return lambda signal: signal**exponent


def _logarithmic(decades: float) -> Curve:
    return lambda signal: np.where(signal > 0, 10 ** ((signal - 1) * decades), 0)


def _from_narrow(curve: Curve) -> Curve:
    return lambda signal: curve(((signal * 255 - 16) / 219).clip(0, 1))


def _pq(signal: np.ndarray) -> np.ndarray:
    """PQ (SMPTE ST 2084), with highlights rolled off."""
    power = signal ** (1 / 78.84375)
    light = (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
    return _roll_off(light * 10000 / _REFERENCE_WHITE)


def _hlg(signal: np.ndarray) -> np.ndarray:
    """HLG (ARIB STD-B67) with the system gamma 1.2 of a 1000 cd/m2 display, with highlights rolled off."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return _roll_off(scene**1.2 * 1000 / _REFERENCE_WHITE)


def _roll_off(light: np.ndarray, knee: float = 0.6) -> np.ndarray:
    """Unchanged up to the knee, then approaching 1."""
    return np.where(light <= knee, light, knee + (1 - knee) * (1 - np.exp(-(light - knee) / (1 - knee))))


# --- profiles ---------------------------------------------------------------------------------------------------------

_REFERENCE_WHITE = 203.0  # cd/m2 of white paper in HDR (BT.2408)
_LINEAR, _PQ, _HLG = 8, 16, 18
_OLD_TELEVISION = frozenset({4, 5})
_SRGB_PRIMARIES = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
_C_WHITE = (0.310, 0.316)
# H.273 table 2: red, green, blue and white as (x, y). Those of standard television are close to sRGB's and left out.
_PRIMARIES: dict[int, tuple[Sequence[Chromaticity], Chromaticity]] = {
    4: (((0.670, 0.330), (0.210, 0.710), (0.140, 0.080)), _C_WHITE),  # BT.470 System M
    8: (((0.681, 0.319), (0.243, 0.692), (0.145, 0.049)), _C_WHITE),  # film
    9: (((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)), D65),  # BT.2020
    10: (((1.0, 0.0), (0.0, 1.0), (0.0, 0.0)), (1 / 3, 1 / 3)),  # CIE XYZ
    11: (((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), (0.314, 0.351)),  # DCI P3
    12: (((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), D65),  # Display P3
}
# H.273 table 3. Those of television (1, 6, 7, 11, 12, 14, 15) count as sRGB's, as in browsers, and are left out.
_TRANSFERS: dict[int, Curve] = {
    4: _power(2.2),
    5: _power(2.8),
    _LINEAR: _power(1.0),
    9: _logarithmic(2.0),
    10: _logarithmic(2.5),
    _PQ: _pq,
    17: lambda signal: signal**2.6 * 52.37 / 48,  # SMPTE ST 428-1, for cinemas
    _HLG: _hlg,
}
_ADOBE_RGB = ((0.640, 0.330), (0.210, 0.710), (0.150, 0.060)), _power(563 / 256)


@lru_cache(maxsize=32)
def profile_of(primaries: int, transfer: int, *, narrow: bool = False) -> bytes | None:
    """An ICC profile for these code points. None if they are sRGB, nearly sRGB, or unknown.

    PQ and HLG are rolled off above paper white, so that HDR pictures look right on a page. `narrow` means that values
    range from 16 to 235, as in videos.
    """
    if primaries not in _PRIMARIES and transfer not in _TRANSFERS and not narrow:
        return None
    chosen, white = _PRIMARIES.get(primaries, (_SRGB_PRIMARIES, D65))
    curve = _TRANSFERS.get(transfer, srgb_light)
    return icc.matrix_profile(chosen, _from_narrow(curve) if narrow else curve, white)


def profile_of_video(primaries: int, transfer: int) -> bytes | None:
    """Like profile_of, but with today's curve for old television, as in all players."""
    return profile_of(primaries, 1 if transfer in _OLD_TELEVISION else transfer)


@lru_cache(maxsize=1)
def adobe_rgb() -> bytes | None:
    """Adobe RGB (1998), which cameras name in EXIF instead of embedding a profile."""
    primaries, curve = _ADOBE_RGB
    return icc.matrix_profile(primaries, curve)


@lru_cache(maxsize=32)
def profile_of_gamma(gamma: float | None, chromaticities: tuple[float, ...] | None) -> bytes | None:
    """The profile for PNG's gAMA (the encoding exponent) and cHRM (white, red, green, blue). Either may be missing.

    None if both are missing or impossible.
    """
    if gamma is not None and not 0.05 <= gamma <= 20:
        gamma = None
    if gamma is None and chromaticities is None:
        return None
    curve = srgb_light if gamma is None or abs(gamma - 1 / 2.2) < 0.005 else _power(1 / gamma)
    pairs = list(zip(chromaticities[::2], chromaticities[1::2], strict=True)) if chromaticities else []
    made = icc.matrix_profile(pairs[1:], curve, pairs[0]) if len(pairs) == 4 else None
    return made or icc.matrix_profile(_SRGB_PRIMARIES, curve)


@lru_cache(maxsize=8)
def encoded(profile: bytes) -> bytes | None:
    """For a profile of linear light, the same profile with sRGB's curve. None for other profiles.

    Eight bits of linear light would leave visible steps in the shadows.
    """
    return icc.with_curve(profile, srgb_light) if icc.is_rgb(profile) and icc.is_linear(profile) else None


def cube_of(primaries: int, transfer: int, steps: int = 33) -> str | None:
    """profile_of_video as a look-up table for FFmpeg's lut3d, in .cube format (Adobe Cube LUT 1.0)."""
    profile = profile_of_video(primaries, transfer)
    if profile is None:
        return None
    levels = np.linspace(0, 255, steps).round().astype("u1")
    blue, green, red = np.meshgrid(levels, levels, levels, indexing="ij")  # red varies fastest
    grid = Image.frombytes("RGB", (steps, steps * steps), np.stack((red, green, blue), -1).tobytes())
    rows = np.asarray(to_srgb(grid, profile), dtype="f8").reshape(-1, 3) / 255
    return f"LUT_3D_SIZE {steps}\n" + "".join(f"{r:.5f} {g:.5f} {b:.5f}\n" for r, g, b in rows)
