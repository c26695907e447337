"""How large the pictures are that pages show. No decoding here, so that the site may ask too."""

LARGE = 1600  # pixels of the longer side
SHORT_SIDES = {"medium": 400, "small": 250}
MAX_ASPECT = 3  # a panorama's longer side is at most this multiple of SHORT_SIDES


def grid_size(size: tuple[int, int], short_side: int) -> tuple[int, int]:
    """The size scaled down to the given shorter side, or further as MAX_ASPECT requires."""
    factor = min(1.0, short_side / min(size), short_side * MAX_ASPECT / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))
