"""The users of the tests of photos, and generated exports."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

Write = Callable[[str, bytes], None]


class Part:
    """One part of an export, as a folder or as a zip file: `part.photo("Album/a.jpg", 3)`, `part.json(…)`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if root.suffix == ".zip":
            root.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(root, "w"):
                pass

    def write(self, name: str, content: bytes) -> None:
        if self.root.suffix == ".zip":
            with zipfile.ZipFile(self.root, "a") as archive:
                archive.writestr(name, content)
            return
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def photo(self, name: str, shade: int) -> None:
        """A picture; the same shade is the same file."""
        scratch = self.root.parent / f"shade{shade}.jpg"
        Image.new("RGB", (32, 24), (shade * 40 % 256, shade * 90 % 256, 99)).save(scratch)
        self.write(f"Takeout/Google Photos/{name}", scratch.read_bytes())
        scratch.unlink()

    def json(self, name: str, title: str = "", **content: Any) -> None:
        """The JSON of a photo taken at noon on 2 January 2019 UTC, or with other values."""
        content = {"title": title, "photoTakenTime": {"timestamp": "1546430400"}, **content}
        self.write(f"Takeout/Google Photos/{name}", json.dumps(content).encode())

    def album(self, name: str, title: str, description: str = "") -> None:
        content = {"title": title, "description": description, "access": "protected"}
        self.write(f"Takeout/Google Photos/{name}", json.dumps(content).encode())


@pytest.fixture(params=["folder", "zip"])
def make_part(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Part]:
    """Parts of an export; every test runs with folders and with zip files."""
    count = 0

    def make() -> Part:
        nonlocal count
        count += 1
        folder = tmp_path / "export"
        folder.mkdir(exist_ok=True)
        return Part(folder / (f"takeout-{count:03}.zip" if request.param == "zip" else f"part{count}"))

    return make
