"""Imports between the apps run one way, and heavy libraries are imported in one place (docs/architecture.md)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What each app may import beside itself. Commands of `mirage` start what the apps bring, so they are left out.
MAY_IMPORT = {
    "mirage": {"accounts"},
    "accounts": {"mirage"},
    "photos": {"mirage", "accounts"},
    "people": {"mirage", "accounts", "photos"},
    "tags": {"mirage", "accounts", "photos"},
    "albums": {"mirage", "accounts", "photos", "search"},  # a smart album is a search
    "search": {"mirage", "accounts", "photos", "people", "tags", "albums"},
    "takeout": {"mirage", "accounts", "photos", "albums"},
    "operations": {"mirage", "accounts", "photos", "people"},
    "api": {"mirage", "accounts", "photos", "people", "tags", "albums", "search", "operations"},
}
ONLY_IN = {"deepface": {"vision/faces/faces.py"}, "hnswlib": {"photos/vectors/files.py"}}


def imports() -> Iterator[tuple[str, str]]:
    """Each module of the apps with each name that it imports."""
    for app in MAY_IMPORT:
        for path in (ROOT / app).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if "/tests/" in name or "/migrations/" in name or name.startswith(("mirage/management/", "mirage/testing")):
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module:
                    yield name, node.module
                elif isinstance(node, ast.Import):
                    yield from ((name, alias.name) for alias in node.names)


def test_apps_import_one_way() -> None:
    wrong = []
    for name, imported in imports():
        app, other = name.split("/")[0], imported.split(".")[0]
        if other in MAY_IMPORT and other != app and other not in MAY_IMPORT[app]:
            wrong.append(f"{name} imports {imported}")
    assert wrong == []


@pytest.mark.parametrize("library", ONLY_IN)
def test_one_module_imports_it(library: str) -> None:
    assert {name for name, imported in imports() if imported.split(".")[0] == library} == ONLY_IN[library]


def test_the_site_loads_nothing_that_decodes_or_computes() -> None:
    """It would hold it in memory, in every process: workers and the sandbox do that work."""
    heavy = {"av", "cv2", "deepface", "onnxruntime", "pillow_heif", "rawpy", "scipy", "tensorflow"}
    code = (
        "import sys; from mirage.testing.ground import prepare; prepare(); import mirage.wsgi;"
        "from django.urls import get_resolver; get_resolver().url_patterns; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "people" in loaded, done.stderr
    assert loaded & heavy == set()
