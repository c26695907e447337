"""Reading a search from left to right, and telling where a mistake in it is."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

OPENING = '"“„”'
PLAIN = re.compile(r'[^\s()"“”„]+')


class Mistake(ValueError):
    """What is wrong in a search, where (characters `start` to `end`), and the whole search as it was probably meant."""

    def __init__(self, message: str, start: int, end: int, suggestion: str = "") -> None:
        super().__init__(message)
        self.message, self.start, self.end, self.suggestion = message, start, end, suggestion


@dataclass
class Reader:
    """A text that is read from left to right; `at` is how far."""

    text: str
    at: int = 0

    def done(self) -> bool:
        """Skip space. Whether the text ends there."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at == len(self.text)

    def sees(self, characters: str) -> bool:
        """Whether one of these comes next after space."""
        return not self.done() and self.text[self.at] in characters

    def operator(self, *names: str) -> bool:
        """Skip one of these words. Whether it was there."""
        if self.done():
            return False
        found = PLAIN.match(self.text, self.at)
        if not found or found[0] not in names:
            return False
        self.at = found.end()
        return True

    def mistake(self, message: str, start: int, end: int, suggestion: str = "") -> Mistake:
        return Mistake(message, start, max(end, start + 1), suggestion)

    def instead(self, start: int, end: int, text: str) -> str:
        """The whole search with that part replaced."""
        return self.text[:start] + text + self.text[end:]

    def quoted(self) -> str:
        """The text in quotation marks; a backslash makes the next character plain."""
        start, characters = self.at, []
        closing = '"' if self.text[start] == '"' else '"“”'
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] not in closing:
            if self.text[self.at] == "\\" and self.at + 1 < len(self.text):
                self.at += 1
            characters.append(self.text[self.at])
            self.at += 1
        if self.at == len(self.text):
            raise self.mistake(_("These quotation marks are not closed."), start, start + 1, f'{self.text.rstrip()}"')
        self.at += 1
        return "".join(characters)
