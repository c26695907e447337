"""What numbers of any width mean as brightness."""

import numpy as np
import pytest

from media.pixels import depth


@pytest.mark.parametrize(
    ("samples", "bits", "span"),
    [
        (np.array([3, 9], "u1"), 8, (0, 255)),
        (np.array([3, 9], "u2"), 12, (0, 4095)),
        (np.array([0, 1000], "u4"), 32, (0, 65535)),
        (np.array([0, 2**31], "u4"), 32, (0, 2**32 - 1)),
        (np.array([7, 100_000], "u4"), 32, (7, 100_000)),
        (np.array([0, 32000], "i2"), 16, (0, 32767)),
        (np.array([-1000, 3000], "i2"), 16, (-1000, 3000)),
        (np.array([0.1, 0.2, 5.0], "f4"), 32, (0, 1)),
        (np.array([-0.1, 0.2, 0.4], "f4"), 32, (0, 1)),
        (np.array([20, 200], "f4"), 32, (0, 255)),
        (np.array([20, 20_000], "f4"), 32, (0, 65535)),
        (np.array([-90.5, 8848.0], "f8"), 64, (-90.5, 8848.0)),
        (np.array([np.nan, np.inf], "f4"), 32, (0, 1)),
    ],
)
def test_span(samples, bits, span):
    assert depth.span_of(samples, bits) == span


def test_eight_bits_round_to_the_nearest() -> None:
    samples = np.arange(0, 65536, 257, dtype="u2")
    assert depth.eight_bits(samples, (0, 65535)).tolist() == list(range(256))


def test_values_outside_the_span_are_clipped() -> None:
    samples = np.array([-np.inf, -5, 0.5, 3, np.inf, np.nan], "f4")
    assert depth.eight_bits(samples, (0, 1)).tolist() == [0, 0, 128, 255, 255, 0]


def test_more_rows_than_are_converted_at_a_time() -> None:
    samples = np.arange(1000, dtype="u2")[:, None].repeat(2, axis=1)
    assert (np.diff(depth.eight_bits(samples, (0, 999))[:, 1].astype("i4")) >= 0).all()


def test_all_of_one_value() -> None:
    assert depth.eight_bits(np.full(3, 7.0), (7.0, 7.0)).tolist() == [0, 0, 0]
