"""How long the server takes for the worst that a search of 2,000 characters can ask of a large library.

    python benchmarks/hostile.py [--photos 100000] [--database sqlite|postgres] [--library FOLDER] [--only NAME]

Makes the library of benchmarks/web.py, or uses the one that an earlier run left in FOLDER. Asks for the page, what it
could be narrowed down to, the proposals and the API's list of every query. Prints the seconds of each answer, and the
statuses of the page and of the API. Fails where an answer took longer than SECONDS or was a 5xx.
"""

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks import web  # noqa: E402 - the path comes first

SECONDS = 2.0
LONGEST = 2_000
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789αβγδεζηθικλμνξοπρστυφχψωабвгдежзиклмнопрстуфхцчшщэюя"
PAIRS = [one + other for one in "aeiostlbp" for other in "aeiourstnlm"]
THINGS = ("dog", "cat", "car", "pizza", "bicycle", "person", "chair", "cup", "bottle", "book", "boat", "bus", "train",
          "truck", "bird", "horse", "sheep", "cow", "bear")  # fmt: skip
CHOICES = (
    "is:live", "-is:live", "has:faces", "-has:faces", "has:objects", "-has:objects", "is:unnamed", "-is:unnamed",
    "has:people", "-has:people", "is:untagged", "has:comments", "-has:comments", "has:text", "-has:text", "has:tags",
    "is:duplicate", "-is:duplicate", "is:edited", "-is:edited", "taken:morning", "taken:night", "taken:weekend",
    "-taken:sunday", "has:albums", "-has:albums", "is:stacked",
)  # fmt: skip


def filled(pieces: Any, join: str = " ", ends: str = "") -> str:
    """As many of the pieces, again and again, as a search may have."""
    text = ""
    for piece in islice(cycle(pieces), LONGEST):
        longer = f"{text}{join if text else ''}{piece}"
        if len(longer) + len(ends) > LONGEST:
            break
        text = longer
    return text + ends


def few(pieces: Any, count: int, join: str = " ") -> str:
    """The most that is not refused for its number of parts."""
    return join.join(islice(cycle(pieces), count))


def around(inner: str, opened: list[str]) -> str:
    """Pieces with two open parentheses each, closed again around something."""
    return "".join(opened) + inner + "))" * len(opened)


def queries(parts: int, letters: int) -> dict[str, str]:
    """By what is hostile in them; some with as many parts, or single letters, as are not refused."""
    return of_letters(parts, letters) | of_words(parts) | of_signs() | of_names(parts) | of_keys(parts)


def of_letters(parts: int, letters: int) -> dict[str, str]:
    """What begins very many words."""
    return {
        "one letter": filled(["a"]),
        "letters": filled(LETTERS),
        "letters, or": filled(LETTERS, " OR "),
        "letters, none": filled([f"-{letter}" for letter in LETTERS]),
        "letters, as many as may be": few(LETTERS, letters),
        "letters, any": few(LETTERS, letters, " OR "),
        "letters, not": few([f"-{letter}" for letter in LETTERS], letters),
        "letters, best first": f"({few(LETTERS, letters, ' OR ')}) sort:relevance",
        "two letters": few(PAIRS, parts),
        "two letters, any": few(PAIRS, parts, " OR "),
        "two letters, not": few([f"-{pair}" for pair in PAIRS], parts),
        "digits": few([f"{number:02}" for number in range(100)], parts, " OR "),
    }  # fmt: skip


def of_words(parts: int) -> dict[str, str]:
    """Words, what pictures show, and both joined in every way."""
    chance = random.Random(5)
    made = ["".join(chance.choices("aeioustnrl", k=3)) for _ in range(400)]
    return {
        "words": filled(made),
        "words, as many as may be": few(made, parts),
        "words, any": few(made, parts, " OR "),
        "things": few(THINGS, parts),
        "things, any": few(THINGS, parts, " OR "),
        "things, best first": f"({few(THINGS, parts - 1, ' OR ')}) sort:relevance",
        "things by key": f"object:{few(THINGS, parts, ',')} all",
        "alternating": few([f"{one} OR -{other}" for one, other in zip(PAIRS, THINGS * 5, strict=False)], parts // 2),
        "nested": around("ab", [f"({pair} OR -({pair[::-1]} " for pair in PAIRS[:19]]),
    }  # fmt: skip


def of_signs() -> dict[str, str]:
    """What is hard to read: signs, and scripts without spaces."""
    return {
        "parentheses": "(" * 999 + "a" + ")" * 999,
        "minus": "-" * 1999 + "a",
        "quoted": f'"{filled("ab")}"',
        "Chinese": "東京" * 1000,
        "Chinese words": filled("東京日本山川人大小中"),
        "ligatures": "\ufdfa" * 2000,
        "emoji": "🎉" * 1000,
        "marks": "'" * 2000,
        "quotes": '"' * 2000,
        "colons": filled(["a:"], ""),
    }  # fmt: skip


def of_names(parts: int) -> dict[str, str]:
    """Names of people, tags, albums and towns."""
    return {
        "people": f"person:{few([f'Person{number}' for number in range(60)], parts, ',')} all",
        "people alone": " ".join(f"person:Person{number} alone" for number in range(60)),
        "nobody": few([f"person:nobody{number}" for number in range(900)], parts),
        "tags": few([f"-tag:{tag}" for tag in web.TAGS], parts),
        "towns": few([f"near:{town}" for town in ("Paris", "London", "Lisbon", "nowhere")], parts),
        "positions": few([f"near:{lat},{lat} 3000km" for lat in range(80)], parts, " OR "),
        "albums": few([f"album:{pair}" for pair in PAIRS], parts),
        "commas": "person:" + "," * 1900,
    }  # fmt: skip


def of_keys(parts: int) -> dict[str, str]:
    """The other keys."""
    return {
        "numbers": "iso:" + filled([str(number) for number in range(900)], ",")[:1990],
        "ranges": few([f"iso:>{number}" for number in range(900)], parts),
        "choices": few(CHOICES, parts),
        "choices, any": few(CHOICES, parts, " OR "),
        "choices, nested": around("ab", [f"({one} OR -({one} OR ab " for one in CHOICES[:18:2]]),
        "dates": few([f"date:{year}" for year in range(1900, 2030)], parts, " OR "),
        "seasons": few([f"date:{season}" for season in ("summer", "winter", "may", "june")], parts),
        "mistakes": filled(["persn:x"]),
        "text": few([f"text:{pair}" for pair in PAIRS], parts),
        "titles": few([f"-title:{pair}" for pair in PAIRS], parts, " OR "),
        "files": few([f"file:{start}" for start in ("00", "01", "im", "img_", "jp", "img_00")], parts),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--library", type=Path, help="a folder, kept for the next run")
    parser.add_argument("--only", default="", help="the queries whose name has this in it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mirage-benchmark-") as temporary:
        folder = options.library or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ.update(MIRAGE_DATA=str(folder), DJANGO_SETTINGS_MODULE="mirage.settings")
        os.environ.pop("DATABASE_URL", None)
        if options.database == "postgres":
            web.start_postgres(str(folder))
        web.prepare()
        web.fill_once(options.photos)
        sys.exit(0 if measure(options.only) else 1)


def measure(only: str) -> bool:
    """Print the times. Whether all answers came in time."""
    from django.test import Client

    from accounts.models import User
    from accounts.security import tokens
    from search.language.bounds import MOST_LETTERS, MOST_PARTS

    logging.disable()
    owner = User.objects.get(username="benchmark")
    browser = Client()
    browser.force_login(owner)
    _, secret = tokens.issue(owner, "hostile", ["read"])
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    asks: list[Callable[[str], Any]] = [
        lambda text: browser.get("/search/", {"q": text}),
        lambda text: browser.get("/search/narrow/", {"q": text}),
        lambda text: browser.get("/search/complete/", {"q": text}),
        lambda text: program.get("/api/v1/photos", {"query": text}),
    ]
    asks[0]("near:Lisbon")  # which starts the process that knows the towns
    print(f"{'':30}{'page':>8}{'narrow':>8}{'typing':>8}{'API':>8}  status")
    slowest, wrong = 0.0, False
    for name, text in queries(MOST_PARTS, MOST_LETTERS).items():
        if only not in name:
            continue
        times, statuses = [], []
        for ask in asks:
            started = time.perf_counter()
            statuses.append(ask(text).status_code)
            times.append(time.perf_counter() - started)
        slowest = max(slowest, *times)
        wrong |= max(statuses) >= 500
        print(f"{name:30}{''.join(f'{seconds:8.2f}' for seconds in times)}  {statuses[0]} {statuses[3]}", flush=True)
    print(f"the slowest answer took {slowest:.2f} s")
    return slowest <= SECONDS and not wrong


if __name__ == "__main__":
    main()
