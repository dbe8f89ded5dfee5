"""Numbers as people say them: 2 h 14 min, 3.4 k, 41 %, 12 Mar 2026."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from drift_analysis.errors import InputError

__all__ = [
    "exact_count",
    "human_count",
    "human_date",
    "human_duration",
    "human_moment",
    "human_period",
    "human_share",
    "plural",
    "zone",
]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_ONE_UNIT = 10
_ROUNDS_UP = 0.9995
_ROUNDED_FROM = 100_000


def human_duration(length: timedelta | float) -> str:
    """Say a length of time in its two largest units, or in one from ten of it on.

    Parameters
    ----------
    length
        A `timedelta`, or a number of milliseconds.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from drift_analysis.charts import human_duration
    >>> human_duration(timedelta(hours=2, minutes=14)), human_duration(45_000)
    ('2 h 14 min', '45 s')
    >>> human_duration(timedelta(days=3, hours=4)), human_duration(timedelta(days=71, hours=4))
    ('3 d 4 h', '71 d')
    """
    given = length.total_seconds() if isinstance(length, timedelta) else length / 1000
    if 0 < given < 1:
        return "under 1 s"
    for place, (unit, size) in enumerate(_UNITS[:-1]):
        step = _UNITS[place + 1][1]
        # Rounding can carry into the larger unit, so the rounded length chooses the unit.
        seconds = round(given / step) * step
        if seconds >= size * _ONE_UNIT and unit != "h":
            return f"{round(given / size)} {unit}"
        if seconds >= size:
            whole, rest = divmod(seconds, size)
            smaller = f" {rest // step} {_UNITS[place + 1][0]}" if rest else ""
            return f"{whole} {unit}{smaller}"
    return f"{round(given)} s"


def human_count(count: int) -> str:
    """Say a count in two digits of thousands or millions from a thousand on.

    Examples
    --------
    >>> from drift_analysis.charts import human_count
    >>> human_count(312), human_count(3_420), human_count(34_200), human_count(1_000_000)
    ('312', '3.4 k', '34 k', '1 M')
    """
    for size, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if count >= _ROUNDS_UP * size:
            scaled = count / size
            return (
                f"{f'{scaled:.1f}'.removesuffix('.0') if scaled < 9.95 else f'{scaled:.0f}'} {unit}"
            )
    return str(count)


def exact_count(count: int) -> str:
    """Say a count to the last one, up to five digits: what a proof rests on is not rounded.

    Examples
    --------
    >>> from drift_analysis.charts.kit.format import exact_count
    >>> exact_count(3_420), exact_count(99_999), exact_count(123_456)
    ('3,420', '99,999', '123 k')
    """
    return f"{count:,}" if count < _ROUNDED_FROM else human_count(count)


def human_share(share: float | None) -> str:
    """Say a share of 0 to 1 in whole per cent; what is not 0 never becomes 0, nor less 100.

    Examples
    --------
    >>> from drift_analysis.charts import human_share
    >>> human_share(0.412), human_share(0.001), human_share(0.9999), human_share(None)
    ('41 %', 'under 1 %', 'over 99 %', 'unknown')
    """
    if share is None:
        return "unknown"
    if 0 < share < 0.005:
        return "under 1 %"
    if 0.995 <= share < 1:
        return "over 99 %"
    per_cent = round(100 * share)
    return f"{max(1, per_cent) if share else 0} %"


def human_date(moment: datetime | date, tz: str = "UTC") -> str:
    """Say the day of a moment in a time zone; a moment without one is taken as it is.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis.charts import human_date
    >>> human_date(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "Asia/Tokyo")
    '2 Mar 2026'
    """
    day = _local(moment, tz)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def human_moment(moment: datetime, tz: str = "UTC") -> str:
    """Say a moment to the minute, with its time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from drift_analysis.charts import human_moment
    >>> human_moment(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "Asia/Tokyo")
    '2 Mar 2026, 08:30 (Asia/Tokyo)'
    """
    return f"{human_date(moment, tz)}, {moment.astimezone(zone(tz)):%H:%M} ({tz})"


def human_period(first: datetime | date, last: datetime | date, tz: str = "UTC") -> str:
    """Say a period by its first and last day.

    Examples
    --------
    >>> from datetime import date
    >>> from drift_analysis.charts import human_period
    >>> human_period(date(2026, 1, 5), date(2026, 3, 1))
    '5 Jan to 1 Mar 2026'
    """
    start, end = human_date(first, tz), human_date(last, tz)
    if start == end:
        return end
    year = f" {_local(last, tz).year}"
    return f"{start.removesuffix(year)} to {end}"


def plural(count: int, noun: str, many: str | None = None) -> str:
    """Say a count with its noun.

    Examples
    --------
    >>> from drift_analysis.charts.kit.format import plural
    >>> plural(1, "tag"), plural(4_100, "tag"), plural(2, "reply", "replies")
    ('1 tag', '4,100 tags', '2 replies')
    """
    return f"{exact_count(count)} {noun if count == 1 else many or noun + 's'}"


def zone(tz: str) -> ZoneInfo:
    """Return a time zone by its name.

    Raises
    ------
    InputError
        If there is no such time zone.
    """
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError):
        raise InputError.of(
            f"tz={tz!r} is not a time zone.",
            "Names are those of the IANA data base.",
            "'UTC', 'Europe/Berlin', 'America/New_York' or the like.",
        ) from None


def _local(moment: datetime | date, tz: str) -> datetime | date:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(zone(tz))
    return moment
