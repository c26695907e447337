"""Reading plain words: names, dates and kinds are taken together, small words are passed over.

The longest run of words that means something is taken first. The names in the library come with `Known`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from search.language.languages.cutting import apart
from search.language.languages.tables import Table
from search.language.languages.voices import Voice
from search.language.spoken import small
from search.language.spoken.days import day_in, day_of
from search.language.spoken.kinds import PHOTOS, kind_of
from search.language.spoken.known import Known, key_of
from search.language.spoken.senses import KIND, NAMES, PERSON, PLACE, Sense, Unit
from search.language.tree import Word
from search.language.words import words as cut

LONGEST_RUN = 8
ENGLISH = Voice()


@dataclass(frozen=True)
class Token:
    """A word as it was typed, and its form: lower case, without marks around it and without 's."""

    word: Word
    form: str

    @property
    def said(self) -> str:
        """The form in English."""
        return self.form if self.word.english is None else self.word.english

    @property
    def is_small(self) -> bool:
        return not self.word.exact and (small.is_small(self.said) or not self.said)

    @property
    def is_edge(self) -> bool:
        """Whether no name begins or ends with it: it is small, or joins others in another language."""
        return self.is_small or self.word.english in small.JOINING


def token_of(word: Word) -> Token:
    form = word.text.lower().replace("’", "'").strip(".,;:!?'")
    return Token(word, form)


def bare(form: str) -> str:
    """The word without the 's of whose it is."""
    return form.removesuffix("'s").removesuffix("s'") if form.endswith("'s") else form


def in_english(words: Sequence[Word], known: Known, voice: Voice) -> list[Word]:
    """The words, each with its English, and cut where several were typed as one. Names stay as they are."""
    if not voice.tables:
        return list(words)

    def is_name(text: str) -> bool:
        return tuple(cut(text)) in known.names

    return voice.marked(apart(words, voice.tables, is_name), is_name)


def read(words: Sequence[Word], known: Known, voice: Voice = ENGLISH) -> tuple[Unit, ...]:
    """The units of the words, in order. The words are those of `in_english`."""
    tokens = [token_of(word) for word in words]
    units = joined(list(units_of(tokens, known, voice)))
    if not any(unit.words for unit in units):
        units = alone(tokens, units)
    return tuple(units)


def alone(tokens: Sequence[Token], units: Sequence[Unit]) -> list[Unit]:
    """What small words mean that stand alone: photos, or just these words."""
    if any(token.said in small.PHOTOS for token in tokens):
        return [Unit(tuple(token.word for token in tokens), (PHOTOS,))]
    return [Unit((token.word,)) for token in tokens]


def units_of(tokens: Sequence[Token], known: Known, voice: Voice) -> Iterator[Unit]:
    """The units before those are joined that belong together. Small words at the end come as a unit without words."""
    at, before = 0, []
    while at < len(tokens):
        length, senses = longest(tokens[at : at + LONGEST_RUN], known, voice)
        run = tokens[at : at + max(length, 1)]
        at += len(run)
        if not senses and run[0].is_small:
            before.append(run[0].word)
            continue
        taken = tuple(token.word for token in run)
        yield Unit(taken, senses, tuple(before), within(run, senses, known, voice))
        before = []
    if before:
        yield Unit((), (), tuple(before))


def longest(tokens: Sequence[Token], known: Known, voice: Voice) -> tuple[int, tuple[Sense, ...]]:
    """How many of the first words mean something together, and what; none where the first word means nothing."""
    quoted = next((at for at, token in enumerate(tokens) if token.word.exact), len(tokens))
    for length in range(min(quoted, LONGEST_RUN), 0, -1):
        if senses := senses_of(tokens[:length], known, voice):
            return length, senses
    return 0, ()


def senses_of(run: Sequence[Token], known: Known, voice: Voice) -> tuple[Sense, ...]:
    """All that these words mean together."""
    forms = [token.form for token in run if token.form]
    if not forms or len(forms) < len(run):
        return ()
    found = list(named(run, forms, known, voice))
    found += told_in(voice, voice.first, run, forms) or in_plain_english(run, forms)
    found += told_in(voice, voice.last, run, forms) if not found else ()
    if len(forms) > 1:
        found += around([token.said for token in run], forms, known)
    return tuple(found)


def in_plain_english(run: Sequence[Token], forms: Sequence[str]) -> list[Sense]:
    """The date and the kind that the words are, unless the word is a thing in another language."""
    if len(run) == 1 and run[0].word.english:
        return []
    return [sense for sense in (day_of(forms), kind_of(forms)) if sense]


def told_in(voice: Voice, table: Table | None, run: Sequence[Token], forms: Sequence[str]) -> list[Sense]:
    """The date and the kind that the words are in another language."""
    date, kind = voice.date(table, forms), voice.kind(table, forms)
    as_typed = (" " if run[0].word.end < run[-1].word.start else "").join(token.word.text for token in run)
    found = [day_in(date, as_typed, forms)] if date else []
    return found + ([sense] if kind and (sense := kind_of(kind.split())) else [])


def named(run: Sequence[Token], forms: Sequence[str], known: Known, voice: Voice) -> tuple[Sense, ...]:
    """The people, places, albums and tags of that name. It begins and ends with a word that says something."""
    if len(forms) > 1 and (run[0].is_edge or run[-1].is_edge):
        return known.names.get(tuple(cut(" ".join(forms))), ())
    if len(forms) == 1 and run[0].is_small:
        return ()
    if found := known.meant(key_of(" ".join(map(bare, forms)))):
        return found
    if len(forms) > 1 or run[0].word.english is not None:
        return ()
    others = (known.names.get((base,), ()) for base in voice.bases(forms[0]))
    return tuple(plainly(sense) for sense in next(filter(None, others), ()) if sense.kind in (PERSON, PLACE))


def around(said: Sequence[str], forms: Sequence[str], known: Known) -> list[Sense]:
    """near lisbon, trip to berlin: the place after words that only lead to it. Near a region is in it."""
    for leading in small.NEAR:
        rest = tuple(forms[len(leading) :])
        if tuple(said[: len(leading)]) == leading and rest:
            return [near(sense) if sense.town else plainly(sense) for sense in places_called(rest, known)]
    if said[-1] == small.NEAR_IT:
        return [near(sense) if sense.town else plainly(sense) for sense in places_called(forms[:-1], known)]
    if said[0] in small.JOURNEYS and said[1] in ("to", "in") and len(forms) > 2:
        return [plainly(sense) for sense in places_called(forms[2:], known)]
    if small.JOURNEY in (said[0], said[-1]):
        rest = tuple(forms[1:] if said[0] == small.JOURNEY else forms[:-1])
        return [plainly(sense) for sense in places_called(rest, known)]
    return []


def places_called(forms: Sequence[str], known: Known) -> list[Sense]:
    return [sense for sense in known.meant(key_of(" ".join(forms))) if sense.kind == PLACE]


def near(town: Sense) -> Sense:
    return Sense(PLACE, f"near:{town.text.partition(':')[2]}", _("Near %(place)s") % {"place": town.label})


def plainly(place: Sense) -> Sense:
    """The place; other words lead to it than those by which the text index would find it."""
    return Sense(place.kind, place.text, place.label)


def within(run: Sequence[Token], senses: Sequence[Sense], known: Known, voice: Voice) -> tuple[Unit, ...]:
    """What the words of a run mean one by one, where one of them is a name: april 2024, japan 2023."""
    kinds = {sense.kind for sense in senses}
    if len(run) < 2 or KIND in kinds or kinds <= {PERSON, PLACE}:
        return ()
    parts = list(units_of_shorter(run, known, voice))
    return tuple(parts) if any(sense.kind in NAMES for unit in parts for sense in unit.senses) else ()


def units_of_shorter(run: Sequence[Token], known: Known, voice: Voice) -> Iterator[Unit]:
    """The run read in parts that are shorter than all of it."""
    length, senses = longest(run[:-1], known, voice)
    head = run[: max(length, 1)]
    if senses or not head[0].is_small:
        yield Unit(tuple(token.word for token in head), senses)
    yield from (unit for unit in units_of(run[len(head) :], known, voice) if unit.words)


# --- what goes together -----------------------------------------------------------------------------------------------


def joined(units: list[Unit]) -> list[Unit]:
    """The units with what or, without, only and alone say of them."""
    made: list[Unit] = []
    waiting: tuple[Word, ...] = ()  # or, without, only: they wait for what comes next
    for unit in units:
        form = (
            token_of(unit.words[0]).said if len(unit.words) == 1 and not unit.senses and not unit.words[0].exact else ""
        )
        if form in small.ALONE_AFTER and made and is_person(made[-1]):
            made[-1] = by_themselves(made[-1], unit.words)
        elif form == small.LEFT_OUT_BEFORE:
            left_out(made, unit)
        elif form == small.EITHER or form in small.LEFT_OUT or form in small.ONLY:
            waiting += (*unit.before, *unit.words)
        elif waiting and unit.words:
            together(made, unit, waiting)
            waiting = ()
        else:
            made.append(unit)
    return [*made, *(Unit((word,)) for word in waiting)]


def left_out(made: list[Unit], unit: Unit) -> None:
    """Let the last unit be what is left out, as words behind it say: 人なし."""
    if made and made[-1].words and not made[-1].left_out:
        made[-1] = replace(made[-1], before=(*made[-1].before, *unit.all_words), left_out=True)


def together(made: list[Unit], unit: Unit, waiting: tuple[Word, ...]) -> None:
    """Add the unit, as the words before it say."""
    forms = [token_of(word).said for word in waiting]
    unit = replace(unit, before=(*waiting, *unit.before))
    if any(form in small.LEFT_OUT for form in forms):
        made.append(replace(unit, left_out=True))
    elif any(form in small.ONLY for form in forms):
        made.append(by_themselves(unit, ()) if is_person(unit) else unit)
    elif small.EITHER in forms and made and made[-1].words and not made[-1].left_out:
        made[-1] = replace(made[-1], others=(*made[-1].others, unit))
    else:
        made.append(unit)


def is_person(unit: Unit) -> bool:
    return any(sense.kind == PERSON for sense in unit.senses)


def by_themselves(unit: Unit, following: tuple[Word, ...]) -> Unit:
    """The person with nobody else."""
    person = next(sense for sense in unit.senses if sense.kind == PERSON)
    text = person.text.replace("person:=", "person:")
    only = Sense(PERSON, f"{text} alone", _("Only %(names)s") % {"names": person.label})
    return Unit((*unit.words, *following), (only,), unit.before, sure=True)
