"""The storage template: where an original of the library is stored, as a path with words in braces.

`{owner}/{yyyy}/{mm}/{name}` is the default. A word that has nothing to say is empty, and a folder without a name is
left out. `{album|yyyy}` is the album or, without one, the year. Every name is one that each file system takes.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from media import names
from media.sentences import english

DEFAULT = "{owner}/{yyyy}/{mm}/{name}"
START = "{owner}/"
LONGEST_NAME, LONGEST_STEP, LONGEST_PATH = 200, 120, 600  # bytes; sidecars and numbers come on top
LATE = frozenset({"album", "place", "country"})  # words that are not known when a file comes in
TELLING = frozenset({"name", "min", "ss"})  # words that give few photos the same name
BRACES = re.compile(r"\{([^{}]*)\}")
MOST = 99_999  # files of one name in a folder
NUMBERED = re.compile(r"^(.*)-[1-9]\d{0,4}$", re.DOTALL)  # not 2019-07-04: no number of ours begins with 0
# Control characters, what Windows refuses, and characters that turn the direction of a line.
REFUSED = re.compile('[\x00-\x1f\x7f-\x9f<>:"|?*\u2028\u2029\u202a-\u202e\u2066-\u2069]')
DEVICES = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)  # Windows takes no such file


class BadTemplate(ValueError):
    """The template cannot be used; the message says why."""


@dataclass(frozen=True)
class Facts:
    """What the words of a template say about a photo. `name` is that of the original, with its extension."""

    owner: str
    taken: datetime
    name: str
    make: str = ""
    model: str = ""
    kind: str = "photo"
    album: str = ""
    folder: str = ""
    place: str = ""
    country: str = ""


def clean_name(name: str) -> str:
    """A file name for every file system: no separators, control characters or leading dots, at most 200 bytes."""
    name = clean(name.replace("\\", "/").rsplit("/", 1)[-1]) or "unnamed"
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 16:
        stem, dot, extension = name, "", ""
    room = LONGEST_NAME - len((dot + extension).encode())
    return cut(stem, room) + dot + extension


def clean(text: str) -> str:
    """The text as a name that each file system takes; it may be empty."""
    text = names.shown(REFUSED.sub("_", unicodedata.normalize("NFC", text))).strip(" .")
    return f"_{text}" if DEVICES.match(text) else text


def cut(text: str, room: int) -> str:
    """As much of the text as takes this many bytes, and no half of a letter with its accents."""
    kept = text.encode()[:room].decode(errors="ignore")
    while len(kept) < len(text) and kept and (unicodedata.combining(text[len(kept)]) or text[len(kept)] == "\u200d"):
        kept = kept[:-1]
    return kept


def check(template: str) -> str:
    """The template, if it can be used. Raises BadTemplate."""
    if not template.startswith(START):
        raise BadTemplate(english("It must begin with {owner}/, so that each library has a folder of its own."))
    if len(template) > 250 or not template.isprintable() or "\\" in template:
        raise BadTemplate(english("It has at most 250 characters, on one line and without backslashes."))
    words = [word for inside in BRACES.findall(template) for word in inside.split("|")]
    for word in words:
        if word not in WORDS:
            raise BadTemplate(english("{%(word)s} is none of the words.", word=word[:40]))
    if "{" in BRACES.sub("", template) or "}" in BRACES.sub("", template):
        raise BadTemplate(english("Each { needs its }."))
    steps = template.split("/")
    if any(step.strip(" .") == "" for step in steps):
        raise BadTemplate(english("Each folder and the file need a name."))
    if not any(inside.split("|")[0] in TELLING for inside in BRACES.findall(steps[-1])):
        raise BadTemplate(english("The name of the file needs a word, such as {name}."))
    return template


def words_in(template: str) -> set[str]:
    """The words that a template uses."""
    return {word for inside in BRACES.findall(template) for word in inside.split("|")}


def path_for(template: str, facts: Facts) -> str:
    """Where the original is stored, below the folder of the originals."""
    name = clean_name(facts.name)
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = extension, ""
    said = {word: say(facts, stem) for word, say in WORDS.items()}
    *folders, last = template.split("/")
    steps = [part for folder in folders for part in said_in(folder, said)]
    fitting, room = [], LONGEST_PATH
    for step in steps:
        room -= len(step.encode()) + 1
        if room < 0:
            break
        fitting.append(step)
    file = clean_name(f"{' '.join(said_in(last, said)) or stem}{dot}{extension}")
    return "/".join([*fitting, file])


def said_in(step: str, said: Mapping[str, str]) -> list[str]:
    """The names that a step of the template becomes: one, none, or several where {folder} has several."""

    def say(found: re.Match[str]) -> str:
        first = next((said[word] for word in found[1].split("|") if said[word]), "")
        return first if found[0] == step else first.replace("/", "_")

    return [name for part in BRACES.sub(say, step).split("/") if (name := cut(clean(part), LONGEST_STEP).strip(" ."))]


def is_at(path: str, wanted: str) -> bool:
    """Whether a path is the wanted one, perhaps with a number because the name was taken."""
    if path == wanted:
        return True
    (stem, extension), (wanted_stem, wanted_extension) = split(path), split(wanted)
    numbered = NUMBERED.match(stem)
    return extension == wanted_extension and numbered is not None and numbered[1] == wanted_stem


def split(path: str) -> tuple[str, str]:
    """The path without its extension, and the extension with its dot."""
    folder, slash, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    return (f"{folder}{slash}{stem}", dot + extension) if dot else (path, "")


def numbered(path: str, number: int) -> str:
    """The path with a number; without one for 0."""
    stem, extension = split(path)
    return f"{stem}-{number}{extension}" if number else path


def free_number(is_taken: Callable[[int], bool]) -> int | None:
    """A number that is free; None if there is none.

    It is looked for by doubling, then between the last two: those that are taken are mostly 1 to n, and n may be large.
    """
    if not is_taken(0):
        return 0
    taken, free = 0, 1
    while is_taken(free):
        if free == MOST:
            return None
        taken, free = free, min(free * 2, MOST)
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (middle, free) if is_taken(middle) else (taken, middle)
    return free


def camera(facts: Facts, _stem: str) -> str:
    """Make and model; many models begin with their make."""
    make, model = facts.make.strip(), facts.model.strip()
    return model if not make or model.lower().startswith(make.lower().split()[0]) else f"{make} {model}".strip()


def flat(text: str) -> str:
    """A text that is one step, whatever is in it."""
    return text.replace("/", "_").replace("\\", "_")


def steps_of(text: str) -> str:
    """A folder with its steps, without those that lead up."""
    return "/".join(step for step in text.split("/") if step not in ("", ".", ".."))


WORDS = {
    "owner": lambda facts, stem: flat(clean_name(facts.owner)),
    "yyyy": lambda facts, stem: f"{facts.taken.year:04d}",
    "yy": lambda facts, stem: f"{facts.taken.year % 100:02d}",
    "mm": lambda facts, stem: f"{facts.taken.month:02d}",
    "dd": lambda facts, stem: f"{facts.taken.day:02d}",
    "hh": lambda facts, stem: f"{facts.taken.hour:02d}",
    "min": lambda facts, stem: f"{facts.taken.minute:02d}",
    "ss": lambda facts, stem: f"{facts.taken.second:02d}",
    "name": lambda facts, stem: stem,
    "album": lambda facts, stem: flat(facts.album),
    "camera": lambda facts, stem: flat(camera(facts, stem)),
    "kind": lambda facts, stem: f"{facts.kind}s",
    "folder": lambda facts, stem: steps_of(facts.folder),
    "place": lambda facts, stem: flat(facts.place),
    "country": lambda facts, stem: flat(facts.country),
}
