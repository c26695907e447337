"""Every page in a language that nobody speaks: what shows without accents was never marked for translation."""

import re
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from mirage.testing.pseudo import own_words, unmarked
from mirage.tests.access.rules import RULES, Rule
from mirage.tests.access.test_matrix import ask
from mirage.tests.access.world import World, make_world
from mirage.translation.pseudo import LEFT

pytestmark = pytest.mark.django_db

# Words that stand on one page, and are the same in every language: what was typed, names, ids
SAME = {
    "accounts:account": "admin delete edit read share upload",
    "accounts:history": "stacked kept all gone",
    "albums:albums": "place lisbon taken",
    "albums:from_folders": "pictures",
    "bringing:switches": "lightroom classic picasa librephotos",
    "dav:connect": "foldersync",
    "operations:choose_folder": "media root",
    "operations:dashboard": "idle index io video yunet sface distilled dinov yolo ppocr detector reader minilm tokens "
    "clip django python",
    "operations:job": "io",
    "operations:jobs": "io video index idle",
    "operations:originals": "yy mm dd hh min ss country",
    "palette": "perso",
    "photos:folder": "pictures",
    "search:complete": "person anna ben all",
    "switching:switches": "lightroom classic picasa librephotos",
}
ACTORS = ("owner", "admin", "partner", "guest", "anonymous")  # the first who is admitted looks at a page


def shown(world: World, name: str, rule: Rule) -> str:
    """The page, or part of one, that the first who is admitted sees; empty for what is no page."""
    actor = next((actor for actor in ACTORS if actor in rule.who), None)
    if actor is None:
        return ""
    with transaction.atomic():
        answer = ask(world, actor, name, rule)
        transaction.set_rollback(True)
    is_page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.content.decode() if is_page else ""


@pytest.mark.usefixtures("pseudo_languages")
def test_every_text_of_every_page_is_marked(settings: Settings, tmp_path: Path) -> None:
    settings.LANGUAGE_CODE, settings.MIRAGE_DATA = LEFT, tmp_path
    world, pages = make_world(), 0
    of_the_path = frozenset(re.findall("[a-z]+", str(tmp_path).casefold()))
    wrong = []
    for name, rules in RULES.items():
        if name.endswith("*") or name.startswith(("api-1:", "admin:")):
            continue
        known = own_words() | of_the_path | frozenset(SAME.get(name, "").split())
        for rule in rules if isinstance(rules, list) else [rules]:
            if rule.method == "GET" and (page := shown(world, name, rule)):
                pages += 1
                wrong += [f"{name}: {text}" for text in unmarked(page, known)]
    assert not wrong, "\n".join(wrong)
    assert pages > 90
