"""Names of people and places that are words of everyday English too."""

import re

EVERYDAY = frozenset(
    re.findall(
        r"\w+",
        "nice reading bath cork split hope orange mobile sale rugby hull deal bury wells rye sandwich lizard bar ham "
        "battle rose lily grace amber mark rich daisy ivy olive ginger heather jasmine violet iris sunny sky summer "
        "river pearl ruby joy faith dawn eve bill rob pat sue will jack frank art dean drew miles chase hunter mason "
        "cooper holly robin jay angel crystal melody harmony destiny skye storm wolf fox rocky buddy lucky shadow max "
        "bear peanut cookie",
    )
)
