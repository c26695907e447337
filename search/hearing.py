"""Plain words of a search, read with the names of the user's library; and typing mistakes in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from django.core.cache import cache as kept

from accounts.models import User
from albums.access import visible_albums
from mirage.web.time_limit import time_out
from people.access import people_of, shared_people
from photos.access import shared_photos, visible_photos
from photos.gallery import labels, looks
from photos.models import Photo, PhotoQuerySet
from search.index import fulltext
from search.index.documents import documents
from search.index.text_index import Phrase, some
from search.language.languages.voices import Voice, voice_of
from search.language.spoken import spelling
from search.language.spoken.days import words_of_days
from search.language.spoken.kinds import words_of_kinds
from search.language.spoken.known import Known, Senses, known_names, place_senses
from search.language.spoken.reading import ENGLISH, bare, in_english, read, token_of
from search.language.spoken.senses import Correction, Spoken, Unit, flat
from search.language.spoken.small import is_small
from search.language.tree import Word
from search.language.words import fold, words
from tags.access import shared_tags, tags_of
from vision import inference
from vision.coco import LABELS
from vision.words import encoder, maps, query, things, vocabulary

REMEMBERED_SECONDS = 600  # how long the places of a library are: all photos are looked through for them
MOST_MISTAKES = 5  # words of a search in which typing mistakes are looked for
LONGEST = 24  # letters of such a word: of one letter more there are 54 more forms to look for
WRITTEN = ("names", "notes")  # columns of the index that hold what somebody wrote
MOST_READ = 20  # photos with words like it, among which the nearest is taken
NAME, SAID, TRUSTED = range(3)  # how good a word is that was perhaps meant


def names_of(user: User) -> Known:
    """All that words can name in what the user sees."""
    people = [*people_of(user).exclude(name="").values_list("name", flat=True)]
    tags = [*tags_of(user).values_list("path", flat=True)]
    if not shared_photos(user).query.is_empty():
        people += shared_people(user).values_list("name", flat=True)
        tags += shared_tags(user).values_list("path", flat=True)
    return known_names(people, visible_albums(user).values_list("name", flat=True), tags, places_of(user))


def places_of(user: User) -> Senses:
    """The places of the photos that the user sees. What other languages call them is found in the texts."""
    key = f"search-places:{user.pk}:{user.date_joined.timestamp()}"
    found: Senses | None = kept.get(key)
    if found is None:
        rows = set(visible_photos(user).order_by().values_list("place", "region", "country").distinct())
        found = place_senses(rows)
        kept.set(key, found, REMEMBERED_SECONDS)
    return found


def hear(user: User, said: Sequence[Word], known: Known, language: str = "", *, forgiving: bool) -> Spoken:
    """What the words mean, in `language` or English; where `forgiving`, one typing mistake in each word is mended."""
    forms = [token_of(word).form for word in said if not word.exact]
    voice = voice_of(forms, language, lambda form: is_name(form, known), is_english)
    words = in_english(said, known, voice)
    units = read(words, known, voice)
    mended = dict(mistakes(user, units, known, voice)) if forgiving else {}
    if mended:
        units = read(in_english([with_text(word, mended.get(word)) for word in words], known, voice), known, voice)
    return Spoken(tuple(said), units, tuple(Correction(*pair) for pair in mended.items()))


def with_text(word: Word, text: str | None) -> Word:
    return word if text is None else replace(word, text=text)


def is_name(form: str, known: Known) -> bool:
    """Whether a word is a name of the library or meant to be one."""
    word = bare(form)
    if word in known.vocabulary or tuple(words(word)) in known.names:
        return True
    return bool(spelling.meant(fold(word), dict.fromkeys(known.vocabulary, NAME), any_first=True))


@lru_cache(maxsize=8192)  # of all words that anybody ever types
def is_english(form: str) -> bool:
    """Whether the word is English, as far as can be told without the models."""
    if not form.isascii() or is_small(form):
        return form.isascii()
    said = (form, *spelling.otherwise(form))
    return any(one in usual_words() or query.is_taught(one) or dictionary().called(one) for one in said)


# --- typing mistakes --------------------------------------------------------------------------------------------------


def mistakes(user: User, units: Iterable[Unit], known: Known, voice: Voice) -> Iterable[tuple[Word, str]]:
    """The words that find nothing as they are typed, and what was probably meant."""
    plain = [
        word
        for unit in flat(units)
        if not unit.senses
        for word in unit.words
        if not word.exact and word.english is None
    ]
    photos = visible_photos(user) if plain else Photo.objects.none()
    for word in plain[:MOST_MISTAKES]:
        form = fold(token_of(word).form)
        if len(form) > LONGEST:
            continue
        meant = candidates(form, known.vocabulary, voice)
        if not (meant or can_be_mistake(form, known.vocabulary, voice)) or is_written(photos, word):
            continue
        found = next(iter(meant), "") or written_nearly(photos.present(), form)
        if found and not is_seen(user, word):
            yield word, found.capitalize() if word.text[:1].isupper() else found


def can_be_mistake(form: str, names: frozenset[str], voice: Voice) -> bool:
    """Whether it may stand for a word that somebody wrote: long enough, and no word itself."""
    return (
        not voice.has(form)
        and len(form) > spelling.LEAST
        and form.isalpha()
        and form not in names
        and not is_word(form, perhaps=False)
    )


def written_nearly(photos: PhotoQuerySet, form: str) -> str:
    """The word nearest to it in a title, description, comment or the like; empty if there is none."""
    near = list(
        dict.fromkeys(other for _, other in spelling.edits(form, spelling.letters_of(form)) if other[:1] == form[:1])
    )
    ids = photos.order_by("pk").values_list("pk", flat=True)
    for column in WRITTEN:
        asked = some(Phrase((other,), prefix=False, column=column) for other in near)
        found = documents(ids.filter(fulltext.having(asked))[:MOST_READ]).values()
        said = {word for document in found for word in document.column(column)}
        if nearest := next((other for other in near if other in said), ""):
            return nearest
    return ""


def candidates(form: str, names: frozenset[str], voice: Voice = ENGLISH) -> list[str]:
    """The word that was probably meant, if it is none itself: none or one."""
    if form in names or labels.meant(form) or query.is_empty(form) or voice.has(form):
        return []
    own = voice.spelled()
    meant = spelling.meant(form, dict.fromkeys(names, NAME), any_first=True)
    either = dict.fromkeys({*own, *usual_words()}, SAID) if own and not meant else {}
    if (found := spelling.meant(form, either)) in own and not is_word(form, perhaps=False):
        return [own[found]]
    meant = meant or spelling.meant(form, usual_words())
    if not meant:
        return []
    perhaps = meant not in names and usual_words()[meant] == TRUSTED
    return [meant] if meant in names or not is_word(form, perhaps) else []


def is_word(form: str, perhaps: bool) -> bool:
    """Whether there is such a word, as far as any of the models knows; `perhaps` where none can be asked."""
    if form in usual_words() or query.is_taught(form) or things.shipped().called(form):
        return True
    try:
        return encoder.knows(form)
    except inference.MissingWeights:
        return perhaps


@cache
@time_out()
def dictionary() -> things.Things:
    """The names of things. A process reads them once: that does not count as the time of the search."""
    return things.shipped()


@cache
@time_out()
def usual_words() -> Mapping[str, int]:
    """Words that people search for: of dates and kinds, and what pictures are known to show."""
    maps.shipped()  # is_english asks these too
    trusted = {part for name in (*vocabulary.shipped().words, *LABELS) for part in words(name)}
    said = words_of_days() | words_of_kinds()
    return dict.fromkeys(trusted, TRUSTED) | dict.fromkeys(said, SAID)


def is_written(photos: PhotoQuerySet, word: Word) -> bool:
    """Whether one of the photos has the word or a beginning of it in its texts."""
    phrases = [fulltext.phrase_of(word.text, False), fulltext.naming(word.text, False)]
    return photos.filter(fulltext.having(some(phrases))).exists()


def is_seen(user: User, word: Word) -> bool:
    """Whether a photo looks like the word."""
    return looks.can_find(user) and bool(looks.find(user, [word.text]))
