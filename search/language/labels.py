"""How people read a part of a search: Niigata for place:Niigata, January 2024 for date:2024-01."""

from search.language.keys import ALL, ALONE, KEYS, Kind
from search.language.spoken.days import label_of as day_label
from search.language.tree import Node, Not, Or, Term, Value

COMPARED = {">": "after {}", ">=": "since {}", "<": "before {}", "<=": "until {}"}
NAMED = {Kind.NAME, Kind.TEXT}
CHOSEN = {  # choices whose `about` is no name
    "is:archived": "Archived", "is:untagged": "Untagged", "is:unnamed": "Unnamed faces", "is:duplicate": "Duplicates",
    "is:stacked": "In a stack", "is:edited": "Edited", "is:animated": "Moving pictures", "is:trashed": "Trash",
    "is:favourite": "Favourites", "is:live": "Live photos", "taken:morning": "Morning", "taken:night": "Night",
    "taken:afternoon": "Afternoon", "taken:evening": "Evening", "taken:weekend": "Weekend",
    "type:raw": "RAW", "has:people": "With named people",
}  # fmt: skip


def label_of(node: Node) -> str:
    """The part in words."""
    if isinstance(node, Not):
        return f"not {label_of(node.child)}"
    if isinstance(node, Or):
        return " or ".join(map(label_of, node.children))
    return of_term(node) if isinstance(node, Term) else str(node)


def icon_of(node: Node) -> str:
    """The icon of its key; none for words."""
    return KEYS[node.key].icon if isinstance(node, Term) else icon_of(node.child) if isinstance(node, Not) else ""


def of_term(term: Term) -> str:
    key = KEYS[term.key]
    if key.kind is Kind.NUMBER or key.kind is Kind.PHOTO:
        return str(term)
    labels = [of_value(term.key, key.kind, value) for value in term.values]
    if key.kind is Kind.NEAR:
        return f"Near {labels[0]}, {term.km:g} km"
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
        label = (" and " if term.mode == ALL else " or ").join(labels)
        return f"Only {label}" if term.mode == ALONE else label
    return f"{key.name}: {' or '.join(labels)}" if key.kind in NAMED or term.key == "added" else " or ".join(labels)


def of_value(key: str, kind: Kind, value: Value) -> str:
    if kind is Kind.DATE:
        label = day_label(value.text)
        return COMPARED.get(value.operator, "{}").format(label)
    if kind is Kind.CHOICE:
        about = KEYS[key].choices[value.text].about
        return CHOSEN.get(f"{key}:{value.text}") or about or value.text.upper()
    return value.text
