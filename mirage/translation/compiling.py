"""What Mirage reads while it runs, made from the catalogues; none of it is committed.

For each language django.mo, which Django reads, and static/words/LANG.js, which pages load before their modules. For
all languages locale/kept.json: the sentences that are kept in English, for `mirage.web.kept_sentences`.
"""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from django.conf import settings

from mirage.translation import catalogues
from mirage.translation.catalogues import is_translated, messages, plural, singular, strings
from mirage.translation.gathering import PAGES, SCRIPTS
from mirage.translation.marked import KEPT

PLURAL_RULE = re.compile(r"[n0-9 ()%<>=!&|?:+*-]+")  # what gettext's rules are made of, in C, which scripts read too
BETWEEN = "\u0004"


def compile_languages(languages: list[str]) -> None:
    """Make what is read while Mirage runs."""
    kept: dict[str, list[str]] = {}
    for language in languages:
        pages = catalogues.read(language, PAGES)
        kept |= {
            singular(each): [singular(each), plural(each)] for each in messages(pages) if KEPT in each.auto_comments
        }
        put(catalogues.place(language, PAGES).with_suffix(".mo"), compiled(pages))
        put(script_of(language), script(catalogues.read(language, SCRIPTS)).encode())
    kept_file().unlink(missing_ok=True)  # its time says when everything was made
    put(kept_file(), listed(list(kept.values())))


def listed(kept: list[list[str]]) -> bytes:
    """The sentences that are kept in English, each with its plural or with nothing."""
    return json.dumps(sorted(kept), ensure_ascii=False, indent=0).encode()


def compile_what_changed() -> None:
    """Make it where a catalogue is newer than what was made last."""
    made = kept_file().stat().st_mtime if kept_file().is_file() else 0
    books = [catalogues.place(each, domain) for each in catalogues.begun() for domain in catalogues.DOMAINS]
    if any(book.is_file() and book.stat().st_mtime > made for book in books):
        compile_languages(catalogues.begun())


def kept_file() -> Path:
    return Path(settings.LOCALE_PATHS[0]) / "kept.json"


def script_of(language: str) -> Path:
    return settings.BASE_DIR / "static" / "words" / f"{language}.js"


def put(path: Path, content: bytes) -> None:
    """Write a file as a whole, and only if it changed: who compiles while Mirage runs disturbs nobody."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.part")
    scratch.write_bytes(content)
    scratch.replace(path)


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as gettext's binary file, with what is translated whole."""
    for message in messages(catalogue):
        if not is_translated(message):
            catalogue.delete(message.id, message.context)
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def script(catalogue: Catalog) -> str:
    """The words of scripts, as a script that sets globalThis.mirageWords."""
    words: dict[str, Any] = {}
    for message in messages(catalogue):
        if is_translated(message):
            key = f"{message.context}{BETWEEN}{singular(message)}" if message.context else singular(message)
            words[key] = strings(message) if plural(message) else strings(message)[0]
    rule = str(catalogue.plural_expr)
    if not PLURAL_RULE.fullmatch(rule):
        raise ValueError(f"{rule} is no plural rule")
    text = json.dumps(words, ensure_ascii=False, sort_keys=True, indent=0)
    return f"globalThis.mirageWords = {{ words: {text}, plural: (n) => Number({rule}) }};\n"
