"""What is found in Python, templates and scripts."""

import pytest

from mirage.translation import in_python, in_scripts, in_templates
from mirage.translation.in_python import NotLiteral
from mirage.translation.marked import BUTTON, KEPT, Marked

PYTHON = """
from django.utils.translation import gettext as _, ngettext_lazy as _n, pgettext_lazy
from media.sentences import english, english_plural
LABEL = _n("%(number)s photo", "%(number)s photos", "number")
def said(number, what):
    # Translators: how long it took,
    # in seconds
    a = _("Took %(seconds)s "
          "seconds")
    b = pgettext_lazy("verb", "Archive")
    c = sentences.english("The file %(name)s is damaged.", name=what)
    d = english_plural("One page", "%(number)s pages", number)
    return _(what)
"""


def one(texts: list[Marked], text: str) -> Marked:
    [found] = [each for each in texts if each.text == text]
    return found


def test_python() -> None:
    found = list(in_python.marked(PYTHON, "photos/x.py"))
    assert len(found) == 5
    assert one(found, "%(number)s photo").plural == "%(number)s photos"
    took = one(found, "Took %(seconds)s seconds")
    assert took.notes == ["Translators: how long it took, in seconds"]
    assert took.where == {"photos/x.py"}
    assert one(found, "Archive").context == "verb"
    assert one(found, "The file %(name)s is damaged.").notes == [KEPT]
    assert one(found, "One page").plural == "%(number)s pages"


@pytest.mark.parametrize("text", ['_(f"{n} photos")', '_("a" + b)', '_("%s photos" % n)'])
def test_a_text_that_is_put_together_is_refused(text: str) -> None:
    with pytest.raises(NotLiteral, match=r"x\.py:2"):
        list(in_python.marked(f"from django.utils.translation import gettext as _\nx = {text}", "x.py"))


def test_templates() -> None:
    source = """
      {# Translators: a heading #}
      <h1>{% translate "Photos" %}</h1> <p title="{% translate 'It\\'s 5 %' %}">
      <button class="x">{% icon "trash" %}{% translate "Delete" context "verb" %}</button>
      {% blocktranslate trimmed count number=n with shown=n|number context "things" %}
        {{ shown }} photo in
        <b>{{ name }}</b>{% plural %}{{ shown }} photos{% endblocktranslate %}
      {% menu_item _("Open") icon="x" %}{{ day|date:_("j F Y") }}{% if x == "_(no)" %}{% endif %}
    """
    found = list(in_templates.marked(source, "templates/x.html"))
    assert [each.text for each in found] == [
        *("Photos", "It's 5 %%", "Delete", "%(shown)s photo in <b>%(name)s</b>", "Open", "j F Y"),
    ]
    assert one(found, "Photos").notes == ["Translators: a heading"]
    assert (one(found, "Delete").context, one(found, "Delete").notes) == ("verb", [BUTTON])
    assert (found[3].plural, found[3].context, found[3].notes) == ("%(shown)s photos", "things", [])
    assert one(found, "Open").notes == [BUTTON]


def test_a_tag_within_a_sentence_is_refused() -> None:
    with pytest.raises(NotLiteral):
        list(in_templates.marked("{% blocktranslate %}a{% if b %}c{% endif %}{% endblocktranslate %}", "x.html"))


def test_scripts() -> None:
    source = """
      import { gettext, ngettext } from "./words.js";
      // Translators: of a photo
      const a = gettext("Saved") + ngettext("%(number)s photo", "%(number)s photos", list.length);
      const b = pgettext("verb", "Archive"), c = gettext(name);
      const d = `${gettext('In a template')} …`;
    """
    found = list(in_scripts.marked(source, "static/js/x.js"))
    assert one(found, "Saved").notes == ["Translators: of a photo"]
    assert one(found, "%(number)s photo").plural == "%(number)s photos"
    assert one(found, "Archive").context == "verb"


@pytest.mark.parametrize("text", ["gettext(`${a} photos`)", 'gettext(a ? "one" : "two")', 'gettext("a" + b)'])
def test_a_text_of_a_script_that_is_put_together_is_refused(text: str) -> None:
    with pytest.raises(NotLiteral):
        list(in_scripts.marked(text, "x.js"))
