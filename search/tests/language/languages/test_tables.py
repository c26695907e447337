"""The tables of languages: what they stand for is English that the search reads, and words are found in all forms."""

import pytest

from search.language import dates
from search.language.languages.tables import CODES, of, plain, words_of_pattern
from search.language.spoken.kinds import kind_of

SLOTS = {"month", "season", "weekday", "feast", "unit", "number"}


@pytest.mark.parametrize("code", CODES)
def test_all_kinds_are_kinds_in_english(code: str) -> None:
    assert [said for said in of(code).kinds.values() if not kind_of(said.split())] == []
    assert len(set(of(code).kinds.values())) >= 40


@pytest.mark.parametrize("code", CODES)
def test_all_parts_of_dates_are_parts_of_english_dates(code: str) -> None:
    slots = of(code).slots
    assert set(slots) >= SLOTS
    assert set(slots["month"].values()) == {
        name for name in dates.MONTHS if len(name) > 4 or name in ("may", "june", "july")
    }
    assert set(slots["season"].values()) == {"spring", "summer", "autumn", "winter"}
    assert set(slots["weekday"].values()) == set(dates.WEEKDAYS)
    assert set(slots["unit"].values()) == set(dates.UNITS)
    assert [feast for feast in slots["feast"].values() if not dates.is_date(feast) and feast != "easter"] == []


@pytest.mark.parametrize("code", CODES)
def test_each_language_has_hundreds_of_things(code: str) -> None:
    assert len(set(of(code).things.values())) >= 1000


@pytest.mark.parametrize(
    ("code", "typed", "english"),
    [
        ("de", "Strände", "beach"),
        ("de", "Voegel", "bird"),
        ("de", "Hunde", "dog"),
        ("de", "Jungs", "boy"),
        ("de", "Dächer", "roof"),
        ("pl", "nartami", "skiing"),
        ("uk", "водою", "water"),
        ("uk", "літа", "summer"),
        ("uk", "ногами", "feet"),
        ("uk", "синє", "blue"),
        ("pl", "plażą", "beach"),
        ("pl", "psem", "dog"),
        ("pl", "kwiatem", "flower"),
        ("pl", "ławce", "bench"),
        ("pl", "drodze", "road"),
        ("pl", "koncercie", "concert"),
        ("pl", "jeziorze", "lake"),
        ("pt", "balões", "balloon"),
        ("pt", "jardins", "garden"),
        ("es", "luces", "lights"),
        ("uk", "сорочці", "shirt"),
        ("uk", "дорозі", "road"),
        ("uk", "пляжі", "beach"),
        ("uk", "морем", "sea"),
        ("it", "spiagge", "beach"),
        ("fr", "l'église", "church"),
        ("fr", "eglises", "church"),
        ("ja", "猫", "cat"),
        ("zh", "海滩", "beach"),
    ],
)
def test_a_thing_in_one_of_its_forms(code: str, typed: str, english: str) -> None:
    table = of(code)
    assert table.thing(table.form(typed.lower())) == english


@pytest.mark.parametrize(
    ("code", "typed", "english"),
    [
        ("de", "Gräber", "graveyard"),
        ("de", "Skateboards", "skateboard"),
        ("fr", "boîtes", "box"),
        ("fr", "maris", "husband"),
        ("it", "balli", "dance"),
        ("nl", "kano's", "kayak"),
        ("pl", "monetami", "money"),
        ("pl", "torebką", "bag"),
        ("pl", "ziemniakami", "potatoes"),
        ("pt", "caminhos", "path"),
        ("uk", "воді", "water"),
        ("uk", "водієм", "driver"),
        ("uk", "лижами", "skiing"),
        ("uk", "ногою", "leg"),
        ("uk", "монетами", "money"),
        ("uk", "сином", "son"),
        ("uk", "лиси", "fox"),
        ("uk", "лисого", "bald"),
        ("uk", "таксою", "dachshund"),
    ],
)
def test_a_form_of_a_word_that_shares_its_stem_with_another_thing(code: str, typed: str, english: str) -> None:
    table = of(code)
    assert table.thing(table.form(typed.lower())) == english


def test_a_word_that_is_none_is_nothing() -> None:
    assert of("de").thing("xqzzt") is None
    assert of("it").thing("marei") is None  # no ending is added to a whole word
    assert of("de").form("baech") == "baech"


def test_words_are_looked_up_without_accents_and_apostrophes() -> None:
    assert plain("Foto’s") == "fotos"
    assert plain("week-end") == "week end"
    assert plain("12-03-2021") == "12-03-2021"


def test_a_pattern_has_all_words_that_it_may_take() -> None:
    assert words_of_pattern("letzt(e|en) {unit}( her)?") == {"letzte", "letzten", "her"}
