"""Every page by axe-core: what somebody cannot see, name or reach is a fault.

Half of the pages are looked at light on a desk, the others dark on a phone; with MIRAGE_AXE=all each in both ways.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import Activity, User
from mirage.tests.access.rules import RULES, Rule
from mirage.tests.access.test_matrix import ask
from mirage.tests.access.world import World, make_world
from people.models import Face, Person
from photos.models import Photo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.draws_maps, pytest.mark.django_db(transaction=True)]

# What Swagger draws on the page of the HTTP API, and Django in its forms, is not ours to mend.
OURS = {"exclude": [["#swagger-ui"], [".inline-group"], [".help-tooltip"], ["p.datetime"]]}
# It would fetch each style sheet again for rules that are not asked, and by addresses that are none within a page.
OPTIONS = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
SCREENS = {"desk": (1440, 900, "light"), "phone": (390, 844, "dark")}
TABLES = (Photo, Person, Face, Activity, User)  # of Django's administration, whose pages are all alike
ACTORS = ("owner", "admin", "partner", "guest", "anonymous")  # the first who is admitted looks at a page
WHOLE: dict[tuple[str, int], bool] = {}  # which rules of a name are of whole pages: to ask all takes seconds


def pages(world: World) -> Iterator[tuple[str, str, str]]:
    """The whole pages of the site: name, actor, address."""
    for name, rules in RULES.items():
        for place, rule in enumerate(rules if isinstance(rules, list) else [rules]):
            if rule.method != "GET" or name.endswith("*"):
                continue
            actor = next((actor for actor in ACTORS if actor in rule.who), None)
            if actor is None:
                continue
            if (name, place) not in WHOLE:
                WHOLE[name, place] = is_page(world, actor, name, rule)
            if WHOLE[name, place]:
                yield name, actor, address_of(world, name, rule)
    yield "admin:index", "admin", reverse("admin:index")
    for model in TABLES:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield f"{name}_changelist", "admin", reverse(f"{name}_changelist")
        row = model._default_manager.values_list("pk", flat=True).first()
        yield f"{name}_change", "admin", reverse(f"{name}_change", args=[row])


def is_page(world: World, actor: str, name: str, rule: Rule) -> bool:
    answer = ask(world, actor, name, rule)
    return answer.status_code == 200 and not answer.streaming and b"<html" in answer.content[:400]


def address_of(world: World, name: str, rule: Rule) -> str:
    world.asking = ""
    fields = {key: value(world) if callable(value) else value for key, value in rule.fields.items()}
    return RequestFactory().get(reverse(name, args=rule.arguments(world)), fields).get_full_path()


def faults(page: "Page") -> list[str]:
    """What axe-core finds on the page as it is: rule, element, what is wrong."""
    found: dict[str, Any] = Axe().run(page, context=OURS, options=OPTIONS).response
    return [
        f"{violation['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def tab(browser: "Browser", url: str, world: World, actor: str, screen: str) -> "Page":
    """A tab of an actor's browser on this screen."""
    width, height, scheme = SCREENS[screen]
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    if actor in world.cookies:
        context.add_cookies([{"name": "sessionid", "value": world.cookies[actor], "url": url}])
    return context.new_page()


def test_axe_finds_no_fault_on_any_page(browser: "Browser", live_server: "LiveServer") -> None:
    world = make_world()  # one for both screens: to ask which addresses are pages takes seconds
    wrong: dict[str, list[str]] = {}
    tabs: dict[tuple[str, str], Page] = {}
    for number, (name, actor, address) in enumerate(pages(world)):
        for place, screen in enumerate(SCREENS):
            if os.environ.get("MIRAGE_AXE") != "all" and number % 2 != place:
                continue
            if (actor, screen) not in tabs:
                tabs[actor, screen] = tab(browser, live_server.url, world, actor, screen)
            page = tabs[actor, screen]
            page.goto(address)
            if found := faults(page):
                wrong[f"{name} {address} on a {screen}"] = found
    for page in tabs.values():
        page.context.close()
    assert wrong == {}
