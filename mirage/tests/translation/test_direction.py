"""Pages can be read from right to left: stylesheets say start and end where they could say left and right."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from mirage.templatetags.icons import DIRECTED, icon

STYLES = sorted((settings.BASE_DIR / "static/css").rglob("*.css"))
SIDES = r"(?:left|right)"
PHYSICAL = re.compile(
    rf"^\s*(?:{SIDES}|(?:scroll-)?(?:margin|padding)-{SIDES}|border-{SIDES}(?:-\w+)?"
    rf"|position-area:.*\b(?:span-)?{SIDES}\b.*"
    rf"|border-(?:top|bottom)-{SIDES}-radius|(?:text-align|float|clear):\s*{SIDES}\b.*)\s*:?.*;"
)
DECLARATION = re.compile(r"^\s*(inset|margin|padding|scroll-margin|border-radius): ([^;]+);")
PICTURES = {"photos/editor.css"}  # it frames a picture, which has the same sides in every language


def values(text: str) -> list[str]:
    """The values of a shorthand; what is in brackets is one of them."""
    found, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == " " and not depth:
            found.append("")
        else:
            found[-1] += character
    return [each for each in found if each and each != "!important"]


def is_physical(line: str) -> bool:
    """Whether a line names left or right, by its property or by the order of its values."""
    if "physical:" in line:
        return False
    if PHYSICAL.match(line):
        return True
    found = DECLARATION.match(line)
    if not found or len(sides := values(found[2])) != 4:
        return False
    top, right, bottom, left = sides
    return (top != right or bottom != left) if found[1] == "border-radius" else right != left


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_stylesheets_say_start_and_end(path: Path) -> None:
    if path.relative_to(settings.BASE_DIR / "static/css").as_posix() in PICTURES:
        return
    lines = path.read_text().splitlines()
    assert [f"{number}: {line.strip()}" for number, line in enumerate(lines, 1) if is_physical(line)] == []


@pytest.mark.parametrize(
    ("line", "physical"),
    [
        ("  left: 0;", True),
        ("  margin-right: auto;", True),
        ("  text-align: left;", True),
        ("  border-top-left-radius: 2px;", True),
        ("  inset: 0 auto 0 0;", True),
        ("  padding: 0 calc(1px + var(--a)) 0 2px;", True),
        ("  border-radius: 2px 0 0 2px;", True),
        ("  position-area: bottom span-left;", True),
        ("  left: 0; /* physical: over a picture */", False),
        ("  border-radius: 16px 16px 0 0;", False),
        ("  inset: auto 0 0 0;", False),
        ("  margin-inline-start: 0;", False),
        ("  inset-inline-end: 0;", False),
        ("  object-position: left top;", False),
    ],
)
def test_what_is_physical(line: str, physical: bool) -> None:
    assert is_physical(line) == physical


def test_icons_that_point_somewhere_are_mirrored() -> None:
    assert 'class="icon directed"' in icon("chevron-right")
    assert 'class="icon directed small"' in icon("arrow-left", "small")
    assert 'class="icon"' in icon("play")
    sprite = (settings.BASE_DIR / "static/vendor/lucide/sprite.svg").read_text()
    assert all(f'<symbol id="{name}"' in sprite for name in DIRECTED)
