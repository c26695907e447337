"""All that is marked in Mirage, by the catalogue that holds it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from mirage.translation import in_python, in_scripts, in_templates
from mirage.translation.marked import Key, Marked, together

PACKAGES = (*settings.OWN_APPS, "media", "vision")
LEFT_OUT = {"tests", "testing", "migrations"}
PAGES, SCRIPTS = "django", "djangojs"  # the catalogues, by the names that Django gives them
Reader = Callable[[str, str], Iterator[Marked]]


def everything() -> dict[str, dict[Key, Marked]]:
    """The texts of each catalogue: of Python and templates, and of scripts. Raises NotLiteral."""
    root: Path = settings.BASE_DIR
    python = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    templates = [path for path in sorted((root / "templates").rglob("*")) if path.suffix in {".html", ".txt"}]
    scripts = sorted((root / "static/js").rglob("*.js"))
    pages = [*found(templates, in_templates.marked), *found(python, in_python.marked)]
    return {PAGES: together(pages), SCRIPTS: together(list(found(scripts, in_scripts.marked)))}


def found(paths: list[Path], read: Reader) -> Iterator[Marked]:
    for path in paths:
        name = path.relative_to(settings.BASE_DIR)
        if not LEFT_OUT & set(name.parts):
            yield from read(path.read_text(), name.as_posix())
