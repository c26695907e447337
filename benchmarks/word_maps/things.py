"""Makes vision/words/things.txt.xz from WordNet 3.0 (Debian's package wordnet-base, or Princeton's own files).

    python benchmarks/word_maps/things.py /usr/share/wordnet [--out FILE]

Kept are the common nouns for what can be photographed, by the file that WordNet keeps them in. A line is a meaning:
synonyms, kind and its kind, definition. A name's commonest meaning comes first, by WordNet's order of senses.
"""

import argparse
import lzma
import re
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from vision.words import things

# WordNet's own numbers of its files of nouns.
SEEN = {
    5: "animal", 6: "artifact", 8: "body", 13: "food", 15: "location", 17: "object", 18: "person", 19: "phenomenon",
    20: "plant", 27: "substance",
}  # fmt: skip
ABOVE_ALL = {"entity", "physical entity", "object", "whole", "matter", "artifact", "organism", "living thing"}
LONGEST_GLOSS = 160  # letters; MiniLM sees no more of it than its first words anyway


@dataclass(frozen=True)
class Synset:
    """One meaning: its synonyms, the file it stands in, its kinds' offsets, its definition."""

    names: list[str]
    file: int
    above: list[str]
    gloss: str


Meaning = tuple[tuple[int, str], Synset, list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wordnet", type=Path)
    parser.add_argument("--out", type=Path, default=things.FILE)
    options = parser.parse_args()
    synsets = read_synsets(options.wordnet / "data.noun")
    ranks = read_ranks(options.wordnet / "index.noun")
    lines = [
        line_of(synsets, names, synset)
        for _, synset, names in sorted(meanings(synsets, ranks), key=lambda meaning: meaning[0])
    ]
    options.out.write_bytes(lzma.compress("".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(lines)} meanings, {options.out.stat().st_size:,} bytes")


def read_synsets(path: Path) -> dict[str, Synset]:
    """Meanings by their offset; the format is described in WordNet's wndb(5)."""
    found = {}
    for line in path.read_text("latin-1").splitlines():
        if line.startswith(" "):  # the licence
            continue
        head, _, definition = line.partition(" | ")
        fields = head.split()
        words = int(fields[3], 16)
        names = [re.sub(r"\(.*\)$", "", fields[4 + 2 * place]).replace("_", " ") for place in range(words)]
        start = 4 + 2 * words
        pointers = [fields[start + 1 + 4 * place : start + 5 + 4 * place] for place in range(int(fields[start]))]
        above = [offset for symbol, offset, *_ in pointers if symbol == "@"]  # "@i": a person or place of that name
        gloss = definition.split(";")[0].strip()[:LONGEST_GLOSS].replace("\t", " ")
        found[fields[0]] = Synset(names, int(fields[1]), above, gloss)
    return found


def read_ranks(path: Path) -> dict[str, list[str]]:
    """The offsets of each name's meanings, the commonest first."""
    ranks = {}
    for line in path.read_text("latin-1").splitlines():
        if not line.startswith(" "):
            name, _, count, *rest = line.split()
            ranks[name.replace("_", " ")] = rest[-int(count) :]
    return ranks


def meanings(
    synsets: dict[str, Synset], ranks: dict[str, list[str]]
) -> list[tuple[tuple[int, str], Synset, list[str]]]:
    """Each meaning to keep, once for each rank that its names give it: ((rank, offset), meaning, those names)."""
    grouped: dict[tuple[int, str], list[str]] = {}
    for offset, synset in synsets.items():
        if synset.file not in SEEN or not synset.above:
            continue
        for name in synset.names:
            order = ranks.get(name.lower(), [])
            if offset in order:
                grouped.setdefault((order.index(offset), offset), []).append(name)
    return [((rank, offset), synsets[offset], names) for (rank, offset), names in grouped.items()]


def line_of(synsets: dict[str, Synset], names: list[str], synset: Synset) -> str:
    """A line of the file, as `things.Things.read` takes it."""
    kinds: list[str] = []
    above = synset.above
    while above and len(kinds) < 2:
        kind = synsets[above[0]]
        if kind.names[0] in ABOVE_ALL:
            break
        kinds.append(kind.names[0])
        above = kind.above
    return f"{'|'.join(names)}\t{'|'.join(kinds)}\t{synset.gloss}\n"


if __name__ == "__main__":
    main()
