"""Which conversations a review is about: those that began in a period, in a time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from drift_analysis.charts.kit.format import human_moment, human_period, zone
from drift_analysis.errors import InputError
from drift_analysis.schemas.base import require_moment

__all__ = ["End", "Period", "before", "both", "require_period"]

End = str | date | datetime | None
"""An end of a period: a day, which is part of it; a moment; ISO 8601 text of either; or open."""

_NAMES = "'2026', '2026-Q1', '2026-03', '2026-W09', '2026-03-02' or 'last 4 weeks'"
_LAST = re.compile(r"last (?:([1-9]\d{0,2}) )?(day|week|month|quarter|year)s?")
_NAMED = re.compile(r"(\d{4})(?:-Q([1-4])|-W(\d{2})|-(\d{2})(?:-(\d{2}))?)?")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time, up to but without its end.

    Attributes
    ----------
    start, end
        Its two ends, with a time zone.
    """

    start: datetime
    end: datetime

    def spoken(self, tz: str) -> str:
        """Say it by its first and last day, or by its moments where it holds parts of days."""
        days = _days(self, tz)
        if days is None:
            return f"{human_moment(self.start, tz)} to {human_moment(self.end, tz)}"
        return human_period(days[0], days[1] - timedelta(days=1), tz)


def require_period(
    given: str | tuple[End, End],
    *,
    tz: str,
    as_of: datetime,
    since: datetime | None = None,
    name: str = "period",
) -> Period:
    """Turn what was asked for into a period.

    Parameters
    ----------
    given
        A name (``"2026"``, ``"2026-Q1"``, ``"2026-03"``, ``"2026-W09"``, ``"2026-03-02"``, or
        ``"last 4 weeks"``: the whole ones that are over), or its first and last day, both part
        of it. An end that is a moment is not part of it; one that is None is open.
    tz
        The time zone in which days begin.
    as_of
        The end of what is known: no period ends later.
    since
        Where a period begins whose begin is open.
    name
        What the argument is called, for messages.

    Raises
    ------
    InputError
        If it is none of these, ends before it begins, or begins after `as_of`.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis.report.periods import require_period
    >>> as_of = datetime(2026, 3, 20, tzinfo=UTC)
    >>> require_period("last 2 weeks", tz="UTC", as_of=as_of).spoken("UTC")
    '2 Mar to 15 Mar 2026'
    >>> require_period("2026-03", tz="UTC", as_of=as_of).end.isoformat()
    '2026-03-20T00:00:00+00:00'
    """
    if isinstance(given, str):
        first, last = _named(given, name, as_of.astimezone(zone(tz)).date())
        start, end = _midnight(first, tz), _midnight(last, tz)
    elif len(given) == 2:
        start = _end(given[0], name, tz, timedelta()) or since or as_of
        end = _end(given[1], name, tz, timedelta(days=1)) or as_of
    else:
        raise _no_period(name, given)
    if not start < min(end, as_of):
        raise InputError.of(
            f"{name} holds no time.",
            f"It begins at {start.isoformat()} and ends at {end.isoformat()}; what is known ends "
            f"at {as_of.isoformat()}.",
            f"a period that begins before both, such as {_NAMES}.",
        )
    return Period(start, min(end, as_of))


def both(
    period: str | tuple[End, End] | None,
    compare: str | tuple[End, End] | None,
    tz: str,
    as_of: datetime | None,
    since: datetime | None,
) -> tuple[Period | None, Period | None]:
    """Return the period of a review, and the one that it is compared with.

    Raises
    ------
    InputError
        As `require_period`; or if there is something to compare with, and no period.
    """
    if period is None and compare is not None:
        raise InputError.of(
            "There is nothing to compare.",
            "compare is given, and period is not.",
            "period='last 4 weeks', compare='previous'.",
        )
    if period is None or as_of is None:
        return None, None
    this = require_period(period, tz=tz, as_of=as_of, since=since)
    if compare is None:
        return this, None
    if compare == "previous":
        return this, before(this, tz)
    return this, require_period(compare, tz=tz, as_of=this.start, since=since, name="compare")


def before(period: Period, tz: str) -> Period:
    """Return the period of the same length that ends where this one begins.

    Whole days are counted as days, so that a change of clocks moves nothing.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis.report.periods import before, require_period
    >>> march = require_period("2026-03", tz="UTC", as_of=datetime(2026, 6, 1, tzinfo=UTC))
    >>> before(march, "UTC").spoken("UTC")
    '29 Jan to 28 Feb 2026'
    """
    days = _days(period, tz)
    if days is None:
        return Period(period.start - (period.end - period.start), period.start)
    return Period(_midnight(days[0] - (days[1] - days[0]), tz), period.start)


def _named(text: str, name: str, today: date) -> tuple[date, date]:
    """Return the first day of a period, and the first day after it."""
    try:
        if found := _LAST.fullmatch(text.strip().lower()):
            return _last(int(found[1] or 1), found[2], today)
        if found := _NAMED.fullmatch(text.strip()):
            return _of_the_calendar(*(int(part) if part else None for part in found.groups()))
    except (ValueError, OverflowError):
        pass
    raise _no_period(name, text)


def _last(n: int, unit: str, today: date) -> tuple[date, date]:
    if unit == "day":
        return today - timedelta(days=n), today
    if unit == "week":
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(weeks=n), monday
    months = _MONTHS[unit]
    end = date(today.year, (today.month - 1) // months * months + 1, 1)
    return _months_on(end, -n * months), end


def _of_the_calendar(
    year: int | None,
    quarter: int | None,
    week: int | None,
    month: int | None,
    day: int | None,
) -> tuple[date, date]:
    assert year is not None
    if week is not None:
        monday = date.fromisocalendar(year, week, 1)
        return monday, monday + timedelta(days=7)
    if month is not None and day is not None:
        one = date(year, month, day)
        return one, one + timedelta(days=1)
    months = 12 if quarter is None and month is None else 3 if month is None else 1
    first = date(year, month or 3 * (quarter or 1) - 2, 1)
    return first, _months_on(first, months)


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _end(given: End, name: str, tz: str, beyond: timedelta) -> datetime | None:
    """Return an end as a moment; a day that is the last one ends with its last moment."""
    if isinstance(given, str):
        text = given
        try:
            given = date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
        except ValueError:
            raise _no_period(name, text) from None
    if isinstance(given, datetime):
        return require_moment(given, name)
    if isinstance(given, date):
        return _midnight(given + beyond, tz)
    if given is not None:
        raise _no_period(name, given)
    return None


def _midnight(day: date, tz: str) -> datetime:
    """Return when a local day begins, in UTC: arithmetic within one zone forgets its clocks."""
    return datetime.combine(day, time(), tzinfo=zone(tz)).astimezone(UTC)


def _days(period: Period, tz: str) -> tuple[date, date] | None:
    """Return the first day and the day after the last; None where it holds parts of days."""
    ends = [moment.astimezone(zone(tz)) for moment in (period.start, period.end)]
    if any(_midnight(end.date(), tz) != end for end in ends):
        return None
    return ends[0].date(), ends[1].date()


def _no_period(name: str, given: object) -> InputError:
    return InputError.of(
        f"{name}={given!r} is no period.",
        "It is the name of one, or its first and last day.",
        f"{_NAMES}, or ('2026-03-02', '2026-03-29').",
    )
