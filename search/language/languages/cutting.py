"""Words that are typed as one: 2024年夏の海 is a date, a small word and a thing; d'Anna is Anna.

What is written without spaces is cut into dates, names and words that are known, so that as few signs as possible are
left. Where signs are left that may belong to a word beside them, nothing is cut.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.language.languages import dating
from search.language.languages.tables import Table, of, plain
from search.language.tree import Word
from search.language.words import SPACELESS

LONGEST_PIECE = 16  # signs
LONGEST_WORD = 60
MOST_SIGNS = 200  # of one search: what comes after them is not cut
COST_OF_SIGN, COST_OF_PIECE = 20, 1
NO_SPACES = re.compile(rf"[{SPACELESS}]")
ELIDED = re.compile(r"(\w{1,5}['’])(\w{2,})")
LEADING = frozenset("のとでにへがは的在和与跟")  # after these, and before them, a word ends
DATE, KNOWN, LEFT = "date", "known", "left"


@dataclass(frozen=True)
class Piece:
    """A part of a word, from `start` up to `end`, and what it is."""

    start: int
    end: int
    kind: str


def apart(words: Sequence[Word], tables: Sequence[Table], is_name: Callable[[str], bool]) -> list[Word]:
    """The words, with those cut that are more than one."""
    left = MOST_SIGNS
    found: list[Word] = []
    for word in words:
        spaceless = not word.exact and NO_SPACES.search(word.text) and any(table.spaceless for table in tables)
        if spaceless and len(word.text) <= min(left, LONGEST_WORD):
            left -= len(word.text)
            found += of_pieces(word, tables, is_name)
        elif not word.exact and (parts := elision(word, tables)) and not is_name(word.text):
            found += parts
        else:
            found.append(word)
    return found


def elision(word: Word, tables: Iterable[Table]) -> list[Word]:
    """l' and été of l'été; nothing for other words."""
    found = ELIDED.fullmatch(word.text)
    if not found or not any(plain(found[1]) in table.elided for table in tables):
        return []
    middle = word.start + len(found[1])
    return [Word(found[1], False, word.start, middle), Word(found[2], False, middle, word.end)]


def of_pieces(word: Word, tables: Sequence[Table], is_name: Callable[[str], bool]) -> Iterator[Word]:
    """The pieces of a word as words; the word itself where it cannot be cut."""
    codes = tuple(table.code for table in tables if table.spaceless)
    pieces = cut(word.text, codes, is_name)
    if not all(is_apart(word.text, pieces, at) for at in range(len(pieces))):
        yield word
        return
    for piece in pieces:
        text = word.text[piece.start : piece.end]
        yield Word(text, False, word.start + piece.start, word.start + piece.end)


def cut(text: str, codes: tuple[str, ...], is_name: Callable[[str], bool]) -> list[Piece]:
    """The pieces with the fewest signs left over, and of these the fewest pieces."""
    folded = [plain(sign) or " " for sign in text]
    best: list[tuple[int, Piece | None]] = [(0, None)]
    for end in range(1, len(text) + 1):
        choices = [(best[end - 1][0] + COST_OF_SIGN, Piece(end - 1, end, LEFT))]
        for start in range(max(0, end - LONGEST_PIECE), end):
            kind = kind_of("".join(folded[start:end]), codes)
            if not kind and is_name(text[start:end]):
                kind = KNOWN
            if kind:
                choices.append((best[start][0] + COST_OF_PIECE, Piece(start, end, kind)))
        best.append(min(choices, key=lambda choice: choice[0]))
    found: list[Piece] = []
    end = len(text)
    while end:
        piece = best[end][1]
        assert piece
        end = piece.start
        if found and found[0].kind == piece.kind == LEFT:
            piece = Piece(piece.start, found.pop(0).end, LEFT)
        found.insert(0, piece)
    return found


@lru_cache(maxsize=8192)
def kind_of(text: str, codes: tuple[str, ...]) -> str:
    """What a piece is in one of the languages; empty if it is nothing."""
    for table in map(of, codes):
        if text in table.small or text in table.kinds or text in table.things:
            return KNOWN
        if set(text) <= table.signs_of_dates and dating.english_of(table.code, (text,)):
            return DATE
    return ""


def is_apart(text: str, pieces: Sequence[Piece], at: int) -> bool:
    """Whether a piece is a word for sure: what is left over has two signs and ends where the script changes, or at a
    date or a word that always stands between others."""
    piece = pieces[at]
    if piece.kind != LEFT:
        return True
    beside = [pieces[other] for other in (at - 1, at + 1) if 0 <= other < len(pieces)]
    if piece.end - piece.start < 2 or not beside:
        return len(pieces) == 1
    return all(is_end(text, piece, other) for other in beside)


def is_end(text: str, piece: Piece, other: Piece) -> bool:
    """Whether a word ends between two pieces."""
    if other.kind == DATE or text[other.start : other.end] in LEADING:
        return True
    near, far = (
        (text[piece.start], text[other.end - 1])
        if other.end <= piece.start
        else (text[piece.end - 1], text[other.start])
    )
    return script(near) != script(far)


def script(sign: str) -> str:
    """Which of the scripts a sign is of."""
    if "\u3040" <= sign <= "\u309f":
        return "hiragana"
    if "\u30a0" <= sign <= "\u30ff":
        return "katakana"
    return "han" if NO_SPACES.match(sign) else "digits" if sign.isdigit() else "letters"


def is_covered(code: str, text: str) -> bool:
    """Whether a language that is written without spaces knows all pieces of a word."""
    if not NO_SPACES.search(text) or len(text) > LONGEST_WORD:
        return False
    return all(piece.kind != LEFT for piece in cut(text, (code,), lambda _: False))
