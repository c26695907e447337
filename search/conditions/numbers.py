"""Numbers: equal to the precision given, more, less, or in a range."""

from collections.abc import Callable

from django.db.models import Q

from search.compile import Compiler, any_of
from search.language.keys import KEYS
from search.language.numbers import Range, parse_number
from search.language.tree import Term

ROUNDING = 1e-6  # relative error that a number may have picked up in files and databases


def number(column: str) -> Callable[[Compiler, Term], Q]:
    """A condition: a column of the photo has one of the values."""

    def condition(compiler: Compiler, term: Term) -> Q:
        units = KEYS[term.key].units
        return any_of(compared(column, value.operator, parse_number(value.text, units)) for value in term.values)

    return condition


def compared(column: str, operator: str, number: Range | tuple[float, float]) -> Q:
    """A column compared with a number, to half of its last digit, or with a range."""
    if isinstance(number, Range):
        return at_least(column, number.low) & at_most(column, number.high)
    amount, half = number
    slack = abs(amount) * ROUNDING
    match operator:
        case ">":
            return Q(**{f"{column}__gt": amount + slack})
        case ">=":
            return at_least(column, amount)
        case "<":
            return Q(**{f"{column}__lt": amount - slack})
        case "<=":
            return at_most(column, amount)
    return Q(**{f"{column}__gte": amount - half, f"{column}__lt": amount + half})


def at_least(column: str, low: float | None) -> Q:
    return Q() if low is None else Q(**{f"{column}__gte": low - abs(low) * ROUNDING})


def at_most(column: str, high: float | None) -> Q:
    return Q() if high is None else Q(**{f"{column}__lte": high + abs(high) * ROUNDING})
