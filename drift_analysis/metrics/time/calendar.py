"""Business hours, and how much of an interval lies within them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas.columns import LENGTH, MOMENT

from ..arguments import require_zone
from .slots import FIRST, LAST, Minutes, local_slots, utc_slots

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

__all__ = ["Calendar"]

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_MIDNIGHT = 24 * 60


@dataclass(frozen=True)
class Calendar:
    """Business hours of a week in a time zone, with holidays and days that differ.

    Parameters
    ----------
    tz
        The IANA name of the time zone in which the hours are meant.
    weekly
        For each weekday (Monday is 0) its slots as ``("HH:MM", "HH:MM")``. A slot that ends at
        or before its start reaches into the next day: ``("22:00", "06:00")``. ``"24:00"`` is
        the end of the day. Slots may overlap; no time counts twice.
    holidays
        Dates on which no slot begins. A night that began the evening before runs to its end.
    exceptions
        Dates with slots of their own, in place of the week's; they overrule `holidays`.

    Raises
    ------
    InputError
        If there is no such zone or weekday, a time is none, or a date is no `datetime.date`.

    Notes
    -----
    A moment is business time when the local clock then shows a time within a slot. On the day
    on which clocks go forward the hour that is skipped has no length; on the day on which they
    go back the hour that comes twice counts twice. Round the clock, business time is therefore
    exactly the time that passed.

    The hours are worked out once for the years 2000 to 2099; moments outside give null.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> import polars as pl
    >>> from drift_analysis.metrics.time.calendar import Calendar
    >>> office = Calendar("Europe/Berlin", {day: [("09:00", "17:00")] for day in range(5)})
    >>> friday, monday = datetime(2026, 1, 9, 15, tzinfo=UTC), datetime(2026, 1, 12, 9, tzinfo=UTC)
    >>> waits = pl.DataFrame({"asked": [friday], "answered": [monday]})
    >>> waits.select(office.business_time("asked", "answered"))
    shape: (1, 1)
    ┌───────────────┐
    │ business_time │
    │ ---           │
    │ duration[ms]  │
    ╞═══════════════╡
    │ 2h            │
    └───────────────┘
    """

    tz: str
    weekly: Mapping[int, Sequence[tuple[str, str]]]
    holidays: Collection[date] = ()
    exceptions: Mapping[date, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_zone(self.tz)
        for day in self.weekly:
            _require_weekday(day)
        for date_ in (*self.holidays, *self.exceptions):
            _require_date(date_)
        for slots in (*self.weekly.values(), *self.exceptions.values()):
            _minutes(slots)

    def business_time(self, start: str | pl.Expr, end: str | pl.Expr) -> pl.Expr:
        """Return how much of the time from `start` to `end` is business time.

        Parameters
        ----------
        start, end
            Names of columns, or expressions, that hold moments in UTC.

        Returns
        -------
        :
            A Duration expression named ``business_time``, never longer than the time that
            passed. Null where a moment is null or outside the years 2000 to 2099, or where
            `end` is before `start`.

        Examples
        --------
        >>> from datetime import UTC, datetime
        >>> import polars as pl
        >>> from drift_analysis.metrics.time.calendar import Calendar
        >>> nights = Calendar("UTC", {0: [("22:00", "06:00")]})
        >>> monday, tuesday = (datetime(2026, 1, day, tzinfo=UTC) for day in (5, 6))
        >>> night = nights.business_time(pl.lit(monday), pl.lit(tuesday))
        >>> str(pl.select(night).item())
        '2:00:00'
        """
        begin, finish = _moment(start), _moment(end)
        within = begin.is_between(FIRST, LAST) & finish.is_between(FIRST, LAST)
        open_time = self._open_before(finish) - self._open_before(begin)
        business = pl.when(within & (begin <= finish)).then(open_time)
        return business.cast(LENGTH).alias("business_time")

    def _open_before(self, moment: pl.Expr) -> pl.Expr:
        """Return the open milliseconds from the first year until a moment."""
        start, end, before = (pl.lit(self._slots.get_column(n)) for n in ("start", "end", "before"))
        instant = moment.dt.timestamp("ms")
        slot = (start.search_sorted(instant, side="right").cast(pl.Int64) - 1).clip(lower_bound=0)
        within = (pl.min_horizontal(instant, end.gather(slot)) - start.gather(slot)).clip(0)
        return before.gather(slot) + within

    @cached_property
    def _slots(self) -> pl.DataFrame:
        weekly = {day: _minutes(slots) for day, slots in self.weekly.items()}
        closed: dict[date, list[Minutes]] = {day: [] for day in self.holidays}
        instead = closed | {day: _minutes(slots) for day, slots in self.exceptions.items()}
        return utc_slots(local_slots(weekly, instead), require_zone(self.tz))


def _moment(value: str | pl.Expr) -> pl.Expr:
    return (pl.col(value) if isinstance(value, str) else value).cast(MOMENT)


def _minutes(slots: Iterable[object]) -> list[Minutes]:
    """Return slots in minutes since midnight; a night ends after minute 1440."""
    found = []
    for slot in slots:
        times = slot if isinstance(slot, tuple | list) else ()
        match [_TIME.fullmatch(time) if isinstance(time, str) else None for time in times]:
            case [re.Match() as first, re.Match() as last] if first[0] not in ("24:00", last[0]):
                begin, end = _minute(first), _minute(last)
                found.append((begin, end if end > begin else end + _MIDNIGHT))
            case _:
                what = f"The slot {slot!r} has no meaning."
                raise InputError.of(
                    what, "A slot is two different times as HH:MM.", '("09:00", "17:00").'
                )
    return found


def _minute(time: re.Match[str]) -> int:
    return _MIDNIGHT if time[1] is None else 60 * int(time[1]) + int(time[2])


def _require_weekday(day: object) -> None:
    if day not in range(7) or isinstance(day, bool):
        what = f"weekly has the day {day!r}."
        raise InputError.of(what, "Days go from 0 (Monday) to 6 (Sunday).", "0 for Monday.")


def _require_date(day: object) -> None:
    if type(day) is not date:
        what = f"{day!r} is not a date."
        raise InputError.of(
            what, "Holidays and exceptions are whole local days.", "datetime.date(2026, 12, 25)."
        )
