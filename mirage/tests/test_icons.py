"""The icons that templates and lists name are in the sprite, and the sprite holds no others."""

import re
from pathlib import Path

from django.conf import settings

from photos.timeline import LISTINGS

SPRITE = settings.BASE_DIR / "static/vendor/lucide/sprite.svg"


def named_in(*files: Path) -> set[str]:
    return {name for file in files for name in re.findall(r'{% icon "([\w-]+)"', file.read_text())}


def test_the_sprite_has_what_is_used_and_nothing_else():
    named = named_in(*(settings.BASE_DIR / "templates").rglob("*.html"))
    facts = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', (settings.BASE_DIR / "photos/facts.py").read_text()))
    held = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))
    named |= {listing.icon for listing in LISTINGS.values()}
    assert named - held == set()
    assert held - named - facts == set()
