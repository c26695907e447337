"""Dates in words, brought into the few forms that `dates` reads: two years ago, since june 2020, the nineties."""

import re

UNITS = re.findall(r"\w+", "one two three four five six seven eight nine ten eleven twelve")
NUMBERS = {word: str(number) for number, word in enumerate(UNITS, start=1)}
TENS = re.findall(r"\w+", "twenties thirties forties fifties sixties seventies eighties nineties")
DECADES = {word: f"{decade}s" for decade, word in zip(range(1920, 2000, 10), TENS, strict=True)}
FEASTS = {  # the names in which people say them, and the day or days
    "christmas eve": "24 december",
    "christmas day": "25 december",
    "boxing day": "26 december",
    "christmas": "christmas",
    "xmas": "christmas",
    "easter": "easter",
    "halloween": "31 october",
    "new years eve": "31 december",
    "nye": "31 december",
    "new years day": "1 january",
    "new years": "new year",
    "new year": "new year",
    "valentines day": "14 february",
    "valentines": "14 february",
}
FILLING = re.compile(r"\b(?:of|the|in|on|during)\b")
PAST = {"week": "last 7 days", "month": "last 30 days", "year": "last 12 months"}


def plainly(text: str) -> str:
    """The text with numbers as digits, feasts as days, and nothing that only fills."""
    text = text.replace("'", "").replace("’", "")
    if re.fullmatch(r"(?:this|last|\d+) (?:day|week|month|year)s?", text):
        return text
    text = FILLING.sub(" ", text)
    text = re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", text)
    text = re.sub(r"\ban?\b(?= (?:day|week|month|year)\b)", "1", text)
    text = re.sub(r"\b[a-z]+\b", lambda found: NUMBERS.get(found[0]) or DECADES.get(found[0]) or found[0], text)
    text = re.sub(r"(?<!\d)([2-9]0)s\b", r"19\1s", text)
    for said, day in FEASTS.items():
        if re.search(rf"\b{said}\b", text):
            text = re.sub(rf"\b{said}\b", day, text)
            break
    return PAST.get(text.removeprefix("past "), text.replace("past ", "last ")) if "past " in text else text


def ranged(text: str) -> str:
    """`from 2012 to 2018`, `2012-2018` and `since 2020` as 2012..2018 and 2020.. ; else the text as it is."""
    found = re.fullmatch(r"(\d{4}) ?[-–] ?(\d{4})", text)
    if found and found[1] <= found[2]:  # backwards it is rather a number
        return f"{found[1]}..{found[2]}"
    if found := re.fullmatch(r"between (.+) and (.+)|(?:from )?(.+?) (?:to|until|till) (.+)", text):
        first, last = (part for part in found.groups() if part)
        return f"{first}..{last}"
    if found := re.fullmatch(r"(since|until|till) (.+)", text):
        return f"{found[2]}.." if found[1] == "since" else f"..{found[2]}"
    return text
