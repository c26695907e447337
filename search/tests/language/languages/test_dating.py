"""Dates of ten languages in the English that `dates` reads."""

import time

import pytest

from search.language.languages.dating import english_of
from search.language.languages.tables import CODES, of


def english(code: str, text: str) -> str:
    return english_of(code, tuple(of(code).form(word.strip(".,").lower()) for word in text.split()))


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("de", "letzten Sommer", "last summer"),
        ("de", "vor zwei Jahren", "2 years ago"),
        ("de", "12. März 2021", "12 march 2021"),
        ("de", "von 2020 bis 2023", "2020..2023"),
        ("de", "zwischen Mai 2020 und Juli 2021", "may 2020..july 2021"),
        ("de", "Maerz 2020", "march 2020"),
        ("de", "Neunziger", "1990s"),
        ("de", "letzte 3 Wochen", "last 3 weeks"),
        ("fr", "janvier 2024", "january 2024"),
        ("fr", "il y a deux ans", "2 years ago"),
        ("fr", "avant-hier", "day before yesterday"),
        ("fr", "Noël 2019", "christmas 2019"),
        ("fr", "12/03/2021", "12.03.2021"),
        ("es", "12 de marzo de 2021", "12 march 2021"),
        ("es", "años 90", "1990s"),
        ("it", "tra il 2019 e il 2020", "2019..2020"),
        ("it", "ferragosto 2020", "15 august 2020"),
        ("pt", "há dois anos", "2 years ago"),
        ("nl", "vorige zomer", "last summer"),
        ("nl", "jaren negentig", "1990s"),
        ("pl", "zeszłego lata", "last summer"),
        ("pl", "rok temu", "1 year ago"),
        ("pl", "od 2012 do 2018", "2012..2018"),
        ("ja", "2024年1月", "january 2024"),
        ("ja", "2年前", "2 years ago"),
        ("ja", "2020年から2023年まで", "2020..2023"),
        ("zh", "2019年圣诞节", "christmas 2019"),
        ("zh", "最近7天", "last 7 days"),
        ("zh", "2000年以前", "before 2000"),
        ("uk", "минулого літа", "last summer"),
        ("uk", "90-ті", "1990s"),
        ("uk", "рік тому", "1 year ago"),
    ],
)
def test_a_date(code: str, text: str, expected: str) -> None:
    assert english(code, text) == expected


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "jan"),  # a short form without a number
        ("de", "Hund"),
        ("de", "31. Februar 2020"),
        ("es", "90"),
        ("fr", "sept"),
        ("zh", "二零"),
        ("ja", "猫"),
        ("de", ""),
    ],
)
def test_what_is_no_date(code: str, text: str) -> None:
    assert english(code, text) == ""


@pytest.mark.parametrize("code", CODES)
def test_long_texts_of_date_words_are_answered_at_once(code: str) -> None:
    words = sorted(of(code).of_dates)[:400]
    english(code, "2020")
    before = time.perf_counter()
    for start in range(0, len(words), 4):
        english(code, " ".join(words[start : start + 4] * 2))
    assert time.perf_counter() - before < 2
