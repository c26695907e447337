"""How people read a part of a search: Niigata for place:Niigata, January 2024 for date:2024-01."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext, pgettext_lazy

from photos.gallery.vocabulary import named
from search.language.grammar import SEEN
from search.language.keys import ALL, ALONE, KEYS, Kind
from search.language.spoken.days import label_of as day_label
from search.language.spoken.kinds import DAYS
from search.language.tree import Node, Not, Or, Term, Value

COMPARED = {
    ">": _lazy("after %(day)s"),
    ">=": _lazy("since %(day)s"),
    "<": _lazy("before %(day)s"),
    "<=": _lazy("until %(day)s"),
}
NAMED = {Kind.NAME, Kind.TEXT}
CHOSEN = {  # choices whose `about` is no name
    "is:archived": _lazy("Archived"),
    "is:untagged": _lazy("Untagged"),
    "is:unnamed": _lazy("Unnamed faces"),
    "is:duplicate": _lazy("Duplicates"),
    "is:stacked": _lazy("In a stack"),
    "is:edited": pgettext_lazy("photos", "Edited"),
    "is:animated": _lazy("Moving pictures"),
    "is:trashed": _lazy("Trash"),
    "is:favourite": _lazy("Favourites"),
    "is:live": _lazy("Live photos"),
    "taken:morning": _lazy("Morning"),
    "taken:night": _lazy("Night"),
    "taken:afternoon": _lazy("Afternoon"),
    "taken:evening": _lazy("Evening"),
    "taken:weekend": _lazy("Weekend"),
    "type:raw": "RAW",
    "has:people": _lazy("With named people"),
    **{f"taken:{day}": label for day, label in DAYS.items()},
}


def label_of(node: Node) -> str:
    """The part in words."""
    if isinstance(node, Not):
        return _("not %(what)s") % {"what": label_of(node.child)}
    if isinstance(node, Or):
        return any_of(list(map(label_of, node.children)))
    return of_term(node) if isinstance(node, Term) else str(node)


def any_of(labels: list[str]) -> str:
    """The labels, of which one is enough."""
    return pgettext("between things of which one is enough", " or ").join(labels)


def all_of(labels: list[str]) -> str:
    """The labels, all of which are wanted."""
    return pgettext("between things that are all wanted", " and ").join(labels)


def icon_of(node: Node) -> str:
    """The icon of its key; none for words."""
    return KEYS[node.key].icon if isinstance(node, Term) else icon_of(node.child) if isinstance(node, Not) else ""


def of_term(term: Term) -> str:
    key = KEYS[term.key]
    if key.kind is Kind.NUMBER or key.kind is Kind.PHOTO:
        return str(term)
    labels = [of_value(term.key, key.kind, value) for value in term.values]
    if key.kind is Kind.NEAR:
        # Translators: photos within so many km of a place
        return _("Near %(place)s, %(distance)s km") % {"place": labels[0], "distance": f"{term.km:g}"}
    if key.kind is Kind.NAME or term.key in (
        "place",
        "country",
        "camera",
        "looks",
        "scene",
        "object",
        "date",
        "type",
        "is",
    ):
        label = all_of(labels) if term.mode == ALL else any_of(labels)
        return _("Only %(names)s") % {"names": label} if term.mode == ALONE else label
    return f"{key.name}: {any_of(labels)}" if key.kind in NAMED or term.key == "added" else any_of(labels)


def of_value(key: str, kind: Kind, value: Value) -> str:
    if kind is Kind.DATE:
        label = day_label(value.text)
        return str(COMPARED.get(value.operator, "%(day)s")) % {"day": label}
    if kind is Kind.CHOICE:
        about = KEYS[key].choices[value.text].about
        return str(CHOSEN.get(f"{key}:{value.text}") or about) or value.text.upper()
    return named(value.said) if key in SEEN else value.text
