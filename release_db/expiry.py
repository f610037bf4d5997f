"""When a template expires: a young face changes sooner, so its template is held for less long."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

#: The policy that sets the months for everybody, whatever their age.
TEMPLATE_MONTHS_KEY = "template_months"
#: Below that age in years a template lives for so many months; the first line that fits counts.
MONTHS_BELOW_AGE = ((8, 6), (13, 12))
MONTHS_FROM_THEN_ON = 24

_MONTHS_A_YEAR = 12


def expiry_of(birth_on: date | None, enrolled_on: date, months: str | None) -> date:
    """The first day on which a template that is enrolled on that day is given out no more.

    ``months`` is the policy's value; None: it goes by age, and an unknown age is the youngest.
    """
    if months is not None:
        return _months_later(enrolled_on, int(months))
    if birth_on is None:
        return _months_later(enrolled_on, MONTHS_BELOW_AGE[0][1])
    age = (enrolled_on - birth_on).days / 365.25
    for below, held in MONTHS_BELOW_AGE:
        if age < below:
            return _months_later(enrolled_on, held)
    return _months_later(enrolled_on, MONTHS_FROM_THEN_ON)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 + months, _MONTHS_A_YEAR)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
