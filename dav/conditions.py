"""The conditions of a request: If with locks and ETags, If-Match, If-None-Match."""

from django.utils.http import parse_etags, quote_etag

from dav import resources
from dav.asked import UPLOAD, Asked
from dav.protocol import locks
from dav.protocol.paths import Segments
from dav.protocol.refusals import Refusal
from media.sentences import english

CONDITIONAL = {"if", "if-match", "if-none-match"}


def check(asked: Asked) -> frozenset[str]:
    """The tokens of locks that the program says it holds. Raises Refusal (412) if a condition does not hold."""
    if not CONDITIONAL & {name.lower() for name in asked.request.headers}:
        return frozenset()
    here = resources.at(asked, asked.names)
    tag = quote_etag(here.tag) if here else ""
    wanted, unwanted = asked.request.headers.get("If-Match"), asked.request.headers.get("If-None-Match")
    if wanted is not None and not matches(wanted, tag):
        raise Refusal(412, english("The file is another one by now."))
    if unwanted is not None and matches(unwanted, tag):
        raise Refusal(412, english("The file is there already."))
    header = asked.request.headers.get("If")
    if header is None:
        return frozenset()
    lists = locks.parse_if(header)
    if not any(holds(asked, one) for one in lists):
        raise Refusal(412, "The conditions of the header If do not hold.")
    return frozenset(condition.token for one in lists for condition in one.all_of if condition.token)


def matches(header: str, tag: str) -> bool:
    """Whether a list of ETags, or *, names this one. Empty: nothing is there."""
    return bool(tag) and (header.strip() == "*" or tag in parse_etags(header))


def holds(asked: Asked, one: locks.Conditions) -> bool:
    """Whether all conditions of a list hold."""
    names = asked.names_of(one.address) if one.address else asked.names
    if names is None:
        return False
    return all(is_so(asked, names, condition) is not condition.negated for condition in one.all_of)


def is_so(asked: Asked, names: Segments, condition: locks.Condition) -> bool:
    if condition.token:
        below = names[1:] if names[:1] == (UPLOAD,) else names
        return locks.covering(asked.user, below).filter(token=condition.token).exists()
    resource = resources.at(asked, names)
    return resource is not None and condition.tag in (quote_etag(resource.tag), f"W/{quote_etag(resource.tag)}")
