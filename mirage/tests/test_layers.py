"""The layers: who may import whom, and where heavy libraries are used (docs/build/architecture.md)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from django.core import management
from django.core.management.base import BaseCommand

import manage

ROOT = Path(__file__).parents[2]

# What each package may import beside itself. Commands of `mirage` start what the apps bring, so they are left out.
MAY_IMPORT: dict[str, set[str]] = {
    "media": set(),
    "vision": {"media"},
    "mirage": {"accounts", "media", "vision"},
    "accounts": {"mirage", "media"},  # media.text: what makes two names the same
    "photos": {"mirage", "accounts", "media", "vision"},
    "duplicates": {"mirage", "accounts", "media", "vision", "photos"},
    "people": {"mirage", "accounts", "media", "vision", "photos", "duplicates"},
    "tags": {"mirage", "accounts", "media", "vision", "photos", "duplicates"},
    "albums": {"mirage", "accounts", "media", "vision", "photos", "duplicates", "search"},  # a smart album is a search
    "search": {"mirage", "accounts", "media", "vision", "photos", "duplicates", "people", "tags", "albums"},
    "takeout": {"mirage", "accounts", "media", "photos", "albums"},
    "dav": {"mirage", "accounts", "media", "photos", "albums", "people"},
    "switching": {"mirage", "accounts", "media", "photos", "people", "tags", "albums"},
    "operations": {"mirage", "accounts", "media", "vision", "photos", "people"},
    "notices": {"mirage", "accounts", "media", "photos", "albums", "dav", "operations"},
    "api": {
        *("mirage", "accounts", "media", "vision", "photos", "duplicates", "people"),
        *("tags", "albums", "search", "operations"),
    },
}
APPS = MAY_IMPORT.keys() - {"media", "vision", "mirage"}
ONLY_IN = {
    "av": {"media"},
    "deepface": {"vision/faces/faces.py"},
    "hachoir": set(),  # its licence: docs/adr/0006-hachoir-as-a-second-reader.md
    "hnswlib": {"photos/vectors/files.py"},
    "onnxruntime": {"vision"},
    "pywebpush": {"notices/pushing.py"},
    "pillow_heif": {"media/decoding.py"},
    "rawpy": {"media/decoding.py"},
}


@cache
def modules() -> dict[str, Path]:
    """The production modules of all packages, by dotted name."""
    found = {}
    for package in MAY_IMPORT:
        for path in (ROOT / package).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if "/tests/" in name or "/migrations/" in name or name.startswith("mirage/testing/"):
                continue
            found[name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")] = path
    return found


@cache
def imports_of(module: str) -> frozenset[str]:
    """All names that a module imports, also inside functions and for type checkers. Our own modules by their names."""
    names = set()
    for node in ast.walk(ast.parse(modules()[module].read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                names.add(inner if inner in modules() else node.module)
    return frozenset(names - {module})


def imports() -> Iterator[tuple[str, str]]:
    """Each module with each name that it imports."""
    for module in modules():
        yield from ((module, name) for name in imports_of(module))


def test_packages_import_one_way() -> None:
    wrong = []
    for module, imported in imports():
        package, other = module.split(".")[0], imported.split(".")[0]
        if module.startswith("mirage.management."):
            continue
        if other in MAY_IMPORT and other != package and other not in MAY_IMPORT[package]:
            wrong.append(f"{module} imports {imported}")
    assert wrong == []


@pytest.mark.parametrize("package", ["media", "vision"])
def test_media_and_vision_do_not_import_django(package: str) -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, imported in imports()
        if module.split(".")[0] == package and imported.split(".")[0] in {"django", *APPS, "mirage"}
    ]
    assert wrong == []


def test_nobody_imports_the_views_of_another_app() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, imported in imports()
        if imported in modules()
        and imported.split(".")[1:2] == ["views"]
        and module.split(".")[0] != imported.split(".")[0]
    ]
    assert wrong == []


def test_there_is_no_circle_among_modules() -> None:
    ours = {module: {name for name in imports_of(module) if name in modules()} for module in modules()}
    try:
        TopologicalSorter(ours).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("library", ONLY_IN)
def test_heavy_libraries_are_imported_in_one_place(library: str) -> None:
    importers = {
        modules()[module].relative_to(ROOT).as_posix()
        for module, imported in imports()
        if imported.split(".")[0] == library
    }
    assert bool(importers) == bool(ONLY_IN[library])
    assert {name for name in importers if not {name, name.split("/")[0]} & ONLY_IN[library]} == set()


def test_the_site_loads_nothing_that_decodes_or_computes() -> None:
    """Every process would keep it in memory. Workers and the sandbox do that work."""
    heavy = {"av", "cv2", "deepface", "onnxruntime", "pillow_heif", "rawpy", "scipy", "tensorflow"}
    code = (
        "import sys; from mirage.testing.ground import prepare; prepare(); import mirage.wsgi;"
        "from django.urls import get_resolver; get_resolver().url_patterns; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "people" in loaded, done.stderr
    assert loaded & heavy == set()


def test_commands_do_not_load_the_site_to_check_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which takes longer than what many of them do; `manage.py check` and scripts/test check it."""
    monkeypatch.setattr(BaseCommand, "requires_system_checks", BaseCommand.requires_system_checks)  # put back
    monkeypatch.setattr(management, "execute_from_command_line", lambda argv: None)
    manage.main()
    assert management.load_command_class("photos", "drain").requires_system_checks == []
