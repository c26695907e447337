"""The components of pages: what they write, with HTMX and without."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import RequestContext, Template
from django.test import RequestFactory

from mirage.testing.html import folded


def written(source: str, path: str = "/people/", htmx: bool = False, **context: Any) -> str:
    request: HttpRequest = RequestFactory().get(path)
    request.htmx = htmx  # type: ignore[attr-defined]  # as the middleware would
    request.user = SimpleNamespace(is_authenticated=False)  # type: ignore[assignment]
    return folded(Template("{% load components %}" + source).render(RequestContext(request, context)))


def test_a_form_posts_with_its_token_with_and_without_htmx() -> None:
    form = written('{% post_form "/save/" class="narrow" data_clears=True %}<b>in it</b>{% endpost_form %}')
    assert form.startswith('<form method="post" action="/save/"')
    assert 'name="csrfmiddlewaretoken"' in form
    assert 'hx-post="/save/"' in form
    assert 'class="narrow"' in form
    assert " data-clears" in form
    assert "<b>in it</b>" in form
    assert "hx-post" not in written('{% post_form "/save/" htmx=False %}{% endpost_form %}')


@pytest.mark.parametrize(
    ("parameters", "target", "swap"),
    [
        ("", None, None),
        ('target="#info"', "#info", "outerHTML"),
        ('target="#toasts"', "#toasts", "beforeend"),
        ('target="#info" swap="innerHTML"', "#info", "innerHTML"),
        ('swap="delete"', None, "delete"),
    ],
)
def test_the_answer_to_a_form_replaces_its_target_and_is_added_to_the_toasts(
    parameters: str, target: str | None, swap: str | None
) -> None:
    form = written(f'{{% post_form "/save/" {parameters} %}}{{% endpost_form %}}')
    assert (f'hx-target="{target}"' in form) == (target is not None)
    assert ("hx-target" in form) == (target is not None)
    assert (f'hx-swap="{swap}"' in form) == (swap is not None)
    assert ("hx-swap" in form) == (swap is not None)


def test_a_dialog_opens_over_the_page_and_without_htmx_its_content_is_the_page() -> None:
    source = '{% dialog "ask-title" wide=True %}<h2 id="ask-title">Which?</h2>{% cancel "/people/" %}{% enddialog %}'
    over = written(source, htmx=True)
    assert '<dialog class="dialog dialog-wide" aria-labelledby="ask-title" data-opens>' in over
    assert '<button class="button" type="button" data-close>Cancel</button>' in over
    alone = written(source)
    assert alone.startswith('<h2 id="ask-title">Which?</h2>')
    assert '<a class="button" href="/people/">Cancel</a>' in alone


def test_cancel_without_an_address_leads_home() -> None:
    assert written("{% cancel next %}", next="") == '<a class="button" href="/">Cancel</a>'


def test_an_icon_button_says_what_it_does_and_which_key_presses_it() -> None:
    button = written('{% icon_button "Trash" icon="trash-2" key="Delete" data_action="trash" %}')
    for attribute in ('type="button"', 'aria-label="Trash"', 'title="Trash (Del)"', 'data-shortcut="Delete"'):
        assert attribute in button
    assert 'data-action="trash"' in button
    link = written('{% icon_button "Sharing" icon="link" href="/sharing/" css="wide" %}')
    assert link.startswith('<a class="icon-button wide" href="/sharing/"')
    assert 'title="Sharing"' in link
    assert "type=" not in link


def test_attributes_are_escaped() -> None:
    button = written('{% icon_button "Wrong: "|add:name icon="x" value=name %}', name='"><script>')
    assert "<script>" not in button
    assert 'value="&quot;&gt;&lt;script&gt;"' in button


@pytest.mark.parametrize(
    ("path", "parameters", "current"),
    [
        ("/people/", "", True),
        ("/people/review/", "", False),
        ("/people/review/", "section=True", True),
        ("/albums/", "section=True", False),
        ("/albums/", "current=True", True),
    ],
)
def test_a_link_of_the_rail_is_marked_on_its_page(path: str, parameters: str, current: bool) -> None:
    link = written(f'{{% rail_link "/people/" "People" icon="people" {parameters} %}}', path=path)
    assert ('aria-current="page"' in link) is current


def test_a_number_in_the_rail_is_red_unless_it_is_calm() -> None:
    assert '<span class="badge">3</span>' in written('{% rail_link "/a/" "A" icon="x" badge=3 %}')
    assert '<span class="badge neutral">3</span>' in written('{% rail_link "/a/" "A" icon="x" badge=3 calm=True %}')
    assert "badge" not in written('{% rail_link "/a/" "A" icon="x" badge=0 %}')


def test_a_button_of_the_bar_sends_the_selection_or_leaves_it_to_the_script() -> None:
    sent = written('{% bar_button "Tags" icon="tag" url="/tags/choose/" %}')
    assert 'formaction="/tags/choose/" hx-post="/tags/choose/"' in sent
    by_script = written('{% bar_button "Trash" icon="trash-2" url="/trash/" data_action="trash" %}')
    assert 'formaction="/trash/"' in by_script
    assert "hx-post" not in by_script


def test_a_sheet_and_an_empty_state_hold_their_content() -> None:
    sheet = written('{% sheet id="help" title="How to search" %}<p>Words</p>{% endsheet %}')
    assert '<dialog class="dialog dialog-wide" id="help" aria-labelledby="help-title">' in sheet
    assert '<h2 id="help-title">How to search</h2>' in sheet
    assert "<p>Words</p></dialog>" in sheet
    empty = written('{% empty_state icon="album" title="No albums yet" %}<p>Make one.</p>{% endempty_state %}')
    assert "<h2>No albums yet</h2><p>Make one.</p></div>" in empty
