"""Fixtures of the languages that nobody speaks, and what pages show in them that was never marked."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

# Elements whose text is for programs, or the same in every language
NOT_WORDS = {"script", "style", "code", "kbd", "pre", "samp", "textarea"}
EMPTY = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr"}
SHOWN = ("title", "aria-label", "alt", "placeholder", "aria-description", "aria-roledescription", "label", "data-tip")
SENTENCE = re.compile(r"[A-Z][a-z]+ [a-z]+")  # in any data-… attribute: a script shows it
# Names, units, codes and what people type, which no language translates
NAMES = frozenset(
    {
        *("mirage", "google", "takeout", "icloud", "apple", "android", "iphone", "ios", "nextcloud", "photosync"),
        *("immich", "photoprism", "lightroom", "digikam", "darktable", "openid", "connect", "redis", "postgresql"),
        *("sqlite", "opencv", "onnx", "webdav", "jpeg", "heic", "heif", "png", "webp", "tiff", "gif", "raw", "xmp"),
        *("exif", "iptc", "json", "html", "http", "https", "url", "api", "totp", "utc", "gps", "iso", "shift"),
    }
)


@pytest.fixture(scope="session")
def pseudo_catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both languages; their scripts lie among the static files, which git does not keep."""
    from django.conf import settings

    from mirage.translation import pseudo

    folder = tmp_path_factory.mktemp("locale")
    pseudo.make(folder, settings.BASE_DIR / "static")
    return folder


@pytest.fixture
def pseudo_languages(pseudo_catalogues: Path, settings: Any) -> Iterator[None]:
    """Mirage speaks the languages that nobody speaks."""
    from mirage.translation.pseudo import LEFT, RIGHT
    from mirage.web import kept_sentences

    settings.LANGUAGES = [*settings.LANGUAGES, (LEFT, "Ļéft"), (RIGHT, "Ŕíght")]
    settings.LOCALE_PATHS = [pseudo_catalogues, *settings.LOCALE_PATHS]
    kept_sentences._told.cache_clear()
    yield
    kept_sentences._told.cache_clear()


class Texts(HTMLParser):
    """The texts of a page that somebody sees or hears: where, and what."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        silent = self.silent or tag in NOT_WORDS or named.get("translate") == "no"
        if not silent:
            for name, value in named.items():
                data = name.startswith("data-") and SENTENCE.search(value)
                button = tag == "input" and name == "value" and named.get("type") in {"submit", "button"}
                if name in SHOWN or data or button or (tag == "meta" and named.get("name") == "description"):
                    self.found.append((f"{tag}[{name}]", value))
        if tag not in EMPTY:
            self.open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open and any(each == tag for each, _ in self.open) and self.open.pop()[0] != tag:
            pass

    @property
    def silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.silent:
            self.found.append((self.open[-1][0] if self.open else "", data.strip()))


def texts_of(page: str) -> list[tuple[str, str]]:
    """What a page shows, by where it stands."""
    reader = Texts()
    reader.feed(page)
    return reader.found


def unmarked(page: str, known: frozenset[str]) -> list[str]:
    """What a page shows that was not translated and is nobody's own word."""
    from mirage.translation.pseudo import plain_words

    wrong = []
    for where, text in texts_of(page):
        if any(word.casefold() not in known | NAMES for word in plain_words(text)):
            wrong.append(f"{where}: {text[:120]}")
    return wrong


def own_words() -> frozenset[str]:
    """The words that users have given: names, titles, searches, addresses. Whatever else is shown is Mirage's own."""
    from django.apps import apps
    from django.db.models import CharField, TextField

    left_out = {"kind", "verb", "status", "stage", "action", "error", "reason", "problem", "message", "role", "theme"}
    found: set[str] = set()
    for model in apps.get_models():
        if model._meta.app_label in {"sessions", "contenttypes", "auth", "admin"} or model.__name__ == "Notice":
            continue
        fields = [field.name for field in model._meta.fields if isinstance(field, CharField | TextField)]
        fields = [name for name in fields if name not in left_out]
        for row in model._default_manager.values_list(*fields) if fields else ():
            for value in row:
                found |= {word.casefold() for word in re.findall(r"[A-Za-z]+", str(value or ""))}
    return frozenset(found)
