"""Words that say nothing of a photo, and words that say how others go together."""

import re
from collections.abc import Sequence

ARTICLES = frozenset(re.findall(r"\w+", "a an the this that these those my our your his her their"))
SMALL = ARTICLES | frozenset(
    re.findall(
        r"\w+",
        "of in on at to from by for with and is are was were be am as i we me us you it its some any all photo photos "
        "picture pictures pic pics image images shot shots snap snaps show find give see look search where when who "
        "which during into",
    )
)
PHOTOS = frozenset(re.findall(r"\w+", "photo photos picture pictures pic pics image images"))
EITHER = "or"
LEFT_OUT = ("without", "not", "except", "excluding")
ONLY, ALONE = frozenset({"only", "just"}), frozenset({"alone", "solo"})
LEFT_OUT_BEFORE = "without_after"  # what languages/tables call words that stand behind what they are about
ALONE_AFTER = ALONE | {"only_after"}
JOINING = frozenset({EITHER, *LEFT_OUT, *ONLY, *ALONE_AFTER, LEFT_OUT_BEFORE})
NEAR_IT, JOURNEY = "near_after", "trip"
NEAR = (("near",), ("around",), ("close", "to"), ("next", "to"))
JOURNEYS = frozenset(
    re.findall(r"\w+", "trip trips journey visit holiday holidays vacation weekend days")
)  # to or in a place


def is_small(form: str) -> bool:
    """Whether the word says nothing."""
    return form in SMALL


def without_small(forms: Sequence[str]) -> tuple[str, ...]:
    """The words that say something; all of them where none does."""
    telling = tuple(form for form in forms if form not in SMALL)
    return telling or tuple(forms)
