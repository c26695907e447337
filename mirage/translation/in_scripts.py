"""What is marked in scripts: calls of the functions of static/js/mirage/words.js."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from babel.messages.extract import extract_javascript

from mirage.translation.in_python import FOR_TRANSLATORS, FUNCTIONS, NotLiteral
from mirage.translation.marked import Marked

PUT_TOGETHER = re.compile(r"""\bn?gettext\(\s*(?:"[^"]*"\s*\+|`[^`]*\$\{|[^"'`)]+\?)""")
KEYWORDS = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def marked(source: str, path: str) -> Iterator[Marked]:
    """The texts that a script marks. Raises NotLiteral where one is not written out."""
    if wrong := PUT_TOGETHER.search(source):
        raise NotLiteral(f"{path}: {wrong[0]!r} … is put together; write it out, with %(name)s")
    found = extract_javascript(BytesIO(source.encode()), KEYWORDS, [FOR_TRANSLATORS], {"jsx": False})
    for line, function, given, comments in found:
        wanted = FUNCTIONS[str(function)]
        texts = [given] if isinstance(given, str) else [text for text in given if text][: len(wanted)]
        if len(texts) < len(wanted) or any("${" in text for text in texts):
            raise NotLiteral(f"{path}:{line}: the text of {function} is not written out")
        values: dict[str, Any] = dict(zip(wanted, texts, strict=True))
        yield Marked(**values, where={path}, notes=[" ".join(comments)] if comments else [])
