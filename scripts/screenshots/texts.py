"""Which texts stand on which sheet of `look.py`: an index for translators, texts.json beside the sheets."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from playwright.sync_api import Page

CATALOGUES = Path(__file__).resolve().parents[2] / "locale" / "de" / "LC_MESSAGES"  # any language: the English is asked
VALUE = re.compile(r"%\(\w+\)[sd]|%%")
TAG = re.compile(r"<[^>]+>")
LEAST = 4  # letters beside the values; or else a text would be found everywhere
# What stands on a page, to be read or heard: pieces of text, small elements whole, and what attributes say.
COLLECT = """() => {
  const said = new Set();
  const add = (text) => {
    const one = (text || "").replace(/\\s+/g, " ").trim();
    if (one && one.length < 400) said.add(one);
  };
  const hidden = (element) => !element.checkVisibility({ visibilityProperty: true });
  for (const element of document.body.querySelectorAll("*")) {
    if (hidden(element) || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt"]) add(element.getAttribute(name));
    for (const node of element.childNodes) if (node.nodeType === 3) add(node.data);
    if (element.textContent.length < 400) add(element.textContent);
  }
  return [...said];
}"""


def on_page(page: "Page") -> list[str]:
    """All that can be read or heard on the page as it is now."""
    return list(page.evaluate(COLLECT))


def english() -> list[str]:
    """The texts of the catalogues, and their plurals."""
    found: dict[str, None] = {}
    for domain in ("django", "djangojs"):
        with (CATALOGUES / f"{domain}.po").open("rb") as file:
            for message in read_po(file):
                found.update(dict.fromkeys([message.id] if isinstance(message.id, str) else message.id))
    return [text for text in found if text]


def pattern(text: str) -> re.Pattern[str] | None:
    """What a text with values looks like on a page; None if it says too little to be told from others."""
    plain = TAG.sub("", text)
    literal = VALUE.split(plain)
    if sum(map(str.isalpha, "".join(literal))) < LEAST:
        return None
    return re.compile("(?s:.+?)".join(re.escape(" ".join(part.split(" "))) for part in literal))


def seen_on(sheets: dict[str, Iterable[str]], texts: Iterable[str]) -> dict[str, list[str]]:
    """By text, the sheets on which it stands."""
    said = {name: set(words) for name, words in sheets.items()}
    found: dict[str, list[str]] = {}
    for text in texts:
        plain = " ".join(TAG.sub("", text).split())
        shape = pattern(text) if VALUE.search(text) else None
        if VALUE.search(text) and shape is None:
            continue
        names = [
            name
            for name, words in said.items()
            if (plain in words if shape is None else any(shape.fullmatch(one) for one in words))
        ]
        if names:
            found[text] = names
    return found


def write(sheets: dict[str, Iterable[str]], file: Path) -> None:
    """Write the index, with the texts of sheets that were not taken now as they were."""
    texts, before = english(), {}
    if file.exists():
        before = json.loads(file.read_text(encoding="utf-8"))
    now = seen_on(sheets, texts)
    kept = {text: [name for name in names if name not in sheets] for text, names in before.items() if text in texts}
    both = {text: sorted({*kept.get(text, []), *now.get(text, [])}) for text in {*kept, *now}}
    index = {text: both[text] for text in sorted(both) if both[text]}
    file.write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
