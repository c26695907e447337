"""How static files are named when they are collected."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "mirage.web.storage.StaticStorage"},
    }
    with override_settings(STATIC_ROOT=target, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        assert staticfiles_storage.url("js/photos/gallery.js").count(".") == 2  # the page asks for the hashed name
    return target


def test_modules_import_each_other_by_the_hashed_name(collected):
    hashed = [file for file in (collected / "js").rglob("*.js") if re.search(r"\.[0-9a-f]{12}\.js$", file.name)]
    imports = [(file, url) for file in hashed for url in re.findall(r'(?:from|import) "(\..+?)"', file.read_text())]
    assert len(imports) > 10
    for file, url in imports:
        assert re.search(r"\.[0-9a-f]{12}\.js$", url), f"{file.name} imports {url}"
        assert (file.parent / url).exists(), f"{file.name} imports {url}"


def test_stylesheets_refer_to_files_that_exist(collected):
    for file in (collected / "css").rglob("*.css"):
        for url in re.findall(r'url\("?(\.[^")]+)', file.read_text()):
            assert (file.parent / url).exists(), f"{file.name} refers to {url}"


@pytest.mark.parametrize("name", ["page", "viewer", "gallery"])
def test_stylesheets_that_belong_together_are_one_file(collected, name):
    sources = Path(settings.BASE_DIR, "static", "css", "together")
    wanted = re.findall(r'@import "(.+)";', (sources / f"{name}.css").read_text())
    assert len(wanted) > 4
    [made] = (collected / "css" / "together").glob(f"{name}.????????????.css")
    assert "@import" not in made.read_text()
    places = [made.read_text().find((sources / sheet).read_text()[:300]) for sheet in wanted]
    assert -1 not in places
    assert places == sorted(places)
