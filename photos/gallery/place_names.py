"""The names of places in many languages, from Unicode CLDR, which Babel contains.

The place data has English names only. CLDR has the names of all countries and of the few hundred cities that time zones
are named after. Other towns keep their names from GeoNames, which are mostly local.
"""

import unicodedata
from dataclasses import dataclass, field
from functools import cache

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

ENGLISH = "en"
SEARCHED = (  # languages whose names are searched, besides English
    *("ar", "bg", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja"),
    *("ko", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh"),
)


@dataclass(frozen=True)
class Names:
    """The names in one language: countries by code, cities by country code and plain English name."""

    countries: dict[str, str] = field(default_factory=dict)
    cities: dict[tuple[str, str], str] = field(default_factory=dict)


def language_of(accepted: str) -> str:
    """The first language in an Accept-Language header that CLDR knows. English if there is none."""
    for language, _ in parse_accept_lang_header(accepted):
        code = language.replace("-", "_")
        if find_locale(code):
            return code
    return ENGLISH


def language_for(request: HttpRequest) -> str:
    """The language of a page's place names: the account's, else the first of the browser's that CLDR knows."""
    chosen: str = getattr(getattr(request, "user", None), "language", "")
    return language_of(chosen or request.headers.get("Accept-Language", ""))


def country_in(language: str, code: str, name: str) -> str:
    """A country's name in a language. `name` if there is none."""
    return names_in(language).countries.get(code, name)


def town_in(language: str, code: str, name: str) -> str:
    """A town's name in a language, by country code and English name. `name` if there is none."""
    return names_in(language).cities.get((code, plain(name)), name)


@cache
def also_called(code: str, place: str) -> frozenset[str]:
    """The names of a town and its country in the other searched languages."""
    found = (name for language in SEARCHED for name in (country_in(language, code, ""), town_in(language, code, place)))
    return frozenset(found) - {"", place}


def countries_by_number(language: str) -> dict[str, str]:
    """The countries' names in a language by their ISO 3166 numbers, which maps use. Empty for English."""
    names, numbers = names_in(language).countries, get_global("territory_aliases")
    return {number: names[codes[0]] for number, codes in numbers.items() if number.isdigit() and codes[0] in names}


def cities_called(text: str) -> list[tuple[str, str]]:
    """Cities whose name in some language begins like the text, exact matches first: country code, English name."""
    wanted = plain(text)
    found = (
        (key, name) for name, keys in cities_by_name().items() if wanted and name.startswith(wanted) for key in keys
    )
    return [key for key, name in sorted(found, key=lambda one: (one[1] != wanted, one))]


@cache
def cities_by_name() -> dict[str, set[tuple[str, str]]]:
    """Cities by plain name, in all searched languages. It takes a second, once per process."""
    found: dict[str, set[tuple[str, str]]] = {}
    for language in SEARCHED:
        for key, name in names_in(language).cities.items():
            found.setdefault(plain(name), set()).add(key)
    return found


@cache
def names_in(language: str) -> Names:
    """The names in a language. Empty for English, which the place data itself contains."""
    found = find_locale(language)
    if found is None or found.language == ENGLISH:
        return Names()
    locale = Locale.parse(str(found))  # one of our own, which goes with all that it reads
    countries = {code: name for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()}
    cities = {}
    for key, zones in english_cities().items():
        if name := city_of(locale, zones):
            cities[key] = name
    _forget(locale)
    return Names(countries, cities)


def _forget(locale: Locale) -> None:
    """Let Babel forget what it has read of a language, a megabyte. Who holds it keeps it; others read it again."""
    getattr(localedata, "_cache", {}).pop(str(locale), None)


@cache
def find_locale(code: str) -> Locale | None:
    """The locale for a code like de, pt_br or zh_hant, or for its language. None if CLDR has neither."""
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
    """The cities that time zones are named after: the zone's names by country code and plain English name."""
    english, aliases = Locale(ENGLISH), get_global("zone_aliases")
    found = {}
    for zone, code in get_global("zone_territories").items():
        zones = [zone, *(old for old, new in aliases.items() if new == zone)]
        found[code, plain(city_of(english, zones) or zone.rpartition("/")[2].replace("_", " "))] = zones
    return found


def city_of(locale: Locale, zones: list[str]) -> str | None:
    """The name of a time zone's city in a language. None if CLDR has none."""
    return next((city for zone in zones if (city := locale.time_zones.get(zone, {}).get("city"))), None)


def plain(name: str) -> str:
    """The name for comparing: without accents and case, and without "City", as in New York City."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold().removesuffix(" city")
