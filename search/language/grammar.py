"""Text to tree: the search language's grammar.

    search   = either
    either   = all { "OR" all }
    all      = [ "AND" ] part { [ "AND" | "&" ] part }
    part     = { "-" | "NOT" } ( "(" either ")" | key ":" values [ mode ] | word | "quoted words" )

What cannot be read is a Mistake that says where in the text it is and, where there is one, what was probably meant.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mirage.wording import number_in_words
from search.language import dates
from search.language.bounds import within_bounds
from search.language.keys import ANY, KEYS, Key, Kind, find
from search.language.languages import dating
from search.language.numbers import parse_number
from search.language.reader import OPENING, PLAIN, Mistake, Reader
from search.language.tree import BARE, Node, Not, Term, Tree, Value, Word, both, conjuncts, either, walk
from search.language.words import words
from vision.words import translations

LONGEST = 2_000  # characters of a search
DEEPEST = 40  # parentheses
OF_WHOLE = ("sort", "language")  # keys that say something of a whole search
SEEN = ("object", "looks", "scene")  # keys whose values pages show in the reader's language
GRABBED = 4  # words after the first that a date may take in
JOINING = re.compile(r"[&+,–—-](?=\s|$)")  # alone between two things they say nothing: anna & ben
DEFAULT_KM, FARTHEST_KM = 10.0, 20_000.0
KEY = re.compile(r"([^\W\d_]+)[:：]\s*")
LANGUAGE = re.compile(r"\blanguage:\s*([a-z]{2})\b", re.IGNORECASE)
PLAIN_VALUE = re.compile(r'[^\s()"“”„,]+')
OPERATOR = re.compile(r">=|<=|=>|=<|>|<|=")
DISTANCE = re.compile(r"(\d{1,5}(?:[.,]\d+)?)\s*(km|m|mi)\b", re.IGNORECASE)
KM = {"km": 1.0, "m": 0.001, "mi": 1.609344}
OPERATORS = {
    Kind.NUMBER: {"=", ">", ">=", "<", "<="},
    Kind.DATE: {">", ">=", "<", "<="},
    Kind.TEXT: {"="},
    Kind.NAME: {"="},
}


def parse(text: str) -> Tree:
    """The tree of a search. Raises Mistake."""
    return within_bounds(Parser(text.replace("\x00", " ")).tree())  # a null, which PostgreSQL does not take


@dataclass
class Parser(Reader):
    """Reads the grammar above; `depth` counts parentheses and negations."""

    depth: int = 0

    @cached_property
    def language(self) -> str:
        """The language of the search, or else the reader's: dates after keys are read in it as well."""
        said = LANGUAGE.search(self.text)
        return said[1].lower() if said else (get_language() or "").partition("-")[0]

    def tree(self) -> Tree:
        if len(self.text) > LONGEST:
            raise Mistake(
                _("A search has at most %(most)s characters.") % {"most": number_in_words(LONGEST)},
                LONGEST,
                len(self.text),
            )
        if self.done():
            return Tree(None)
        root = self.either()
        if not self.done():  # only a parenthesis ends a search before its end
            without = self.text[: self.at] + self.text[self.at + 1 :]
            raise self.mistake(_("This parenthesis closes nothing."), self.at, self.at + 1, without)
        return ordered(root, self)

    # --- the grammar --------------------------------------------------------------------------------------------------

    def either(self) -> Node:
        parts = [self.all()]
        while True:
            if not self.operator("OR"):
                return either(parts)
            end = self.at
            if self.done() or self.sees(")"):
                rest = self.instead(end - 2, end, "").strip()
                raise self.mistake(_("Write something after OR."), end - 2, end, rest)
            parts.append(self.all())

    def all(self) -> Node:
        self.done()
        start = self.at
        if self.operator("OR"):
            rest = self.instead(start, self.at, "").strip()
            raise self.mistake(_("Write something before OR."), self.at - 2, self.at, rest)
        parts: list[Node] = []
        while not self.done() and not self.sees(")"):
            before = self.at
            if self.operator("OR"):
                self.at = before
                break
            if self.operator("AND"):
                end = self.at
                if not parts or self.done() or self.sees(")"):
                    rest = self.instead(before, end, "").strip()
                    raise self.mistake(_("AND stands between two things."), end - 3, end, rest)
                continue
            if not (parts and self.joined()):
                parts.append(self.part())
        if not parts:
            raise self.mistake(_("There is nothing in these parentheses."), self.at, self.at + 1)
        return both(parts)

    def joined(self) -> bool:
        """Go over a sign that stands between two things."""
        found = JOINING.match(self.text, self.at)
        if found:
            self.at = found.end()
        return bool(found)

    def part(self) -> Node:
        self.done()
        start = self.at
        if self.sees("-") or self.operator("NOT"):
            self.at += self.text[start] == "-"
            end = self.at
            if self.done() or self.sees(")"):
                raise self.mistake(_("What should be left out?"), start, end, self.instead(start, end, "").strip())
            return self.deeper(start, self.negated)
        if self.text[start] == "(":
            return self.deeper(start, self.group)
        if self.text[start] in OPENING:
            value = self.quoted()
            return self.word(Word(value, True, start, self.at))
        if key := KEY.match(self.text, start):
            return self.term(key)
        found = PLAIN.match(self.text, start)
        assert found, "what is no space, parenthesis or quotation mark is plain"
        self.at = found.end()
        return self.word(Word(found[0], False, start, self.at))

    def deeper(self, start: int, read: Callable[[int], Node]) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.mistake(_("Too many parentheses within each other."), start, self.at)
        node = read(start)
        self.depth -= 1
        return node

    def negated(self, start: int) -> Node:
        child = self.part()
        return Not(child, start, self.at)

    def group(self, start: int) -> Node:
        self.at += 1
        if self.sees(")"):
            rest = self.instead(start, self.at + 1, "").strip()
            raise self.mistake(_("There is nothing in these parentheses."), start, self.at + 1, rest)
        node = self.either() if not self.done() else None
        if node is None or not self.sees(")"):
            raise self.mistake(_("This parenthesis is not closed."), start, start + 1, f"{self.text.rstrip()})")
        self.at += 1
        return node

    def word(self, word: Word) -> Word:
        if not words(word.text):
            rest = self.instead(word.start, word.end, "").strip()
            raise self.mistake(_("There is no word in this."), word.start, word.end, rest)
        return word

    # --- keys ---------------------------------------------------------------------------------------------------------

    def term(self, found: re.Match[str]) -> Term:
        start = found.start()
        key = find(found[1])
        if key is None:
            raise self.unknown_key(found)
        self.at = found.end()
        values = [self.value(key, start)]
        while self.sees_comma():
            comma = self.at
            self.at += 1
            if self.done() or self.sees("()"):
                raise self.mistake(_("Write something after the comma."), comma, comma + 1)
            values.append(self.value(key, start))
        if key.kind is Kind.NEAR:
            return self.near(values, start)
        mode = next((mode for mode in key.modes if self.following(mode)), ANY)
        return Term(key.name, tuple(values), mode, 0, start, self.at)

    def sees_comma(self) -> bool:
        return self.at < len(self.text) and self.text[self.at] == ","

    def following(self, word: str) -> bool:
        """Go over this word, if it comes next after a space."""
        found = re.compile(rf'\s+{word}(?=$|[\s()"])').match(self.text, self.at)
        if found:
            self.at = found.end()
        return bool(found)

    def unknown_key(self, found: re.Match[str]) -> Mistake:
        start, end = found.start(), found.end(1) + 1
        close = get_close_matches(found[1].lower(), KEYS, n=1, cutoff=0.6)
        said = {"key": found[1]}
        if close:
            message = _("There is no key “%(key)s”.") % said
            return self.mistake(message, start, end, self.instead(start, end, f"{close[0]}:"))
        whole = PLAIN.match(self.text, start)
        plain = whole.end() if whole else end
        return self.mistake(
            _("There is no key “%(key)s”. To search for these characters, quote them.") % said,
            start, end, self.instead(start, plain, f'"{self.text[start:plain]}"'),
        )  # fmt: skip

    def value(self, key: Key, start: int) -> Value:
        """One value, checked as far as it can be without a library."""
        self.done()
        begin = self.at
        operator = self.comparison(key)
        is_quoted = self.at < len(self.text) and self.text[self.at] in OPENING
        if is_quoted:
            text = self.quoted()
        else:
            found = PLAIN_VALUE.match(self.text, self.at)
            text = found[0] if found else ""
            self.at += len(text)
        if not text.strip():
            message = _("Write something after %(key)s, such as %(example)s")
            raise self.mistake(message % {"key": f"{key.name}:", "example": key.example}, start, self.at)
        if key.kind is Kind.DATE and not is_quoted:
            text = self.longest_date(text)
        value = Value(text, operator, is_quoted, begin, self.at)
        return self.checked(key, value, start)

    def comparison(self, key: Key) -> str:
        known = OPERATORS.get(key.kind, set())
        found = OPERATOR.match(self.text, self.at) if known else None
        if not found:
            return ""
        operator = {"=>": ">=", "=<": "<="}.get(found[0], found[0])
        if operator not in known:
            if operator == "=":
                self.at = found.end()
                return ""
            raise self.mistake(_("%(key)s cannot be compared.") % {"key": f"{key.name}:"}, found.start(), found.end())
        self.at = found.end()
        return operator

    def longest_date(self, text: str) -> str:
        """The date with as many of the following words as make one."""
        ends = [(self.at, text)]
        for _word in range(GRABBED):
            found = re.compile(r'\s+([^\s()"“”„:]+)(?=$|[\s()])').match(self.text, ends[-1][0])
            if not found:
                break
            ends.append((found.end(), f"{ends[-1][1]} {found[1]}"))
        for end, longer in reversed(ends):
            if dating.read(longer, self.language):
                self.at = end
                return longer
        return text

    def checked(self, key: Key, value: Value, start: int) -> Value:
        """The value, if the key, which begins at `start`, takes such."""
        match key.kind:
            case Kind.DATE:
                return self.check_date(value)
            case Kind.NUMBER:
                return self.check_number(key, value)
            case Kind.CHOICE:
                return self.check_choice(key, value, start)
            case Kind.TEXT | Kind.NAME if not words(value.text):
                raise self.mistake(_("There is no word in this."), value.start, value.end)
        if key.name in SEEN:
            return replace(value, english=translations.meant(value.text, self.language))
        return value

    def check_date(self, value: Value) -> Value:
        if english := dating.read(value.text, self.language, value.operator):
            return plain(replace(value, text=english))
        options = [*dates.MONTHS, *dates.SEASONS, "today", "yesterday", "last week", "last month", "last year"]
        close = get_close_matches(value.text.lower(), options, n=1, cutoff=0.7)
        suggestion = self.instead(value.start, value.end, value.operator + requoted(close[0])) if close else ""
        raise self.mistake(
            _(
                "This is no date. Dates are written as 2023, 2023-05, 2023-05-12, may 2023, summer 2022, "
                "last week, or 2023-05..2023-08."
            ),
            value.start, value.end, suggestion,
        )  # fmt: skip

    def check_number(self, key: Key, value: Value) -> Value:
        try:
            parse_number(value.text, key.units)
        except ValueError as error:
            message = _("%(problem)s It is written as in %(example)s") % {"problem": error, "example": key.example}
            raise self.mistake(message, value.start, value.end) from None
        return plain(value)

    def check_choice(self, key: Key, value: Value, start: int) -> Value:
        if choice := key.choice(value.text):
            return Value(choice, "", False, value.start, value.end)
        suggestion = ""
        if other := next((other for other in KEYS.values() if other.choice(value.text)), None):
            suggestion = self.instead(start, value.end, f"{other.name}:{other.choice(value.text)}")
        elif close := get_close_matches(value.text.lower(), key.choices, n=1, cutoff=0.5):
            suggestion = self.instead(value.start, value.end, close[0])
        message = _("%(key)s takes %(choices)s.") % {"key": f"{key.name}:", "choices": ", ".join(key.choices)}
        raise self.mistake(message, value.start, value.end, suggestion)

    def near(self, values: list[Value], start: int) -> Term:
        """A town, or a latitude and a longitude; then how far around it."""
        name, exact = ", ".join(value.text for value in values), len(values) > 1 or values[0].exact
        if position(values):
            name = ",".join(value.text for value in values)
        elif not exact:
            name = self.up_to_distance(name)
        found = re.compile(r"\s+" + DISTANCE.pattern, re.IGNORECASE).match(self.text, self.at)
        km = DEFAULT_KM
        if found:
            km = float(found[1].replace(",", ".")) * KM[found[2].lower()]
            self.at = found.end()
            if not 0 < km <= FARTHEST_KM:
                raise self.mistake(_("That is farther than the earth is wide."), found.start(1), found.end())
        if not words(name):
            raise self.mistake(_("There is no word in this."), values[0].start, values[-1].end)
        value = Value(name, "", BARE.fullmatch(name) is None, values[0].start, values[-1].end)
        return Term("near", (value,), ANY, round(km, 3), start, self.at)

    def up_to_distance(self, name: str) -> str:
        """The name with the words up to a distance, if one comes soon: near:New York 20km."""
        following = re.compile(
            r'((?:\s+(?!\d)[^\s()",:“”„]+){1,' + str(GRABBED) + r"})(?=\s+" + DISTANCE.pattern + ")", re.IGNORECASE
        )
        found = following.match(self.text, self.at)
        if not found or any(word in ("OR", "AND", "NOT") or word[0] == "-" for word in found[1].split()):
            return name
        self.at = found.end(1)
        return f"{name} {' '.join(found[1].split())}"


def told_once(key: str) -> str:
    return _("There can be one order only.") if key == "sort" else _("There can be one language only.")


def ordered(root: Node, parser: Parser) -> Tree:
    """The tree without its sort: and language:, each of which is said once and of the whole."""
    rest: list[Node] = []
    said: dict[str, str] = {}
    for node in conjuncts(root):
        if isinstance(node, Term) and node.key in OF_WHOLE:
            if node.key in said or len(node.values) > 1:
                raise parser.mistake(told_once(node.key), node.start, node.end)
            said[node.key] = node.values[0].text
        else:
            rest.append(node)
    for node in rest:
        for part in walk(node):
            if isinstance(part, Term) and part.key in OF_WHOLE:
                told = _("%(key)s: is for the whole search: put it at its end.") % {"key": part.key}
                raise parser.mistake(told, part.start, part.end)
    return Tree(both(rest) if rest else None, said.get("sort", ""), said.get("language", ""))


def position(values: list[Value]) -> tuple[float, float] | None:
    """Latitude and longitude, if that is what the values are."""
    texts = [part for value in values for part in value.text.split(",")]
    try:
        latitude, longitude = map(float, texts)
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def plain(value: Value) -> Value:
    """The value, quoted only where it must be: quoting says nothing more of dates and numbers."""
    return Value(value.text, value.operator, BARE.fullmatch(value.text) is None, value.start, value.end)


def requoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
