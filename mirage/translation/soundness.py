"""Whether the catalogues of a language are complete and sound: what scripts/test and `words check` ask."""

from collections.abc import Iterator

from babel.messages import Catalog, Message

from mirage.translation import catalogues, checks
from mirage.translation.catalogues import is_translated, key_of, messages, plural, singular, strings
from mirage.translation.marked import BUTTON, Key, Marked


def faults(language: str, everything: dict[str, dict[Key, Marked]]) -> Iterator[str]:
    """What is wrong with a language, a line each."""
    for domain, texts in everything.items():
        yield from of_catalogue(catalogues.read(language, domain), texts)


def of_catalogue(book: Catalog, texts: dict[Key, Marked]) -> Iterator[str]:
    known = {key_of(message): message for message in messages(book)}
    for context, text in known.keys() - texts.keys():
        yield f"stale, not in the code any more: {text!r} {context}"
    for key, marked in texts.items():
        if marked.both:
            yield f"stands alone and in a count; give it a context where it stands alone: {marked.text!r}"
        message = known.get(key)
        if message is None:
            yield f"not in the catalogue; run words gather: {marked.text!r}"
        elif not is_translated(message):
            yield f"untranslated: {marked.text!r}"
        else:
            yield from of_message(message, book.num_plurals)


def unsound(language: str) -> Iterator[str]:
    """What is wrong with the translations that there are, a line each."""
    for domain in catalogues.DOMAINS:
        book = catalogues.read(language, domain)
        for message in filter(is_translated, messages(book)):
            yield from of_message(message, book.num_plurals)


def of_message(message: Message, count: int) -> Iterator[str]:
    """What is wrong with one translation."""
    button = BUTTON in message.auto_comments
    for fault in checks.faults(singular(message), plural(message), strings(message), count, button):
        yield f"{fault}: {singular(message)!r} → {strings(message)!r}"
