"""Pictures that several stages look at are decoded once, and never shown when the file is another."""

from pathlib import Path

import pytest
from PIL import Image

from photos.pipeline import pictures


@pytest.fixture
def warm() -> pictures.Warm:
    warm = pictures.Warm()
    warm.keep(pictures.WARM_BYTES)
    return warm


def drawn(path: Path, colour: str, size: tuple[int, int] = (40, 30)) -> Path:
    Image.new("RGB", size, colour).save(path, "WEBP", lossless=True)
    return path


def test_a_file_is_decoded_once(tmp_path: Path, warm: pictures.Warm) -> None:
    file = drawn(tmp_path / "large.webp", "red")
    assert warm.opened(file) is warm.opened(file)


def test_a_file_written_again_is_decoded_again(tmp_path: Path, warm: pictures.Warm) -> None:
    file = drawn(tmp_path / "large.webp", "red")
    warm.opened(file)
    drawn(tmp_path / "new.webp", "blue").replace(file)
    assert warm.opened(file).getpixel((0, 0)) == (0, 0, 255)


def test_what_was_used_longest_ago_goes_first(tmp_path: Path, warm: pictures.Warm) -> None:
    files = [drawn(tmp_path / f"{number}.webp", "red") for number in range(3)]
    warm.keep(2 * 3 * 40 * 30)
    held = [warm.opened(file) for file in files[:2]]
    warm.opened(files[0])
    warm.opened(files[2])
    assert warm.opened(files[0]) is held[0]
    assert warm.opened(files[1]) is not held[1]


def test_nothing_is_kept_unless_a_worker_says_so(tmp_path: Path) -> None:
    cold = pictures.Warm()
    file = drawn(tmp_path / "large.webp", "red")
    assert cold.opened(file) is not cold.opened(file)


def test_a_file_that_is_gone_is_not_shown_from_memory(tmp_path: Path, warm: pictures.Warm) -> None:
    file = drawn(tmp_path / "large.webp", "red")
    warm.opened(file)
    file.unlink()
    with pytest.raises(FileNotFoundError):
        warm.opened(file)
