"""The sprite contains exactly the icons that templates and lists use."""

import re
from pathlib import Path

from django.conf import settings

from mirage.web.navigation import ACCOUNT, ADMINISTRATION, DOORS, LIBRARY, TASKS
from photos.first_run import STEPS
from photos.gallery.lists import LISTINGS
from search.explore import KINDS_OF_PHOTOS

SPRITE = settings.BASE_DIR / "static/vendor/lucide/sprite.svg"


def named_in(*files: Path) -> set[str]:
    """The icons in {% icon "…" %}, and in components and listings with icon="…"."""
    return {name for file in files for name in re.findall(r'(?:{% icon |icon=)"([\w-]+)"', file.read_text())}


def test_the_sprite_has_what_is_used_and_nothing_else():
    named = named_in(*(settings.BASE_DIR / "templates").rglob("*.html"))
    lists = [
        (settings.BASE_DIR / name).read_text()
        for name in ("photos/gallery/facts.py", "search/suggestions/completion.py")
    ]
    facts = {name for text in lists for name in re.findall(r'"([a-z]+(?:-[a-z]+)*)"', text)}
    held = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))
    named |= {listing.icon for listing in LISTINGS.values()} | {icon for _, icon, _ in KINDS_OF_PHOTOS}
    named |= {entry.icon for entries in (DOORS, LIBRARY, ACCOUNT, TASKS, ADMINISTRATION) for entry in entries.values()}
    named |= {step.icon for step in STEPS.values()}
    assert named - held == set()
    assert held - named - facts == set()
