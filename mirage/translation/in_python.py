"""What is marked in Python: calls of gettext and its kin, and of media.sentences."""

import ast
from collections.abc import Iterator

from mirage.translation.marked import KEPT, Marked

# what a function's arguments are: text, plural, context
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "gettext": ("text",),
    "gettext_lazy": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "ngettext_lazy": ("text", "plural"),
    "pgettext": ("context", "text"),
    "pgettext_lazy": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
    "npgettext_lazy": ("context", "text", "plural"),
    "english": ("text",),
    "english_plural": ("text", "plural"),
}
KEPT_BY = ("english", "english_plural")
FOR_TRANSLATORS = "Translators:"


class NotLiteral(Exception):
    """A text that is put together while Mirage runs: no catalogue can hold it."""


def marked(source: str, path: str) -> Iterator[Marked]:
    """The texts that a module marks. Raises NotLiteral where one is not written out."""
    if not any(name in source for name in ("gettext", "english")):
        return
    tree = ast.parse(source)
    lines = source.splitlines()
    names = known_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (function := names.get(called(node.func))):
            found = of_call(node, function, path)
            if found is not None:
                found.notes += said_before(lines, node.lineno) + [KEPT] * (function in KEPT_BY)
                yield found


def known_names(tree: ast.Module) -> dict[str, str]:
    """By what names this module calls the functions: _ is gettext, if that is how it was imported."""
    names = {name: name for name in FUNCTIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in {"django.utils.translation", "media.sentences"}:
            names |= {alias.asname or alias.name: alias.name for alias in node.names if alias.name in FUNCTIONS}
    return names


def called(function: ast.expr) -> str:
    """The name of a function, without the module before it."""
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def of_call(node: ast.Call, function: str, path: str) -> Marked | None:
    """What a call marks; None where it looks up what was marked elsewhere: gettext(variable)."""
    wanted = FUNCTIONS[function]
    given = [literal(argument) for argument in node.args[: len(wanted)]]
    if len(given) < len(wanted) or None in given:
        if any(isinstance(each, ast.JoinedStr | ast.BinOp) for each in node.args[: len(wanted)]):
            raise NotLiteral(
                f"{path}:{node.lineno}: the text of {function} is put together; write it out, with %(name)s"
            )
        return None
    return Marked(**dict(zip(wanted, given, strict=True)), where={path})  # type: ignore[arg-type]


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def said_before(lines: list[str], number: int) -> list[str]:
    """The comment for translators that ends on the line before."""
    said: list[str] = []
    for line in reversed(lines[: number - 1]):
        text = line.strip()
        if not text.startswith("#"):
            break
        said.insert(0, text.lstrip("# "))
        if said[0].startswith(FOR_TRANSLATORS):
            return [" ".join(said)]
    return []
