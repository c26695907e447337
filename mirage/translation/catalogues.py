"""The catalogues of a language: locale/LANG/LC_MESSAGES/django.po and djangojs.po, and how they follow the code."""

from io import SEEK_END, BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale

from mirage.translation.gathering import PAGES, SCRIPTS
from mirage.translation.marked import Key, Marked

DOMAINS = (PAGES, SCRIPTS)
HEAD = """\
# Mirage's words in {language}. docs/build/translate.md says how they are translated.
msgid ""
msgstr ""
"Project-Id-Version: Mirage\\n"
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def place(language: str, domain: str) -> Path:
    """Where a catalogue lies, which may not be there yet."""
    return Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / f"{domain}.po"


def begun() -> list[str]:
    """The languages that have a catalogue, by Django's names for them."""
    folders = Path(settings.LOCALE_PATHS[0]).glob(f"*/LC_MESSAGES/{PAGES}.po")
    return sorted(path.parts[-3].replace("_", "-").lower() for path in folders)


def read(language: str, domain: str) -> Catalog:
    """A catalogue as it lies there; an empty one if there is none."""
    path = place(language, domain)
    if not path.is_file():
        return empty(language, domain)
    with path.open("rb") as file:
        return read_po(file, locale=to_locale(language), domain=domain)


def empty(language: str, domain: str) -> Catalog:
    return Catalog(to_locale(language), domain=domain, fuzzy=False)


def write(catalogue: Catalog, language: str, domain: str) -> None:
    """Write a catalogue whole, so that two writers never leave half of one."""
    path = place(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = HEAD.format(language=to_locale(language), plural_forms=catalogue.plural_forms)
    buffer = BytesIO(head.encode())
    buffer.seek(0, SEEK_END)
    write_po(buffer, catalogue, width=100, include_lineno=False, omit_header=True)
    scratch = path.with_suffix(".part")
    scratch.write_bytes(buffer.getvalue().rstrip(b"\n") + b"\n")
    scratch.replace(path)


def key_of(message: Message) -> Key:
    return message.context or "", singular(message)


def singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, list | tuple) else message.id


def plural(message: Message) -> str:
    return message.id[1] if isinstance(message.id, list | tuple) else ""


def strings(message: Message) -> list[str]:
    """The translation: one string, or one for each plural form."""
    given = message.string
    return list(given) if isinstance(given, list | tuple) else [given or ""]


def is_translated(message: Message) -> bool:
    return not message.fuzzy and all(strings(message)) and bool(strings(message))


def messages(catalogue: Catalog) -> list[Message]:
    """The messages of a catalogue, without its head."""
    return [message for message in catalogue if message.id]


def follow(old: Catalog, texts: dict[Key, Marked], language: str, domain: str) -> Catalog:
    """The catalogue of what the code marks now. What was translated stays, also of texts that have gone for a while.

    Nothing is guessed from similar texts: a translation that might be wrong is worse than English.
    """
    known = {key_of(message): message for message in [*old.obsolete.values(), *messages(old)]}
    new = empty(language, domain)
    for key, each in texts.items():
        add(new, each, known.get(key))
    for key, message in known.items():
        if key not in texts and any(strings(message)):
            message.auto_comments = []
            new.obsolete[new._key_for(message.id, message.context)] = message
    return new


def add(catalogue: Catalog, each: Marked, before: Message | None) -> None:
    """Put a text into a catalogue, with the translation that it had."""
    given = strings(before) if before and bool(plural(before)) == bool(each.plural) and not before.fuzzy else []
    count = catalogue.num_plurals if each.plural else 1
    given = given if len(given) == count else [""] * count
    catalogue.add(
        (each.text, each.plural) if each.plural else each.text,
        tuple(given) if each.plural else given[0],
        locations=[(path, 0) for path in sorted(each.where)],
        flags=["python-format"] if "%(" in each.text + each.plural else [],
        auto_comments=each.notes,
        user_comments=before.user_comments if before else (),
        context=each.context or None,
    )
