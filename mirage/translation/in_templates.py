"""What is marked in templates: translate, blocktranslate, and _("…") in tags."""

import re
from collections.abc import Iterator

from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace

from mirage.translation.in_python import FOR_TRANSLATORS, NotLiteral
from mirage.translation.marked import BUTTON, Marked

STRING = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
TRANSLATE = re.compile(rf"^trans(?:late)?\s+{STRING}(?:.*?\bcontext\s+{STRING})?", re.DOTALL)
BLOCK = re.compile(r"^blocktrans(?:late)?\b")
CONTEXT = re.compile(rf"\bcontext\s+{STRING}")
IN_TAG = re.compile(rf"\b_\({STRING}\)")
NEAR = 1  # lines after its comment
BUTTONS = ("bar_button", "menu_item", "cancel")  # tags that draw a button with their first text on it


def marked(source: str, path: str) -> Iterator[Marked]:
    """The texts that a template marks. Raises NotLiteral where one cannot be read."""
    before, note, noted = "", "", 0
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            before = (before + token.contents)[-4000:]
            continue
        if token.token_type == TokenType.COMMENT and token.contents.strip().startswith(FOR_TRANSLATORS):
            note, noted = token.contents.strip(), token.lineno or 0
        found = list(of_token(token, tokens, path))
        for each in found:
            each.where.add(path)
            each.notes += [note] * (0 < (token.lineno or 0) - noted <= NEAR) + [BUTTON] * on_button(before, token)
            yield each


def of_token(token: Token, following: Iterator[Token], path: str) -> Iterator[Marked]:
    if token.token_type == TokenType.BLOCK and BLOCK.match(token.contents):
        yield of_block(token, following, path)
    elif token.token_type == TokenType.BLOCK and (found := TRANSLATE.match(token.contents)):
        text, context = found.groups()
        yield Marked(unquoted(text).replace("%", "%%"), context=unquoted(context or '""'))
    for text in IN_TAG.findall(token.contents):
        yield Marked(unquoted(text).replace("%", "%%"))


def of_block(token: Token, following: Iterator[Token], path: str) -> Marked:
    """A blocktranslate with what stands in it up to its end."""
    parts: list[list[str]] = [[]]
    for inner in following:
        if inner.token_type == TokenType.TEXT:
            parts[-1].append(inner.contents.replace("%", "%%"))
        elif inner.token_type == TokenType.VAR:
            parts[-1].append(f"%({inner.contents.strip()})s")
        elif inner.token_type == TokenType.BLOCK and inner.contents.startswith("endblocktrans"):
            break
        elif inner.token_type == TokenType.BLOCK and inner.contents.strip() == "plural":
            parts.append([])
        elif inner.token_type == TokenType.BLOCK:
            raise NotLiteral(f"{path}:{inner.lineno}: blocktranslate holds only text and {{{{ names }}}}")
    texts = ["".join(part) for part in parts]
    if "trimmed" in token.split_contents():
        texts = [trim_whitespace(text) for text in texts]
    context = CONTEXT.search(token.contents)
    return Marked(texts[0], plural="".join(texts[1:]), context=unquoted(context[1]) if context else "")


def unquoted(text: str) -> str:
    """A string as it is written in a template, without its quotation marks."""
    return text[1:-1].replace(rf"\{text[0]}", text[0]).replace(r"\\", "\\")


def on_button(before: str, token: Token) -> bool:
    """Whether a text stands on a button: between <button …> and its end, or in a tag that draws one."""
    if token.contents.split(" ")[0] in BUTTONS:
        return True
    in_a_tag = before.rfind("<") > before.rfind(">")
    return not in_a_tag and before.rfind("<button") > before.rfind("</button")
