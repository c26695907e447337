"""Profiles of primaries and one curve: made, read, and made again with another curve."""

import numpy as np
import pytest

from media.pixels import colour, icc

STEPS = np.linspace(0, 1, 50)


@pytest.mark.parametrize("transfer", [4, 8, 13, 16, 18])
def test_the_curve_of_a_profile_is_the_one_it_was_made_with(transfer: int) -> None:
    profile = colour.profile_of(12, transfer)
    assert profile is not None
    curve = icc.curve_of(profile)
    assert curve is not None
    known = {
        4: lambda signal: signal**2.2,
        8: lambda signal: signal,
        13: colour.srgb_light,
        16: colour._pq,
        18: colour._hlg,
    }
    assert curve(STEPS) == pytest.approx(known[transfer](STEPS), abs=2e-3)
    other = icc.with_curve(profile, colour.srgb_light)
    assert other is not None
    assert icc._tags(other)[b"rXYZ"] == icc._tags(profile)[b"rXYZ"]


def test_what_is_no_profile_of_one_curve_has_none() -> None:
    profile = colour.profile_of(12, 13)
    assert profile is not None
    assert icc.curve_of(profile[:200]) is None
    assert icc.curve_of(b"") is None


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        (0, [2.4]),
        (3, [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]),
        (1, [2.0, 1.0, 0.0]),
        (4, [2.4, 1, 0, 0, 0, 0, 0]),
    ],
)
def test_curves_are_read_from_profiles(kind: int, numbers: list[float]) -> None:
    data = b"para\0\0\0\0" + kind.to_bytes(2, "big") + b"\0\0"
    data += b"".join(round(number * 65536).to_bytes(4, "big", signed=True) for number in numbers)
    curve = icc._read_curve(data)
    assert curve is not None
    assert curve(np.array([0.0, 0.5, 1.0])) == pytest.approx(
        colour.srgb_light(np.array([0.0, 0.5, 1.0])) if kind == 3 else np.array([0, 0.5, 1]) ** numbers[0], abs=1e-3
    )
    assert icc._read_curve(data[:13]) is None
