"""What places are called in the languages of people, by Unicode CLDR as Babel brings it.

The place data has English names alone. CLDR has all countries, and the few hundred cities that time zones are named
after, in every language; other towns keep the name that GeoNames gives them, which is mostly their own.
"""

import unicodedata
from dataclasses import dataclass, field
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils.translation.trans_real import parse_accept_lang_header

ENGLISH = "en"
SEARCHED = (  # the languages whose names are searched, beside English
    *("ar", "bg", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja"),
    *("ko", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh"),
)


@dataclass(frozen=True)
class Names:
    """The names in one language, by country code and by country code and English name."""

    countries: dict[str, str] = field(default_factory=dict)
    cities: dict[tuple[str, str], str] = field(default_factory=dict)


def language_of(accepted: str) -> str:
    """The language that somebody's Accept-Language asks for first; English where CLDR knows none of them."""
    for language, _ in parse_accept_lang_header(accepted):
        code = language.replace("-", "_")
        if find_locale(code):
            return code
    return ENGLISH


def country_in(language: str, code: str, name: str) -> str:
    """The country of that code as the language calls it; else as it was named."""
    return names_in(language).countries.get(code, name)


def town_in(language: str, code: str, name: str) -> str:
    """The town of that country and English name as the language calls it; else as it was named."""
    return names_in(language).cities.get((code, plain(name)), name)


@cache
def also_called(code: str, place: str) -> frozenset[str]:
    """The names of a town and its country in the other languages that are searched."""
    found = (name for language in SEARCHED for name in (country_in(language, code, ""), town_in(language, code, place)))
    return frozenset(found) - {"", place}


def countries_by_number(language: str) -> dict[str, str]:
    """The countries' names in the language by the numbers of ISO 3166, as maps have them; none in English."""
    names, numbers = names_in(language).countries, get_global("territory_aliases")
    return {number: names[codes[0]] for number, codes in numbers.items() if number.isdigit() and codes[0] in names}


def cities_called(text: str) -> list[tuple[str, str]]:
    """The cities that some language calls so, or with a name that begins so: country codes and English names."""
    wanted = plain(text)
    found = (
        (key, name) for name, keys in cities_by_name().items() if wanted and name.startswith(wanted) for key in keys
    )
    return [key for key, name in sorted(found, key=lambda one: (one[1] != wanted, one))]


@cache
def cities_by_name() -> dict[str, set[tuple[str, str]]]:
    """Plain names in all languages that are searched, and whose they are. A second of work, once in a process."""
    found: dict[str, set[tuple[str, str]]] = {}
    for language in SEARCHED:
        for key, name in names_in(language).cities.items():
            found.setdefault(plain(name), set()).add(key)
    return found


@cache
def names_in(language: str) -> Names:
    """The names in a language; none in English, which the place data has itself."""
    locale = find_locale(language)
    if locale is None or locale.language == ENGLISH:
        return Names()
    countries = {code: name for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()}
    cities = {}
    for key, zones in english_cities().items():
        if name := city_of(locale, zones):
            cities[key] = name
    return Names(countries, cities)


@cache
def find_locale(code: str) -> Locale | None:
    """The locale of de, pt_br, zh_hant and the like, or that of its language; None for one that CLDR does not have."""
    language, _, variety = code.partition("_")
    variety = variety.title() if len(variety) == 4 else variety.upper()
    for name in (f"{language}_{variety}", language):
        try:
            return Locale.parse(name.rstrip("_"))
        except (UnknownLocaleError, ValueError):
            continue
    return None


@cache
def english_cities() -> dict[tuple[str, str], list[str]]:
    """The cities that time zones are named after: country code and plain English name, and the zone's names."""
    english, aliases = Locale(ENGLISH), get_global("zone_aliases")
    found = {}
    for zone, code in get_global("zone_territories").items():
        zones = [zone, *(old for old, new in aliases.items() if new == zone)]
        found[code, plain(city_of(english, zones) or zone.rpartition("/")[2].replace("_", " "))] = zones
    return found


def city_of(locale: Locale, zones: list[str]) -> str | None:
    """What the language calls the city of a zone; None where it has no name of its own."""
    return next((city for zone in zones if (city := locale.time_zones.get(zone, {}).get("city"))), None)


def plain(name: str) -> str:
    """The name as it is compared: without accents, and GeoNames has New York City where CLDR has New York."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold().removesuffix(" city")
